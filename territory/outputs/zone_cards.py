"""The card « Pourquoi cette zone »: plain French sentences whose parts add up to the score."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from territory.analysis.zone_reasons import FEW, distance_share
from territory.model.marked import marked
from territory.model.results import FIRST, Verdict
from territory.outputs.french import THIN, number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.model.results import Gap, Variant

UNSTABLE = 0.5  # share of the other ways of computing under which a zone is drawn as doubtful
MEANINGS = {
    Verdict.ESTABLISHED: marked("le hasard ne suffit pas à expliquer ce manque."),
    Verdict.PROBABLE: marked("le manque est très vraisemblable, sans que le hasard soit exclu."),
    Verdict.TO_CHECK: marked("l’écart n’est pas assez net pour écarter le hasard."),
    Verdict.TOO_LITTLE: marked("trop peu de personnes y sont attendues pour se prononcer."),
}
_TITLES = {"besoin": marked("Besoin"), "acces": marked("Accès"), "effort": marked("Passages")}
_NONE = 0.5  # fewer people round to nobody
_EDGE = (
    "La zone touche le bord du territoire. Les permanences d’au-delà ne sont pas connues : "
    "le manque peut être plus faible."
)


@dataclass(frozen=True, slots=True)
class Part:
    """One bar of the card: `start` and `width` in % of the drawing, `points` of the score."""

    kind: str
    title: str
    share: str  # how many people it accounts for, in words; "" when not known
    points: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class ZoneCard:
    """What a coordinator reads of a zone; every text is plain French, never HTML."""

    rank: int
    zone_id: str
    name: str
    commune_code: str
    commune: str
    verdict: str
    meaning: str
    doubtful: bool
    lead: str
    reasons: tuple[str, ...]
    parts: tuple[Part, ...]  # none when nothing was counted
    score: str
    facts: tuple[tuple[str, str], ...]
    opinions: tuple[str, ...]
    variants: tuple[tuple[str, bool], ...]  # name, and whether the zone stays among the first
    target: str
    residents: str
    cells: tuple[str, ...]


def zone_cards(
    gaps: Sequence[Gap],
    variants: Sequence[Variant] = (),
    communes: Mapping[str, str] | None = None,
) -> list[ZoneCard]:
    """
    Return the card of each zone, in order; `communes` gives the name of a commune by its code.

    The bars start where the one before ends, so that the last ends at the score; what they show
    rounded adds up as well. Less than 5 people met are « moins de 5 », and nothing on the card
    gives their number back.
    """
    return [_card(gap, variants, communes or {}) for gap in gaps]


def doubtful(gap: Gap) -> bool:
    """Tell whether a zone is drawn hatched: to check, too little known, or unstable."""
    known = gap.doubt is not None and gap.doubt.stability is not None
    unstable = known and gap.doubt.stability < UNSTABLE  # type: ignore[union-attr, operator]
    return unstable or gap.verdict not in {Verdict.ESTABLISHED, Verdict.PROBABLE}


def verdict_line(gap: Gap) -> str:
    """Return the verdict and what it means: « établi » : le hasard ne suffit pas..."""
    return f"« {gap.verdict} »{THIN}: {MEANINGS[gap.verdict]}"


def stability_line(gap: Gap) -> str:
    """Return how often other ways of computing keep the zone; "" when none was tried."""
    doubt = gap.doubt
    if doubt is None or doubt.stability is None:
        return ""
    return (
        f"Reste parmi les {FIRST} premières zones dans {percent(doubt.stability)} des variantes "
        f"({round(doubt.stability * doubt.variants)} sur {doubt.variants})."
    )


def lead_line(gap: Gap) -> str:
    """Return what is missing: « On attendait 50 personnes informées, il y en a eu 8... »."""
    if gap.expected <= 0:
        return "Aucun contact n’est compté : la zone vient du besoin et de l’éloignement seuls."
    text = f"On attendait {number(gap.expected)} personnes informées, {_met(gap.contacts)}"
    lacking = _lacking(gap)
    if lacking <= 0:
        return f"{text}."
    more = "plus de " if _few(gap) else ""
    return f"{text} : il en manque {more}{number(lacking)}{_by_distance(gap)}."


def change_line(gap: Gap) -> str:
    """Return what would change the verdict; "" when not known."""
    if gap.doubt is None:
        return ""
    return gap.doubt.change if gap.expected > 0 else "Des contacts comptés, qui manquent encore."


def rounded(values: Sequence[float], total: float, digits: int = 0) -> list[float]:
    """Return `values` rounded so that they add up to `total`, the largest remainders moved."""
    unit = 10.0**-digits
    kept = [round(v / unit) for v in values]
    off = round(total / unit) - sum(kept)
    step = 1 if off > 0 else -1
    order = sorted(range(len(kept)), key=lambda i: (step * (kept[i] - values[i] / unit), i))
    for k in range(abs(off)):
        kept[order[k % len(kept)]] += step
    return [round(k * unit, digits) for k in kept]


def _card(gap: Gap, variants: Sequence[Variant], communes: Mapping[str, str]) -> ZoneCard:
    code = gap.commune_code or ""
    return ZoneCard(
        rank=gap.rank,
        zone_id=gap.zone_id,
        name=gap.name,
        commune_code=code,
        commune=communes.get(code, code),
        verdict=str(gap.verdict),
        meaning=MEANINGS[gap.verdict],
        doubtful=doubtful(gap),
        lead=lead_line(gap),
        reasons=tuple(r.sentence for r in gap.reasons),
        parts=_parts(gap),
        score=number(gap.score, 1),
        facts=tuple((label, text) for label, text in _facts(gap) if text),
        opinions=() if gap.doubt is None else gap.doubt.opinions,
        variants=tuple((v.name, gap.zone_id in v.kept) for v in variants),
        target=number(gap.target),
        residents=number(gap.residents),
        cells=gap.cells,
    )


def _few(gap: Gap) -> bool:
    return _NONE <= gap.contacts < FEW


def _met(contacts: float) -> str:
    if contacts < _NONE:
        return "il n’y en a eu aucune"
    return f"il y en a eu {'moins de 5' if contacts < FEW else number(contacts)}"


def _lacking(gap: Gap) -> int:
    """Return the people missing as they are written; a least number when few were met."""
    return round(gap.expected) - (FEW if _few(gap) else round(gap.contacts))


def _by_distance(gap: Gap) -> str:
    if gap.doubt is None or round(gap.expected - gap.doubt.usual) <= 0:
        return ""
    share = min(round(gap.expected - gap.doubt.usual), _lacking(gap))
    return f", dont {number(share)} que la distance explique"


def _parts(gap: Gap) -> tuple[Part, ...]:
    if gap.expected <= 0:
        return ()
    weights = [r.weight for r in gap.reasons]
    ends = [sum(weights[: n + 1]) for n in range(len(weights))]
    low, high = min(0.0, *ends), max(0.0, *ends)
    whole = (high - low) or 1.0
    points = rounded(weights, gap.score, 1)
    said = _shares(gap)
    return tuple(
        Part(
            kind=reason.kind,
            title=_TITLES[reason.kind],
            share=said[n],
            points=number(points[n], 1),
            start=round(100 * ((min(ends[n], ends[n] - weights[n]) - low) / whole), 1),
            width=round(100 * (abs(weights[n]) / whole), 1),
        )
        for n, reason in enumerate(gap.reasons)
    )


def _shares(gap: Gap) -> tuple[str, str, str]:
    """Return in people what each reason accounts for; together, the people missing."""
    if gap.doubt is None:
        return "", "", ""
    people = [r.weight * gap.doubt.deviation for r in gap.reasons]
    need, walk, rest = (int(v) for v in rounded(people, _lacking(gap)))
    if _few(gap):  # what is left is a least number, as the total
        need, walk = round(people[0]), round(people[1])
        rest = _lacking(gap) - need - walk
    return _need_share(need), _walk_share(walk), _rest_share(rest, least=_few(gap))


def _need_share(people: int) -> str:
    if people > 0:
        return f"{number(people)} parce que le besoin y est plus fort que la moyenne"
    if people < 0:
        return f"{number(-people)} de moins : le besoin y est plus faible que la moyenne"
    return "le besoin y est dans la moyenne"


def _walk_share(people: int) -> str:
    if people > 0:
        return f"{number(people)} que la distance explique d’ordinaire"
    if people < 0:
        return f"{number(-people)} de moins : une permanence est plus proche qu’ailleurs"
    return "la distance n’explique rien de mesurable"


def _rest_share(people: int, *, least: bool) -> str:
    if least and people <= 0:
        return "le reste, que ni le besoin ni la distance n’expliquent"
    if people > 0:
        more = "plus de " if least else ""
        return f"{more}{number(people)} que ni le besoin ni la distance n’expliquent"
    if people < 0:
        return f"{number(-people)} de moins : l’équipe y passe déjà plus qu’ailleurs"
    return "rien de plus n’est à expliquer"


def _facts(gap: Gap) -> list[tuple[str, str]]:
    doubt = gap.doubt
    if doubt is None:
        return [("Rues", ", ".join(gap.streets))]
    counted = gap.expected > 0
    return [
        ("Fourchette", _interval(doubt.ratio_low, doubt.ratio_high) if counted else ""),
        ("Moins de la moitié", _below(gap.p_below_half) if counted else ""),
        ("Hasard", chance_line(doubt.p_value)),
        ("Distance", _distance(gap) if counted else ""),
        ("Ce qui changerait le verdict", change_line(gap)),
        ("Autres façons de compter", stability_line(gap)),
        ("Bord du territoire", _EDGE if doubt.edge else ""),
        ("Rues", ", ".join(gap.streets)),
    ]


def _interval(low: float, high: float) -> str:
    return (
        f"Pour 100 personnes attendues, entre {number(100 * low)} et {number(100 * high)} ont été "
        f"informées (95{THIN}% de confiance)."
    )


def _below(share: float) -> str:
    if isnan(share):
        return ""
    chances = round(100 * share)
    said = "plus de 99" if chances > 99 else "moins d’une" if chances < 1 else str(chances)  # noqa: PLR2004 - never sure
    many = "" if chances < 1 else "s"
    return (
        f"{said} chance{many} sur 100 que moins de la moitié des personnes attendues ait été vue."
    )


def chance_line(p_value: float) -> str:
    """Return in words how often chance alone shows such a lack; "" when not asked (NaN)."""
    if isnan(p_value):
        return ""
    times = round(100 * p_value)
    if p_value < 0.01:  # noqa: PLR2004 - one in a hundred
        often = "moins d’une fois sur 100"
    elif times > 99:  # noqa: PLR2004 - never always
        often = "presque à chaque fois"
    else:
        often = f"{'une' if times == 1 else times} fois sur 100"
    return f"Le hasard et l’éloignement ordinaire donnent un tel manque {often}."


def _distance(gap: Gap) -> str:
    share = distance_share(gap)
    if share is None:
        return ""
    if share < 0.005:  # noqa: PLR2004 - rounds to nothing
        return "La distance n’explique pas ce manque."
    return f"La distance explique {percent(share)} du manque."
