"""The zones as the page shows them: lines of the table, filters, what is stable, who waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from territory.analysis.effort_areas import AREA_KINDS
from territory.analysis.effort_unvisited import LATELY
from territory.model.marked import marked
from territory.model.words import plain
from territory.outputs.zone_cards import doubtful
from territory.web.translations import FRENCH, Tongue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.model.results import Gap, Variant

FIRST = 10  # cards at the top of the page
NEVER = marked("jamais dans la période")
# key in the address, title, unit
COLUMNS = (
    ("rang", marked("Rang"), ""),
    ("nom", marked("Zone"), ""),
    ("commune", marked("Commune"), ""),
    ("verdict", marked("Verdict"), ""),
    ("public", marked("Personnes concernées"), marked("personnes")),
    ("habitants", marked("Habitants"), marked("personnes")),
    ("marche", marked("Marche jusqu’à une permanence"), marked("minutes")),
    ("contacts", marked("Personnes informées"), marked("personnes")),
    ("attendus", marked("Attendues"), marked("personnes")),
    ("passage", marked("Dernier passage"), marked("mois")),
    ("stabilite", marked("Autres façons de compter"), marked("% qui la gardent")),
    ("score", marked("Score"), marked("écarts")),
)
FIGURES = frozenset(key for key, _, unit in COLUMNS if unit) | {"rang"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address of the page asks: filters, weeks without an outing, order of the table."""

    commune: str = ""
    public: str = ""
    slot: str = ""
    weeks: int | None = None
    sort: str = "rang"
    down: bool = False

    def address(self, path: str = "/zones", **changes: object) -> str:
        """Return the address of the page with some values changed; what is usual is left out."""
        said: dict[str, object] = {
            "commune": self.commune, "public": self.public, "creneau": self.slot,
            "semaines": self.weeks or "", "tri": "" if self.sort == "rang" else self.sort,
            "sens": "baisse" if self.down else "",
        }  # fmt: skip
        kept = {key: value for key, value in {**said, **changes}.items() if value not in {"", None}}
        return f"{path}?{urlencode(kept)}" if kept else path

    def sorted_by(self, key: str) -> str:
        """Return the address that sorts by a column: figures from the largest, again to turn."""
        first_down = key in FIGURES - {"rang", "marche"}
        down = not self.down if key == self.sort else first_down
        return self.address(tri=key, sens="baisse" if down else "") + "#tableau"


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """One zone of the table: its identifier, what its row says, and what sorts it."""

    zone_id: str
    doubtful: bool
    texts: Mapping[str, str]
    keys: Mapping[str, Any]


def zone_lines(
    gaps: Sequence[Gap], communes: Mapping[str, str], tongue: Tongue = FRENCH
) -> list[ZoneLine]:
    """Return the line of each zone, in order; 1 to 4 people are « < 5 », unknown is said."""
    return [_line(gap, communes, tongue) for gap in gaps]


def sorted_lines(lines: Sequence[ZoneLine], choice: Choice) -> list[ZoneLine]:
    """Return the lines in the order chosen; the unknown comes last, ties follow the rank."""
    key = choice.sort if choice.sort in {k for k, _, _ in COLUMNS} else "rang"
    ranked = sorted(lines, key=lambda line: line.keys["rang"])
    known = [line for line in ranked if line.keys[key] is not None]
    unknown = [line for line in ranked if line.keys[key] is None]
    return sorted(known, key=lambda line: line.keys[key], reverse=choice.down) + unknown


def of_commune(gaps: Iterable[Gap], code: str) -> tuple[Gap, ...]:
    """Return the zones of a commune, all of them when `code` is empty."""
    return tuple(gap for gap in gaps if not code or gap.commune_code == code)


def stable_sentence(
    gaps: Sequence[Gap], variants: Sequence[Variant], tongue: Tongue = FRENCH
) -> str:
    """Say which zones stay among the first whatever the settings; "" without variants."""
    if not variants:
        return ""
    always = [gap.name for gap in gaps if all(gap.zone_id in v.kept for v in variants)]
    if not always:
        return tongue.say("Aucune zone ne reste parmi les premières dans les %(tried)s autres "
                          "façons de compter.", tried=len(variants))  # fmt: skip
    said = tongue.ngettext(
        "Quels que soient les réglages (%(tried)s autres façons de compter), reste parmi les "
        "premières : %(zones)s.",
        "Quels que soient les réglages (%(tried)s autres façons de compter), restent parmi les "
        "premières : %(zones)s.",
        len(always),
    )
    return said % {"tried": len(variants), "zones": _list(always)}


def stability_rows(gaps: Sequence[Gap], variants: Sequence[Variant]) -> list[dict[str, Any]]:
    """Return for each zone how many variants keep it (of how many), and which do not."""
    return [
        {
            "zone_id": gap.zone_id,
            "name": gap.name,
            "kept": sum(gap.zone_id in v.kept for v in variants),
            "tried": len(variants),
            "lost": [v.name for v in variants if gap.zone_id not in v.kept],
        }
        for gap in gaps
    ]


def waiting_rows(
    areas: Iterable[Mapping[str, Any]], tongue: Tongue = FRENCH
) -> list[dict[str, str]]:
    """
    Return the areas where nobody came for long, as text, the longest first.

    `areas` are rows of `outputs.effort_account.unvisited_rows`.
    """
    late = [area for area in areas if area["etat"] != LATELY]
    return [
        {
            "kind": AREA_KINDS.get(str(area["type"]), str(area["type"])),
            "name": str(area["nom"]),
            "since": _since(area, tongue),
            "residents": tongue.figures.number(area["habitants"]),
        }
        for area in late
    ]


def export_rows(lines: Sequence[ZoneLine]) -> list[list[str]]:
    """Return the table as rows of text with its headers and units."""
    header = [f"{title} ({unit})" if unit else title for _, title, unit in COLUMNS]
    return [header, *([line.texts[key] for key, _, _ in COLUMNS] for line in lines)]


def export_properties(lines: Sequence[ZoneLine]) -> dict[str, dict[str, str]]:
    """Return what the table says of each zone, by zone_id, under its headers with units."""
    head, *rows = export_rows(lines)
    return {
        line.zone_id: dict(zip(head, row, strict=True))
        for line, row in zip(lines, rows, strict=True)
    }


def _line(gap: Gap, communes: Mapping[str, str], tongue: Tongue) -> ZoneLine:
    say, figures = tongue.say, tongue.figures
    number = figures.number
    commune = communes.get(gap.commune_code or "", gap.commune_code or "")
    counted = gap.expected > 0
    stability = None if gap.doubt is None else gap.doubt.stability
    walk = say("hors d’atteinte") if gap.minutes is None else figures.minutes(gap.minutes)
    since = say(NEVER) if gap.months_since is None else _months(gap.months_since, tongue)
    texts = {
        "rang": str(gap.rank), "nom": gap.name, "commune": commune, "verdict": say(gap.verdict),
        "public": number(gap.target), "habitants": number(gap.residents), "marche": walk,
        "contacts": figures.small_count(gap.contacts) if counted else say("non compté"),
        "attendus": number(gap.expected) if counted else say("non compté"), "passage": since,
        "stabilite": say("non essayé") if stability is None else figures.percent(stability),
        "score": number(gap.score, 1),
    }  # fmt: skip
    far = float("inf")
    keys = {
        "rang": gap.rank, "nom": plain(gap.name), "commune": plain(commune),
        "verdict": str(gap.verdict), "public": gap.target, "habitants": gap.residents,
        "marche": far if gap.minutes is None else gap.minutes,
        "contacts": max(gap.contacts, 5.0) if 0 < gap.contacts < 5 else gap.contacts,  # noqa: PLR2004
        "attendus": gap.expected, "passage": far if gap.months_since is None else gap.months_since,
        "stabilite": stability, "score": gap.score,
    }  # fmt: skip
    return ZoneLine(gap.zone_id, doubtful(gap), texts, keys)


def _months(months: float, tongue: Tongue) -> str:
    if months < 1:
        return tongue.say("moins d’un mois")
    said = tongue.ngettext("%(n)s mois", "%(n)s mois", round(months))
    return said % {"n": tongue.figures.number(months)}


def _since(area: Mapping[str, Any], tongue: Tongue) -> str:
    weeks = area["semaines"]
    if weeks is None:
        return tongue.say(NEVER)
    said = tongue.ngettext("%(n)s semaine", "%(n)s semaines", weeks)
    return said % {"n": tongue.figures.number(weeks)}


def _list(names: Sequence[str]) -> str:
    return " ; ".join(f"« {name} »" for name in names)
