"""What the pages take from npm, put into the wheel: pinned, checked, never a committed copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatch_npm_vendor.plugin import DEFAULT_REGISTRY
from hatch_npm_vendor.vendor import vendor_package
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HOME = "territory_assets"  # beside the package: an editable installation holds it too


class FromNpm(BuildHookInterface[Any]):
    """Add the files named in pyproject.toml; one whose fingerprint is wrong ends the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch each package once, then include its files in either kind of wheel."""
        given = "force_include_editable" if version == "editable" else "force_include"
        for package in self.config["packages"]:
            folder = self._fetched(package["package"], package["version"], package["integrity"])
            for name in ("package.json", *package["files"]):
                goal = f"{HOME}/{package['name']}/{Path(name).name}"
                build_data[given][str(folder / name)] = goal

    def _fetched(self, package: str, version: str, integrity: str) -> Path:
        """Return the folder of a package: there already under its fingerprint, or fetched."""
        mark = integrity.removeprefix("sha512-")[:16].translate(str.maketrans("/+", "__"))
        folder = Path(self.root) / "build" / "npm" / mark
        if not folder.exists():
            vendor_package(folder, package, version, integrity, registry=DEFAULT_REGISTRY)
        return folder
