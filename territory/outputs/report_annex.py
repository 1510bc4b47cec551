"""The annex of a report: each definition, what it rests on, files read, thresholds, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.analysis.disclosure import K_PUBLIC
from territory.model.marked import marked
from territory.outputs.french import HARD, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from territory.analysis.report.findings import Findings
    from territory.model.report import Source
    from territory.outputs.report_shown import Shown
    from territory.settings.report import Counting

METHOD = (
    marked(
        "Chaque nombre vient des lignes du suivi, comptées une fois ; une case vide est inconnue, "
        "elle ne vaut jamais zéro. Les personnes informées ne sont pas identifiées : une même "
        "personne peut être comptée plusieurs fois. Les parts ne sont données qu’à partir de 20 "
        "personnes, avec les deux nombres dont elles viennent et la fourchette que le hasard "
        "permet (intervalle à 95 %, méthode de Wilson)."
    ),
    marked(
        "La zone d’une activité est celle de son point, selon les quartiers en vigueur ce "
        "jour-là ; sans point, elle est « non localisée », jamais « hors QPV ». Les habitants "
        "sont ceux des carreaux de 200 m de l’Insee (ménages fiscaux) : les foyers et les "
        "personnes sans abri n’y sont pas."
    ),
)
_THOUSAND = {
    "habitants": "Pour 1 000 habitants", "habitants_18_64": "Pour 1 000 habitants de 18 à 64 ans",
}  # fmt: skip
_HASH = 12
Row = dict[str, Any]


def definitions(found: Findings, now: Shown) -> list[Row]:
    """
    Return the definitions of a report: codes, words, what they are out of, lines used.

    Those that share their words (steps by place) are one, with the lines of each in turn.
    """
    rows: dict[tuple[str, str], Row] = {}
    for counting in found.profile.countings:
        key = counting.meaning or counting.code, _out_of(counting)
        row = rows.setdefault(key, {"codes": [], "labels": [], "meaning": counting.meaning,
                                    "over": key[1], "lines": []})  # fmt: skip
        row["codes"].append(counting.code)
        row["labels"].append(counting.label)
        row["lines"].append(_lines(counting, now))
    return [
        {
            "codes": row["codes"],
            "label": _joined(row["labels"]), "meaning": row["meaning"], "over": row["over"],
            "lines": " ; ".join(row["lines"]),
        }
        for row in rows.values()
    ]  # fmt: skip


def _joined(labels: Sequence[str]) -> str:
    """Return labels that share their words: « Personnes touchées, orientées, par lieu »."""
    heads, tails = zip(*((*label.partition(", par ")[::2],) for label in labels), strict=True)
    if len(set(tails)) > 1 or not tails[0]:
        return " ; ".join(labels)
    others = [head[:1].lower() + head[1:] for head in heads[1:]]
    return f"{', '.join([heads[0], *others])}, par {tails[0]}"


def _out_of(counting: Counting) -> str:
    """Return what a figure is divided by, in words; "" when it is a count."""
    if counting.ratio:
        return f"{counting.ratio[0]} divisé par {counting.ratio[1]}"
    if counting.per_thousand:
        return _THOUSAND[counting.per_thousand]
    if counting.part_of:
        return f"Part de {counting.part_of}"
    if not counting.shares:
        return ""
    if counting.several:
        return "Parts des personnes, plusieurs réponses possibles"
    return "Parts de ceux qui sont renseignés" if counting.apart else "Parts du total"


def _lines(counting: Counting, now: Shown) -> str:
    """Return how many lines a figure uses, and how many of these hold no number."""
    row = now.figures.table.loc[counting.code]
    if counting.code in now.hidden:
        return "–"
    without = int(row["uncounted"])
    told = number(float(row["used"]))
    return f"{told} (dont {number(without)} sans nombre)" if without else told


def source_rows(sources: Iterable[Source]) -> list[list[str]]:
    """Return the files read: name, lines read, turned away, days they tell, hash."""
    return [
        [s.name, number(s.read), number(s.refused), _days(s.first, s.last), s.sha256[:_HASH]]
        for s in sources
    ]


def _days(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "–"
    return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def method(found: Findings, now: Shown, *, outside: bool) -> list[str]:
    """Return how the report was counted: rules, thresholds, what was hidden, inhabitants."""
    return [*METHOD, _threshold(found, now, outside=outside), _inhabitants(found)]


def _threshold(found: Findings, now: Shown, *, outside: bool) -> str:
    if not outside:
        return f"Seuils appliqués{HARD}: aucun, ce document reste dans l’équipe."
    codes = [counting.code for counting in found.profile.countings]
    table = now.figures.table[now.figures.table["definition"].isin(codes)]
    hid = sum(name in now.hidden for name in table.index)
    told = f"{number(hid)} sur {number(len(table))}"
    return (
        f"Seuil appliqué{HARD}: aucun effectif de 1 à {K_PUBLIC - 1} personnes, ni ce qui le "
        f"ferait retrouver par soustraction. Chiffres masqués{HARD}: {told}, tableur compris."
    )


def _inhabitants(found: Findings) -> str:
    """Return how many inhabitants ratios are out of, and how many of these are imputed."""
    ground = found.lines.ground
    if "" not in ground.index:
        return f"Habitants{HARD}: population inconnue."
    whole = ground.loc[""]
    told = f"Habitants du territoire{HARD}: {number(float(whole['residents']))}"
    if pd.isna(whole["imputed_share"]):
        return f"{told}, part imputée inconnue."
    return f"{told}, dont {percent(float(whole['imputed_share']), 1)} imputés par l’Insee."
