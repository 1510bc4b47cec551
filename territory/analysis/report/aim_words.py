"""French sentences of the forecast and of openings: what they rest on, what they do not prove."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from territory.analysis.report.before_after import Change
    from territory.settings.report import Aim

SEASON_MONTHS = 24
TOO_SHORT = "non calculé : moins de 6 mois comptés, une prévision serait une devinette"
NO_POSTS = "non calculé : postes non dits (bilan.objectif.postes)"
NOBODY = "non calculé : aucune personne comptée à cette étape"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def forecast_mention(aim: Aim, cut: date, months: int, *, uncounted: int) -> str:
    """Return what a forecast rests on and supposes."""
    told = [f"estimée le {cut:%d/%m/%Y} d’après {months} mois de suivi"]
    if months < SEASON_MONTHS:
        told.append("moins de deux ans de suivi : la saison, mal connue, élargit l’intervalle")
    if not aim.posts:
        told.append("équipe supposée constante (postes non dits)")
    elif aim.ramp_up_months:
        told.append(
            f"montée en charge d’un nouveau poste supposée de {aim.ramp_up_months} mois, de 0 à "
            f"{2 * aim.ramp_up_months} selon ce que montre le suivi"
        )
    if uncounted:
        told.append(f"lignes sans comptage, qui n’y sont pas : {uncounted}")
    return " ; ".join(told)


def ending_mention(reached: bool) -> str:  # noqa: FBT001 - one fact, said in words
    """Return what is said of a period that is over."""
    return f"période finie, tout est compté : objectif {'atteint' if reached else 'non atteint'}"


def chance_mention(chance: float, sure: float) -> str:
    """Return what is said of a chance nearer to 0 or 1 than any model knows."""
    if chance > sure:
        return f"plus de {100 * sure:.0f} %"
    return f"moins de {100 * (1 - sure):.0f} %" if chance < 1 - sure else ""


def month_names(months: pd.PeriodIndex) -> str:
    """Return « août 2026, septembre 2026 »."""
    return ", ".join(f"{MONTHS[month.month - 1]} {month.year}" for month in months)


def change_mention(found: Change) -> str:
    """Return whether a ratio may be chance, and what change would have been seen."""
    told = (
        "les mois diffèrent assez peu entre eux pour que ce ne soit pas le hasard seul"
        if found.low > 1 or found.high < 1
        else "peut être le hasard"
    )
    missed = f"en dessous de × {found.detectable:.1f}, un changement passe souvent inaperçu"
    return f"{told} ; {missed.replace('.', ',')}"
