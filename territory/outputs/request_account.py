"""Requests and decisions on permanences told in French: who asked what, why, at what price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.outputs.french import THIN, long_date, number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from territory.model.dialogue_results import Price, Prices
    from territory.model.requests import Decision

NOTHING = 0.05  # people a week, below which nothing is told with one decimal


def decision_text(decision: Decision, name: str) -> str:
    """Return « Ville de Pantin, le 3 mars 2026 : retenir « Mairie, mercredi matin » (motif) »."""
    who = f"{decision.who}, le {day_text(decision.on)}"
    if decision.kind is None:
        return f"{who}{THIN}: annule le n° {decision.undoes} (motif{THIN}: {decision.why})"
    return f"{who}{THIN}: {decision.kind.verb} {name} (motif{THIN}: {decision.why})"


def decision_rows(
    decisions: Mapping[int, Decision], held: Mapping[int, Decision], name: Callable[[Decision], str]
) -> list[dict[str, Any]]:
    """Return the whole log, one row a line; `held` are those in force."""
    return [
        {
            "numero": line,
            "date": one.on.isoformat(),
            "organisme": one.who,
            "demande": None if one.kind is None else one.kind.value,
            "lieu": one.place_id or None,
            "creneau": one.slot,
            "motif": one.why,
            "annule": one.undoes,
            "en_vigueur": line in held,
            "texte": decision_text(one, name(one)),
        }
        for line, one in decisions.items()
    ]


def decision_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the log as read: number, what was asked, whether it still holds."""
    if not rows:
        return ["Aucune décision n'est notée."]
    return [
        f"n° {row['numero']}{THIN}: {row['texte']}."
        + (" En vigueur." if row["en_vigueur"] else "" if row["annule"] else " Plus en vigueur.")
        for row in rows
    ]


def request_rows(
    held: Mapping[int, Decision],
    lines: Sequence[int],
    given_up: Sequence[int],
    prices: Prices,
    name: Callable[[Decision], str],
) -> list[dict[str, Any]]:
    """
    Return one row for each request in force, with its price in people received a week.

    `lines` number the requests in the log, `given_up` are positions of those not kept; `prices` are
    those of the others, in order.
    """
    rows, each = [], iter(prices.each)
    for position, line in enumerate(lines):
        one, dropped = held[line], position in set(given_up)
        price = None if dropped else next(each)
        rows.append({
            "numero": line, "organisme": one.who, "date": one.on.isoformat(),
            "demande": "" if one.kind is None else one.kind.value, "motif": one.why,
            "quoi": "" if one.kind is None else f"{one.kind.verb} {name(one)}",
            "texte": decision_text(one, name(one)), "tenue": not dropped,
            "prix": None if price is None else price.price,
            "prix_bas": None if price is None else price.low,
            "prix_haut": None if price is None else price.high,
            "dit": "non tenue" if price is None else price_text(price),
        })  # fmt: skip
    return rows


def request_lines(
    rows: Sequence[Mapping[str, Any]], prices: Prices, lost: Sequence[str], on: date
) -> list[str]:
    """Return the requests in force with their price, then what organisations ask in all."""
    if not rows and not lost:
        return []
    lines = [f"Demandes en vigueur au {day_text(on)}{THIN}:"]
    lines += [f"  n° {row['numero']}, {row['texte']}{THIN}: {row['dit']}." for row in rows]
    lines += [f"  Toutes les demandes de {p.who}{THIN}: {price_text(p)}." for p in prices.by_who]
    whole = together_text(prices, len(rows))
    lines += [f"  {whole}"] if whole else []
    return lines + [f"  Sans effet, aucune permanence n'est possible{THIN}: {one}." for one in lost]


def together_text(prices: Prices, count: int) -> str:
    """Return what the requests kept cost together, empty for one of `count` or none."""
    if prices.with_all is None or prices.with_none is None or count < 2:  # noqa: PLR2004 - several
        return ""
    whole = max(prices.with_none - prices.with_all, 0.0)
    return f"Ensemble, ce qui est tenu {_cost(whole)}."


def price_text(price: Price) -> str:
    """Return what requests cost, in people a week, with its interval when it is not proved."""
    if price.price is None:
        return "prix inconnu"
    said = _cost(price.price)
    if price.high is None:
        return f"{said} au moins"
    if price.low is not None and price.high - price.low >= NOTHING:
        return f"{said} (entre {number(price.low, 1)} et {number(price.high, 1)})"
    return said


def day_text(on: date) -> str:
    """Return « 1er mars 2026 »."""
    return long_date(on).partition(" ")[2]


def _cost(people: float) -> str:
    if people < NOTHING:
        return "ne coûte rien"
    many = "personnes" if people >= 2 else "personne"  # noqa: PLR2004 - plural
    return f"coûte {number(people, 1)} {many} par semaine"
