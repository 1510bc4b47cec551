"""The report as the page shows it: key figures with their definitions, small counts hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.analysis.disclosure import K_PUBLIC, TOTAL, hidden_table
from territory.analysis.year_figures import (
    ROUNDS,
    STANDING,
    SUMS,
    by_commune,
    by_kind,
    by_month,
    count_of,
    held_places,
    noted,
    parts_of,
    share,
    total,
)
from territory.model.words import ACTIVITY_KINDS, CHANNELS, HOME_ZONES, PLACE_KINDS, label
from territory.outputs.french import month, number, percent, small_count
from territory.outputs.public import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.analysis.partners import Funnel
    from territory.analysis.year_figures import Total

UNKNOWN = "inconnu"
_PUBLIC_WORDS = {
    "n_women": "femmes", "n_men": "hommes", "n_gender_unknown": "sexe non noté",
    "n_under_26": "moins de 26 ans", "n_26_59": "26 à 59 ans", "n_60_plus": "60 ans et plus",
    "n_age_unknown": "âge non noté",
}  # fmt: skip
MISSING = (
    "les sorties positives par type de contrat et les orientations par destination ;",
    "la part des quartiers prioritaires, zone par zone, et les rapports aux habitants ;",
    "le suivi des freins et des inscriptions au service public de l’emploi ;",
    "la comparaison au prévu (séances annulées, reportées) et à l’année d’avant ;",
    "le document mis en page (texte et PDF), relu et signé chiffre par chiffre.",
)


@dataclass(frozen=True, slots=True)
class Reader:
    """
    Who reads: `outside` hides counts below `k` and those that would give them back.

    `untold` are the columns whose total is hidden in one table: nothing of them is told in any.
    """

    outside: bool
    k: int = K_PUBLIC
    untold: frozenset[str] = frozenset()

    def count(self, people: int | None) -> str:
        """Return one count of people as it may be shown."""
        if people is None:
            return UNKNOWN
        if self.outside:
            return HIDDEN if 0 < people < self.k else number(people)
        return small_count(people)

    def column(self, counts: pd.Series) -> tuple[list[str], str]:
        """
        Return the counts of a column and their total as text, NA as unknown.

        For outside, enough others are hidden for no small one to be found by subtraction.
        """
        known = counts.dropna().astype("int64")
        whole = int(known.sum())
        if not self.outside or known.empty:
            return [self.count(None if pd.isna(v) else int(v)) for v in counts], number(whole)
        table, mask = hidden_table(known.to_frame("people"), k=self.k)
        secret = str(counts.name) in self.untold
        hides = mask["people"] | (table["people"] > 0) if secret else mask["people"]
        told = [
            UNKNOWN if pd.isna(v) else HIDDEN if hides.loc[key] else number(int(v))
            for key, v in counts.items()
        ]
        return told, HIDDEN if hides.loc[TOTAL] else number(int(table.loc[TOTAL, "people"]))


def reader_of(done: pd.DataFrame, *, outside: bool, k: int = K_PUBLIC) -> Reader:
    """Return who reads the figures of `done`: a total hidden in one table is hidden in all."""
    reader = Reader(outside, k)
    tables = [split(done) for split in (by_kind, by_month, by_commune)]
    hidden = {
        name
        for name in SUMS
        for table in tables
        if len(table) and reader.column(table[name])[1] == HIDDEN
    }
    return Reader(outside, k, frozenset(hidden))


def key_figures(done: pd.DataFrame, partners: Funnel, reader: Reader) -> list[dict[str, str]]:
    """Return the key figures of the year, each with its definition and what it leaves out."""
    informed, engaged, assessed, referred = (
        total(done, name) for name in ("n_informed", "n_engaged", "n_assessed", "n_referred")
    )
    rounds, events = count_of(done, ROUNDS), count_of(done, ("evenement",))
    return [
        _figure("Personnes touchées et sensibilisées", _whole(informed, "n_informed", reader),
                "Somme des personnes informées de toutes les activités réalisées. Personne n’est "
                "identifié : une même personne peut être comptée plusieurs fois.", informed),
        _figure("Personnes accrochées", _whole(engaged, "n_engaged", reader),
                "Somme des personnes que l’équipe a notées comme accrochées (nouvelles seulement "
                "si elle les note ainsi).", engaged),
        _figure("Maraudes et événements", number(rounds + events),
                f"{number(rounds)} maraudes (tours de rue et pieds d’immeuble compris) et "
                f"{number(events)} événements. Les visites de partenaires n’y sont pas."),
        _figure("Permanences, interventions, ateliers", number(count_of(done, STANDING)),
                "Nombre de séances tenues, quel que soit le lieu."),
        _figure("Diagnostics", _whole(assessed, "n_assessed", reader),
                "Somme des diagnostics notés ; orientations comptées à part, faute de savoir "
                "lesquels ont été orientés.", assessed),
        _figure("Orientations", _whole(referred, "n_referred", reader),
                "Somme des personnes orientées vers une structure.", referred),
        _figure("Structures recensées", number(partners.listed),
                f"Dont {number(partners.contacted)} contactées et {number(partners.met)} "
                "rencontrées, à la date du calcul (non à la fin de l’année)."),
    ]  # fmt: skip


def kind_rows(done: pd.DataFrame, reader: Reader) -> list[dict[str, Any]]:
    """Return one row for each kind of activity, the most frequent first, and their total."""
    table = by_kind(done).sort_values("activities", ascending=False, kind="stable")
    return _rows(table, [label(ACTIVITY_KINDS, str(key)) for key in table.index], reader)


def month_rows(done: pd.DataFrame, reader: Reader) -> list[dict[str, Any]]:
    """Return one row for each month of the year up to the last activity, and their total."""
    table = by_month(done)
    return _rows(table, [month(int(str(key)[5:])) for key in table.index], reader)


def commune_rows(
    done: pd.DataFrame, names: Mapping[str, str], reader: Reader
) -> list[dict[str, Any]]:
    """Return one row for each commune of meeting, with the permanences held there."""
    table, held = by_commune(done), held_places(done)
    titles = [names.get(str(k), str(k)) or "lieu sensible ou inconnu" for k in table.index]
    rows = _rows(table, titles, reader)
    for row, key in zip(rows, [*table.index, None], strict=True):
        places, hours = held.get(str(key), (0, 0.0)) if key is not None else (
            sum(p for p, _ in held.values()), sum(h for _, h in held.values())
        )  # fmt: skip
        row["places"] = number(places)
        row["held"] = number(hours, 1)
    return rows


def public_rows(done: pd.DataFrame, which: str, reader: Reader) -> list[dict[str, str]]:
    """Return women and men, or age bands: counts, and shares of those noted; none noted: []."""
    parts = parts_of(done, which)
    asked = parts[[name for name in parts.index if not name.endswith("unknown")]]
    whole = None if asked.isna().all() else int(asked.sum())
    if parts.isna().all():
        return []
    told, _ = reader.column(parts)
    named = dict(zip(parts.index, told, strict=True))
    whole = whole if _all_shown(named[name] for name in asked.index) else None
    return [
        {
            "name": _PUBLIC_WORDS[str(name)],
            "count": named[name],
            "share": _share(None if pd.isna(n) else int(n), whole) if name in asked.index else "",
        }
        for name, n in parts.items()
    ]


def noted_rows(
    contacts: pd.DataFrame, done: pd.DataFrame, column: str, reader: Reader
) -> list[dict[str, str]]:
    """Return the people engaged by channel, or by class of residence, as the team noted them."""
    words = HOME_ZONES if column == "home_zone" else CHANNELS
    counts = noted(contacts, done, column, "accroche")
    silent = {"", "inconnu", "inconnue"}
    whole = int(counts[[key not in silent for key in counts.index]].sum())
    told, _ = reader.column(counts)
    shown = _all_shown(t for key, t in zip(counts.index, told, strict=True) if key not in silent)
    return [
        {
            "name": label(words, str(key)) if key else "non noté",
            "count": text,
            "share": _share(int(n), whole) if shown and key not in silent else "",
        }
        for (key, n), text in zip(counts.items(), told, strict=True)
    ]


def partner_rows(kinds: Mapping[str, Funnel]) -> list[dict[str, str]]:
    """Return the partners by kind: listed, contacted, met; structures, not people."""
    ordered = sorted(kinds.items(), key=lambda pair: (-pair[1].listed, pair[0]))
    return [
        {
            "name": label(PLACE_KINDS, code) or "nature inconnue",
            "listed": number(f.listed), "contacted": number(f.contacted), "met": number(f.met),
        }
        for code, f in ordered
    ]  # fmt: skip


def warnings_of(done: pd.DataFrame, reader: Reader) -> list[str]:
    """Return what must be read beside the figures."""
    informed = total(done, "n_informed")
    said = [
        "Les personnes ne sont pas identifiées : des doubles comptes sont possibles, et une somme "
        "de mois ou de communes n’est pas un nombre de personnes différentes.",
        "Le lieu est celui de la rencontre, jamais le domicile.",
        "Les parts ne sont données qu’à partir de 20 réponses, avec leurs deux nombres ; "
        "arrondies, leur somme peut s’écarter de 100.",
    ]
    if informed.uncounted:
        said.insert(0, f"{_activities(informed.uncounted)} sans comptage : le nombre de personnes "
                       "y est inconnu, et non nul.")  # fmt: skip
    rule = (
        f"Effectifs de 1 à {reader.k - 1} personnes cachés, et ceux qui permettraient de les "
        "retrouver par soustraction."
        if reader.outside
        else "Vue de l’équipe : effectifs de 1 à 4 personnes écrits « < 5 ». Ne pas diffuser."
    )
    return [*said, rule]


def export_rows(tables: Iterable[tuple[str, Sequence[Mapping[str, Any]]]]) -> list[list[str]]:
    """Return the tables by kind, month and commune as rows of text, one after the other."""
    rows = [["tableau", "ligne", "activités", "sans comptage", "heures", "personnes informées",
             "personnes accrochées"]]  # fmt: skip
    for title, table in tables:
        rows += [
            [title, r["name"], r["activities"], r["uncounted"], r["hours"], r["informed"],
             r["engaged"]]
            for r in table
        ]  # fmt: skip
    return rows


def _rows(table: pd.DataFrame, titles: Sequence[str], reader: Reader) -> list[dict[str, Any]]:
    informed, informed_whole = reader.column(table["n_informed"])
    engaged, engaged_whole = reader.column(table["n_engaged"])
    rows = [
        {
            "name": title,
            "activities": number(row["activities"]),
            "uncounted": _or_unknown(row["uncounted"], "0"),
            "hours": _or_unknown(row["hours"], UNKNOWN, 1),
            "informed": informed[n],
            "engaged": engaged[n],
            "whole": False,
        }
        for n, (title, (_, row)) in enumerate(zip(titles, table.iterrows(), strict=True))
    ]
    return [*rows, {
        "name": "Ensemble", "activities": number(int(table["activities"].sum())),
        "uncounted": number(int(table["uncounted"].fillna(0).sum())),
        "hours": number(float(table["hours"].fillna(0).sum()), 1),
        "informed": informed_whole, "engaged": engaged_whole, "whole": True,
    }]  # fmt: skip


def _or_unknown(value: float, unknown: str, digits: int = 0) -> str:
    return unknown if pd.isna(value) else number(float(value), digits)


def _figure(
    title: str, value: str, definition: str, rests_on: Total | None = None
) -> dict[str, str]:
    left = ""
    if rests_on is not None:
        left = f"{_activities(rests_on.counted)} avec ce comptage"
        left += f", {number(rests_on.uncounted)} sans" if rests_on.uncounted else ""
    return {"title": title, "value": value, "definition": definition, "rests_on": left}


def _whole(found: Total, column: str, reader: Reader) -> str:
    return HIDDEN if column in reader.untold else reader.count(found.people)


def _activities(count: int) -> str:
    return f"{number(count)} activité{'s' if count > 1 else ''}"


def _all_shown(texts: Iterable[str]) -> bool:
    """Whether every part is told: a share says its whole, which would give a hidden part back."""
    return not any(text in {HIDDEN, UNKNOWN} or text.startswith("<") for text in texts)


def _share(part: int | None, whole: int | None) -> str:
    """Return « 58 % (120 sur 207) », nothing when too few are noted."""
    found = share(part, whole)
    if found is None or part is None or whole is None:
        return ""
    return f"{percent(found)} ({number(part)} sur {number(whole)})"
