"""What one cell of a French spreadsheet means: dates, numbers, times, yes or no, codes, lists."""

from __future__ import annotations

import re
from datetime import date, timedelta

from territory.model.french_hours import DAY_MIN, minutes_of, simple_text
from territory.model.words import plain

_EMPTY = {"", "-", "–", "—", "nc", "n/a", "na", "?", "neant", "#n/a", "n.c.", "nr"}
_LONGEST_EMPTY = max(map(len, _EMPTY))
_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
           "octobre", "novembre", "decembre")  # fmt: skip
_WHOLE_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_YES = {"oui", "o", "x", "1", "vrai", "true", "yes", "1.0"}
_NO = {"non", "n", "0", "faux", "false", "no", "0.0"}
_WEEKDAY = re.compile(r"^(lun|mar|mer|jeu|ven|sam|dim)[a-z]*\.?,?\s+(?=\d)")
_SLASHED = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[t ][\d:.+z-]*)?$")
_WRITTEN = re.compile(r"^(\d{1,2})(?:er)?\s+([a-z]+)\.?\s+(\d{4})$")
_FORMULA = re.compile(r"^'+[=+\-@\t\r]")
_CENTURY = 70  # 00-69 are 20xx, 70-99 are 19xx
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SERIALS = range(30_000, 60_000)  # 1982-2064, so that a year or a count is never read as a date


def clean(text: str) -> str:
    """Return a cell without outer blanks nor the `'` that protects it from being a formula."""
    text = text.strip()
    return text[1:] if _FORMULA.match(text) else text


def is_empty(text: str) -> bool:
    """Whether a cell says nothing: blank, `-`, `nc`, `n/a`, `?`, `néant`, `#N/A`."""
    return len(text) <= _LONGEST_EMPTY and simple_text(text) in _EMPTY


def read_date(text: str, *, since_1904: bool = False) -> date | None:
    """
    Return the civil date of a French text or of an Excel serial number, None when it is not one.

    Month-first dates are never guessed; a weekday written in front must agree with the date.
    """
    text = simple_text(text)
    named = _WEEKDAY.match(text)
    day = _undated(text[named.end() :] if named else text, since_1904=since_1904)
    if day is None or (named and _WEEKDAYS[day.weekday()] != named[1]):
        return None
    return day


def other_weekday(text: str, *, since_1904: bool = False) -> str:
    """Return the French weekday of a date written with another one in front, "" when it is not."""
    text = simple_text(text)
    named = _WEEKDAY.match(text)
    day = _undated(text[named.end() :], since_1904=since_1904) if named else None
    if day is None or named is None or _WEEKDAYS[day.weekday()] == named[1]:
        return ""
    return _WHOLE_WEEKDAYS[day.weekday()]


def _undated(text: str, *, since_1904: bool) -> date | None:
    if found := _SLASHED.match(text):
        return _date(_full_year(found[3]), int(found[2]), int(found[1]))
    if found := _ISO.match(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _WRITTEN.match(text):
        month = [n for n, name in enumerate(_MONTHS, 1) if name == found[2]]
        return _date(int(found[3]), month[0], int(found[1])) if month else None
    if re.fullmatch(r"\d{5}(\.0+)?", text) and int(float(text)) in _SERIALS:
        return (_EPOCH_1904 if since_1904 else _EPOCH_1900) + timedelta(days=int(float(text)))
    return None


def _full_year(digits: str) -> int:
    if len(digits) == 4:  # noqa: PLR2004 - a year
        return int(digits)
    return int(digits) + (2000 if int(digits) < _CENTURY else 1900)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_number(text: str) -> float | None:
    """Return the number of a French or English text (`1 000`, `1.234,5`, `12,5 %`), else None."""
    text = re.sub(r"[\s\u00a0\u202f'’]", "", text).removesuffix("%")
    if "," in text and "." in text:
        thousands = "," if text.rfind(".") > text.rfind(",") else "."
        text = text.replace(thousands, "")
    elif text.count(",") > 1 or text.count(".") > 1:
        text = text.replace(",", "").replace(".", "")
    text = text.replace(",", ".")
    return (
        float(text)
        if re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", text, re.IGNORECASE)
        else None
    )


def read_count(text: str) -> int | None:
    """Return the whole number, 0 or more, that a text surely is; None when it may be none."""
    value = None if is_ambiguous_count(text) else read_number(text)
    return int(value) if value is not None and value >= 0 and value.is_integer() else None


def is_ambiguous_count(text: str) -> bool:
    """Whether `1,234` could be a thousand or a decimal."""
    return re.fullmatch(r"[1-9]\d{0,2}[,.]\d{3}", text.strip()) is not None


def has_decimals(text: str) -> bool:
    """Whether a cell is certainly a decimal number, such as `2,5`."""
    return re.fullmatch(r"[\d\s]+[,.](\d{1,2}|\d{4,})", text.strip()) is not None


def read_time(text: str) -> int | None:
    """Return minutes after midnight of `9h30`, `09:30`, `9` or an Excel fraction, else None."""
    minutes = minutes_of(text)
    if minutes is not None:
        return minutes
    value = read_number(text)
    if value is None or value < 0:
        return None
    if value < 1 and not value.is_integer():
        return round(value * DAY_MIN)
    return int(value) * 60 if value.is_integer() and 0 < value <= 24 else None  # noqa: PLR2004


def read_range(text: str) -> tuple[int, int] | None:
    """Return (start, end) in minutes after midnight of `9h-12h` or `de 14h à 16h30`, else None."""
    parts = re.split(r"\s*(?:-|\ba\b)\s*", re.sub(r"^de\s+", "", simple_text(text)))
    if len(parts) != 2:  # noqa: PLR2004 - a start and an end
        return None
    start, end = read_time(parts[0]), read_time(parts[1])
    return (start, end) if start is not None and end is not None else None


def read_yes_no(text: str) -> bool | None:
    """Return True, False, or None when the cell says neither."""
    key = simple_text(text)
    return True if key in _YES else False if key in _NO else None


def read_list(text: str, separators: str = r"[|,/;+]") -> tuple[str, ...]:
    """Return the parts of a list written in one cell."""
    return tuple(part.strip() for part in re.split(separators, text) if part.strip())


def read_code(text: str, width: int = 5) -> tuple[str | None, bool]:
    """Return (code, zero restored) of a commune or postcode; (None, False) when impossible."""
    text = re.sub(r'^="?|"$', "", text.strip()).strip().upper()
    text = re.sub(r"^(\d+)\.0+$", r"\1", text)
    if re.fullmatch(rf"\d{{{width - 1}}}", text):
        return "0" + text, True
    return (text, False) if re.fullmatch(rf"[0-9AB]{{{width}}}", text) else (None, False)


def district_code(commune: str) -> str | None:
    """Return the code of « Paris 20e », « Lyon 3 », « Marseille 12e arrondissement », else None."""
    found = re.fullmatch(
        r"(paris|lyon|marseille)_(\d{1,2})(e|er|eme|ere)?(_arrondissement)?", plain(commune)
    )
    if found is None:
        return None
    first, count = {"paris": (75100, 20), "lyon": (69380, 9), "marseille": (13200, 16)}[found[1]]
    number = int(found[2])
    return str(first + number) if 1 <= number <= count else None


def whole_city(code: str) -> str:
    """Return the code of Paris, Lyon or Marseille whole for one of their districts, else `code`."""
    cities = {"75056": r"751\d\d", "69123": r"6938\d", "13055": r"132\d\d"}
    return next((city for city, own in cities.items() if re.fullmatch(own, code)), code)


def is_siret(text: str) -> bool:
    """Whether 14 digits keep the Luhn key (Insee), or La Poste's own rule (sum of digits)."""
    digits = re.sub(r"\s", "", text)
    if not re.fullmatch(r"\d{14}", digits):
        return False
    if digits.startswith("356000000") and sum(map(int, digits)) % 5 == 0:
        return True
    doubled = [int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(digits)]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0  # noqa: PLR2004


def is_worker_code(text: str) -> bool:
    """Whether a text is a code such as `M1` or initials, and not somebody's name."""
    if not re.fullmatch(r"[A-Za-z0-9]{2,8}", text):
        return False
    initials = 3
    return (
        not text.isalpha()
        or len(text) <= initials
        or (len(text) == initials + 1 and text.isupper())
    )
