"""Numbers, dates, hours and distances as French readers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

THIN, HARD = "\u202f", "\u00a0"  # narrow and full no-break spaces
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
_SINGULAR = {
    "personnes": "personne", "activités": "activité", "heures": "heure", "lieux": "lieu",
    "quartiers": "quartier", "structures": "structure", "habitants": "habitant", "jours": "jour",
    "euros": "euro", "permanences": "permanence", "lignes": "ligne",
}  # fmt: skip
_KM = 1000
_HOUR = 60


def number(value: float, decimals: int = 0) -> str:
    """Return 1234.5 as « 1 234,5 » with a narrow no-break space."""
    text = f"{value:z,.{decimals}f}"  # z: no « -0 »
    return text.replace(",", THIN).replace(".", ",")


def agreed(words: str, value: float) -> str:
    """Return the words of a number in the plural, or in the singular below two: « 0 personne »."""
    if abs(value) >= 2:  # noqa: PLR2004 - the plural begins there
        return words
    return " ".join(_SINGULAR.get(word, word) for word in words.split(" "))


def capital(text: str) -> str:
    """Return a text that begins with a capital, accents kept: « À 10 minutes »."""
    return text[:1].upper() + text[1:]


def percent(share: float, decimals: int = 0) -> str:
    """Return 0.125 as « 13 % » (« 12,5 % » with one decimal)."""
    return f"{number(100 * share, decimals)}{THIN}%"


def clock(minutes: int) -> str:
    """Return minutes after midnight as « 9 h 30 » or « 14 h »."""
    hour, rest = divmod(int(minutes), _HOUR)
    return f"{hour}{THIN}h" + (f"{THIN}{rest:02d}" if rest else "")


def long_date(day: date) -> str:
    """Return a date as « jeudi 12 novembre 2026 »; the first of the month is « 1er »."""
    rank = "1er" if day.day == 1 else str(day.day)
    return f"{_DAYS[day.weekday()]} {rank} {_MONTHS[day.month - 1]} {day.year}"


def month(number_in_year: int) -> str:
    """Return « janvier » for 1 ... « décembre » for 12."""
    return _MONTHS[number_in_year - 1]


def weekday(number_from_monday: int) -> str:
    """Return « lundi » for 0 ... « dimanche » for 6."""
    return _DAYS[number_from_monday]


def spoken_slot(slot: str) -> str:
    """Return the half-day « mercredi apres-midi » as it is written in French."""
    return slot.replace("apres-midi", "après-midi")


def distance(metres: float) -> str:
    """Return metres as « 350 m » or « 2,4 km »."""
    return distance_in(number, metres)


def distance_in(write: Callable[[float, int], str], metres: float) -> str:
    """Return metres, or kilometres from one on, with the number as a language writes it."""
    rounded = round(metres, -1)
    if rounded < _KM:
        return f"{write(rounded, 0)}{HARD}m"
    return f"{write(metres / _KM, 1)}{HARD}km"


def minutes(value: float) -> str:
    """Return a duration as « 35 min », infinite as « hors d'atteinte »."""
    if value == float("inf"):
        return "hors d'atteinte"
    return f"{number(value)}{HARD}min"


def small_count(value: float) -> str:
    """Return a count of people, « < 5 » for 1 to 4 (small counts are never shown exactly)."""
    return f"<{HARD}5" if 0 < value < 5 else number(value)  # noqa: PLR2004 - the threshold itself
