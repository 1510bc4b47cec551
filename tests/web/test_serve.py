"""Opening the pages: told once they answer, a taken port said in French, closed by Ctrl+C."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from territory.errors import WrongUsage
from territory.web.config import WebConfig
from territory.web.serve import serve
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "territory.toml", tmp_path)
    return tmp_path


def test_a_port_that_is_taken_is_said_in_french(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(WrongUsage, match=f"port {port} : un autre programme"):
            serve(WebConfig(folder), port=port)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent another way")
def test_pages_answer_once_the_address_is_told_until_ctrl_c(folder: Path) -> None:
    words = [sys.executable, "-m", "territory", "serve", str(folder), "--no-open", "--port", "0"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            told = server.stdout.readline()
            address = told.split()[4]
            with urlopen(address) as answer:  # noqa: S310 - the address just told
                assert "Accueil" in answer.read().decode()
            server.send_signal(signal.SIGINT)
            assert server.stdout.read().startswith("Territoire fermé.")
            assert server.wait() == 0
        finally:
            server.kill()
