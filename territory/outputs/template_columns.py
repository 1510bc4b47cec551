"""What the coordinator's workbook asks for: sheets, columns and examples, as its readers know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.model import words

if TYPE_CHECKING:
    from territory.model.words import Vocabulary

DATE, TIME, YES_NO, TEXT = "date", "heure", "oui/non", "texte"
COUNT, REAL = "nombre entier", "nombre"


@dataclass(frozen=True, slots=True)
class Asked:
    """One column: its header, what it holds, an example; `words` are its possible values."""

    header: str
    holds: str = TEXT
    example: str = ""
    note: str = ""
    required: bool = False
    words: Vocabulary = ()


_WHERE = (
    Asked("adresse", example="12 rue de l'Exemple", note="d'une structure, jamais d'une personne"),
    Asked("commune", example="Bondy"),
    Asked("code_insee", example="93010", note="cinq caractères"),
    Asked("latitude", REAL, "48,9021"),
    Asked("longitude", REAL, "2,4828"),
)
_POSTED = (_WHERE[0], Asked("code_postal", example="93140", note="cinq caractères"), *_WHERE[1:])
_RECURRENCES = (
    "toutes les 6 semaines à partir du 12/01/2026 ; 1er lundi du mois ; jours 1, 3 et 5 à partir "
    "du 02/03/2026 ; les 05/11/2026 et 10/12/2026 ; hors vacances scolaires ; ou une règle "
    "d'agenda (RRULE)"
)
_BARRIERS = "plusieurs séparés par | : " + ", ".join(word.code for word in words.BARRIERS)
SHEETS: dict[str, tuple[Asked, ...]] = {
    "partenaires": (
        Asked("nom_structure", example="Centre social exemple", required=True),
        Asked("id_partenaire", example="P0001", note="fabriqué s'il manque"),
        Asked("type_structure", example="centre_social", words=words.PLACE_KINDS),
        *_POSTED,
        Asked("statut", example="rencontree", words=words.STATUSES),
        Asked("date_premier_contact", DATE, "05/03/2026"),
        Asked("date_derniere_rencontre", DATE, "12/04/2026"),
        Asked("accueille_permanence", YES_NO, "oui"),
        Asked("horaires", example="lun-ven 9h-12h 14h-17h ; sam 9h-12h"),
        Asked("publics", example="jeunes|femmes"),
        Asked("siret", example="73282932000074", note="14 chiffres, colonne au format Texte"),
        Asked("secteur_activite", example="nettoyage", note="pour un employeur ou une SIAE"),
        Asked("saison", example="été", note="quand cet employeur recrute"),
        Asked("etape_prospection", example="offre reçue", note="où en est la prospection"),
        Asked("fermetures", example="03/08/2026-23/08/2026"),
        Asked("date_maj", DATE, "05/03/2026", "jour où la ligne a été vérifiée"),
        Asked("horaires_verifies_le", DATE, "12/04/2026", "sinon, le jour de date_maj"),
        Asked("adresse_verifiee_le", DATE, "05/03/2026"),
        Asked("statut_verifie_le", DATE, "12/04/2026"),
        Asked("permanence_verifiee_le", DATE, "12/04/2026"),
        Asked("publics_verifies_le", DATE, "05/03/2026"),
        Asked("lieu_sensible", YES_NO, "non", "oui : jamais dessiné précisément ni exporté"),
    ),
    "activites": (
        Asked("date", DATE, "05/03/2026", required=True),
        Asked("type_activite", example="maraude", required=True, words=words.ACTIVITY_KINDS),
        Asked("heure_debut", TIME, "14h"),
        Asked("heure_fin", TIME, "16h30"),
        Asked("lieu", example="Place du marché", note="un lieu, jamais le nom d'une personne"),
        Asked("id_partenaire", example="P0001"),
        *_WHERE,
        Asked("precision_lieu", example="troncon", words=words.PRECISIONS),
        Asked("code_qp", example="QN09310M", note="comparé au point quand il est connu"),
        Asked("agents", example="M1|M2", note="codes de la feuille equipe, jamais de noms"),
        Asked("statut_realisation", example="realise", words=words.STATES),
        Asked("nb_informes", COUNT, "23"),
        Asked("nb_accroches", COUNT, "4"),
        Asked("nb_diagnostics", COUNT, "2"),
        Asked("nb_orientes", COUNT, "1"),
        Asked("nb_femmes", COUNT, "13"),
        Asked("nb_hommes", COUNT, "10"),
        Asked("nb_sexe_inconnu", COUNT, "0"),
        Asked("nb_moins_26", COUNT, "5", "personnes de 16 à 25 ans"),
        Asked("nb_26_59", COUNT, "15"),
        Asked("nb_60_plus", COUNT, "2"),
        Asked("nb_age_inconnu", COUNT, "1"),
        Asked("nb_partenaires_rencontres", COUNT, "2"),
        Asked("canal_com", COUNT, "30", "dépliants laissés"),
        Asked("meteo", example="pluie", words=words.WEATHERS),
        Asked("motif_annulation", example="meteo", words=words.CANCEL_REASONS),
        Asked("lieu_sensible", YES_NO, "non"),
    ),
    "contacts": (
        Asked("date", DATE, "05/03/2026", required=True),
        Asked("lieu", example="Place du marché"),
        Asked("nombre", COUNT, "3", "combien de personnes ont ces traits", required=True),
        Asked("etape", example="accroche", required=True, words=words.STAGES),
        Asked("canal", example="espace_public", words=words.CHANNELS),
        Asked("zone_residence", example="qpv", words=words.HOME_ZONES),
        Asked("sexe", example="femme", words=words.GENDERS),
        Asked("tranche_age", example="26_59", words=words.AGE_BANDS),
        Asked("commune_residence", example="93010", note="la commune seule, jamais une adresse"),
        Asked("freins", example="langue|mobilite", note=_BARRIERS),
        Asked("orientation_vers", example="mission_locale", words=words.PLACE_KINDS),
        Asked("issue", example="cdi", words=words.OUTCOMES),
        Asked("inscrit_spe", example="oui", words=words.ANSWERS),
        Asked("accompagne_spe", example="non", words=words.ANSWERS),
    ),
    "comptages": (
        Asked("date", DATE, "05/03/2026", required=True),
        Asked("heure_debut", TIME, "8h", "entre 7h et 19h30", required=True),
        Asked("heure_fin", TIME, "8h30", required=True),
        Asked("latitude", REAL, "48,90281", "le point de la rue où l'on compte", required=True),
        Asked("longitude", REAL, "2,48337", required=True),
        Asked("passants", COUNT, "57", "les deux sens ensemble", required=True),
    ),
    "lieux": (
        Asked("nom_lieu", example="Marché du mercredi", required=True),
        Asked("type_lieu", example="marche", required=True, words=words.PLACE_KINDS),
        *_POSTED,
        Asked("moment", example="mercredi 8h-13h"),
        Asked("affluence_estimee", COUNT, "200", "personnes présentes en même temps"),
        Asked("source_estimation", example="équipe, mars 2026", note="qui a compté, et quand"),
        Asked("affluence_estimee_le", DATE, "05/03/2026"),
        Asked("public_attendu", example="habitants|jeunes"),
        Asked("date_maj", DATE, "05/03/2026", "jour où la ligne a été vérifiée"),
        Asked("horaires_verifies_le", DATE, "12/04/2026", "sinon, le jour de date_maj"),
        Asked("lieu_sensible", YES_NO, "non"),
    ),
    "equipe": (
        Asked("code_agent", example="M1", note="un code, jamais un nom", required=True),
        Asked("role", example="mediateur", words=words.ROLES),
        Asked("heures_hebdo", REAL, "35"),
        Asked("communes", example="93010|93008"),
        Asked("unite_territoriale", example="UT1", note="à la place des communes"),
        Asked("point_depart", example="P0001"),
        Asked("vitesse_marche_kmh", REAL, "4,5"),
        Asked("marche_max_km", REAL, "6"),
        Asked("actif_du", DATE, "01/09/2025"),
        Asked("actif_au", DATE, "31/08/2027"),
        Asked("langues", example="français|arabe", note="parlées par le membre de l'équipe"),
    ),
    "disponibilites": (
        Asked("code_agent", example="M1", required=True),
        Asked("jour", example="mardi", words=words.WEEKDAYS),
        Asked("date_du", DATE, "03/08/2026"),
        Asked("date_au", DATE, "21/08/2026"),
        Asked("debut", TIME, "9h"),
        Asked("fin", TIME, "12h30"),
        Asked("semaine", example="toutes", words=words.WEEKS),
        Asked("type", example="disponible", required=True, words=words.SLOT_KINDS),
        Asked("id_partenaire", example="P0001", note="le lieu du rendez-vous"),
        Asked("recurrence", example="tous les mardis, sauf jours fériés", note=_RECURRENCES),
        Asked("effectif", COUNT, "2", "personnes de l'équipe qu'il faut, si ce n'est une"),
        Asked("avec", example="PRIJ", note="codes d'équipes partenaires de la feuille equipe"),
    ),
    "contraintes": (
        Asked(
            "type_contrainte",
            example="max_maraudes_semaine",
            note="la semaine tient la règle, ou dit qu'elle ne la tient pas",
            required=True,
            words=words.CONSTRAINT_KINDS,
        ),
        Asked("valeur", example="3", note="un nombre, oui ou non, une heure, 12h-14h, un jour"),
        Asked("jour", example="mardi", words=words.WEEKDAYS),
        Asked("debut", TIME, "9h"),
        Asked("fin", TIME, "12h30"),
        Asked("code_agent", example="M1", note="vide : toute l'équipe"),
        Asked("commune", example="Bondy"),
        Asked("id_partenaire", example="P0001"),
        Asked("force", example="souhait", words=words.STRENGTHS),
        Asked("du", DATE, "01/11/2026"),
        Asked("au", DATE, "31/03/2027"),
    ),
    "secteurs": (
        Asked("code_insee", example="93010", required=True),
        Asked("commune", example="Bondy"),
        Asked("unite_territoriale", example="UT1"),
        Asked("code_agent", example="M1"),
    ),
}
