"""A coordinator's Monday and Tuesday: sign the week, change it, take a change back."""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest

from territory.cli import run
from territory.commands.change import change, sign
from territory.errors import Stopped
from territory.io.week_edits import FOLDER, edits_revision
from territory.web.orders import ORDERS
from tests.short_searches import hurried

if TYPE_CHECKING:
    from pathlib import Path

WEEK = "2026-W48"


@pytest.fixture(scope="module")
def town(demo_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy: changes of a week are kept in its folder; short searches."""
    return hurried(shutil.copytree(demo_town, tmp_path_factory.mktemp("change") / "ville"))


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def outings(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [s for s in plan["sessions"] if not s["fixed"]]


def test_a_week_lived_with(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a change gives, not its files: those of a plan are looked at in tests.outputs."""
    monkeypatch.setattr("territory.pipeline.deliver.deliver", lambda *_: [])
    signed = answer(capsys, "change", str(town), WEEK, "--signer")["semaine"]
    again = answer(capsys, "week", str(town), WEEK)
    assert again["changes"][0].startswith("Aucun des ")
    first = outings(again)[0]
    agent, day = first["agents"][0], first["on"]
    names = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
    weekday = names[int(day[-2:]) - 23]  # the week of Monday 23
    told = answer(capsys, "change", str(town), WEEK, "--absent", f"{agent}:{weekday}")
    after = told["semaine"]
    assert told["changements"] == [told["changements"][0] | {"ligne": 1, "tient": True}]
    assert not [s for s in outings(after) if s["on"] == day and agent in s["agents"]]
    assert " sur " in after["changes"][0]
    assert not [w for w in after["warnings"] if "contrôle du plan" in w]
    back = answer(capsys, "change", str(town), WEEK, "--annuler", "1")
    assert not any(row["tient"] for row in back["changements"])
    stops = [[(t["name"], s["on"]) for s in outings(p) for t in s["stops"]]
             for p in (signed, back["semaine"])]  # fmt: skip
    assert sorted(stops[0]) == sorted(stops[1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--absent", "Z9:lundi"), "n'est pas un code de l'équipe"),
        (("--absent", "lundi"), "n'est pas un code de l'équipe"),
        (("--exclure", "Nulle part"), "ni lieu ni zone de ce nom"),
        (("--verrou", "hier"), "n'est pas une sortie de la semaine"),
        (("--annuler", "99"), "il annule une ligne qui n'existe pas"),
    ],
)
def test_what_is_not_understood_is_said(
    town: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str], said: str
) -> None:
    assert run(["change", str(town), WEEK, *words]) == 2
    assert said in capsys.readouterr().err


def test_the_plan_is_told_before_its_files(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def written(*_: object) -> list[Path]:
        order.append("files")
        return [town / "outputs" / WEEK / "semaine.pdf"]

    monkeypatch.setattr("territory.pipeline.deliver.deliver", written)
    told = change(town, WEEK, {}, 0, True, None, lambda text: order.append(text.splitlines()[0]))
    assert order == ["Ce plan est celui que l'équipe tient : signé.", "files"]
    assert told.lines == ["Fichiers de la semaine écrits : 1."]


class Heard:
    """Keeps what it is told; stopped from the step named on."""

    def __init__(self, until: str = "") -> None:
        self.told: list[tuple[str, float]] = []
        self.until = until

    @property
    def stopped(self) -> bool:
        return any(step == self.until for step, _ in self.told)

    def tell(self, step: str, done: float | None = None) -> None:
        self.told.append((step, done or 0.0))


def test_who_waits_for_a_signature_is_told_where_it_is(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("territory.pipeline.deliver.deliver", lambda *_: [])
    heard, revision = Heard(), edits_revision(town, WEEK)
    sign(town, WEEK, None, revision, heard)
    shares = [share for _, share in heard.told]
    assert shares == sorted(shares)
    assert heard.told[-1] == ("carte, fiches et agendas", 0.8)
    assert len({step for step, _ in heard.told}) > 3
    kept = town / FOLDER
    before = {p.name: p.stat().st_mtime_ns for p in kept.iterdir()}
    with pytest.raises(Stopped, match="Arrêté à la demande"):
        sign(town, WEEK, None, revision, Heard(until=heard.told[0][0]))
    assert before == {p.name: p.stat().st_mtime_ns for p in kept.iterdir()}


@pytest.mark.parametrize(
    "name", ["build", "week", "sign", "zones", "sites", "sectors", "suppose_sites"]
)
def test_long_orders_tell_where_they_are(name: str) -> None:
    module, function = ORDERS[name].action.split(".")
    act = getattr(import_module(f"{ORDERS[name].package}.{module}"), function)
    assert "progress" in signature(act).parameters
