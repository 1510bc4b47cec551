"""Professional contacts: a post, a shared mailbox, a switchboard; never somebody's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from territory.errors import RefusedFile
from territory.io.pro_contacts import (
    ProContact,
    read_pro_contacts,
    shared_mail,
    shared_phone,
    shared_post,
)
from tests.io.tables import save

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "nom_structure;commune;type_structure;referent;fonction;courriel;telephone;portable"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("accueil@exemple.fr", "accueil@exemple.fr"),
        (" Contact.Emploi@ville-exemple.fr ", "contact.emploi@ville-exemple.fr"),
        ("secretariat2@exemple.asso.fr", "secretariat2@exemple.asso.fr"),
        ("jeanne.exemple@ville.fr", ""),
        ("j.exemple.accueil@ville.fr", ""),
        ("accueil", ""),
        ("accueil@exemple.fr, j.exemple@exemple.fr", ""),
        ("12@exemple.fr", ""),
    ],
)
def test_mailboxes(text: str, kept: str) -> None:
    assert shared_mail(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("01 48 00 00 00", "01 48 00 00 00"),
        ("0148000000", "01 48 00 00 00"),
        ("+33 1.48.00.00.00", "01 48 00 00 00"),
        ("+33(0)148000000", "01 48 00 00 00"),
        ("06 12 34 56 78", ""),
        ("07-12-34-56-78", ""),
        ("poste 12", ""),
    ],
)
def test_telephones(text: str, kept: str) -> None:
    assert shared_phone(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("chargée d'insertion", "chargée d'insertion"),
        ("Directrice", "Directrice"),
        ("référente RSA", "référente RSA"),
        ("directrice Exemple", ""),
        ("Jeanne Exemple", ""),
        ("Responsable, 06 12 34 56 78", ""),
        ("", ""),
    ],
)
def test_posts(text: str, kept: str) -> None:
    assert shared_post(text) == kept


def test_a_list_without_anybody(tmp_path: Path) -> None:
    rows = [
        "CCAS;Bondy;ccas;Jeanne Exemple;directrice;accueil@exemple.fr;0148000000;06 12 34 56 78",
        "MDE;Bondy;mde;Paul Exemple;;paul.exemple@exemple.fr;06 12 34 56 78;",
        "Maison des femmes victimes de violences;Bondy;association;;;accueil@exemple.fr;;",
        "Médiathèque;Bobigny;médiathèque;;;;;",
    ]
    path = save(tmp_path, "\n".join([HEAD, *rows]))
    found = read_pro_contacts(path)
    assert found.kept == (
        ProContact("CCAS", "Bondy", "directrice", "accueil@exemple.fr", "01 48 00 00 00"),
    )
    assert found.left_out == 2  # the mailbox and the mobile phone of the MDE
    assert "Paul" not in str(found)
    again = read_pro_contacts(save(tmp_path, "\n".join([HEAD, *reversed(rows)])))
    assert again == found


def test_a_file_about_people_stays_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "nom_structure;commune;date_naissance;mail\nA;Bondy;01/01/1990;x@y.fr\n")
    with pytest.raises(RefusedFile, match="E-PERSO"):
        read_pro_contacts(path)
