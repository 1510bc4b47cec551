"""The decision note on permanences: one A4 page, what is proposed, for whom, asked by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from territory.analysis.site_words import equal_sentence
from territory.io.atomic import write_bytes
from territory.model.results import Ending
from territory.outputs.account import proof
from territory.outputs.curve_drawing import curve_alt, curve_drawing
from territory.outputs.dialogue_account import (
    RULED,
    curve_notes,
    equity_text,
    frequency_text,
    name_list,
    near_notes,
    near_sentence,
)
from territory.outputs.french import THIN, clock, number, percent, spoken_slot
from territory.outputs.map_tables import banners, sources
from territory.outputs.paper import printed, running
from territory.outputs.place_roles import ORDER
from territory.outputs.site_plan_map import site_drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from territory.analysis.siting.discussion import Discussion
    from territory.analysis.siting.redraw import Ranges
    from territory.model.dialogue_results import Curve, NearOptimal, Relaxations, Robustness
    from territory.model.results import Site, SitePlan
    from territory.model.site_results import EquityFrontier
    from territory.settings import Settings

_SITES, _LISTED, _REQUESTS, _SHARES = 4, 4, 6, 3  # what a page holds
METHOD = (
    "Chacun choisit entre les permanences ouvertes et rester chez soi, selon la marche (modèle de "
    "Huff) ; le meilleur choix est cherché avec une borne que rien ne dépasse."
)


@dataclass(frozen=True, slots=True, eq=False)
class NoteParts:
    """
    What the note tells beside the plan; None where it was not asked for.

    `requests` are rows of `request_rows`; `chosen` the options here (of `talk`) of the plan;
    `place` names a candidate of the frontier, empty for those held now.
    """

    talk: Discussion
    chosen: Sequence[int]
    requests: Sequence[Mapping[str, Any]]
    together: str
    ways: Relaxations | None
    curve: Curve | None
    near: NearOptimal | None
    robust: tuple[Robustness, Ranges] | None
    frontier: EquityFrontier | None
    place: Callable[[int], str]


def write_site_note(  # noqa: PLR0913 - what the page shows
    path: Path,
    *,
    plan: SitePlan,
    parts: NoteParts,
    roles: pd.Series,
    places: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
    settings: Settings,
    when: str = "",
    digest: str = "",
) -> Path:
    """
    Write the note as PDF, atomically; return `path`.

    `roles` [place_id] come from `place_roles`; places, communes and segments keep their contracts
    in one metric CRS; `when` and `digest` say of which day and of which data. PDF/UA-1, no author,
    no moment of writing: same choice, same bytes. Raises ModuleNotFoundError when matplotlib, which
    carries the fonts, is not installed.
    """
    labels = {s.place_id: s.name for s in plan.sites if s.place_id in roles.index}
    drawings = {"plan.svg": site_drawing(roles, places, communes, segments, labels=labels)}
    if parts.curve is not None:
        drawings["courbe.svg"] = curve_drawing(parts.curve)
    content = {
        "title": f"Où ouvrir une permanence – {settings.ground.name}",
        "running": running(settings, what="Où ouvrir une permanence", when=when, digest=digest),
        "banners": banners(settings),
        "sources": sources(settings),
        "alt": _alt(roles),
        **_content(plan, parts),
    }
    return write_bytes(path, printed("sites.typ", content, drawings))


def lead_sentence(plan: SitePlan) -> str:
    """Return the decision in one sentence or two."""
    before, after = (number(v or 0.0, 1) for v in (plan.people_before, plan.people_week))
    result = f"L'équipe recevrait {after} personnes par semaine au lieu de {before} (estimation)."
    start = ""
    if plan.ending is Ending.IMPOSSIBLE:
        start = "Tout ce qui était demandé ne peut pas être tenu. Le plus proche : "
    if not plan.sites:
        return f"{start}Ne rien ouvrir de plus. {result}"
    opened = " ; ".join(f"{s.name}, {_when(s)}" for s in plan.sites)
    closed = f" Fermer : {' ; '.join(plan.closed)}." if plan.closed else ""
    return f"{start}Ouvrir : {opened}.{closed} {result}"


def _content(plan: SitePlan, parts: NoteParts) -> dict[str, Any]:
    curve, near = parts.curve, parts.near
    ways = parts.ways.found if parts.ways else ()
    more = len(parts.requests) - _REQUESTS
    left = [f"Et {more} autres demandes, dites par « territory sites »."] if more > 0 else []
    ruled = [RULED] if parts.talk.requests else []
    return {
        "lead": lead_sentence(plan),
        "sites": [{"title": f"{s.rank}. {s.name}, {_when(s)}{THIN}:", "text": _site(s)}
                  for s in plan.sites[:_SITES]],
        "closed": [f"Fermerait{THIN}: {one}." for one in plan.closed],
        "curve": curve is not None,
        "curve_alt": "" if curve is None else curve_alt(curve),
        "curve_text": "" if curve is None else _curve_text(curve),
        "ways": [
            f"{w.sentence} Alors {number(w.objective, 1)} personnes par semaine."
            for w in ways[:_LISTED]
        ],
        "requests": [_request(row) for row in parts.requests[:_REQUESTS]],
        "requests_note": " ".join(filter(None, [parts.together, *left, *ruled])),
        "alternatives": [] if near is None else _alternatives(near, parts.talk),
        "robust": [] if parts.robust is None else _robust(parts),
        "equity": [] if parts.frontier is None else _equity(parts),
        "method": _method(plan, parts),
    }  # fmt: skip


def _when(site: Site) -> str:
    if site.start_min is None or site.end_min is None:
        return spoken_slot(site.slot)
    return f"{spoken_slot(site.slot)} ({clock(site.start_min)} à {clock(site.end_min)})"


def _site(site: Site) -> str:
    """Return what one half-day brings and to whom, and what must be checked first."""
    interval = ""
    if site.people_low is not None and site.people_high is not None:
        interval = f" (entre {number(site.people_low, 1)} et {number(site.people_high, 1)})"
    said = [
        f"{number(site.people_week or 0.0, 1)} personnes par semaine{interval}, dont "
        f"{number(site.gained_week or 0.0, 1)} que personne ne recevrait"
    ]
    said += [f"{site.near} est ouvert à côté"] if site.near else []
    named = [("public", site.publics), ("viendraient de", site.communes),
             ("autrement reçues par", site.transfers)]  # fmt: skip
    said += [
        f"{title}{THIN}: " + ", ".join(f"{s.name} {number(s.people, 1)}" for s in shares[:_SHARES])
        for title, shares in named
        if shares
    ]
    if site.target_total:
        cover = [percent(v / site.target_total) for v in (site.covered_before, site.covered_after)]
        said.append(f"public à distance de marche{THIN}: {cover[0]} → {cover[1]}")
    said.append(f"accueil {site.host}, {site.opening}")
    many = len(site.equal_slots)
    said += [f"aussi bien pour le public{THIN}: {many} autres demi-journées"] if many > 1 else []
    return ". ".join(one[:1].upper() + one[1:] for one in said) + "."


def _curve_text(curve: Curve) -> str:
    costs = [
        f"+{p.added}{THIN}: {number(p.hours_per_person, 1)}"
        for p in curve.points
        if p.hours_per_person is not None
    ]
    said = [f"Heures d'équipe par personne gagnée{THIN}: {' ; '.join(costs)}."] if costs else []
    return " ".join([*said, *curve_notes(curve)])


def _request(row: Mapping[str, Any]) -> list[str]:
    day = date.fromisoformat(row["date"])
    return [str(row["numero"]), row["organisme"], f"{day:%d/%m/%Y}", row["quoi"], row["motif"],
            row["dit"]]  # fmt: skip


def _alternatives(near: NearOptimal, talk: Discussion) -> list[str]:
    listed = [
        f"{' ; '.join(talk.new(s.chosen)) or 'rien de nouveau'}{THIN}: "
        f"{number(s.value, 1)} personnes par semaine."
        for s in near.sets[:_LISTED]
    ]
    more = len(near.sets) - _LISTED
    listed += [f"Et {more} autres choix." if more > 1 else "Et un autre."] if more > 0 else []
    return [near_sentence(near), *(listed if len(near.sets) > 1 else []),
            *near_notes(near, talk)[:1]]  # fmt: skip


def _robust(parts: NoteParts) -> list[str]:
    if parts.robust is None:
        return []
    found, held = parts.robust[0], parts.talk.problem.present
    new = [f for f in found.options if not held[f.position]]
    mine = [f for f in new if f.position in set(parts.chosen)]
    others = [f for f in new if f.position not in set(parts.chosen)][:2]
    said = [f"{parts.talk.label(f.position)}{THIN}: {frequency_text(f)}." for f in (*mine, *others)]
    if found.regrets:
        said.append(
            f"S'y tenir ferait perdre {percent(found.mean_regret or 0.0, 1)} des personnes reçues "
            f"en moyenne, {percent(found.worst_regret or 0.0, 1)} au pire ({found.scenarios} "
            "scénarios)."
        )
    return said


def _equity(parts: NoteParts) -> list[str]:
    points = parts.frontier.points if parts.frontier else ()
    ends = points if len(points) < 2 else (points[0], points[-1])  # noqa: PLR2004 - two ends
    titles = ("Trajet moyen d'abord", "Plus éloignés d'abord")
    return [
        f"{title if len(points) > 1 else 'Le même choix pour la moyenne et les plus éloignés'}"
        f"{THIN}: {name_list(p, parts.place)} ({equity_text(p).rstrip('.')})."
        for title, p in zip(titles, ends, strict=False)
    ]


def _method(plan: SitePlan, parts: NoteParts) -> list[str]:
    ways = {w.sentence for w in parts.ways.found} if parts.ways else set()
    told = ways | {equal_sentence(site) for site in plan.sites}  # said above, in fewer words
    notes = [note for note in plan.notes if note not in told]
    drawn = [parts.robust[1].sentence] if parts.robust else []
    return [METHOD, proof(plan), *notes, *drawn]


def _alt(roles: pd.Series) -> str:
    counts = [f"{word}{THIN}: {int((roles == word).sum())}" for word in ORDER]
    return f"Plan des lieux. {' ; '.join(counts)}"
