"""What the rules of a team change in one week: limits, hours without a walk, what to avoid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from territory.model.words import plain
from territory.planning.records import DAY_MIN, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import geopandas as gpd

NO_WALK = "sans_maraude"  # a slot of this kind leaves appointments alone and forbids rounds
AVOIDED = "À éviter : règle de l’équipe."
_ROUNDS = ("maraude", "tour_de_rue")


@dataclass(frozen=True, slots=True)
class Shut:
    """A zone where no round may go before the day `until`, and the French reason."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Effects:
    """
    What the planner must hold to beside its settings.

    `most` is rounds a week by worker, `slots` further slots (times without a walk, permanences to
    keep), `avoided` places where no round stops, `pair_only` those where two go or nobody, `shut`
    zones by zone_id.
    """

    most: Mapping[str, int] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    avoided: frozenset[str] = frozenset()
    shut: Mapping[str, Shut] = field(default_factory=dict)
    pair_only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scene:
    """
    The week a rule is read in: its days, the workers, the places, and the quarters of the zones.

    `places` keeps PLACES, `activities` ACTIVITIES and `zones` ZONES, all in one metric CRS;
    `quarters` gives the codes of the quarters that each zone_id belongs to.
    """

    days: tuple[date, ...]
    agents: tuple[str, ...]
    places: pd.DataFrame
    activities: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    quarters: Mapping[str, frozenset[str]]


def effect_of(row: pd.Series, scene: Scene) -> Effects | None:
    """Return what one rule of CONSTRAINTS changes in the week, None when it cannot be applied."""
    if not pd.isna(row["commune_code"]):
        return None
    build = _BUILDERS.get(str(row["kind"]))
    return None if build is None else build(row, scene)


def together(effects: Iterable[Effects]) -> Effects:
    """Return all effects at once; the strictest wins."""
    most: dict[str, int] = {}
    shut: dict[str, Shut] = {}
    slots: list[Slot] = []
    avoided: frozenset[str] = frozenset()
    pair_only: frozenset[str] = frozenset()
    for one in effects:
        slots += one.slots
        avoided |= one.avoided
        pair_only |= one.pair_only
        most |= {a: min(n, most.get(a, n)) for a, n in one.most.items()}
        shut |= {z: max(s, shut.get(z, s), key=lambda x: x.until) for z, s in one.shut.items()}
    return Effects(most, tuple(slots), avoided, shut, pair_only)


def place_of(row: pd.Series, places: pd.DataFrame) -> str | None:
    """Return the place a rule names, by its identifier or its exact name, None when unknown."""
    written = [str(row[name]) for name in ("place_id", "value") if not pd.isna(row[name])]
    for text in written:
        if text in places.index:
            return text
    names = places["name"].map(plain, na_action="ignore")
    found = [str(key) for text in written for key in places.index[names == plain(text)]]
    return found[0] if len(found) == 1 else None


def zones_of(row: pd.Series, quarters: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the zones that lie in the quarter a rule names, in order."""
    code = "" if pd.isna(row["value"]) else str(row["value"]).upper()
    return sorted(zone for zone, codes in quarters.items() if code in codes)


def _most(row: pd.Series, scene: Scene) -> Effects | None:
    if not _is_free(row, "weekday", "place_id"):
        return None
    return Effects(most=dict.fromkeys(_agents(row, scene), int(row["value"])))


def _no_walk(row: pd.Series, scene: Scene) -> Effects | None:
    """Turn a lunch break, an hour or a day without rounds into slots of each worker concerned."""
    if not _is_free(row, "place_id"):
        return None
    span = _without_walk(str(row["kind"]), str(row["value"]))
    agents = _agents(row, scene)
    return Effects(slots=tuple(_slot(row, scene, agent, span, NO_WALK) for agent in agents))


def _without_walk(kind: str, value: str) -> tuple[int, int]:
    """Return the minutes of the day that a rule keeps free of rounds."""
    if kind == "pause_midi":
        start, end = value.split("-")
        return int(start), int(end)
    if kind == "pas_avant":
        return 0, int(value)
    return (int(value) if kind == "pas_apres" else 0), DAY_MIN


def _permanence(row: pd.Series, scene: Scene) -> Effects | None:
    known = not row[["agent_code", "weekday", "start_min", "end_min"]].isna().any()
    place = place_of(row, scene.places)
    if not known or place is None or row["end_min"] <= row["start_min"]:
        return None
    span = int(row["start_min"]), int(row["end_min"])
    return Effects(slots=(_slot(row, scene, str(row["agent_code"]), span, "permanence", place),))


def _avoid(row: pd.Series, scene: Scene) -> Effects | None:
    if not _is_free(row, "weekday", "agent_code"):
        return None
    place = place_of(row, scene.places)
    if place is not None:
        return Effects(avoided=frozenset({place}))
    after = scene.days[-1] + timedelta(days=1)
    found = {zone: Shut(after, AVOIDED) for zone in zones_of(row, scene.quarters)}
    known = not pd.isna(row["value"]) and str(row["value"]).upper() in scene.zones.index
    return Effects(shut=found) if known else None


def _in_pairs(row: pd.Series, scene: Scene) -> Effects | None:
    place = place_of(row, scene.places)
    if place is None or row["value"] != "1" or not _is_free(row, "weekday", "agent_code"):
        return None
    return Effects(pair_only=frozenset({place}))


def _spacing(row: pd.Series, scene: Scene) -> Effects | None:
    """Shut the zones of each quarter until so many days after its last round."""
    if not _is_free(row, "weekday", "agent_code", "place_id"):
        return None
    apart = timedelta(days=int(row["value"]))
    shut: dict[str, Shut] = {}
    for code, last in last_rounds(scene).items():
        for zone in (z for z, codes in scene.quarters.items() if code in codes):
            reason = f"Dernière maraude du quartier le {last:%d/%m/%Y} : la règle de l’équipe "
            reason += f"demande {apart.days} jours d’écart."
            new = Shut(last + apart, reason)
            shut[zone] = max(new, shut.get(zone, new), key=lambda s: s.until)
    return Effects(shut=shut)


def last_rounds(scene: Scene) -> dict[str, date]:
    """Return the day of the last round, done or planned, in each quarter before the week ends."""
    done = scene.activities
    rounds = done["kind"].isin(_ROUNDS) & ~done["state"].isin(["annule", "reporte"])
    done = done[rounds & (done["on"] <= pd.Timestamp(scene.days[-1])) & done.geometry.notna()]
    found = {}
    for code, shape in scene.zones.geometry.items():
        inside = done[done.geometry.within(shape)]
        if len(inside):
            found[str(code)] = inside["on"].max().date()
    return found


def _agents(row: pd.Series, scene: Scene) -> Sequence[str]:
    return scene.agents if pd.isna(row["agent_code"]) else [str(row["agent_code"])]


def _is_free(row: pd.Series, *names: str) -> bool:
    return bool(row[list(names)].isna().all())


def _slot(
    row: pd.Series,
    scene: Scene,
    agent: str,
    span: tuple[int, int],
    kind: str,
    place: str | None = None,
) -> Slot:
    """Return a slot on the days of the week when the rule holds."""
    first, last = scene.days[0], scene.days[-1]
    start = first if pd.isna(row["from_on"]) else max(first, row["from_on"].date())
    end = last if pd.isna(row["to_on"]) else min(last, row["to_on"].date())
    weekday = None if pd.isna(row["weekday"]) else int(row["weekday"])
    key = f"regle-{row.name}-{agent}-{span[0]}"
    return Slot(key, agent, weekday, start, end, span[0], span[1], "toutes", kind, place)


_BUILDERS: dict[str, Callable[[pd.Series, Scene], Effects | None]] = {
    "max_maraudes_semaine": _most,
    "pause_midi": _no_walk,
    "pas_avant": _no_walk,
    "pas_apres": _no_walk,
    "jour_exclu": _no_walk,
    "saison_hiver": _no_walk,
    "lieu_fixe": _permanence,
    "eviter": _avoid,
    "binome": _in_pairs,
    "espacement_min_jours": _spacing,
}
