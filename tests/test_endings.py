"""How a command ends when somebody stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from typer.exceptions import Exit

from territory.endings import NO_ANSWER, run_in_french

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_ctrl_c_is_told_in_french(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = typer.Typer()

    @app.command()
    def wait() -> None:
        raise KeyboardInterrupt

    command = typer.main.get_command(app)
    code = run_in_french(
        lambda: command.main(args=[], standalone_mode=False), tmp_path / "trace.txt"
    )
    assert code == NO_ANSWER
    assert "Interrompu" in capsys.readouterr().err


def test_another_ending_is_left_as_it_is(tmp_path: Path) -> None:
    def command() -> None:
        raise Exit(1)

    assert run_in_french(command, tmp_path / "trace.txt") == 1
