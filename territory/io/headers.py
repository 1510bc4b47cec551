"""The columns each table may have: canonical names, French headers and their synonyms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from territory.io.privacy import is_guarded
from territory.model.words import plain


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table people fill in: its name here and the headers it answers to."""

    name: str
    headers: tuple[str, ...]


def _fields(text: str) -> tuple[Field, ...]:
    """Read lines `canonical: header, synonym, ...`; the canonical name is a header too."""
    found = []
    for line in filter(None, text.splitlines()):
        name, headers = line.split(":")
        forms = [plain(h) for h in headers.split(",")]
        found.append(Field(name.strip(), (*forms, name.strip())))
    return tuple(found)


_WHERE = """
address: adresse, adresse_structure, rue
postcode: code_postal, cp
city: commune, ville, lib_com, nom_commune
city_code: code_insee, insee, insee_com, depcom, citycode, code_commune
lat: latitude, lat, y
lon: longitude, lon, lng, long, x
"""
_CHECKED = """
updated_on: date_maj, mise_a_jour, date_mise_a_jour, maj, check_date
hours_on: horaires_verifies_le, moment_verifie_le, date_horaires, check_date_opening_hours
position_on: adresse_verifiee_le, position_verifiee_le, date_adresse
audiences_on: publics_verifies_le, date_publics
"""
_PARTNERS = """
name: nom_structure, nom, structure, partenaire, raison_sociale, lib_fs, nom_de_la_structure
partner_id: id_partenaire, id, code, numero
kind: type_structure, type, typologie, categorie, type_de_structure
status: statut, etat, avancement
first_contact_on: date_premier_contact, premier_contact
last_met_on: date_derniere_rencontre, dernier_contact, derniere_visite
hosts: accueille_permanence, permanence
hours: horaires, horaires_ouverture, horaires_accueil
monday: lundi, h_lundi
tuesday: mardi, h_mardi
wednesday: mercredi, h_mercredi
thursday: jeudi, h_jeudi
friday: vendredi, h_vendredi
saturday: samedi, h_samedi
sunday: dimanche, h_dimanche
audiences: publics, public
siret: siret
sector: secteur_activite, secteur, secteur_d_activite
season: saison, saisonnalite, periode_recrutement
prospecting_stage: etape_prospection, prospection
closures: fermetures, fermeture, fermetures_exceptionnelles, fermeture_temporaire
source: source
status_on: statut_verifie_le, date_statut
hosts_on: permanence_verifiee_le, date_permanence
sensitive: lieu_sensible
fixed: point_fixe
"""
_PLACES = """
name: nom_lieu, lieu, nom_du_lieu
place_id: id_lieu
kind: type_lieu, type_de_lieu, type
hours: moment, moments, horaires
crowd: affluence_estimee
crowd_source: source_estimation
crowd_on: affluence_estimee_le, date_estimation
audiences: public_attendu, publics
sensitive: lieu_sensible
"""
_ACTIVITIES = """
on: date, jour, date_action
kind: type_activite, type, action, nature, type_d_activite
activity_id: id_activite
start: heure_debut, debut, horaires
end: heure_fin, fin
hours: duree_h, duree
place: lieu, lieu_action, nom_lieu
partner_id: id_partenaire, partenaire
qpv_code: code_qp
place_precision: precision_lieu
agents: agents, mediateurs, equipe
state: statut_realisation, realisation, etat
n_informed: nb_informes, personnes_touchees, sensibilises, nb_personnes
n_engaged: nb_accroches, nouvelles_personnes
n_assessed: nb_diagnostics, recus, entretiens
n_referred: nb_orientes, orientations
n_women: nb_femmes
n_men: nb_hommes
n_gender_unknown: nb_sexe_inconnu
n_under_26: nb_moins_26
n_26_59: nb_26_59
n_60_plus: nb_60_plus
n_age_unknown: nb_age_inconnu
n_partners_met: nb_partenaires_rencontres
flyers: canal_com, supports
weather: meteo
cancel_reason: motif_annulation
sensitive: lieu_sensible
"""
_CONTACTS = """
contact_id: id_ligne
activity_id: id_activite
on: date, jour
place: lieu
qpv_code: code_qp
city: commune
city_code: code_insee
count: nombre, nb, effectif
stage: etape, type_contact
channel: canal
home_zone: zone_residence
home_city_code: commune_residence
gender: sexe, genre
age_band: tranche_age, age
barriers: freins
referred_to: orientation_vers
outcome: issue
registered: inscrit_spe
supported: accompagne_spe
cohort: cohorte
"""
_WALKER_COUNTS = """
on: date, jour, date_comptage
start: heure_debut, debut
end: heure_fin, fin
walkers: passants, nb_passants, nombre_passants, nombre_de_passants, pietons, nb_pietons
lat: latitude, lat, y
lon: longitude, lon, lng, long, x
"""
_TEAM = """
agent_code: code_agent, agent, code_mediateur
role: role, fonction
weekly_hours: heures_hebdo, heures_par_semaine
communes: communes, commune
unit: unite_territoriale, ut
start_place: point_depart, depart
walk_kmh: vitesse_marche_kmh
walk_max_km: marche_max_km
active_from: actif_du
active_to: actif_au
languages: langues
"""
_AVAILABILITY = """
agent_code: code_agent, agent, code_mediateur
weekday: jour
from_on: date_du, du
to_on: date_au, au
start: debut, heure_debut
end: fin, heure_fin
weeks: semaine, semaines
kind: type
partner_id: id_partenaire, partenaire, lieu
recurrence: recurrence, repetition, revient
headcount: effectif, nb_agents
partners: avec, equipes_partenaires
"""
_CONSTRAINTS = """
kind: type_contrainte, contrainte, type, regle
value: valeur
weekday: jour
start: debut
end: fin
agent_code: code_agent, agent
city: commune
city_code: code_insee
partner_id: id_partenaire, partenaire, lieu
strength: force
from_on: du
to_on: au
"""
_SECTORS = """
city_code: code_insee, insee
city: commune, ville
unit: unite_territoriale, ut
agent_code: code_agent, agent
"""
_FRANCE_SERVICES = """
id: id_fs
name: lib_fs
extra_address: complement_adresse
kind: type_fs
format: format_fs, itinerance, format
"""
_PMI = """
id: id
name: nom
address: address, adresse
lat: lat, latitude
lon: lng, lon, longitude
"""
_LIBRARIES = """
id: id
name: nom
kind: type
hours: horaires
address: adresse
city: commune
lat: latitude
lon: longitude
"""
_DIGITAL_ADVISERS = """
id: id
name: nom
address: adresse
city: commune
city_code: code_insee
lat: latitude
lon: longitude
score: score
"""
_INCLUSION = """
id: id
source: source
name: nom
updated_on: date_maj
siret: siret
extra_address: complement_adresse
networks: reseaux_porteurs
old_kind: typologie
old_labels: labels_nationaux
hours: horaires_accueil, horaires_ouverture
"""
_INCLUSION_SERVICES = """
id: id
structure_id: structure_id
source: source
name: nom
updated_on: date_maj
audiences: publics
old_audiences: profils
access: modes_accueil
hours: horaires_accueil, recurrence
"""
_MEDNUM = """
id: id
pivot: pivot
name: nom
updated_on: date_maj
source: source
extra_address: complement_adresse
old_kind: typologie
moving: itinerance
access: modalites_acces
audiences: publics_specifiquement_adresses
hours: horaires
"""
FIELDS: dict[str, tuple[Field, ...]] = {
    "partners": _fields(_PARTNERS + _CHECKED + _WHERE),
    "places": _fields(_PLACES + _CHECKED + _WHERE),
    "activities": _fields(_ACTIVITIES + _WHERE),
    "contacts": _fields(_CONTACTS),
    "walker_counts": _fields(_WALKER_COUNTS),
    "team": _fields(_TEAM),
    "availability": _fields(_AVAILABILITY),
    "constraints": _fields(_CONSTRAINTS),
    "sectors": _fields(_SECTORS),
    "france_services": _fields(_FRANCE_SERVICES + _PARTNERS + _WHERE),
    "inclusion_structures": _fields(_INCLUSION + _WHERE),
    "inclusion_services": _fields(_INCLUSION_SERVICES),
    "mednum": _fields(_MEDNUM + _WHERE),
    "pmi": _fields(_PMI),
    "libraries": _fields(_LIBRARIES),
    "digital_advisers": _fields(_DIGITAL_ADVISERS),
}
_OFFICIAL = frozenset(
    {"iris", "com", "typ_iris", "lab_iris", "libiris", "libcom", "reg", "dep", "prise_rdv",
     "commentaire", "groupe_fs", "labellisation_fs", "insee_dep", "idcar_200m", "idinspire",
     "idcar_1km", "idcar_nat", "i_est_200", "i_est_1km", "lcog_geo", "ind", "men", "men_pauv"}
)  # fmt: skip
_LONGEST_HEADER = 60
_INSEE = re.compile(r"[pc]\d\d_[a-z]+\d*|(ind|men|log|i_est)_\w+")


def positions(kind: str, headers: tuple[str, ...]) -> dict[str, int]:
    """Return the position of each canonical column; the first synonym of the list wins."""
    names = [plain(h) for h in headers]
    found: dict[str, int] = {}
    for field in FIELDS[kind]:
        here = [names.index(form) for form in field.headers if form in names]
        free = [p for p in here if p not in found.values()]
        if free:
            found.setdefault(field.name, free[0])
    return found


def accepted(kind: str, name: str) -> str:
    """Return the headers accepted for a column, for a message."""
    field = next(f for f in FIELDS[kind] if f.name == name)
    return ", ".join(dict.fromkeys(field.headers[:-1]))


def is_known(header: str) -> bool:
    """Whether a header belongs to any table read here, or is guarded; a sentence is no header."""
    name = plain(header)
    if len(name) > _LONGEST_HEADER:
        return False
    known = name in _known() or name in _OFFICIAL or _INSEE.fullmatch(name) is not None
    return known or is_guarded(header)


@cache
def _known() -> frozenset[str]:
    return frozenset(form for fields in FIELDS.values() for f in fields for form in f.headers)
