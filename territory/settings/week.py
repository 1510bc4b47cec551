"""The rules of the team's week, as settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from territory.model.words import PLACE_KINDS
from territory.settings.section import Section


def _kinds(most: dict[str, int]) -> dict[str, int]:
    wrong = sorted(most.keys() - {kind.code for kind in PLACE_KINDS})
    if wrong:
        raise PydanticCustomError("unknown_kind", "unknown kind", {"wrong": ", ".join(wrong)})
    return most


KindMost = Annotated[dict[str, Annotated[int, Field(ge=0)]], AfterValidator(_kinds)]


class Week(Section):
    """
    The rules of the team's week; times as HH:MM.

    Lunch lasts `lunch_min` minutes (None: the whole break) within the break. `reserve_min` is kept
    free in each outing. `zone_people`: what a round of `street_min` in the first zone is worth
    beside the people met, in people; others in proportion of their score. Two outings in one zone
    are `spacing_days` apart. `exploration` is the share (0-1) of visits made to learn.
    `joint_week` outings are wanted with each other team that is available, at most;
    none within `joint_apart_weeks` of one with it (1: every week), and an hour of stops of one is
    worth `joint_people` more.
    `rest_weeks`: weeks after which a place is worth as much again as before its last visit.
    `before_permanence`: more that a visit is worth when a permanence near by follows within days.
    Further than `bus_from_m` people may take a bus (None: always on foot): by the timetable, with
    the time that `bus_on_time` (0-1) of the departures of the half-day need at most; without one,
    `bus_wait_min`, then `bus_kmh` along the streets. `pairs_week` half-days in pairs are wanted
    (None: as many as can be when `pairs`). `pair_kinds` are kinds of places for two people only,
    `kind_most` visits of places of a kind in the outings of the whole team, at most. Hours of
    outings come out even over `ledger_weeks` (0: not asked); one squared hour of gap costs
    `unfairness` people, one squared evening `evening_turns`, one day at a difficult place
    `difficult_turns`, one squared kilometre walked `walk_turns`. Each outing a zone lacks for the
    share of its need in these weeks is worth `zone_debts` people. No QPV stays without an outing
    for `guarantee_weeks` (None: not asked). `iterations` of each search; `explained` places left
    out beside the zones; `bound_turns` of the proof (0: none).
    """

    day_start: str = Field("09:00", alias="debut")
    day_end: str = Field("17:30", alias="fin")
    lunch_start: str = Field("12:00", alias="midi_debut")
    lunch_end: str = Field("13:30", alias="midi_fin")
    lunch_min: int | None = Field(45, alias="repas_min", ge=0, le=180)
    maraude_max_min: int = Field(180, alias="maraude_max_min", ge=30)
    maraude_min_min: int = Field(90, alias="maraude_min_min", ge=15)
    walk_max_m: int = Field(6000, alias="marche_max_m", gt=0)
    visit_min: int = Field(20, alias="visite_min", ge=5)
    street_min: int = Field(40, alias="rue_min", ge=5)
    maraudes_per_agent: int = Field(3, alias="maraudes_par_mediateur", ge=0)
    pairs: bool = Field(True, alias="binomes")
    pairs_week: int | None = Field(None, alias="binomes_semaine", ge=0)
    pair_kinds: tuple[str, ...] = Field((), alias="lieux_a_deux")
    joint_week: int = Field(1, alias="sorties_communes", ge=0, le=5)
    joint_apart_weeks: int = Field(1, alias="sorties_communes_ecart_semaines", ge=1, le=52)
    joint_people: float = Field(6.0, alias="sorties_communes_personnes", ge=0)
    kind_most: KindMost = Field({}, alias="visites_max_par_type")
    reserve_min: int = Field(10, alias="reserve_min", ge=0, le=120)
    zone_people: float = Field(10.0, alias="personnes_zone", ge=0)
    spacing_days: int = Field(3, alias="ecart_jours", ge=1, le=7)
    rest_weeks: float = Field(4.0, alias="repos_semaines", ge=0)
    before_permanence: float = Field(0.2, alias="avant_permanence", ge=0, le=2)
    bus_from_m: float | None = Field(1500.0, alias="bus_des_m", gt=0)
    bus_wait_min: int = Field(10, alias="bus_attente_min", ge=0)
    bus_kmh: float = Field(12.0, alias="bus_kmh", gt=4, le=40)
    bus_on_time: float = Field(0.9, alias="bus_a_l_heure", ge=0.5, le=1)
    exploration: float = Field(0.1, alias="exploration", ge=0, le=0.5)
    ledger_weeks: int = Field(12, alias="equite_semaines", ge=0)
    unfairness: float = Field(4.0, alias="equite", ge=0)
    evening_turns: float = Field(3.0, alias="equite_soirees", ge=0)
    difficult_turns: float = Field(3.0, alias="equite_difficiles", ge=0)
    walk_turns: float = Field(0.02, alias="equite_marche", ge=0)
    zone_debts: float = Field(5.0, alias="equite_zones", ge=0)
    difficult_kinds: tuple[str, ...] = Field((), alias="lieux_difficiles")
    guarantee_weeks: int | None = Field(None, alias="garantie_semaines", ge=1)
    iterations: int = Field(1500, alias="essais", ge=1)
    explained: int = Field(12, alias="lieux_expliques", ge=0)
    bound_turns: int = Field(12, alias="essais_preuve", ge=0)
