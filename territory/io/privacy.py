"""What may never enter: columns that name people or sensitive data, cells that hold identifiers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from territory.errors import RefusedFile
from territory.model.issues import Issue
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# Kinds that speak of structures, or of the team by codes: identity columns are dropped there.
STRUCTURES = frozenset(
    {"partners", "places", "france_services", "inclusion_structures", "inclusion_services",
     "mednum", "pmi", "census", "cells"}
)  # fmt: skip

_PERSON = ("prenom", "prenoms", "nom_prenom", "nom_de_naissance", "nom_naissance", "beneficiaire",
           "beneficiaires", "participant", "participants", "usager", "usagers", "titulaire",
           "nom_famille", "nom_de_famille", "contact_nom_prenom", "nom_usager",
           "first_name", "last_name", "surname")  # fmt: skip
_IDENTIFIERS = ("date_naissance", "date_de_naissance", "naissance", "ne_le", "nee_le", "nir",
                "numero_securite_sociale", "numero_de_securite_sociale", "n_secu", "numero_secu",
                "numero_caf", "numero_allocataire", "identifiant_france_travail", "numero_de",
                "agdref", "numero_etranger", "dossier", "numero_dossier", "iban",
                "birth_date", "birthdate", "date_of_birth", "social_security_number")  # fmt: skip
_SENSITIVE = ("nationalite", "origine", "pays_naissance", "pays_de_naissance", "religion", "sante",
              "handicap", "rqth", "grossesse", "orientation_sexuelle", "opinion", "syndicat",
              "titre_de_sejour", "titre_sejour", "situation_administrative", "sans_papiers",
              "casier", "casier_judiciaire", "judiciaire", "langue_maternelle",
              "origine_ethnique", "pays_d_origine", "pays_origine", "etat_de_sante", "nationality",
              "disability", "health", "ethnicity", "sans_papier")  # fmt: skip
_CONTACT = ("telephone", "tel", "portable", "mobile", "mail", "courriel", "email", "e_mail",
            "courriels", "adresse_postale", "contact", "referent", "contact_nom",
            "telecopie", "fax", "numero_de_telephone", "numero_telephone")  # fmt: skip
_FREE = ("commentaire", "commentaires", "observation", "observations", "remarque", "remarques",
         "notes", "situation", "parcours")  # fmt: skip
_ABOUT_PEOPLE = frozenset(
    {"activities", "contacts", "team", "availability", "constraints", "sectors"}
)
# Telling enough to be refused anywhere inside a header (« nationalité du public »).
_ANYWHERE = frozenset({"prenom", "prenoms", "naissance", "nir", "iban", "agdref", "nationalite",
                       "religion", "handicap", "rqth", "grossesse", "beneficiaire"})  # fmt: skip
_HITS = (
    r"(?<!\d)(?:(?:\+|00)33 ?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)",  # telephone
    r"[\w.+-]+@[\w-]+\.\w+",  # e-mail
    r"(?<!\d)[12]\d{12}(?:\d{2})?(?!\d)",  # numéro de sécurité sociale
    r"(?<!\d)[12] ?\d{2} ?\d{2} ?\d[0-9AB] ?\d{3} ?\d{3}(?: ?\d{2})?(?!\d)",  # the same, spaced
    r"\bn[ée]e?s?\b.{0,15}\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}",  # date of birth
    r"\bn[ée]e?s?\b.{0,15}\b\d{1,2}(?:er)? [a-zéû]{3,9}\.? (?:19|20)\d{2}\b",  # with its month
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){4,7}(?: ?[A-Z0-9]{1,3})?\b",  # IBAN, 27 signs in France
)
_HIT = re.compile("|".join(_HITS), re.IGNORECASE)
_DECIMAL = re.compile(r"\s*-?\d{1,7}[.,]\d+\s*")  # a coordinate is no number of somebody
_NAME = re.compile(r"\b(?:M\.|Mme|Mlle|Mr|Monsieur|Madame)\b|\b[A-ZÀ-Ý][\w'-]+ +[A-ZÀ-Ý][\w'-]+")
_LONGEST_SHOWN = 40


def check_headers(file: str, headers: Sequence[str], kind: str | None) -> None:
    """
    Raise RefusedFile when a column makes this a file about people (PRIVACY section 2).

    Columns of identity refuse every file but those about structures, where they are dropped;
    identifiers and special categories refuse any file. The message names the column, no value.
    """
    for header in headers:
        reason = _refusal(plain(header), kind)
        if reason:
            raise RefusedFile(str(refusal(reason, file, header)))


def refusal_code(header: str, kind: str | None) -> str:
    """Return E-PERSO or E-SENSIBLE when a column would refuse a file of `kind`, else ""."""
    return _refusal(plain(header), kind)


def refusal(code: str, file: str, header: str) -> Issue:
    """Return the French message of a refused file, E-PERSO or E-SENSIBLE."""
    if code == "E-PERSO":
        return Issue(
            code,
            file,
            f"la colonne « {header} » contient des données personnelles. Le fichier est refusé :",
            "supprimez cette colonne, l'outil n'en a pas besoin.",
        )
    return Issue(
        code,
        file,
        f"la colonne « {header} » concerne des données sensibles (art. 9 du RGPD). "
        "Le fichier est refusé.",
    )


def agenda_note(file: str) -> Issue:
    """Return what is said of every calendar: what may name people is neither read nor kept."""
    return Issue(
        "I-PERSO",
        file,
        "titres, descriptions, lieux, organisateurs et invités ne sont ni lus ni gardés : chaque "
        "rendez-vous est une « réunion », sauf si sa catégorie est un type connu.",
    )


def dropped_columns(file: str, headers: Sequence[str], known: Collection[str]) -> list[Issue]:
    """Return the information about columns left out: contacts, free text, then unknown ones."""
    issues, unknown = [], []
    for header in headers:
        name = plain(header)
        if not name or header in known:
            continue
        if name in _CONTACT or _is_identity(name):
            what = "(coordonnées de personnes) n'est pas importée."
            issues.append(Issue("I-PERSO", file, f"la colonne « {header} » {what}"))
        elif name in _FREE:
            what = "(texte libre) n'est pas importée."
            issues.append(Issue("I-LIBRE", file, f"la colonne « {header} » {what}"))
        else:
            unknown.append(header)
    if unknown:
        listed = ", ".join(" ".join(h.split()) for h in unknown)
        issues.append(Issue("I-COLONNES", file, f"colonnes ignorées : {listed}."))
    return issues


def is_guarded(header: str) -> bool:
    """Whether a header is one this module knows, and so helps to tell a header line."""
    name = plain(header)
    return _refusal(name, None) != "" or name in _CONTACT or name in _FREE


def holds_identifier(text: str) -> bool:
    """Whether a cell holds a telephone, e-mail, sécurité sociale number, birth date or IBAN."""
    return _DECIMAL.fullmatch(text) is None and _HIT.search(text) is not None


def showable(value: str) -> str:
    """Return `value` as a message may show it: never something that may name or reach a person."""
    hidden = holds_identifier(value) or _NAME.search(value) or len(value) > _LONGEST_SHOWN
    return "valeur non affichée" if hidden else " ".join(value.split())


def _refusal(name: str, kind: str | None) -> str:
    return _refusal_as_written(name, kind) or _refusal_as_written(_singular(name), kind)


def _singular(name: str) -> str:
    """Return a header without the plural of its words (« nationalites »); « sans » stays."""
    return "_".join(w if w in {"sans", "cas"} else w.removesuffix("s") for w in name.split("_"))


def _refusal_as_written(name: str, kind: str | None) -> str:
    if name in _SENSITIVE or set(name.split("_")) & _ANYWHERE & set(_SENSITIVE):
        return "E-SENSIBLE"
    if name in _IDENTIFIERS or set(name.split("_")) & _ANYWHERE & set(_IDENTIFIERS):
        return "E-PERSO"
    if name == "nom" and kind in _ABOUT_PEOPLE:
        return "E-PERSO"
    return "E-PERSO" if kind not in STRUCTURES and _is_identity(name) else ""


def _is_identity(name: str) -> bool:
    return name in _PERSON or bool(set(name.split("_")) & _ANYWHERE & set(_PERSON))
