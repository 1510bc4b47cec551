"""One file received over the network: streamed beside, resumed, tried again, never half taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from territory.errors import UnreadableFile
from territory.fetch.addresses import host_of
from territory.fetch.partial import (
    Partial,
    append_to,
    forget_partial,
    keep_validator,
    open_partial,
    validator_of,
)
from territory.fetch.patience import Means, PassingFailure, Patience, check_busy, insist
from territory.io.hashing import file_sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK = 1 << 16
_OK, _REST, _RANGE_REFUSED = 200, 206, 416
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOVES_MAX = 6
_HEADERS = {
    "User-Agent": "territory/0.1 (outil libre des equipes de mediation)",
    "Accept-Encoding": "identity",  # sizes and ranges are those of the file itself
}


class Watch(Protocol):
    """Who follows a download: announcements in French, then bytes as they come."""

    def says(self, sentence: str) -> None:
        """Show one French sentence."""

    def starts(self, label: str, size: int | None, done: int) -> None:
        """Begin a file of `size` bytes (None: not announced), `done` of them already there."""

    def receives(self, count: int) -> None:
        """Count `count` more bytes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file to receive: where from, where to, at most how many bytes, its French name."""

    address: str
    target: Path
    label: str
    largest_bytes: int


@dataclass(frozen=True, slots=True)
class Received:
    """A whole file received: where it lies, its size in bytes and its SHA-256."""

    path: Path
    size: int
    sha256: str


def download(wanted: Wanted, means: Means, watch: Watch) -> Received:
    """
    Receive a file, readable by its owner alone.

    An interrupted file is resumed when the server vouches that it is the same one; what may pass
    (PassingFailure: 429, 5xx, cut line, body shorter than announced, too slow) is tried again with
    growing waits or the server's Retry-After. Raises UnreadableFile (French) in the end; OSError
    when the disk refuses.
    """
    wanted.target.parent.mkdir(parents=True, exist_ok=True)
    host = host_of(wanted.address)
    return insist(lambda s: _once(wanted, means, watch, s), wanted.label, host, means, watch.says)


def _once(wanted: Wanted, means: Means, watch: Watch, started: float) -> Received:
    partial = open_partial(wanted.target, wanted.address)
    with _answer(wanted, partial, means, watch) as response:
        done = partial.size if response.status_code == _REST else 0
        size = _announced(response, done, wanted)
        keep_validator(partial.path, wanted.address, validator_of(response.headers))
        watch.starts(wanted.label, size, done)
        with append_to(partial.path, anew=done == 0) as file:
            for block in _paced(_blocks(response), done, wanted, means, started):
                file.write(block)
                watch.receives(len(block))
    got = partial.path.stat().st_size
    if size is not None and got != size:
        if got > size:
            forget_partial(partial.path)
        raise PassingFailure(f"le fichier est arrivé incomplet ({got} octets sur {size})")
    if got == 0:
        raise PassingFailure("le fichier reçu est vide")
    partial.path.replace(wanted.target)
    forget_partial(partial.path)
    return Received(wanted.target, got, file_sha256(wanted.target))


def _answer(wanted: Wanted, partial: Partial, means: Means, watch: Watch) -> requests.Response:
    """Return a good answer, its body not read yet, after following moves to announced hosts."""
    headers = dict(_HEADERS)
    if partial.size:
        headers |= {"Range": f"bytes={partial.size}-", "If-Range": partial.validator}
    address, told = wanted.address, {host_of(wanted.address)}
    for _ in range(_MOVES_MAX):
        response = _asked(address, headers, means)
        if response.status_code not in _MOVED:
            return _judged(response, partial, address, means)
        response.close()
        address = _moved(address, response.headers.get("Location", ""))
        if host_of(address) not in told:
            watch.says(f"{wanted.label} : le fichier est chez {host_of(address)}.")
            told.add(host_of(address))
    raise UnreadableFile(f"{host_of(wanted.address)} : trop de redirections.")


def _asked(address: str, headers: dict[str, str], means: Means) -> requests.Response:
    limits = means.patience.timeout_s
    try:
        return means.session.get(
            address, headers=headers, stream=True, timeout=limits, allow_redirects=False
        )
    except requests.RequestException:
        raise PassingFailure(f"{host_of(address)} ne répond pas") from None


def _moved(address: str, location: str) -> str:
    """Return where an answer sends; never from a protected address to an open one."""
    there = urljoin(address, location)
    before, after = urlsplit(address).scheme, urlsplit(there).scheme
    if not location or after not in {"http", "https"} or (before == "https" and after == "http"):
        raise UnreadableFile(f"{host_of(address)} : redirection refusée (adresse non protégée).")
    return there


def _judged(
    response: requests.Response, partial: Partial, address: str, means: Means
) -> requests.Response:
    """Return an answer that brings the file or its rest; raise for all others."""
    status = response.status_code
    if status == _OK or (status == _REST and _continues(response, partial)):
        return response
    response.close()
    host = host_of(address)
    if status in {_RANGE_REFUSED, _REST}:
        forget_partial(partial.path)
        raise PassingFailure("la reprise a été refusée, le fichier est redemandé en entier", 0.0)
    check_busy(response, host, means)
    raise UnreadableFile(f"{host} a répondu {status} : le fichier n'est plus à cette adresse.")


def _continues(response: requests.Response, partial: Partial) -> bool:
    return response.headers.get("Content-Range", "").startswith(f"bytes {partial.size}-")


def _announced(response: requests.Response, done: int, wanted: Wanted) -> int | None:
    """Return the whole size announced; raise when it is more than the source can be."""
    length = response.headers.get("Content-Length", "")
    size = int(length) + done if length.isdigit() else None
    if size is not None and size > wanted.largest_bytes:
        raise UnreadableFile(_too_large(wanted))
    return size


def _too_large(wanted: Wanted) -> str:
    most = wanted.largest_bytes // 1_000_000
    return f"{host_of(wanted.address)} envoie plus de {most} Mo : ce n'est pas le fichier attendu."


def _blocks(response: requests.Response) -> Iterator[bytes]:
    """Yield the bytes as they come, not as they would fill a buffer: a drip must be seen."""
    try:
        while block := response.raw.read1(_BLOCK, decode_content=False):
            yield block
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
        raise PassingFailure("la connexion a été coupée") from None


def _paced(
    blocks: Iterator[bytes], done: int, wanted: Wanted, means: Means, started: float
) -> Iterator[bytes]:
    """Pass blocks on while they come fast enough, in time, and are not too many."""
    begun, got = means.elapsed_s(), 0
    for block in blocks:
        if got:
            _check_pace(wanted, got, means.elapsed_s() - begun, means.patience)
        if means.elapsed_s() - started > means.patience.total_s:
            raise UnreadableFile(f"{host_of(wanted.address)} : délai dépassé. Réessayez plus tard.")
        got += len(block)
        if done + got > wanted.largest_bytes:
            raise UnreadableFile(_too_large(wanted))
        yield block


def _check_pace(wanted: Wanted, got: int, seconds: float, patience: Patience) -> None:
    if seconds > patience.slow_after_s and got < patience.slowest_bytes_s * seconds:
        raise PassingFailure(f"{host_of(wanted.address)} est trop lent")
