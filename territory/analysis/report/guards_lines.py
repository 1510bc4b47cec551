"""Guards on the lines of the log: twice, at two places at once, more than were met, odd days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.report.realised import PUBLICS, SUMS
from territory.model.report import Guard

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import pandas as pd

WORDS = {"sexe": "femmes, hommes et sexe non noté", "age": "tranches d’âge"}
EARLY_MIN, LATE_MIN = 7 * 60, 22 * 60
SHOWN = 5
SUNDAY = 6
OPEN_AIR = ("evenement", "maraude", "tour_de_rue", "pied_immeuble")  # may be on a Sunday: a market


def same_twice(done: pd.DataFrame) -> Iterator[Guard]:
    """Say which of the activities that took place have the day, kind, place, start of another."""
    again = done.duplicated(["on", "kind", "place", "commune_code", "start_min"], keep="first")
    told = done.index[again & done["place"].notna()]
    if len(told):
        many = _many(len(told), "activité semble écrite", "activités semblent écrites")
        yield Guard(
            "DOUBLE",
            f"{many} deux fois (même jour, même type, même lieu, même heure) : {_named(told)}.",
            f"{_many(len(told), 'activité du suivi peut', 'activités du suivi peuvent')} avoir été "
            "comptées deux fois ; elles sont gardées dans les totaux.",
            tuple(map(str, told)),
        )


def two_places_at_once(done: pd.DataFrame) -> Iterator[Guard]:
    """Say where one mediator is in two activities at the same time."""
    timed = done[["on", "start_min", "end_min", "agents"]]
    timed = timed.dropna(subset=["start_min", "end_min", "agents"])
    rows = timed.assign(agent=timed["agents"].str.split("|")).explode("agent")
    rows = rows.sort_values(["agent", "on", "start_min"], kind="stable")
    follows = (rows["agent"] == rows["agent"].shift()) & (rows["on"] == rows["on"].shift())
    crossed = follows & (rows["start_min"] < rows["end_min"].shift())
    told = rows.index[crossed.fillna(value=False)].unique()
    if len(told):
        many = _many(len(told), "activité commence", "activités commencent")
        yield Guard(
            "DEUX-LIEUX",
            f"{many} pendant une autre de la même personne : {_named(told)}.",
            f"{many} pendant une autre de la même personne : leurs heures peuvent être comptées "
            "deux fois.",
            tuple(map(str, told)),
        )


def more_than_met(done: pd.DataFrame) -> Iterator[Guard]:
    """Say where a public, or people engaged, are more than all the people an activity met."""
    met = done[list(SUMS)].max(axis=1)
    for which, words in WORDS.items():
        parts = done[list(PUBLICS[which])].sum(axis=1, min_count=1)
        told = done.index[(parts > met).fillna(value=False)]
        if len(told):
            many = _many(len(told), "activité compte", "activités comptent")
            yield Guard(
                "SOMME",
                f"{many} plus de personnes par {words} que de personnes rencontrées : "
                f"{_named(told)}.",
                f"{many} plus de personnes par {words} que de personnes rencontrées : la "
                "répartition est à lire avec prudence.",
                tuple(map(str, told)),
            )
    told = done.index[(done["n_engaged"] > done["n_informed"]).fillna(value=False)]
    if len(told):
        many = _many(len(told), "activité compte", "activités comptent")
        sentence = f"{many} plus de personnes accrochées que de personnes informées"
        yield Guard("ENTONNOIR", f"{sentence} : {_named(told)}.", f"{sentence}.",
                    tuple(map(str, told)))  # fmt: skip


def doubtful_days(done: pd.DataFrame, holidays: Collection[str]) -> Iterator[Guard]:
    """Say which activities are on a public holiday, on a Sunday indoors, or in the night."""
    off = done["on"].dt.strftime("%Y-%m-%d").isin(holidays)
    sunday = (done["on"].dt.day_of_week == SUNDAY) & ~done["kind"].isin(OPEN_AIR)
    night = ((done["start_min"] < EARLY_MIN) | (done["end_min"] > LATE_MIN)).fillna(value=False)
    told = done.index[(off | sunday | night).astype(bool)]
    if len(told):
        many = _many(len(told), "activité est datée", "activités sont datées")
        where = "d’un jour férié, d’un dimanche ou de la nuit"
        yield Guard(
            "DATE",
            f"{many} {where} : {_named(told)}. Vérifiez le jour et l’heure.",
            f"{many} {where} ; la date n’a pas été corrigée.",
            tuple(map(str, told)),
        )


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _named(keys: pd.Index) -> str:
    """Return the first keys, and how many more there are."""
    shown = ", ".join(map(str, keys[:SHOWN]))
    more = len(keys) - SHOWN
    return f"{shown} et {more} de plus" if more > 0 else shown
