"""What was done, told in French: contacts counted or not, residence known or not, areas waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.analysis.effort_areas import AREA_KINDS
from territory.analysis.effort_homes import BY_CLASS
from territory.analysis.effort_unvisited import LATELY, NEVER
from territory.model.words import ACTIVITY_KINDS, HOME_ZONES, STAGES, label
from territory.outputs.french import number, percent, small_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.settings import Effort

_SHOWN = 12  # areas told one by one


def effort_account(totals: Mapping[str, Any], unvisited: pd.DataFrame, limits: Effort) -> list[str]:
    """
    Return what the contacts rest on, then how many areas wait for an outing.

    `totals` are the facts of product 57, `unvisited` its table.
    """
    located, lost = totals["contacts_located"], totals["contacts_unlocated"]
    lines = [
        f"{number(located)} personnes informées en {limits.months} mois, comptées au lieu de "
        f"rencontre{f', et {number(lost)} sans lieu connu' if lost else ''}."
    ]
    if totals["activities_uncounted"]:
        many = totals["activities_uncounted"]
        lines.append(
            f"  {number(many)} sortie{'s' if many > 1 else ''} sans comptage : le nombre de "
            "personnes y est inconnu, et non nul."
        )
    return [*lines, _waiting(unvisited, limits.unvisited_weeks)]


def homes_account(met: pd.DataFrame, told: Mapping[str, Any]) -> list[str]:
    """
    Return who was met by class of residence, with the doubt; `met` is the table of `homes_met`.

    `told` are the facts « homes » of product 57.
    """
    if not told["told"]:
        return [
            "Lieu de résidence : noté pour personne ; il n'est pas déduit du lieu de rencontre."
        ]
    lines = [
        f"Lieu de résidence noté pour {number(told['told'])} personnes sur {number(told['met'])} "
        f"({label(STAGES, told['stage'])}) ; ailleurs inconnu, jamais déduit du lieu de rencontre :"
    ]
    for _, row in met[met["level"] == BY_CLASS].iterrows():
        head = f"  {label(HOME_ZONES, row['residence'])} : {small_count(row['met'])} personnes"
        lines.append(head + _ratio(row))
    return lines


def _ratio(row: pd.Series) -> str:
    if pd.isna(row["ratio"]):
        return " ; part attendue inconnue (quartiers en vigueur non fournis, ou sans année)."
    low, high, least, most = (
        number(row[c], 1) for c in ("ratio_low", "ratio_high", "ratio_least", "ratio_most")
    )
    return (
        f", {number(row['ratio'], 1)} fois l'attendu (entre {low} et {high} ; entre {least} et "
        f"{most} selon où vivent les autres)."
    )


def unvisited_account(
    table: pd.DataFrame, apart: pd.DataFrame, *, weeks: int, limits: Effort
) -> list[str]:
    """
    Return the areas without an outing for `weeks` weeks, longest first, with who lives there.

    `table` and `apart` are those of `unvisited`: the second tells each by activity and half-day.
    """
    late = table[table["state"] != LATELY]
    lines = [
        f"{_waiting(table, weeks)} Une sortie compte à {number(limits.reach_min)} minutes à pied "
        f"ou moins, ou dedans ; la période est de {limits.months} mois."
    ]
    details = {str(key): rows for key, rows in apart.groupby("area_id", sort=False)}
    for area_id, row in late.head(_SHOWN).iterrows():
        lines.append(
            f"  {_named(row)} : {_ago(row)} ; environ {number(row['residents'])} habitants"
        )
        lines += _by_kind(details.get(str(area_id), apart.iloc[:0]))
    more = len(late) - _SHOWN
    lines += [f"  … et {more} autres (voir « --json »)."] if more > 0 else []
    return [*lines, *_left_aside(table, weeks, limits)]


def unvisited_rows(table: pd.DataFrame, apart: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the two tables of `unvisited` as JSON: one object an area, French keys."""
    details = {str(key): rows for key, rows in apart.groupby("area_id", sort=False)}
    return [
        {
            "type": row["kind"],
            "code": row["code"],
            "nom": row["name"],
            **_told(row),
            "habitants": round(float(row["residents"])),
            "habitants_sans_passage": round(float(row["residents_unvisited"])),
            **{
                key: {str(d["value"]): _told(d) for _, d in rows[rows["by"] == by].iterrows()}
                for rows in (details.get(str(area_id), apart.iloc[:0]),)
                for key, by in (("par_activite", "kind"), ("par_creneau", "slot"))
            },
        }
        for area_id, row in table.iterrows()
    ]


def _told(row: pd.Series) -> dict[str, Any]:
    known = not pd.isna(row["weeks_since"])
    return {
        "etat": row["state"],
        "semaines": int(row["weeks_since"]) if known else None,
        "derniere_sortie": f"{row['last_on']:%Y-%m-%d}" if known else None,
        "sorties": int(row["outings"]),
    }


def _waiting(table: pd.DataFrame, weeks: int) -> str:
    late, blocks = table[table["state"] != LATELY], table["kind"] == "secteur"
    named = late[late["kind"] != "secteur"]
    never = int((named["state"] == NEVER).sum())
    return (
        f"Sans passage depuis {weeks} semaines ou plus : {len(named)} des {int((~blocks).sum())} "
        f"quartiers, IRIS et communes, dont {never} jamais sur la période ; et {int(blocks.sum())} "
        "secteurs habités."
    )


def _named(row: pd.Series) -> str:
    return f"{AREA_KINDS.get(str(row['kind']), row['kind'])} « {row['name']} »"


def _ago(row: pd.Series) -> str:
    if pd.isna(row["weeks_since"]):
        return NEVER
    weeks = int(row["weeks_since"])
    ago = f"{weeks} semaine{'s' if weeks > 1 else ''}" if weeks else "moins d'une semaine"
    return f"{ago} (le {row['last_on']:%d/%m/%Y})"


def _by_kind(rows: pd.DataFrame) -> list[str]:
    own = rows[(rows["by"] == "kind") & rows["weeks_since"].notna()]
    if own.empty:
        return []
    told = [f"{label(ACTIVITY_KINDS, str(r['value']))} : {_ago(r)}" for _, r in own.iterrows()]
    return [f"     {' ; '.join(told)}"]


def _left_aside(table: pd.DataFrame, weeks: int, limits: Effort) -> list[str]:
    """Return, for communes somebody went to, how many residents no outing came near."""
    towns = table[(table["kind"] == "commune") & (table["state"] == LATELY)]
    return [
        f"  {row['name']} : {number(row['residents_unvisited'])} habitants "
        f"({percent(row['residents_unvisited'] / row['residents'])}) à plus de "
        f"{number(limits.reach_min)} minutes à pied de toute sortie depuis {weeks} semaines."
        for _, row in towns.iterrows()
        if row["residents_unvisited"] >= 1
    ]
