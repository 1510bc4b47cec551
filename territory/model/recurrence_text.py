"""What comes back, in French words or as a calendar rule; unknown words are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from territory.model.french_hours import minutes_of, simple_text
from territory.model.recurrence import (
    A_MONTH,
    A_WEEK,
    EVEN,
    IN_SCHOOL,
    LAST,
    ODD,
    OUTSIDE_SCHOOL,
    FollowUp,
    Listed,
    Monthly,
    Recurrence,
    Rhythm,
    Weekly,
)
from territory.model.recurrence_rules import read_rule, split_rule

Span = tuple[int, int]
HALF_DAYS: dict[str, Span] = {"matin": (9 * 60, 12 * 60), "apres-midi": (14 * 60, 17 * 60)}
_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
           "octobre", "novembre", "decembre")  # fmt: skip
_DATE = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}|\d{2})(?!\d)"
    r"|(?<!\d)(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})(?!\d)"
    rf"|\b(?P<wd>\d{{1,2}})(?:er)?\s+(?P<wm>{'|'.join(_MONTHS)})\s+(?P<wy>\d{{4}})\b"
)
_HOUR = r"\d{1,2}\s*(?:h\s*(?:\d{2})?|:\s*\d{2})"
_DAY = r"\b(lundi|lun|mardi|mar|mercredi|mer|jeudi|jeu|vendredi|ven|samedi|sam|dimanche|dim)s?\b\.?"
_DAY_STARTS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_COUNTS = {"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "huit": 8, "quinze": 15}
_N = rf"(\d{{1,2}}|{'|'.join(_COUNTS)})"
_RANKS = {"premier": 1, "deuxieme": 2, "second": 2, "troisieme": 3, "quatrieme": 4, "dernier": LAST}
_RANK = rf"\b([1-5])(?:ers?|eres?|emes?|es?|nde?s?)\b|\b({'|'.join(_RANKS)})s?\b"
_SCHOOL = r"vacances(?:\s+scolaires)?"
_PUBLIC = r"(?:jours?\s+)?feries?"
_EXCEPT = r"\b(?:sauf|hors|en\s+dehors\s+des)\s+(?:les\s+)?(?:pendant\s+les\s+)?"
_LIST = r"@\d+(?:\s*(?:,|et)\s*(?:le\s+)?@\d+)*"
_FILLER = re.compile(r"[\s,;.:()]|\b(?:le|les|la|de|des|du|tous|toutes|chaque|et|un|une)\b")
_FORTNIGHT, _MOST_WEEKS, _MOST_RANK, _CENTURY = 15, 53, 60, 70


@dataclass(frozen=True, slots=True)
class Heard:
    """
    What a text says: the recurrence and its hours, (start, end) in minutes after midnight.

    `half` tells that only « matin » or « après-midi » was written: the hours are then HALF_DAYS.
    """

    recurrence: Recurrence
    span: Span | None = None
    half: bool = False


@dataclass(slots=True)
class _Text:
    """The words not yet understood; dates stand as @0, @1..."""

    words: str
    dates: list[date] = field(default_factory=list)

    def cut(self, pattern: str) -> re.Match[str] | None:
        """Take the first match away and return it."""
        found = re.search(pattern, self.words)
        if found:
            self.words = f"{self.words[: found.start()]} , {self.words[found.end() :]}"
        return found

    def cut_all(self, pattern: str) -> list[re.Match[str]]:
        """Take every match away and return them, as written."""
        found = list(re.finditer(pattern, self.words))
        self.words = re.sub(pattern, " , ", self.words)
        return found

    def day(self, pattern: str) -> date | None:
        """Take away a pattern that ends with a date, and return that date."""
        found = self.cut(rf"{pattern}\s*@(\d+)")
        return self.dates[int(found[1])] if found else None


def read_recurrence(
    text: str,
    *,
    weekdays: tuple[int, ...] = (),
    start: date | None = None,
    until: date | None = None,
) -> Heard | None:
    """
    Return what `text` says comes back, None when it is not wholly understood.

    French (« tous les jeudis 14h-17h », « toutes les 6 semaines à partir du 12/01/2026 », « 1er
    lundi du mois », « jours 1, 3 et 5 à partir du 02/03/2026 », « les 05/11/2024 et 10/12/2024 »,
    « hors vacances scolaires ») or a calendar rule (« FREQ=WEEKLY;INTERVAL=6;BYDAY=TU »).
    `weekdays` (0 Monday), `start` and `until` stand for what the text does not say.
    """
    lines, beside = split_rule(text)
    words = _dated(simple_text(beside if lines else text))
    if words is None:
        return None
    try:
        span, half = _hours(words)
        public, school = _holidays(words)
        skipped = tuple(sorted({d for found in words.cut_all(rf"\bsauf\s+(?:les?\s+)?({_LIST})")
                                for d in _days(found[1], words)}))  # fmt: skip
        whole = read_rule(lines, start) if lines else _words(words, weekdays, (start, until))
        if whole is None or _FILLER.sub("", words.words):
            return None
        end, out = whole.until or until, tuple(sorted({*whole.skipped, *skipped}))
        return Heard(Recurrence(whole.rhythm, whole.start, end, public, school, out), span, half)
    except ValueError:
        return None


def _dated(text: str) -> _Text | None:
    """Return the text with its dates set apart, None when one of them does not exist."""
    found: list[date] = []

    def apart(match: re.Match[str]) -> str:
        part = match.groupdict()
        year = part["y"] or part["iy"] or part["wy"]
        if len(year) == 2:  # noqa: PLR2004 - « 26 » is 2026
            year = f"{20 if int(year) < _CENTURY else 19}{year}"
        month = part["m"] or part["im"] or str(_MONTHS.index(part["wm"]) + 1)
        found.append(date(int(year), int(month), int(part["d"] or part["id"] or part["wd"])))
        return f"@{len(found) - 1}"

    try:
        words = _Text(_DATE.sub(apart, "" if "@" in text else text), found)
    except ValueError:
        return None
    named = list(re.finditer(rf"(?<=\bdu |\ble |\bau ){_DAY}\s+@(\d+)", words.words))
    words.words = re.sub(rf"(?<=\bdu |\ble |\bau ){_DAY}\s+(?=@)", "", words.words)
    agree = all(found[int(one[2])].weekday() == _number(one[1]) for one in named)
    return words if agree else None


def _days(listed: str, text: _Text) -> list[date]:
    return [text.dates[int(number)] for number in re.findall(r"@(\d+)", listed)]


def _hours(text: _Text) -> tuple[Span | None, bool]:
    found = text.cut(rf"(?:\bde\s+)?\b({_HOUR})\s*(?:-|\ba\b)\s*({_HOUR})")
    half = text.cut(r"\b(?:(matin)(?:s|ees?)?|(apres-midi)s?)\b")
    if found is None:
        return (HALF_DAYS[half[1] or half[2]], True) if half else (None, False)
    start, end = minutes_of(found[1]), minutes_of(found[2])
    if start is None or end is None or end <= start:
        raise ValueError(found[0])
    return (start, end), False


def _holidays(text: _Text) -> tuple[bool, str]:
    """Return whether public holidays count, and the side of the school holidays that is kept."""
    both = text.cut(
        rf"{_EXCEPT}(?:{_PUBLIC}\s+et\s+(?:les\s+)?{_SCHOOL}|{_SCHOOL}\s+et\s+(?:les\s+)?{_PUBLIC})"
    )
    public = text.cut(rf"{_EXCEPT}{_PUBLIC}\b")
    outside = text.cut(rf"{_EXCEPT}{_SCHOOL}\b")
    inside = text.cut(rf"\b(?:pendant|durant)\s+les\s+{_SCHOOL}\b")
    if inside and (both or outside):
        raise ValueError(inside[0])
    school = OUTSIDE_SCHOOL if both or outside else IN_SCHOOL if inside else ""
    return not (both or public), school


def _words(
    text: _Text, weekdays: tuple[int, ...], ends: tuple[date | None, date | None]
) -> Recurrence | None:
    """Return what French words say, their bounds first; raises ValueError when a start lacks."""
    period = text.cut(r"\bdu\s*@(\d+)\s*au\s*@(\d+)")
    first = text.dates[int(period[1])] if period else None
    last = text.dates[int(period[2])] if period else None
    first = text.day(r"\b(?:a\s+partir\s+du|a\s+compter\s+du|depuis\s+le|des\s+le)") or first
    last = text.day(r"\bjusqu'au") or last
    start, until = first or ends[0], last or ends[1]
    if start and until and until < start:
        return None
    found = [r for r in (_follow_up(text), _listed(text)) if r is not None]
    found = found or [r for r in (_weeks(text, weekdays, start),) if r is not None]
    if len(found) != 1:
        return None
    return Recurrence(found[0], start, until)


def _follow_up(text: _Text) -> Rhythm | None:
    text.cut(r"\bmethode(?=\s+\d)")
    then = text.cut(
        r"\bpuis\s+(?:(toutes\s+les\s+semaines|chaque\s+semaine)|(?:tous\s+les|chaque)\s+mois)"
    )
    numbers = r"\d{1,2}(?:\s*(?:,|et|-)\s*\d{1,2})*"
    after = text.cut(r"\bj\s*\+\s*\d{1,2}(?:\s*(?:,|et)\s*j\s*\+\s*\d{1,2})*\b")
    counted = text.cut(rf"\bjours?\s+(?:ouvres?\s+)?{numbers}\b(?!\s*h)") or text.cut(
        r"(?<![\d@])\b1-3-5\b"
    )
    told = after or counted
    if told is None or (after and counted):
        if then or (after and counted):
            raise ValueError("visits without their days")
        return None
    ranks = tuple(sorted({int(n) for n in re.findall(r"\d+", told[0])}))
    if ranks[0] < 1 or ranks[-1] > _MOST_RANK:
        raise ValueError(told[0])
    pace = "" if then is None else A_WEEK if then[1] else A_MONTH
    return FollowUp(ranks, after is not None, pace)


def _listed(text: _Text) -> Rhythm | None:
    found = text.cut_all(rf"(?:\bles?\s+)?({_LIST})")
    days = {day for one in found for day in _days(one[1], text)}
    return Listed(tuple(sorted(days))) if days else None


def _weeks(text: _Text, weekdays: tuple[int, ...], start: date | None) -> Rhythm | None:
    """Return days of the week, of all weeks, of some, or of each month."""
    interval = _interval(text)
    numbers, parity = _iso_weeks(text)
    monthly = text.cut(r"\b(?:du|de\s+chaque)\s+mois\b")
    ranks = text.cut_all(_RANK) if monthly else []
    said = _weekdays(text) or weekdays
    if monthly:
        ordered = {int(r[1]) if r[1] else _RANKS[r[2]] for r in ranks}
        plain = interval == 1 and not numbers and not parity
        found = tuple(sorted(ordered, key=lambda rank: rank % 10))  # the last comes last
        return Monthly(said, found) if said and found and plain else None
    if not said and interval > 1 and start is not None:
        said = (start.weekday(),)
    return Weekly(said, interval, parity, numbers) if said else None


def _interval(text: _Text) -> int:
    if text.cut(r"\b(?:toutes\s+les\s+semaines|chaque\s+semaine|hebdomadaire)\b"):
        return 1
    days = text.cut(rf"\btous\s+les\s+{_N}\s+jours\b")
    if days:
        if _count(days[1]) != _FORTNIGHT:
            raise ValueError(days[0])
        return 2
    found = text.cut(rf"\btoutes\s+les\s+{_N}\s+semaines\b") or text.cut(
        rf"\bune?\s+semaine\s+sur\s+{_N}\b"
    )
    found = found or text.cut(rf"(?<=[a-z])\s+sur\s+{_N}\b")
    count = _count(found[1]) if found else 1
    if not 1 <= count <= _MOST_WEEKS:
        raise ValueError(count)
    return count


def _iso_weeks(text: _Text) -> tuple[tuple[int, ...], str]:
    parity = text.cut(r"\b(?:les\s+)?semaines?\s+(?:(paires?)|impaires?)\b")
    found = text.cut(
        r"\b(?:les\s+)?semaines?\s+(\d{1,2}(?:\s*(?:,|\bet\b|-|\ba\b)\s*\d{1,2})*)\b(?!\s*h)"
    )
    numbers: set[int] = set()
    for part in re.split(r"\s*(?:,|\bet\b)\s*", found[1]) if found else ():
        ends = [int(n) for n in re.findall(r"\d+", part)]
        if not 1 <= ends[0] <= ends[-1] <= _MOST_WEEKS:
            raise ValueError(part)
        numbers |= {*range(ends[0], ends[-1] + 1)}
    return tuple(sorted(numbers)), "" if parity is None else EVEN if parity[1] else ODD


def _weekdays(text: _Text) -> tuple[int, ...]:
    if text.cut(r"\btous\s+les\s+jours\s+ouvres\b"):
        return tuple(range(5))
    if text.cut(r"\btous\s+les\s+jours\b"):
        return tuple(range(7))
    found: set[int] = set()
    for first, last in (
        (r[1], r[2]) for r in text.cut_all(rf"{_DAY}\s*(?:-|\bau\b|\ba\b)\s*{_DAY}")
    ):
        low, high = _number(first), _number(last)
        if high < low:
            raise ValueError(first)
        found |= {*range(low, high + 1)}
    return tuple(sorted(found | {_number(day[1]) for day in text.cut_all(_DAY)}))


def _number(day: str) -> int:
    return _DAY_STARTS.index(day[:3])


def _count(text: str) -> int:
    return _COUNTS.get(text) or int(text)
