"""The numbered products of a territory in the store: kept step by step, taken back to go on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from territory.io.hashing import file_sha256
from territory.io.products import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from territory.batch.store import Store

PRODUCTS = "produits"


class Kept:
    """
    The products of one territory in the store, beside those of a folder of this machine.

    Each product is sent as soon as it is complete, its manifest last: what a crash leaves half sent
    does not agree with its manifest, so that whoever takes it back computes it again.
    """

    def __init__(self, store: Store, name: str, processed: Path) -> None:
        """Look at the products `name` of `store` and at the folder `processed`."""
        self._store, self._top, self._processed = store, f"{PRODUCTS}/{name}", processed
        self._sent: dict[str, str] = {}  # SHA-256 by path, as they are in the store
        self._found: dict[str, str] = {}  # of each manifest, as it was before the work

    def begin(self) -> None:
        """Note which products are there already, whoever computed them."""
        self._found = self._manifests()

    @property
    def computed(self) -> int:
        """How many products were computed since `begin`."""
        return sum(self._found.get(name) != told for name, told in self._manifests().items())

    def take_back(self) -> None:
        """Bring what the store has; a damaged file is brought too, its manifest will tell."""
        for path in self._store.names(self._top):
            inside = path.removeprefix(f"{self._top}/")
            self._store.copy_out(path, self._processed / inside)
            self._sent[inside] = file_sha256(self._processed / inside)

    def send(self) -> None:
        """Send every product complete now that the store has not. Raises OSError."""
        for folder in sorted(self._processed.glob(f"*/{MANIFEST}")):
            product = folder.parent
            if product.name.startswith("."):
                continue
            files = sorted(product.iterdir(), key=lambda file: (file.name == MANIFEST, file.name))
            for file in files:
                self._send(file)

    def close(self, products: Collection[str]) -> dict[str, str]:
        """
        Send the rest, take away what is not of `products`; return the SHA-256 of each file by path.

        What the folder of a territory held besides, its weeks for one, is no result of a batch.
        """
        for folder in sorted(self._processed.iterdir()):
            if folder.is_dir() and folder.name not in products:
                shutil.rmtree(folder)
        self.send()
        for file in sorted(self._processed.glob("*.json")):
            self._send(file)
        here = dict(self._here())
        for inside in sorted(set(self._sent) - set(here)):
            self._store.remove(f"{self._top}/{inside}")
        self._sent = here
        return here

    def _manifests(self) -> dict[str, str]:
        """Return the SHA-256 of the manifest of each complete product."""
        found = sorted(self._processed.glob(f"*/{MANIFEST}"))
        return {f.parent.name: file_sha256(f) for f in found if not f.parent.name.startswith(".")}

    def _send(self, file: Path) -> None:
        inside, digest = file.relative_to(self._processed).as_posix(), file_sha256(file)
        if self._sent.get(inside) == digest:
            return
        self._store.put(f"{self._top}/{inside}", file)
        self._sent[inside] = digest

    def _here(self) -> Iterator[tuple[str, str]]:
        for file in sorted(self._processed.rglob("*")):
            inside = file.relative_to(self._processed)
            if file.is_file() and not any(part.startswith(".") for part in inside.parts):
                yield inside.as_posix(), self._sent.get(inside.as_posix(), "")


def sound_products(store: Store, name: str, products: Mapping[str, str]) -> bool:
    """Return whether the store has every product file with the content that its hash says."""
    return all(
        store.sha256(f"{PRODUCTS}/{name}/{path}") == digest for path, digest in products.items()
    )
