"""
The eleven établissements publics territoriaux of Greater Paris and their communes.

National lists do not have them (they levy no tax): SIREN from DATA_SOURCES section 4, communes from
IGN's outlines; Pierrefitte-sur-Seine joined Saint-Denis (93066) on 1 January 2025.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ept:
    """One EPT: its SIREN, its name, the Insee codes of its communes."""

    siren: str
    name: str
    communes: tuple[str, ...]


def _ept(siren: str, name: str, communes: str) -> Ept:
    return Ept(siren, name, tuple(communes.split()))


EPTS = (
    _ept("200057867", "Plaine Commune (T6)",
         "93001 93027 93031 93039 93066 93070 93072 93079"),
    _ept("200057875", "Est Ensemble (T8)",
         "93006 93008 93010 93045 93048 93053 93055 93061 93063"),
    _ept("200057941", "Paris Est Marne et Bois (T10)",
         "94015 94017 94018 94033 94042 94046 94052 94058 94067 94068 94069 94079 94080"),
    _ept("200057966", "Vallée Sud Grand Paris (T2)",
         "92002 92007 92014 92019 92020 92023 92032 92046 92049 92060 92071"),
    _ept("200057974", "Grand Paris Seine Ouest (T3)",
         "92012 92022 92040 92047 92048 92072 92075 92077"),
    _ept("200057982", "Paris Ouest La Défense (T4)",
         "92026 92033 92035 92044 92050 92051 92062 92063 92064 92073 92076"),
    _ept("200057990", "Boucle Nord de Seine (T5)",
         "92004 92009 92024 92025 92036 92078 95018"),
    _ept("200058006", "Grand Paris Sud Est Avenir (T11)",
         "94002 94004 94011 94019 94028 94044 94047 94048 94053 94055 94056 94059 94060 94070 "
         "94071 94075"),
    _ept("200058014", "Grand-Orly Seine Bièvre (T12)",
         "91027 91326 91432 91479 91589 91687 94001 94003 94016 94021 94022 94034 94037 94038 "
         "94041 94043 94054 94065 94073 94074 94076 94077 94078 94081"),
    _ept("200058097", "Paris Terres d’Envol (T7)",
         "93005 93007 93013 93029 93030 93071 93073 93078"),
    _ept("200058790", "Grand Paris Grand Est (T9)",
         "93014 93015 93032 93033 93046 93047 93049 93050 93051 93057 93062 93064 93074 93077"),
)  # fmt: skip


def ept(siren: str) -> Ept | None:
    """Return the EPT of a SIREN, None for another body."""
    return next((one for one in EPTS if one.siren == siren.strip()), None)
