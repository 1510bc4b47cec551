"""
Why and when people walk: periods, purposes, the kinds of places they draw to, and how often.

Orders of magnitude chosen by reasoning, said beside each purpose; no count stands behind them. What
they give is relative until counts calibrate it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WEEKLY, INDEX, RANK = "weekly", "index_100", "rank"  # columns of the passage of streets


@dataclass(frozen=True, slots=True)
class DayType:
    """A kind of day: its code, its French label, how many of them in a week."""

    code: str
    label: str
    days: int


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the day, in minutes after midnight, with its French label."""

    code: str
    label: str
    start_min: int
    end_min: int

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end_min - self.start_min) / 60


@dataclass(frozen=True, slots=True)
class Purpose:
    """
    One reason to walk.

    `attraction`: kind of place (words.PLACE_KINDS, plus arret and habitants) -> how much one draws
    beside the others of the purpose. `decay_min`: the share of those ready to walk is divided by e
    each `decay_min` minutes. `walks`: day type -> walks of 100 residents in each period, there or
    back. `why`: the reasoning, in French.
    """

    code: str
    label: str
    attraction: Mapping[str, float]
    decay_min: float
    walks: Mapping[str, tuple[float, ...]]
    why: str


DAY_TYPES = (
    DayType("semaine", "lundi, mardi, jeudi, vendredi", 4),
    DayType("mercredi", "mercredi", 1),
    DayType("samedi", "samedi", 1),
    DayType("dimanche", "dimanche et jours fériés", 1),
)
PERIODS = (
    Period("07h00", "7 h à 9 h", 420, 540),
    Period("09h00", "9 h à 12 h", 540, 720),
    Period("12h00", "12 h à 14 h", 720, 840),
    Period("14h00", "14 h à 16 h 30", 840, 990),
    Period("16h30", "16 h 30 à 19 h 30", 990, 1170),
)
STOP, RESIDENTS = "arret", "habitants"
_NONE = (0.0, 0.0, 0.0, 0.0, 0.0)
PURPOSES = (
    Purpose(
        "courses",
        "courses",
        {"commerce": 1.0, "epicerie_solidaire": 1.0},
        5.0,
        {
            "semaine": (2, 10, 6, 6, 12),
            "mercredi": (2, 10, 6, 8, 10),
            "samedi": (1, 14, 6, 12, 12),
            "dimanche": (1, 10, 3, 2, 2),
        },
        "au plus près, le matin et en rentrant ; le samedi surtout, le dimanche matin seulement",
    ),
    Purpose(
        "marche",
        "marché",
        {"marche": 1.0},
        8.0,
        {
            "semaine": _NONE,
            "mercredi": (1, 8, 4, 0, 0),
            "samedi": (1, 10, 5, 0, 0),
            "dimanche": (0, 8, 4, 0, 0),
        },
        "le matin, le mercredi et en fin de semaine ; les jours de chaque marché ne sont pas lus",
    ),
    Purpose(
        "transports",
        "arrêts et gares",
        {STOP: 1.0, "gare": 20.0},
        6.0,
        {
            "semaine": (14, 6, 4, 6, 16),
            "mercredi": (12, 6, 4, 6, 14),
            "samedi": (3, 6, 5, 7, 8),
            "dimanche": (1, 3, 3, 4, 5),
        },
        "aux heures de pointe ; une gare compte autant que vingt arrêts de bus ordinaires",
    ),
    Purpose(
        "ecole",
        "écoles",
        {"ecole": 1.0, "etablissement_scolaire": 2.0},
        6.0,
        {
            "semaine": (14, 1, 6, 6, 12),
            "mercredi": (4, 1, 5, 1, 2),
            "samedi": (0, 1, 1, 0, 0),
            "dimanche": _NONE,
        },
        "entrées et sorties, enfants et parents ; le mercredi, au plus le matin",
    ),
    Purpose(
        "services",
        "services publics et de l’emploi",
        {
            "mairie": 3.0, "france_travail": 3.0, "ccas": 2.0, "france_services": 2.0,
            "mission_locale": 2.0, "pmi_sante": 2.0, "etat": 2.0, "maison_emploi": 1.0,
            "plie": 1.0, "cap_emploi": 1.0, "departement": 1.0, "espace_numerique": 1.0,
            "bailleur": 1.0, "regie_quartier": 1.0,
        },
        10.0,
        {
            "semaine": (1, 5, 1, 4, 2),
            "mercredi": (1, 5, 1, 4, 2),
            "samedi": (0, 2, 0, 0, 0),
            "dimanche": _NONE,
        },
        "aux heures d’ouverture ; on accepte d’aller plus loin",
    ),
    Purpose(
        "loisirs",
        "lieux de vie et loisirs",
        {
            "parc": 3.0, "centre_social": 2.0, "mediatheque": 2.0, "maison_quartier": 2.0,
            "association": 1.0, "club_prevention": 1.0, "espace_public": 1.0,
        },
        8.0,
        {
            "semaine": (0, 2, 1, 3, 4),
            "mercredi": (0, 3, 1, 8, 5),
            "samedi": (0, 3, 1, 7, 5),
            "dimanche": (0, 3, 1, 7, 4),
        },
        "le mercredi et les après-midi de fin de semaine",
    ),
    Purpose(
        "travail",
        "travail et formation à pied",
        {"entreprise": 1.0, "siae": 1.0, "organisme_formation": 1.0},
        10.0,
        {
            "semaine": (4, 1, 3, 1, 5),
            "mercredi": (4, 1, 3, 1, 5),
            "samedi": (1, 1, 1, 1, 1),
            "dimanche": _NONE,
        },
        "matin et soir ; peu de gens travaillent à portée de marche",
    ),
    Purpose(
        "voisinage",
        "visites et promenades",
        {RESIDENTS: 1.0},
        6.0,
        {
            "semaine": (1, 4, 3, 5, 7),
            "mercredi": (1, 4, 3, 7, 7),
            "samedi": (1, 5, 4, 8, 8),
            "dimanche": (1, 5, 4, 9, 7),
        },
        "d’un logement à l’autre, d’autant plus qu’il y a du monde : connu partout, sans fichier",
    ),
)  # fmt: skip


def slots() -> Iterator[tuple[str, DayType, Period]]:
    """Yield (code, day type, period) of every slot of the week: « semaine_07h00 » is the first."""
    for day in DAY_TYPES:
        for period in PERIODS:
            yield f"{day.code}_{period.code}", day, period


def walks_in(purpose: Purpose, day: DayType, period: Period) -> float:
    """Return the walks of one resident for `purpose` in that slot, there or back."""
    return purpose.walks[day.code][PERIODS.index(period)] / 100
