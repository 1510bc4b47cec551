"""How people come to a place with public transport, and who can, half-day by half-day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.partners import shown_name
from territory.analysis.transit_access import residents_in_reach
from territory.commands.answer import Answer
from territory.endings import DONE
from territory.errors import MissingSource, NoAnswer, WrongUsage
from territory.model.jsonable import to_json
from territory.model.kinds import LABELS
from territory.model.timetable import DAY_WORDS, PERIOD_WORDS, PERIODS
from territory.model.words import find, label, plain
from territory.network.times import walk_times
from territory.network.transit_graph import door_to_door_s
from territory.network.transit_path import transit_path
from territory.outputs.french import long_date, minutes, number
from territory.pipeline.steps import build
from territory.pipeline.transit import NAME, nodes_of, transit_of
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from territory.io.products import Product
    from territory.model.words import Vocabulary
    from territory.pipeline.workspace import Built

LIMITS_MIN = (15, 30, 45)
_SHOWN = 5


def transit(folder: Path, place: str, to: str, period: str, day: str) -> Answer:
    """
    Tell the usual trip from `place` to `to`, or, without `to`, who can come to `place`.

    Places are given by identifier or by name. Raises WrongUsage for a place, a period or a day that
    is not known, MissingSource without a timetable, NoAnswer when a place is far from any street or
    no way joins them, and what `build` raises.
    """
    at, on = _code(PERIOD_WORDS, period, "période"), _code(DAY_WORDS, day, "jour")
    built = build(open_territory(folder))
    product = built.products.get(NAME)
    if product is None:
        raise MissingSource(
            f"Il manque un fichier : {LABELS['transit']}. Ajoutez-le avec « territory add DOSSIER "
            "FICHIER »."
        )
    places = built.table("places")
    start = _place(places, place)
    if to:
        return _trip(built, product, (start, _place(places, to)), at, on)
    return _reach(built, product, start, on)


def _trip(built: Built, product: Product, ends: tuple[str, str], period: str, day: str) -> Answer:
    graph = transit_of(product, period, day)
    found = transit_path(graph, *(_node(product, p) for p in ends))
    start, end = (shown_name(built.table("places").loc[p]) for p in ends)
    lines = [
        f"De « {start} » à « {end} », {label(DAY_WORDS, day)}, {label(PERIOD_WORDS, period)} : "
        f"{minutes(found.seconds / 60)} (à pied {minutes(found.on_foot_s / 60)}).",
        *(f"  {leg}" for leg in found.legs),
        *_days_lines(product),
    ]
    told = to_json(found)
    told["on_foot_s"] = told["on_foot_s"] if np.isfinite(found.on_foot_s) else None
    told["legs"] = [
        leg | {"texte": str(f)} for leg, f in zip(told["legs"], found.legs, strict=True)
    ]
    value = {"de": ends[0], "a": ends[1], "jour": day, "periode": period, "trajet": told}
    return Answer(value, lines, DONE, built.reports)


def _reach(built: Built, product: Product, place: str, day: str) -> Answer:
    cells = built.table("cells")
    tied = nodes_of(product, [f"c:{i}" for i in cells.index])
    kept = np.flatnonzero(tied >= 0)
    residents = cells["residents"].to_numpy(float)[kept]
    graphs = {period: transit_of(product, period, day) for period in PERIODS}
    node = [_node(product, place)]
    on_foot = walk_times(next(iter(graphs.values())).walk, tied[kept], node)
    ridden = [door_to_door_s(graph, tied[kept], node) for graph in graphs.values()]
    seconds = np.hstack([on_foot, *ridden]).T
    found = residents_in_reach(seconds, residents, LIMITS_MIN)
    ways = ["à pied", *(label(PERIOD_WORDS, p) for p in PERIODS)]
    name = shown_name(built.table("places").loc[place])
    lines = [
        f"Habitants qui peuvent venir à « {name} », {label(DAY_WORDS, day)} :",
        *(f"  {way} : {_counts(row)}" for way, row in zip(ways, found, strict=True)),
        *_days_lines(product),
    ]
    rows = {w: _known(row) for w, row in zip(["a_pied", *PERIODS], found, strict=True)}
    value = {
        "lieu": place,
        "jour": day,
        "minutes": list(LIMITS_MIN),
        "habitants": rows,
    }
    return Answer(value, lines, DONE, built.reports)


def _code(words: Vocabulary, text: str, what: str) -> str:
    code = find(words, text)
    if code is None:
        known = ", ".join(word.label for word in words)
        raise WrongUsage(f"« {text} » n'est pas compris ({what}). Choisissez : {known}.")
    return code


def _place(places: pd.DataFrame, text: str) -> str:
    """Return the place_id that `text` means: an identifier, a whole name, else part of one name."""
    if text in places.index:
        return text
    wanted = plain(text)
    names = places["name"].fillna("").map(plain)
    found = places.index[names.eq(wanted)]
    if not len(found):
        found = places.index[names.str.contains(wanted, regex=False)] if wanted else found
    if len(found) == 1:
        return str(found[0])
    if not len(found):
        raise WrongUsage(f"Aucun lieu ne s'appelle « {text} ». Donnez son identifiant ou son nom.")
    some = ", ".join(f"{i} ({shown_name(places.loc[i])})" for i in found[:_SHOWN])
    raise WrongUsage(f"{len(found)} lieux répondent à « {text} » : {some}... Donnez l'identifiant.")


def _node(product: Product, place: str) -> int:
    node = int(nodes_of(product, [f"p:{place}"])[0])
    if node < 0:
        raise NoAnswer(f"Le lieu « {place} » n'est relié à aucune rue : vérifiez son adresse.")
    return node


def _counts(row: NDArray[np.float64]) -> str:
    told = [
        f"{'inconnu' if np.isnan(people) else number(people)} en {minutes(limit)}"
        for people, limit in zip(row, LIMITS_MIN, strict=True)
    ]
    return ", ".join(told)


def _known(row: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(people) else round(float(people), 1) for people in row]


def _days_lines(product: Product) -> list[str]:
    """Say on which days « usual » rests: a timetable of last year must be seen to be so."""
    return [
        f"Horaires « {file} » du {_day(days['fichier'][0])} au {_day(days['fichier'][1])} ; "
        f"usuels d'après {sum(days['nombre'].values())} jours."
        for file, days in product.facts["jours"].items()
        if days
    ]


def _day(iso: str) -> str:
    return long_date(date.fromisoformat(iso))
