"""The project's own virtual environment: made once from the pinned requirements, then reused."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "installed.sha256"
PINS = ("requirements.lock", "pyproject.toml", "hatch_build.py")


def ready_python() -> Path:
    """Return the interpreter of `.venv`, installing and compiling what changed."""
    _refuse_old_python()
    if not _up_to_date():
        _install()
    elif subprocess.call([str(_interpreter()), "-m", "territory.io.machine_code"], cwd=ROOT):
        _compile()
    return _interpreter()


def run(*arguments: str) -> int:
    """Run the environment's Python from the root of the project; return its exit code."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.call([str(ready_python()), *arguments], cwd=ROOT, env=environment)


def _refuse_old_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - the very thing this script is there to say
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"Python 3.11 ou plus récent est nécessaire (trouvé : {found}).")


def _up_to_date() -> bool:
    return (
        _interpreter().exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == _pins()
    )


def _pins() -> str:
    content = b"".join((ROOT / name).read_bytes() for name in PINS)
    return hashlib.sha256(content).hexdigest()


def _interpreter() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _install() -> None:
    print("Préparation de l'environnement (quelques minutes, une seule fois)...", file=sys.stderr)
    if VENV.exists() and not _interpreter().exists():
        shutil.rmtree(VENV)
    _step([sys.executable, "-m", "venv", str(VENV)])
    pip = [str(_interpreter()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _step([*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")])
    _step([*pip, "--no-build-isolation", "--no-deps", "-e", str(ROOT)])
    _compile()
    STAMP.write_text(_pins(), encoding="utf-8")


def _compile() -> None:
    print("Compilation des calculs (une seule fois)...", file=sys.stderr)
    _step([str(_interpreter()), "-m", "territory.pipeline.warm"])


def _step(command: list[str]) -> None:
    if subprocess.call(command, cwd=ROOT) != 0:
        sys.exit("L'installation a échoué : vérifiez la connexion puis relancez la même commande.")
