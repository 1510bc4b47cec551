"""The columns that answers across territories show, in French: nothing else leaves."""

from __future__ import annotations

from territory.batch.across_told import ONE, SHARE, WHOLE, Shown

# Of each measure of `rank`: its title, and what it means.
VALUES = {
    "manque": (
        "sans rien",
        "Manque : personnes du public ni à portée d'une permanence, ni rencontrées une fois si les "
        "contacts étaient pris au hasard dans le public du lieu.",
    ),
    "besoin": ("personnes du public", "Besoin : personnes du public qui habitent là."),
    "acces": (
        "hors de portée",
        "Accès : personnes du public trop loin à pied d'une permanence.",
    ),
    "effort": (
        "public par contact",
        "Effort : personnes du public pour un contact (une ajoutée de chaque côté) ; pas de taux "
        "au-dessous de 200 habitants.",
    ),
}
_WHERE = (
    Shown("territoire", "territoire"),
    Shown("departement", "département", short="dép."),
    Shown("reseau", "réseau", wide=True),
)


def RANKED(title: str) -> tuple[Shown, ...]:  # noqa: N802 - beside the other constants
    """Return the columns of `rank`, the measure called `title`."""
    return (
        Shown("rank", "rang", WHOLE, "rank_best", "rank_worst"),
        *_WHERE,
        Shown("code", "code", wide=True),
        Shown("name", "nom"),
        Shown("value", title, ONE, "value_low", "value_high"),
        Shown("target", "public", WHOLE, "target_low", "target_high"),
        Shown("unserved", "hors de portée", WHOLE, wide=True),
        Shown("minutes", "minutes", WHOLE, empty="hors de portée"),
        Shown("contacts", "contacts", WHOLE, guarded=True),
        Shown("per_1000", "contacts pour 1 000", WHOLE, "per_1000_low", "per_1000_high",
              guarded=True, short="pour 1 000"),
    )  # fmt: skip


COMPARED = (
    *_WHERE,
    Shown("target", "public", WHOLE, "target_low", "target_high"),
    Shown("served_share", "couverture", SHARE, "served_low", "served_high"),
    Shown("funnel_couverture", "couverture : place parmi tous", short=""),
    Shown("far", "loin à pied", WHOLE),
    Shown("contacts", "contacts", WHOLE, guarded=True),
    Shown("contacts_1000", "contacts pour 1 000 et par an", WHOLE, "contacts_1000_low",
          "contacts_1000_high", guarded=True, short="pour 1 000/an"),
    Shown("funnel_contacts", "contacts : place parmi tous", short=""),
    Shown("outings", "sorties", WHOLE),
    Shown("outings_1000", "sorties pour 1 000 et par an", ONE, "outings_1000_low",
          "outings_1000_high", short="pour 1 000/an"),
    Shown("funnel_sorties", "sorties : place parmi tous", short=""),
    Shown("hours_1000", "heures de permanence par semaine pour 1 000", ONE, short="h/sem."),
)  # fmt: skip
EXTENDED = (
    *_WHERE,
    Shown("code", "code", wide=True),
    Shown("name", "nom"),
    Shown("gain", "personnes gagnées", WHOLE, "gain_low", "gain_high"),
    Shown("unserved", "hors de portée", WHOLE),
    Shown("target", "public", WHOLE, "target_low", "target_high"),
    Shown("with_it", "voisins servis", WHOLE),
)
INDICATED = (
    Shown("zone", "où"),
    Shown("definition", "code"),
    Shown("label", "indicateur"),
    Shown("unit", "unité"),
    Shown("value", "valeur", WHOLE, guarded=True),
    Shown("share", "part", SHARE, "share_low", "share_high", empty=""),
    Shown("known", "comptés", WHOLE),
    Shown("asked", "territoires", WHOLE),
)
