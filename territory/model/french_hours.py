"""Opening hours in French words to OSM text: a small strict grammar, unknown words are refused."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY_MIN = 24 * 60
_DASHES = dict.fromkeys(map(ord, "–—‑−"), "-")

_DAY_WORDS = (
    ("lundi", "lun", "lu"),
    ("mardi", "mar", "ma"),
    ("mercredi", "mer", "me", "mercr"),
    ("jeudi", "jeu", "je"),
    ("vendredi", "ven", "ve", "vendr"),
    ("samedi", "sam", "sa"),
    ("dimanche", "dim", "di"),
)
_DAY_NUMBER = {
    form: number
    for number, (full, *short) in enumerate(_DAY_WORDS)
    for form in (full, f"{full}s", *short)
}
_ORDINALS = {
    "premier": 1,
    "deuxieme": 2,
    "second": 2,
    "troisieme": 3,
    "quatrieme": 4,
    "dernier": -1,
}
_TOKENS = (
    (
        "both_off",
        r"(?:sauf|hors)\s+(?:les\s+)?(?:jours?\s+feries\s+et\s+(?:les\s+)?vacances(?:\s+scolaires)?"
        r"|vacances(?:\s+scolaires)?\s+et\s+(?:les\s+)?jours?\s+feries)\b",
    ),
    (
        "school_off",
        r"(?:sauf|hors|ferme[es]*\s+(?:pendant|durant)|exceptees?)\s+(?:les\s+)?vacances(?:\s+scolaires)?\b"
        r"|vacances(?:\s+scolaires)?\s*:?\s*ferme[es]*\b",
    ),
    ("school", r"(?:(?:pendant|durant)\s+(?:les\s+)?)?vacances(?:\s+scolaires)?\s*:?"),
    (
        "holiday",
        r"(?:sauf|hors)\s+(?:les\s+)?jours?\s+feries|(?:ferme|fermee)\s+les\s+jours\s+feries",
    ),
    ("weeks", r"\(?\s*(?:les\s+)?semaines?\s+(?P<parity>impaires?|paires?)\s*\)?"),
    ("month", r"(?:du|de\s+chaque)\s+mois"),
    (
        "nth",
        r"(?P<nth>\d)\s*(?:ers?|ere|e|eme|emes|nd)\b|(?P<word>premier|deuxieme|second|troisieme"
        r"|quatrieme|dernier)s?\b",
    ),
    (
        "time",
        r"(?P<hour>\d{1,2})\s*(?:h(?:eures?)?\s?(?P<min>\d{2})?(?![\d:])(?!\s*h(?!ors\b))|:(?P<colon>\d{2})(?!\d))"
        r"(?:\s*(?:mn|min)\b)?|(?P<noon>midi|minuit)\b",
    ),
    ("number", r"(?P<number>\d{1,2})(?=\s*(?:-|a\b|et\b|/))"),
    ("closed", r"fermee?s?\b|fermeture\b"),
    ("day", r"(?P<day>" + "|".join(sorted(_DAY_NUMBER, key=len, reverse=True)) + r")\b\.?"),
    ("to", r"-|\bau\b|\ba\b|\bjusqu'a\b"),
    ("and", r",|/|\bet\b|&|\bpuis\b|\+|~"),
    ("stop", r";|\n|\.|\||\*"),
    ("filler", r":|\b(?:de|du|des|le|les|tous|toutes|chaque|ouvert|ouverte|horaires)\b|\s+"),
)
_TOKEN = re.compile("|".join(f"(?P<t_{name}>{pattern})" for name, pattern in _TOKENS))


@dataclass(slots=True)
class _Rule:
    """Days, which of the month, which weeks, and the spans being read."""

    days: list[int] = field(default_factory=list)
    nth: list[int] = field(default_factory=list)
    parity: str | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)
    closed: bool = False
    closed_first: bool = False  # « fermé le lundi et le mardi »: the days follow
    school: bool = False  # in the school holidays only

    def complete(self) -> bool:
        return bool(self.days) and (bool(self.spans) or self.closed)


class _NotUnderstoodError(Exception):
    """The text leaves the grammar: nothing is guessed."""


@lru_cache(maxsize=16_384)
def simple_text(text: str) -> str:
    """Return `text` in lower case without accents, one kind of dash and of space."""
    text = text.lower().replace("’", "'").translate(_DASHES)
    text = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()
    return re.sub(r"(?m)^\s*-(?=\s*[a-z])|[^\S\n]+", " ", text).strip()  # bullets are blanks


def minutes_of(text: str) -> int | None:
    """Return minutes after midnight of `9h`, `9h30`, `09:00`, `9 h 30`, `midi`; else None."""
    found = _TOKEN.fullmatch(simple_text(re.sub(r"^(\d{1,2}:\d{2}):00$", r"\1", text.strip())))
    if found is None or found["t_time"] is None:
        return None
    try:
        return _minutes(found)
    except _NotUnderstoodError:
        return None


def french_to_osm(text: str) -> str | None:
    """
    Return the OSM opening_hours text of a French wording, None when not wholly understood.

    `lun-ven 9h-12h` gives `Mo-Fr 09:00-12:00`; grammar of the result: OSM wiki, Key:opening_hours.
    """
    try:
        rules, kinds = _rules(simple_text(text))
        written = _written([r for r in rules if not r.school])
        in_school_holidays = _written([r for r in rules if r.school])
    except _NotUnderstoodError:
        return None
    parts = [written, *_holidays_off(kinds)]
    if in_school_holidays:  # what is not said of those weeks is closed then
        parts += ["SH off", *(f"SH {rule}" for rule in in_school_holidays.split("; "))]
    return "; ".join(parts) if written else None


def _holidays_off(kinds: list[str]) -> list[str]:
    words = (("holiday", "PH off"), ("school_off", "SH off"), ("both_off", "PH off; SH off"))
    return [rule for kind, rule in words if kind in kinds]


def spans_text(spans: list[tuple[int, int]]) -> str:
    """
    Return spans (start_min, end_min) in minutes after midnight as `09:00-12:00,14:00-17:00`.

    Those that touch or overlap are made one.
    """
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return ",".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in merged)


def _tokens(text: str) -> list[re.Match[str]]:
    found, position = [], 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _NotUnderstoodError
        found.append(token)
        position = token.end()
    return found


def _kind(token: re.Match[str]) -> str:
    return next(name for name, _ in _TOKENS if token[f"t_{name}"] is not None)


def _minutes(token: re.Match[str]) -> int:
    if token["noon"]:
        return 12 * 60 if token["noon"] == "midi" else DAY_MIN
    minutes = int(token["hour"] or token["number"]) * 60 + int(token["min"] or token["colon"] or 0)
    if minutes > DAY_MIN or int(token["min"] or token["colon"] or 0) > 59:  # noqa: PLR2004
        raise _NotUnderstoodError
    return minutes


def _rules(text: str) -> tuple[list[_Rule], list[str]]:
    """Read the tokens from left to right; a day after spans opens a new rule. Return kinds too."""
    tokens = [t for t in _tokens(text) if _kind(t) != "filler"]
    kinds = [_kind(t) for t in tokens]
    rules, at = [_Rule()], 0
    while at < len(tokens):
        kind = kinds[at]
        goes_on = rules[-1].closed_first and kind == "day"
        if kind in {"day", "nth", "closed", "school"} and rules[-1].complete() and not goes_on:
            rules.append(_Rule(school=rules[-1].school))
        at = _step(tokens, kinds, at, rules[-1])
    done = [r for r in rules if r.complete()]
    if len(done) != len(rules) or any(r.closed and r.spans for r in rules):
        raise _NotUnderstoodError
    if not _said_of_all(kinds, done):
        raise _NotUnderstoodError
    return done, kinds


def _said_of_all(kinds: list[str], rules: list[_Rule]) -> bool:
    """Whether « sauf vacances scolaires » is surely said of every rule, and not of the last one."""
    said = [at for at, kind in enumerate(kinds) if kind in {"school_off", "both_off"}]
    return len(rules) == 1 or all(at == 0 or kinds[at - 1] == "stop" for at in said)


def _step(tokens: list[re.Match[str]], kinds: list[str], at: int, rule: _Rule) -> int:
    """Read one element into `rule` and return where the next one starts."""
    token, kind = tokens[at], kinds[at]
    if kind == "day":
        return _read_days(tokens, kinds, at, rule)
    if kind in {"time", "number"}:
        return _read_span(tokens, kinds, at, rule)
    if kind == "nth":
        rule.nth.append(_ORDINALS[token["word"]] if token["word"] else int(token["nth"]))
    elif kind == "weeks":
        rule.parity = token["parity"].rstrip("s")
    elif kind == "closed":
        rule.closed, rule.closed_first = True, not rule.days
    elif kind in {"stop", "school"}:
        _turn(kind, rule)
    elif kind == "to":
        raise _NotUnderstoodError
    return at + 1


def _turn(kind: str, rule: _Rule) -> None:
    """Note the end of a list of days, or that what follows is of the school holidays."""
    rule.closed_first = False
    if kind == "school":
        if rule.days or rule.school:
            raise _NotUnderstoodError
        rule.school = True


def _read_days(tokens: list[re.Match[str]], kinds: list[str], at: int, rule: _Rule) -> int:
    first = _DAY_NUMBER[tokens[at]["day"]]
    if kinds[at + 1 : at + 3] != ["to", "day"]:
        rule.days.append(first)
        return at + 1
    last = _DAY_NUMBER[tokens[at + 2]["day"]]
    if last < first:
        raise _NotUnderstoodError
    rule.days.extend(range(first, last + 1))
    return at + 3


def _read_span(tokens: list[re.Match[str]], kinds: list[str], at: int, rule: _Rule) -> int:
    if kinds[at + 1 : at + 3] != ["to", "time"] or not rule.days:
        raise _NotUnderstoodError
    start, end = _minutes(tokens[at]), _minutes(tokens[at + 2])
    if end <= start:
        raise _NotUnderstoodError
    rule.spans.append((start, end))
    return at + 3


def _written(rules: list[_Rule]) -> str:
    """Put the same days together; rules of some weeks are added (`,`), never override (`;`)."""
    usual: dict[int, list[tuple[int, int]]] = {}
    special = []
    for rule in rules:
        if not rule.nth and rule.parity is None:
            for day in rule.days:
                usual[day] = [] if rule.closed else usual.get(day, []) + rule.spans
        elif rule.spans:
            special.append(_special(rule))
        else:  # closed some weeks only: an exception this grammar does not write
            raise _NotUnderstoodError
    parts = ["; ".join(_usual(usual)), *special]
    return ", ".join(part for part in parts if part)


def _usual(usual: dict[int, list[tuple[int, int]]]) -> list[str]:
    by_spans: dict[str, list[int]] = {}
    for day in sorted(usual):
        if usual[day]:
            by_spans.setdefault(spans_text(usual[day]), []).append(day)
    return [f"{_days_text(days)} {spans}" for spans, days in by_spans.items()]


def _special(rule: _Rule) -> str:
    weeks = {"paire": "week 2-52/2 ", "impaire": "week 1-53/2 ", None: ""}[rule.parity]
    days = _days_text(sorted(set(rule.days)))
    if rule.nth:
        which = ",".join(map(str, rule.nth))
        days = ",".join(f"{DAYS[d]}[{which}]" for d in sorted(set(rule.days)))
    return f"{weeks}{days} {spans_text(rule.spans)}"


def _days_text(days: list[int]) -> str:
    parts: list[str] = []
    run: list[int] = []
    for day in [*days, 99]:
        if run and day != run[-1] + 1:
            joined = "-" if len(run) > 2 else ","  # noqa: PLR2004 - two days are written Mo,Tu
            ends = run if len(run) == 1 else [run[0], run[-1]]
            parts.append(joined.join(DAYS[d] for d in ends))
            run = []
        run.append(day)
    return ",".join(parts)
