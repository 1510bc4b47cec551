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
from territory.model.marked import marked
from territory.model.words import ACTIVITY_KINDS, CHANNELS, HOME_ZONES, PLACE_KINDS, label
from territory.outputs.public import HIDDEN
from territory.web.translations import FRENCH, Tongue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from territory.analysis.partners import Funnel
    from territory.analysis.year_figures import Total

UNKNOWN = marked("inconnu")
_PUBLIC_WORDS = {
    "n_women": marked("femmes"), "n_men": marked("hommes"),
    "n_gender_unknown": marked("sexe non noté"), "n_under_26": marked("moins de 26 ans"),
    "n_26_59": marked("26 à 59 ans"), "n_60_plus": marked("60 ans et plus"),
    "n_age_unknown": marked("âge non noté"),
}  # fmt: skip
MISSING = (
    marked("les sorties positives par type de contrat et les orientations par destination ;"),
    marked("la part des quartiers prioritaires, zone par zone, et les rapports aux habitants ;"),
    marked("le suivi des freins et des inscriptions au service public de l’emploi ;"),
    marked("la comparaison au prévu (séances annulées, reportées) et à l’année d’avant ;"),
    marked("les documents : la commande « territory report » les écrit (PDF, texte, tableur)."),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """
    Who reads, in which tongue; `outside` hides small counts.

    Those below `k` and those that would give them back. `untold` are the columns whose total is
    hidden in one table: nothing of them is told in any.
    """

    outside: bool
    k: int = K_PUBLIC
    untold: frozenset[str] = frozenset()
    tongue: Tongue = FRENCH

    @property
    def number(self) -> Callable[..., str]:
        """How this reader writes numbers."""
        return self.tongue.figures.number

    def count(self, people: int | None) -> str:
        """Return one count of people as it may be shown."""
        if people is None:
            return UNKNOWN
        if self.outside:
            return HIDDEN if 0 < people < self.k else self.number(people)
        return self.tongue.figures.small_count(people)

    def column(self, counts: pd.Series) -> tuple[list[str], str]:
        """
        Return the counts of a column and their total as text, NA as unknown.

        For outside, enough others are hidden for no small one to be found by subtraction.
        """
        known = counts.dropna().astype("int64")
        whole = int(known.sum())
        if not self.outside or known.empty:
            return [self.count(None if pd.isna(v) else int(v)) for v in counts], self.number(whole)
        table, mask = hidden_table(known.to_frame("people"), k=self.k)
        secret = str(counts.name) in self.untold
        hides = mask["people"] | (table["people"] > 0) if secret else mask["people"]
        told = [
            UNKNOWN if pd.isna(v) else HIDDEN if hides.loc[key] else self.number(int(v))
            for key, v in counts.items()
        ]
        whole_told = self.number(int(table.loc[TOTAL, "people"]))
        return told, HIDDEN if hides.loc[TOTAL] else whole_told


def reader_of(
    done: pd.DataFrame, *, outside: bool, k: int = K_PUBLIC, tongue: Tongue = FRENCH
) -> Reader:
    """Return who reads the figures of `done`: a total hidden in one table is hidden in all."""
    reader = Reader(outside, k, tongue=tongue)
    tables = [split(done) for split in (by_kind, by_month, by_commune)]
    hidden = {
        name
        for name in SUMS
        for table in tables
        if len(table) and reader.column(table[name])[1] == HIDDEN
    }
    return Reader(outside, k, frozenset(hidden), tongue)


def key_figures(done: pd.DataFrame, partners: Funnel, reader: Reader) -> list[dict[str, str]]:
    """Return the key figures of the year, each with its definition and what it leaves out."""
    informed, engaged, assessed, referred = (
        total(done, name) for name in ("n_informed", "n_engaged", "n_assessed", "n_referred")
    )
    rounds, events = count_of(done, ROUNDS), count_of(done, ("evenement",))
    say, number = reader.tongue.say, reader.number
    return [
        _figure(say("Personnes touchées et sensibilisées"), _whole(informed, "n_informed", reader),
                say("Somme des personnes informées de toutes les activités réalisées. Personne "
                    "n’est identifié : une même personne peut être comptée plusieurs fois."),
                _rests_on(informed, reader)),
        _figure(say("Personnes accrochées"), _whole(engaged, "n_engaged", reader),
                say("Somme des personnes que l’équipe a notées comme accrochées (nouvelles "
                    "seulement si elle les note ainsi)."), _rests_on(engaged, reader)),
        _figure(say("Maraudes et événements"), number(rounds + events),
                say("%(rounds)s maraudes (tours de rue et pieds d’immeuble compris) et %(events)s "
                    "événements. Les visites de partenaires n’y sont pas.",
                    rounds=number(rounds), events=number(events))),
        _figure(say("Permanences, interventions, ateliers"), number(count_of(done, STANDING)),
                say("Nombre de séances tenues, quel que soit le lieu.")),
        _figure(say("Diagnostics"), _whole(assessed, "n_assessed", reader),
                say("Somme des diagnostics notés ; orientations comptées à part, faute de savoir "
                    "lesquels ont été orientés."), _rests_on(assessed, reader)),
        _figure(say("Orientations"), _whole(referred, "n_referred", reader),
                say("Somme des personnes orientées vers une structure."),
                _rests_on(referred, reader)),
        _figure(say("Structures recensées"), number(partners.listed),
                say("Dont %(contacted)s contactées et %(met)s rencontrées, à la date du calcul "
                    "(non à la fin de l’année).",
                    contacted=number(partners.contacted), met=number(partners.met))),
    ]  # fmt: skip


def kind_rows(done: pd.DataFrame, reader: Reader) -> list[dict[str, Any]]:
    """Return one row for each kind of activity, the most frequent first, and their total."""
    table = by_kind(done).sort_values("activities", ascending=False, kind="stable")
    return _rows(table, [label(ACTIVITY_KINDS, str(key)) for key in table.index], reader)


def month_rows(done: pd.DataFrame, reader: Reader) -> list[dict[str, Any]]:
    """Return one row for each month of the year up to the last activity, and their total."""
    table = by_month(done)
    return _rows(
        table, [reader.tongue.figures.month(int(str(key)[5:])) for key in table.index], reader
    )


def commune_rows(
    done: pd.DataFrame, names: Mapping[str, str], reader: Reader
) -> list[dict[str, Any]]:
    """Return one row for each commune of meeting, with the permanences held there."""
    table, held = by_commune(done), held_places(done)
    titles = [names.get(str(k), str(k)) or marked("lieu sensible ou inconnu") for k in table.index]
    rows = _rows(table, titles, reader)
    for row, key in zip(rows, [*table.index, None], strict=True):
        places, hours = held.get(str(key), (0, 0.0)) if key is not None else (
            sum(p for p, _ in held.values()), sum(h for _, h in held.values())
        )  # fmt: skip
        row["places"] = reader.number(places)
        row["held"] = reader.number(hours, 1)
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
            "share": _share(None if pd.isna(n) else int(n), whole, reader.tongue)
            if name in asked.index
            else "",
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
            "name": label(words, str(key)) if key else marked("non noté"),
            "count": text,
            "share": _share(int(n), whole, reader.tongue) if shown and key not in silent else "",
        }
        for (key, n), text in zip(counts.items(), told, strict=True)
    ]


def partner_rows(kinds: Mapping[str, Funnel], tongue: Tongue = FRENCH) -> list[dict[str, str]]:
    """Return the partners by kind: listed, contacted, met; structures, not people."""
    number = tongue.figures.number
    ordered = sorted(kinds.items(), key=lambda pair: (-pair[1].listed, pair[0]))
    return [
        {
            "name": label(PLACE_KINDS, code) or marked("nature inconnue"),
            "listed": number(f.listed), "contacted": number(f.contacted), "met": number(f.met),
        }
        for code, f in ordered
    ]  # fmt: skip


def warnings_of(done: pd.DataFrame, reader: Reader) -> list[str]:
    """Return what must be read beside the figures."""
    informed = total(done, "n_informed")
    say = reader.tongue.say
    said = [
        say("Les personnes ne sont pas identifiées : des doubles comptes sont possibles, et une "
            "somme de mois ou de communes n’est pas un nombre de personnes différentes."),
        say("Le lieu est celui de la rencontre, jamais le domicile."),
        say("Les parts ne sont données qu’à partir de 20 réponses, avec leurs deux nombres ; "
            "arrondies, leur somme peut s’écarter de 100."),
    ]  # fmt: skip
    if informed.uncounted:
        which = _activities(informed.uncounted, reader)
        said.insert(0, say("%(activities)s sans comptage : le nombre de personnes y est inconnu, "
                           "et non nul.", activities=which))  # fmt: skip
    if reader.outside:
        return [*said, say("Effectifs de 1 à %(most)s personnes cachés, et ceux qui permettraient "
                           "de les retrouver par soustraction.", most=reader.k - 1)]  # fmt: skip
    return [*said, say("Vue de l’équipe : effectifs de 1 à 4 personnes écrits « < 5 ». Ne pas "
                       "diffuser.")]  # fmt: skip


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
    number = reader.number
    informed, informed_whole = reader.column(table["n_informed"])
    engaged, engaged_whole = reader.column(table["n_engaged"])
    rows = [
        {
            "name": title,
            "activities": number(row["activities"]),
            "uncounted": "0" if pd.isna(row["uncounted"]) else number(float(row["uncounted"])),
            "hours": UNKNOWN if pd.isna(row["hours"]) else number(float(row["hours"]), 1),
            "informed": informed[n],
            "engaged": engaged[n],
            "whole": False,
        }
        for n, (title, (_, row)) in enumerate(zip(titles, table.iterrows(), strict=True))
    ]
    return [*rows, {
        "name": marked("Ensemble"), "activities": number(int(table["activities"].sum())),
        "uncounted": number(int(table["uncounted"].fillna(0).sum())),
        "hours": number(float(table["hours"].fillna(0).sum()), 1),
        "informed": informed_whole, "engaged": engaged_whole, "whole": True,
    }]  # fmt: skip


def _figure(title: str, value: str, definition: str, rests_on: str = "") -> dict[str, str]:
    return {"title": title, "value": value, "definition": definition, "rests_on": rests_on}


def _rests_on(found: Total, reader: Reader) -> str:
    say, counted = reader.tongue.say, _activities(found.counted, reader)
    if not found.uncounted:
        return say("%(activities)s avec ce comptage", activities=counted)
    without = reader.number(found.uncounted)
    return say("%(activities)s avec ce comptage, %(n)s sans", activities=counted, n=without)


def _whole(found: Total, column: str, reader: Reader) -> str:
    return HIDDEN if column in reader.untold else reader.count(found.people)


def _activities(count: int, reader: Reader) -> str:
    said = reader.tongue.ngettext("%(n)s activité", "%(n)s activités", count)
    return said % {"n": reader.number(count)}


def _all_shown(texts: Iterable[str]) -> bool:
    """Whether every part is told: a share says its whole, which would give a hidden part back."""
    return not any(text in {HIDDEN, UNKNOWN} or text.startswith("<") for text in texts)


def _share(part: int | None, whole: int | None, tongue: Tongue) -> str:
    """Return « 58 % (120 sur 207) », nothing when too few are noted."""
    found = share(part, whole)
    if found is None or part is None or whole is None:
        return ""
    number, said = tongue.figures.number, tongue.figures.percent(found)
    return tongue.say(
        "%(share)s (%(part)s sur %(whole)s)", share=said, part=number(part), whole=number(whole)
    )
