"""How case-management exports call what we count: headers, stages, outcomes."""

from __future__ import annotations

from dataclasses import replace

from territory.model.words import OUTCOMES, STAGES, Vocabulary

# Our column, as a mapping names it: the canonical name, and the headers met.
HEADERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "date": ("on", ("date", "jour", "mois", "date_evenement", "date_de_l_evenement")),
    "date_orientation": ("oriente", ("date_orientation", "date_d_orientation", "oriente_le",
                                     "date_prescription", "date_de_prescription")),
    "date_entree": ("entree", ("date_entree", "date_d_entree", "entre_le", "date_integration",
                               "date_d_integration", "date_debut_accompagnement")),
    "date_sortie": ("sortie_positive", ("date_sortie", "date_de_sortie", "sorti_le",
                                        "date_fin_accompagnement")),
    "commune": ("city", ("commune", "ville", "code_insee", "commune_residence", "nom_commune",
                         "code_commune", "commune_de_residence")),
    "etape": ("stage", ("etape", "evenement", "type_evenement", "type_d_evenement", "mouvement")),
    "structure": ("referred_to", ("orientation_vers", "structure", "type_structure",
                                  "type_de_structure", "structure_d_orientation", "destination")),
    "issue": ("outcome", ("issue", "resultat", "motif_sortie", "motif_de_sortie", "type_sortie",
                          "type_de_sortie", "sortie", "type_de_contrat")),
    "nombre": ("count", ("nombre", "nb", "effectif")),
}  # fmt: skip
_STAGES = {
    "oriente": ("prescription", "prescrit", "prescrite", "orientee", "oriente vers"),
    "entree": ("entre", "entree en accompagnement", "entree dans le parcours", "integration"),
    "sortie_positive": ("sortie", "sorti", "sortie emploi", "sortie vers l'emploi"),
}
_OUTCOMES = {
    "cdd_plus_6_mois": ("CDD de 6 mois et plus", "CDD de plus de 6 mois", "CDD plus de 6 mois",
                        "CDD long"),
    "cdd_moins_6_mois": ("CDD de moins de 6 mois", "CDD moins de 6 mois", "CDD court"),
    "interim": ("mission d'intérim", "contrat d'intérim"),
    "alternance": ("apprentissage", "contrat d'apprentissage", "contrat de professionnalisation"),
    "creation_activite": ("création d'entreprise",),
    "formation_certifiante": ("formation qualifiante",),
    "formation_autre": ("formation",),
    "cours_fle": ("FLE",),
    "immersion": ("PMSMP", "stage"),
    "sans_suite": ("abandon", "sortie sans solution", "autre sortie"),
}  # fmt: skip


def _more(words: Vocabulary, synonyms: dict[str, tuple[str, ...]]) -> Vocabulary:
    return tuple(replace(w, synonyms=(*w.synonyms, *synonyms.get(w.code, ()))) for w in words)


EXCHANGED = ("oriente", "entree", "sortie_positive")
STAGE_WORDS = _more(tuple(word for word in STAGES if word.code in EXCHANGED), _STAGES)
OUTCOME_WORDS = _more(OUTCOMES, _OUTCOMES)
POSITIVE = frozenset(
    {"cdi", "cdd_plus_6_mois", "cdd_moins_6_mois", "cddi", "interim", "alternance",
     "service_civique", "creation_activite", "formation_certifiante"}
)  # fmt: skip
