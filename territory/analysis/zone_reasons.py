"""Why a zone is listed: three sentences whose weights add up to the score, and what would undo it.

Contacts missing are accounted for in three steps: what the average rate of need would give
the residents, what their own need adds (besoin), what distance usually takes (acces), and the rest,
which nothing but the outings explains (effort). Divided by the standard deviation of the count, the
three add up to the score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.scan.posterior import zone_ratio
from territory.model.results import Gap, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.analysis.scan.missed import MissedZone

FEW = 5  # counts of people from 1 to 4 are shown « moins de 5 »
PROBABLE_FROM = 0.8  # exceedance rule of Richardson et al. 2004
ESTABLISHED_UP_TO = 0.05
THIN = "\u202f"
_MOST_FLIP = 500
_SLIGHT = 0.75  # of the expected contacts: what lacks beyond is slight


def verdict_of(expected: float, below: float, p_value: float, *, least: float) -> Verdict:
    """
    Return how sure one may be: `least` contacts expected at least, then p, then P(below half).

    « établi »: chance and usual distance give such a lack 5 times in 100 at most; « probable »: the
    posterior probability of less than half of the expected is 0.8 or more.
    """
    if expected < least:
        return Verdict.TOO_LITTLE
    if p_value <= ESTABLISHED_UP_TO:
        return Verdict.ESTABLISHED
    return Verdict.PROBABLE if below >= PROBABLE_FROM else Verdict.TO_CHECK


def reasons_of(gap: Gap, expected: float, by_residents: float) -> tuple[Reason, Reason, Reason]:
    """
    Return the three reasons of `gap` (which has its doubt), their weights adding up to its score.

    `expected` is what its score rests on, `by_residents` how many of these contacts its residents
    would have at the average rate of need.
    """
    doubt = gap.doubt
    if doubt is None or doubt.deviation <= 0:
        weights = [0.0, 0.0, gap.score]
    else:
        need, walk = expected - by_residents, expected - doubt.usual
        rest = expected - gap.contacts - need - walk
        weights = [part / doubt.deviation for part in (need, walk, rest)]
    said = (_need(gap), _walk(gap), _effort(gap))
    first, second, third = (
        Reason(k, s, w)
        for k, s, w in zip(("besoin", "acces", "effort"), said, weights, strict=True)
    )
    return first, second, third


def _need(gap: Gap) -> str:
    doubt, rank = gap.doubt, ""
    if doubt is not None and doubt.percentile is not None:
        rank = f", une densité plus forte que dans {figure(doubt.percentile)}{THIN}% des carreaux"
        if doubt.percentile_low is not None and doubt.percentile_high is not None:
            low, high = figure(doubt.percentile_low), figure(doubt.percentile_high)
            rank += f" (fourchette {low} à {high})"
    return f"Environ {figure(gap.target)} personnes du public y vivent{rank}."


def _walk(gap: Gap) -> str:
    if gap.minutes is None:
        return "Aucune permanence n'est à portée de marche."
    text = f"La permanence la plus proche est à {figure(gap.minutes)}{THIN}min à pied."
    share = distance_share(gap)
    if share is not None and share >= 0.05:  # noqa: PLR2004 - less is no explanation
        text += f" La distance explique d'ordinaire {figure(100 * share)}{THIN}% de ce manque."
    return text


def distance_share(gap: Gap) -> float | None:
    """Return the share, 0-1, of the missing contacts that distance usually takes; None: none."""
    lacking = gap.expected - gap.contacts
    if gap.doubt is None or lacking <= 0:
        return None
    return float(np.clip((gap.expected - gap.doubt.usual) / lacking, 0.0, 1.0))


def _effort(gap: Gap) -> str:
    if gap.expected <= 0:
        return f"Aucun contact de ce public n'a été compté ; {_last(gap.months_since)}."
    text = f"{_people(gap.contacts)} à proximité pour environ {figure(gap.expected)} attendues"
    if gap.doubt is not None and gap.contacts >= FEW:
        low, high = (figure(v, 1) for v in (gap.doubt.ratio_low, gap.doubt.ratio_high))
        text += f" (rapport vraisemblable entre {low} et {high})"
    return f"{text} ; {_last(gap.months_since)}."


def _people(count: float) -> str:
    if count < 0.5:  # noqa: PLR2004 - rounds to nobody
        return "Aucune personne informée"
    return f"{'Moins de 5' if count < FEW else figure(count)} personnes informées"


def _last(months: float | None) -> str:
    """Say when somebody last came near half of the public: an edge touched serves nobody else."""
    if months is None:
        return "la moitié du public n'a eu aucune sortie à proximité sur la période"
    if months < 1:
        return "dernière sortie à proximité il y a moins d'un mois"
    return f"la moitié du public n'a pas eu de sortie à proximité depuis {figure(months)} mois"


def flip_of(zone: MissedZone, verdict: Verdict, variance: float, chance: float) -> int | None:
    """
    Return how many contacts more would undo an established or probable verdict; None otherwise.

    `variance` is that of the zone's ratio, `chance` the score that chance passes 5 times in 100.
    """
    if verdict not in {Verdict.ESTABLISHED, Verdict.PROBABLE}:
        return None

    def stands(more: int) -> bool:
        observed = zone.observed + more
        if (zone.expected - observed) / zone.deviation > chance:
            return True
        return zone_ratio(observed, zone.expected, variance).p_below_half >= PROBABLE_FROM

    return _first(lambda more: not stands(more))


def _first(true: Callable[[int], bool]) -> int:
    low, high = 0, _MOST_FLIP
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if true(middle) else (middle + 1, high)
    return low


def change_of(
    verdict: Verdict, flip: int | None, expected: float, least: float, ratio: float
) -> str:
    """Return, in French, what would change the verdict; `ratio` is contacts to expected."""
    if expected <= 0:
        return "Aucun contact n'a été compté sur la période : on ne peut pas se prononcer."
    if verdict is Verdict.TOO_LITTLE:
        return (
            f"On n'y attend qu'environ {figure(expected, 1)} contacts sur la période : il en "
            f"faudrait au moins {figure(least)} d'attendus pour se prononcer."
        )
    if flip is not None:
        many = "s" if flip > 1 else ""
        return (
            f"Avec {flip} contact{many} de plus à proximité, la zone ne serait plus classée ainsi."
        )
    if ratio > _SLIGHT:
        return "Le manque est faible : à voir après les autres zones."
    return (
        "Le manque peut tenir au hasard ou à l'éloignement : une sortie sur place, comptée, en "
        "dira plus."
    )


def figure(value: float, digits: int = 0) -> str:
    """Write a number in French: « 1 234,5 »."""
    text = f"{value:,.{digits}f}".replace(",", THIN).replace(".", ",")
    return text.removesuffix(",0")
