"""The handful of settings that coordinators change, as fields with their meaning, and read back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from territory.errors import BadSettings
from territory.model.marked import marked
from territory.outputs.settings_words import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.settings import Settings

Value = bool | int | float | str | list[str]
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:hH]([0-5]\d)?")


class Holds(StrEnum):
    """What a field holds, hence how it is typed."""

    CLOCK = "heure"
    COUNT = "entier"
    NUMBER = "nombre"
    YES_NO = "oui ou non"
    CHOICES = "choix"


@dataclass(frozen=True, slots=True)
class Field:
    """
    One setting: its section and key in territory.toml, what it is called and means, its value.

    `meaning` may be ""; `text` is the value as it is typed, `choices` (value, whether chosen) when
    there are several.
    """

    section: str
    key: str
    label: str
    meaning: str
    holds: Holds
    text: str
    choices: tuple[tuple[str, bool], ...] = ()

    @property
    def name(self) -> str:
        """Name of the field in the form."""
        return f"{self.section}.{self.key}"


_GROUPS: tuple[tuple[str, tuple[tuple[str, str, str, Holds], ...]], ...] = (
    (marked("Les heures de l’équipe"), (
        ("semaine", "debut", marked("Début de la journée"), Holds.CLOCK),
        ("semaine", "fin", marked("Fin de la journée"), Holds.CLOCK),
    )),
    (marked("Le repas"), (
        ("semaine", "midi_debut", marked("Début de la pause de midi"), Holds.CLOCK),
        ("semaine", "midi_fin", marked("Fin de la pause de midi"), Holds.CLOCK),
        ("semaine", "repas_min", marked("Durée du repas (minutes)"), Holds.COUNT),
    )),
    (marked("Les sorties"), (
        ("semaine", "maraudes_par_mediateur", marked("Sorties par personne et par semaine"),
         Holds.COUNT),
        ("semaine", "maraude_max_min", marked("Durée d’une sortie, au plus (minutes)"),
         Holds.COUNT),
        ("semaine", "binomes", marked("Sortir à deux"), Holds.YES_NO),
    )),
    (marked("La marche"), (
        ("semaine", "marche_max_m", marked("Mètres à pied par jour, au plus"), Holds.COUNT),
        ("marche", "vitesse_kmh", marked("Allure (km/h)"), Holds.NUMBER),
    )),
    (marked("Le public recherché"), (
        ("permanences", "publics", marked("Publics des permanences"), Holds.CHOICES),
    )),
)  # fmt: skip
_SAID_HERE = {  # where the label says it, or the file can say more than a page
    "fin": "",
    "midi_fin": "",
    "maraudes_par_mediateur": marked("demi-journées, au plus"),
    "maraude_max_min": "",
    "repas_min": marked("prises dans la pause de midi"),
    "marche_max_m": marked(
        "par personne ; le tableau de l’équipe peut demander moins pour quelqu’un"
    ),
    "vitesse_kmh": marked("allure des habitants et de l’équipe, de 2 à 7"),
    "publics": marked("publics pour lesquels une permanence est cherchée ; tous comptent de même"),
}


def settings_form(settings: Settings) -> list[tuple[str, list[Field]]]:
    """Return the fields by group, with the values of `settings`."""
    return [(title, [_field(settings, *one) for one in fields]) for title, fields in _GROUPS]


def changed_values(
    settings: Settings, typed: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], Value]:
    """
    Return the values that differ from `settings`, by (section, key); `typed` is by field name.

    A field that was not sent is a box left empty when it holds yes or no, or choices. Raises
    BadSettings (French) for what is no hour and no number, naming the field.
    """
    changes: dict[tuple[str, str], Value] = {}
    for _, fields in settings_form(settings):
        for field in fields:
            value, had = _read(field, typed.get(field.name, ())), _value(settings, field)
            if value != had:
                changes[(field.section, field.key)] = value
    _in_order(settings, changes)
    return changes


def _in_order(settings: Settings, changes: Mapping[tuple[str, str], Value]) -> None:
    """Raise BadSettings when a day or a break would end before it starts."""
    had = settings.model_dump(by_alias=True)["semaine"]
    for start, end, what in (
        ("debut", "fin", marked("La fin de la journée doit venir après son début.")),
        ("midi_debut", "midi_fin", marked("La fin de la pause doit venir après son début.")),
    ):
        first, last = (changes.get(("semaine", key), had[key]) for key in (start, end))
        if str(first) >= str(last):
            raise BadSettings(what)


def _field(settings: Settings, section: str, key: str, label: str, holds: Holds) -> Field:
    meaning = _SAID_HERE[key] if key in _SAID_HERE else MEANINGS[key]
    plain = Field(section, key, label, meaning, holds, "")
    value = _value(settings, plain)
    if isinstance(value, list):
        names = [cohort.code for cohort in settings.need.cohorts]
        offered = dict.fromkeys([*names, *value])
        chosen = tuple((name, name in value) for name in offered)
        return Field(section, key, label, meaning, holds, "", chosen)
    if isinstance(value, bool):
        return Field(section, key, label, meaning, holds, "oui" if value else "")
    return Field(section, key, label, meaning, holds, str(value).replace(".", ","))


def _value(settings: Settings, field: Field) -> Value:
    table = settings.model_dump(by_alias=True)[field.section][field.key]
    return list(table) if isinstance(table, tuple) else table


def _read(field: Field, typed: Sequence[str]) -> Value:
    if field.holds is Holds.YES_NO:
        return bool(typed)
    if field.holds is Holds.CHOICES:
        known = [name for name, _ in field.choices]
        return [name for name in known if name in typed]
    text = typed[0].strip() if typed else ""
    if field.holds is Holds.CLOCK:
        found = _CLOCK.fullmatch(text.replace(" ", ""))
        if found:
            return f"{int(found.group(1)):02d}:{found.group(2) or '00'}"
        raise BadSettings(
            marked("« %(field)s » : écrivez une heure, par exemple 09:00.", field=field.label)
        )
    try:
        number = float(text.replace(",", "."))
        return number if field.holds is Holds.NUMBER else _whole(number)
    except (ValueError, OverflowError) as error:
        asked = (
            marked("« %(field)s » : écrivez un nombre.", field=field.label)
            if field.holds is Holds.NUMBER
            else marked("« %(field)s » : écrivez un nombre entier.", field=field.label)
        )
        raise BadSettings(asked) from error


def _whole(number: float) -> int:
    if number != int(number):
        raise ValueError
    return int(number)
