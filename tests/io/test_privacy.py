"""What never enters: headers, cells, and what messages may show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.errors import RefusedFile
from territory.io import privacy


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78", "voir 0612345678", "+33 6 12 34 56 78", "a.b@exemple.fr",
        "1850793010123", "185079301012345", "1 85 07 93 010 123 45", "né le 12/03/1985",
        "née 12-03-85", "FR76 3000 6000 0112 3456 7890 189",
        "FR7630006000011234567890189", "iban fr7630006000011234567890189", "0033612345678",
        "née le 1er août 1985", "né le 12 mars 1985",
    ],
)  # fmt: skip
def test_identifiers_are_found(text: str) -> None:
    assert privacy.holds_identifier(text)


@pytest.mark.parametrize(
    "text",
    ["12 rue de l'Exemple 93140", "73282932000074", "48,902", "5,244986117280718", "48.0612345678",
     "29/03/2024", "Café né en 2010", "Association née en 2010, rue du 8 mai 1945 bis",
     "M1|M2", "lun-ven 9h-12h", "P0001"],
)  # fmt: skip
def test_ordinary_cells_pass(text: str) -> None:
    assert not privacy.holds_identifier(text)


def test_messages_never_show_what_may_be_personal() -> None:
    for text in ("Mme Exemple", "Jean Exemple", "06 12 34 56 78", "x" * 50):
        assert privacy.showable(text) == "valeur non affichée"
    assert privacy.showable("03/29/2024") == "03/29/2024"


@given(st.sampled_from(["prénom", "Date de naissance", "NIR", "nationalité", "religion", "RQTH"]))
def test_no_kind_about_people_lets_these_pass(header: str) -> None:
    for kind in ("activities", "contacts", "team", "availability", None):
        with pytest.raises(RefusedFile):
            privacy.check_headers("f.csv", ["date", header.upper()], kind)


def test_structures_may_have_a_named_contact_that_is_dropped() -> None:
    privacy.check_headers("f.csv", ["nom_structure", "contact_nom_prenom"], "partners")
    issues = privacy.dropped_columns(
        "f.csv", ["nom_structure", "contact_nom_prenom"], {"nom_structure"}
    )
    assert [i.code for i in issues] == ["I-PERSO"]


PLURALS = ["nationalités", "Dossiers", "NIRs", "Titres de séjour", "pays de naissances",
           "religions", "Situations administratives", "titulaires", "sans-papiers",
           "Casiers judiciaires", "date of birth", "nationality",
           "Pays d'origine", "État de santé"]  # fmt: skip


@pytest.mark.parametrize("header", PLURALS)
def test_plurals_and_other_wordings_are_refused_too(header: str) -> None:
    for kind in ("activities", "contacts"):
        with pytest.raises(RefusedFile):
            privacy.check_headers("f.csv", ["date", header], kind)


@pytest.mark.parametrize(
    "header", ["nb_informes", "lieu", "commune", "date", "type_activite", "id"]
)
def test_ordinary_headers_of_a_log_pass(header: str) -> None:
    assert privacy.refusal_code(header, "activities") == ""
