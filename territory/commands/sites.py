"""`territory sites`: where to open, on which half-day; what it costs, what else would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.commands.answer import Answer
from territory.commands.building import built_with_progress
from territory.commands.telling import telling
from territory.endings import DONE, NO_ANSWER
from territory.errors import WrongUsage
from territory.model.issues import shown
from territory.model.jsonable import to_json
from territory.model.progress import Part, go_on
from territory.model.results import Ending
from territory.outputs.account import sites_account
from territory.outputs.dialogue_account import (
    curve_lines,
    curve_rows,
    equity_lines,
    equity_rows,
    near_lines,
    near_rows,
    robust_lines,
    robust_rows,
)
from territory.outputs.request_account import request_lines
from territory.pipeline.site_asks import decided
from territory.pipeline.site_note import write_note
from territory.pipeline.site_sections import (
    ALL_CURVE,
    ALL_ROBUST,
    Sections,
    Wanted,
    sections_of,
    site_label,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from territory.model.progress import ProgressReporter


def sites(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Path,
    number: int,
    places: Mapping[str, Sequence[str] | None],
    guarantee: float | None,
    wanted: tuple[int, bool, int, bool, float | None],
    everything: bool,  # noqa: FBT001 - a flag
    seed: int | None,
    progress: ProgressReporter | None = None,
) -> Answer:
    """
    Suggest `number` permanences (0: as many as the settings say), each with its half-day.

    `places` are lists of places, or « place:half-day », by name of the setting they are added to
    (kept, forbidden, required, movable, closable), beside the requests of the decision log;
    `guarantee` is minutes from every priority quarter; `wanted` are the sections of `Wanted`, all
    of them with `everything`. Writes outputs/permanences.pdf. The code is NO_ANSWER when what was
    asked cannot be, with the nearest answer. `progress` is told where it is (None: this terminal).
    Raises as `build`, and WrongUsage for a slider outside 0-1.
    """
    asked: dict[str, Any] = {name: tuple(listed or ()) for name, listed in places.items()}
    asked |= {"add": number or None, "guarantee_min": guarantee}
    sections = _wanted(Wanted(*wanted), everything=everything)
    with telling(progress) as told:
        built = built_with_progress(folder, seed, sites=asked, progress=Part(told, 0.0, 0.5))
        found = sections_of(built, sections, progress=Part(told, 0.5, 0.95))
        go_on(told)
        path = write_note(found)
    plan = built.sites
    lines = [*sites_account(plan), *_lines(found)]
    lines.append(f"Note d'une page : {path.relative_to(folder)}")
    value = {**to_json(plan), **_value(found), "fichier": str(path.relative_to(folder))}
    code = NO_ANSWER if plan.ending is Ending.IMPOSSIBLE else DONE
    return Answer(value, lines, code, built.reports)


def _wanted(given: Wanted, *, everything: bool) -> Wanted:
    if given.slider is not None and not 0 <= given.slider <= 1:
        raise WrongUsage("Le curseur d'équité va de 0 (trajet moyen) à 1 (les plus éloignés).")
    equity = given.equity or everything or given.slider is not None
    return Wanted(
        given.curve or ALL_CURVE * everything,
        given.alternatives or everything,
        given.robust or ALL_ROBUST * everything,
        equity,
        given.slider,
    )


def _lines(found: Sections) -> list[str]:
    talk, on = found.table.talk, found.table.built.territory.today
    _, issues = decided(found.table.built.territory)
    lines = [*shown(issues), *request_lines(found.requests, found.prices, found.lost, on)]
    if found.curve:
        lines += curve_lines(*found.curve)
    if found.near:
        lines += near_lines(found.near, talk)
    if found.robust:
        lines += robust_lines(found.robust[0], talk, found.robust[1], talk.here(found.table.chosen))
    return lines + _equity_lines(found)


def _equity_lines(found: Sections) -> list[str]:
    shared = found.shared
    if shared is None:
        return []
    return equity_lines(
        shared.frontier.points,
        shared.frontier.ending,
        lambda j: site_label(found.table, shared, j),
        picked=found.picked,
        left_out=shared.left_out,
    )


def _value(found: Sections) -> dict[str, Any]:
    """Return the sections for « --json »: null where one was not asked for."""
    talk, shared, curve = found.table.talk, found.shared, found.curve
    prices = {"avec_toutes": found.prices.with_all, "sans_aucune": found.prices.with_none}
    return {
        "demandes": {"lignes": list(found.requests), "sans_effet": list(found.lost), **prices},
        "concessions": to_json(found.table.ways),
        "courbe": None if curve is None else {
            "points": curve_rows(*curve), "coude": curve[0].elbow, "concave": curve[0].concave,
            "plate": curve[0].flat, "impossibles": list(curve[0].impossible),
        },
        "equivalents": None if found.near is None else near_rows(found.near, talk),
        "robustesse": None if found.robust is None else robust_rows(
            found.robust[0], talk, found.robust[1]
        ),
        "equite": None if shared is None else {
            "points": equity_rows(
                shared.frontier.points, lambda j: site_label(found.table, shared, j)
            ),
            "choisi": None if found.picked is None
            else shared.frontier.points.index(found.picked),
            "fin": shared.frontier.ending.value, "hors_d_atteinte": shared.left_out,
        },
    }  # fmt: skip
