"""
Vocabularies: one code, its French label, and the other ways people write it.

Source of the lists: the log format of the project (type of structure, status, activity, stage...).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of a vocabulary: the code kept in tables, the label shown, accepted synonyms."""

    code: str
    label: str
    synonyms: tuple[str, ...] = ()


Vocabulary = tuple[Word, ...]


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Return `text` trimmed, in lower case, without accents, other signs turned into « _ »."""
    text = re.sub(r"\bn\s*°", "numero ", text.lower().replace("’", "'"))
    stripped = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "_", stripped.decode()).strip("_")


@lru_cache(maxsize=16_384)  # the same few words come back on every line
def find(vocabulary: Vocabulary, text: str) -> str | None:
    """Return the code that `text` names (code, label, synonym, plural), or None."""
    wanted = plain(text)
    for word in vocabulary:
        known = {plain(w) for w in (word.code, word.label, *word.synonyms)}
        if wanted in known or wanted.rstrip("s") in known or _singular(wanted) in known:
            return word.code
    return None


def nearest(vocabulary: Vocabulary, text: str) -> str | None:
    """Return the known code that looks most like `text` (difflib, 0.6), or None when none does."""
    close = difflib.get_close_matches(plain(text), [w.code for w in vocabulary], n=1, cutoff=0.6)
    return close[0] if close else None


def label(vocabulary: Vocabulary, code: str | None) -> str:
    """Return the French label of a code, the code itself when unknown."""
    return next((w.label for w in vocabulary if w.code == code), code or "")


def _singular(text: str) -> str:
    return "_".join(part.rstrip("s") for part in text.split("_"))


PLACE_KINDS: Vocabulary = (
    Word("maison_emploi", "maison de l'emploi", ("mde", "maison_de_l_emploi", "citmet")),
    Word("france_travail", "France Travail", ("pole_emploi",)),
    Word("mission_locale", "mission locale", ("ml", "mission_locale_jeunes")),
    Word("plie", "PLIE"),
    Word("cap_emploi", "Cap emploi"),
    Word("ccas", "CCAS", ("ccas_cias", "centre_communal_d_action_sociale", "cias", "cc")),
    Word(
        "centre_social",
        "centre social",
        (
            "csc",
            "evs",
            "cs",
            "centre_socioculturel",
            "centre_socio_culturel",
            "espace_de_vie_sociale",
            "centres_sociaux",
        ),
    ),
    Word("mediatheque", "médiathèque", ("bibliotheque", "bib", "ludotheque")),
    Word("france_services", "France services", ("france_service", "rfs", "msap")),
    Word("epicerie_solidaire", "épicerie solidaire", ("epicerie_sociale",)),
    Word("bailleur", "bailleur social", ("bailleur_social",)),
    Word("regie_quartier", "régie de quartier", ("regie_de_quartier",)),
    Word(
        "foyer",
        "foyer",
        (
            "foyer_travailleurs",
            "foyer_de_travailleurs",
            "fjt",
            "residence_sociale",
            "rs_fjt",
            "chrs",
            "chu",
        ),
    ),
    Word(
        "siae",
        "SIAE",
        ("aci", "ai", "ei", "etti", "structure_d_insertion", "aciphc", "ea", "eatt", "geiq"),
    ),
    Word("organisme_formation", "organisme de formation", ("of", "afpa", "e2c")),
    Word("association", "association", ("asso", "asso_chomeur")),
    Word("club_prevention", "club de prévention", ("prevention_specialisee",)),
    Word(
        "etablissement_scolaire", "établissement scolaire", ("college", "lycee", "groupe_scolaire")
    ),
    Word("pmi_sante", "PMI ou centre de santé", ("pmi", "centre_de_sante", "cms", "cmp")),
    Word("mairie", "mairie", ("mairie_annexe", "commune", "muni", "mairie_de_quartier")),
    Word("departement", "département", ("cd", "dept", "cdas", "conseil_departemental")),
    Word("etat", "service de l'État", ("prefecture", "deets", "ddets")),
    Word("espace_numerique", "espace numérique", ("epn", "mediation_numerique")),
    Word("maison_quartier", "maison de quartier"),
    Word("commerce", "commerce", ("commercant",)),
    Word("entreprise", "entreprise", ("employeur",)),
    Word("lieu_culte", "lieu de culte"),
    Word("marche", "marché"),
    Word("gare", "gare", ("gare_routiere", "station")),
    Word("residence", "résidence"),
    Word("ecole", "école"),
    Word("parc", "parc", ("jardin",)),
    Word("espace_public", "espace public", ("place", "parvis")),
    Word("bidonville", "lieu de vie informel", ("campement",)),
    Word("autre", "autre"),
)
STATUSES: Vocabulary = (
    Word("recensee", "recensée", ("listed", "recense")),
    Word("contactee", "contactée", ("contacted", "contacte")),
    Word("rencontree", "rencontrée", ("met", "contactee_et_rencontree", "rencontre")),
    Word("active", "active", ("actif",)),
    Word("inactive", "inactive", ("inactif",)),
    Word("refus", "refus", ("declined",)),
)
ACTIVITY_KINDS: Vocabulary = (
    Word("maraude", "maraude", ("outreach_round",)),
    Word("tour_de_rue", "tour de rue"),
    Word("pied_immeuble", "pied d'immeuble", ("pied_d_immeuble",)),
    Word("permanence", "permanence"),
    Word("intervention", "intervention"),
    Word("atelier", "atelier", ("flash_cv",)),
    Word("evenement", "événement", ("forum", "stand", "cafe_emploi", "cafe_de_l_emploi")),
    Word("visite_partenaire", "visite partenaire", ("rencontre_partenaire",)),
    Word("porte_a_porte", "porte-à-porte"),
    Word("reunion", "réunion"),
    Word("information_collective", "information collective"),
    Word("autre", "autre"),
)
STATES: Vocabulary = (
    Word("prevu", "prévu", ("prevue", "planifie")),
    Word("realise", "réalisé", ("realisee", "fait")),
    Word("annule", "annulé", ("annulee",)),
    Word("reporte", "reporté", ("reportee",)),
)
STAGES: Vocabulary = (
    Word("informe", "personne informée", ("informee",)),
    Word("accroche", "personne accrochée", ("accrochee",)),
    Word("diagnostic", "diagnostic"),
    Word("oriente", "orientation", ("orientee",)),
    Word("entree", "entrée en parcours"),
    Word("sortie_positive", "sortie positive"),
)
CHANNELS: Vocabulary = (
    Word("bouche_a_oreille", "bouche à oreille"),
    Word("espace_public", "espace public"),
    Word("permanence", "permanence"),
    Word("partenaire", "partenaire"),
    Word("evenement", "événement"),
    Word("affichage", "affichage"),
    Word("internet", "internet"),
    Word("relance", "relance"),
    Word("autre", "autre"),
    Word("inconnu", "inconnu"),
)
HOME_ZONES: Vocabulary = (
    Word("qpv", "QPV"),
    Word("qva", "QVA"),
    Word("proximite", "grande proximité", ("grande_proximite",)),
    Word("autre", "autre"),
    Word("inconnue", "inconnue", ("inconnu",)),
)
GENDERS: Vocabulary = (
    Word("femme", "femme", ("f",)),
    Word("homme", "homme", ("h", "m")),
    Word("autre_ou_inconnu", "autre ou inconnu", ("autre", "inconnu")),
)
AGE_BANDS: Vocabulary = (
    Word("moins_26", "moins de 26 ans", ("moins_de_26", "16_25", "moins_26_ans")),
    Word("26_59", "26 à 59 ans", ("26_59_ans",)),
    Word("60_plus", "60 ans et plus", ("60_et_plus", "plus_de_60")),
    Word("inconnu", "inconnu"),
)
BARRIERS: Vocabulary = tuple(  # health is not offered: a special category (RGPD art. 9)
    Word(code, words, synonyms)
    for code, words, synonyms in (
        ("qualification", "qualification", ()),
        ("connaissance_marche", "connaissance du marché du travail", ()),
        ("langue", "langue", ("niveau_linguistique",)),
        ("ressources", "ressources", ()),
        ("garde_enfants", "garde d'enfants", ()),
        ("logement", "logement", ()),
        ("mobilite", "mobilité", ()),
        ("numerique", "numérique", ()),
        ("acces_droits", "accès aux droits", ()),
        ("confiance", "confiance", ()),
        ("isolement", "isolement", ()),
        ("autre", "autre", ()),
    )
)
OUTCOMES: Vocabulary = tuple(
    Word(code, words)
    for code, words in (
        ("cdi", "CDI"),
        ("cdd_plus_6_mois", "CDD de plus de six mois"),
        ("cdd_moins_6_mois", "CDD de moins de six mois"),
        ("cddi", "CDDI"),
        ("interim", "intérim"),
        ("alternance", "alternance"),
        ("service_civique", "service civique"),
        ("creation_activite", "création d'activité"),
        ("formation_certifiante", "formation certifiante"),
        ("formation_autre", "autre formation"),
        ("cours_fle", "cours de français"),
        ("immersion", "immersion"),
        ("entree_plie", "entrée au PLIE"),
        ("entree_autre_accompagnement", "entrée dans un autre accompagnement"),
        ("recherche_active", "recherche active"),
        ("sans_suite", "sans suite"),
        ("inconnu", "inconnu"),
    )
)
ANSWERS: Vocabulary = (
    Word("oui", "oui", ("o", "x", "1", "vrai")),
    Word("non", "non", ("n", "0", "faux")),
    Word("inconnu", "inconnu", ("ne_sait_pas", "nsp")),
)
CANCEL_REASONS: Vocabulary = (
    Word("meteo", "météo"),
    Word("absence", "absence"),
    Word("securite", "sécurité"),
    Word("lieu_ferme", "lieu fermé"),
    Word("partenaire", "partenaire"),
    Word("autre", "autre"),
)
WEATHERS: Vocabulary = tuple(
    Word(code, code) for code in ("beau", "pluie", "froid", "chaud", "vent")
)
PRECISIONS: Vocabulary = (
    Word("adresse", "adresse"),
    Word("troncon", "tronçon de rue"),
    Word("quartier", "quartier"),
    Word("commune", "commune"),
)
ROLES: Vocabulary = (
    Word("mediateur", "médiateur·rice", ("mediatrice", "mediateur_rice")),
    Word("charge_projet", "chargé·e de projet", ("charge_de_projet",)),
    Word("coordinateur", "coordinateur·rice", ("coordinatrice",)),
    Word("adulte_relais", "adulte-relais"),
    Word("partenaire", "partenaire"),
)
SLOT_KINDS: Vocabulary = (
    Word("disponible", "disponible"),
    Word("absent", "absent", ("absence", "conges")),
    Word("reunion", "réunion"),
    Word("permanence", "permanence"),
    Word("formation", "formation"),
    Word("suivi", "visite de suivi", ("visite_employeur", "suivi_en_emploi")),
    Word("evenement", "événement", ("forum", "stand", "cafe_emploi", "cafe_de_l_emploi")),
    Word("accompagnement", "accompagnement", ("rendez_vous",)),
)
WEEKDAYS: Vocabulary = tuple(
    Word(str(number), day, (day[:3], english))
    for number, (day, english) in enumerate(
        [
            ("lundi", "mo"), ("mardi", "tu"), ("mercredi", "we"), ("jeudi", "th"),
            ("vendredi", "fr"), ("samedi", "sa"), ("dimanche", "su"),
        ]
    )
)  # fmt: skip
CONSTRAINT_KINDS: Vocabulary = (
    Word("binome", "maraudes à deux"),
    Word("max_maraudes_semaine", "nombre de maraudes par semaine, au plus"),
    Word("min_maraudes_semaine", "nombre de maraudes par semaine, au moins"),
    Word("duree_max_maraude_h", "durée d'une maraude, au plus (heures)"),
    Word("pause_midi", "pause de midi"),
    Word("pas_avant", "pas avant"),
    Word("pas_apres", "pas après"),
    Word("jour_exclu", "jour sans maraude"),
    Word("lieu_fixe", "permanence à garder"),
    Word("eviter", "à éviter"),
    Word("privilegier", "à privilégier"),
    Word("espacement_min_jours", "jours entre deux maraudes d'un quartier"),
    Word("part_qpv_min", "part des heures en QPV, au moins (%)"),
    Word("saison_hiver", "ateliers à la place des maraudes"),
    Word("equite_communes", "une activité par commune et par mois"),
)
STRENGTHS: Vocabulary = (
    Word("obligatoire", "obligatoire"),
    Word("souhait", "souhait", ("souhaite",)),
)
WEEKS: Vocabulary = (
    Word("toutes", "toutes les semaines", ("toute", "chaque")),
    Word("paire", "semaines paires"),
    Word("impaire", "semaines impaires"),
)
