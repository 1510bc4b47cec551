"""Small commands for the tests of jobs: they end, wait, refuse, break, die, or hear nothing."""

from __future__ import annotations

import os
import signal
from threading import Event
from typing import TYPE_CHECKING

import pandas as pd

from territory.commands.answer import Answer
from territory.errors import WrongUsage
from territory.io.products import Product, write_product
from territory.model.progress import SILENT, go_on
from territory.web.orders import Order

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.progress import ProgressReporter

ORDERS = {
    name: Order(f"job_actions.{name}", f"Essai {name}", package="tests.web")
    for name in ("answer", "hold", "refuse", "fail", "die", "deaf")
}


def answer(folder: Path, second: str, first: str = "un") -> Answer:
    """Say the arguments in order."""
    return Answer({}, [first, second, folder.name])


def hold(folder: Path, name: str, progress: ProgressReporter = SILENT) -> Answer:
    """Note that it began, tell half, and wait for the file `name` or for the end."""
    with (folder / f"{name}.begun").open("a", encoding="utf-8") as begun:
        begun.write(f"{os.getpid()}\n")
    while not (folder / name).exists():
        progress.tell("10 attente du fichier", 0.5)
        go_on(progress)
        Event().wait(0.01)
    return Answer({}, ["le fichier est là"])


def refuse(folder: Path) -> Answer:
    """Refuse."""
    raise WrongUsage(f"Rien à faire dans {folder.name}.")


def fail(folder: Path) -> Answer:
    """Fail as nobody foresaw."""
    raise ValueError(folder)


def die(folder: Path) -> Answer:
    """Be ended from outside, as by a system without memory."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return Answer({}, [folder.name])


def deaf(folder: Path) -> Answer:
    """Write one product after the other without ever listening."""
    number = 0
    while True:
        number += 1
        table = pd.DataFrame({"n": range(20_000)}).assign(number=number)
        write_product(folder, Product("99_deaf", {"n": table}, {"number": number}, ""),
                      settings={}, inputs={})  # fmt: skip
