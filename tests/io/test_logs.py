"""Activities and counts of contacts: what is kept, corrected, refused, and how it is said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from territory.errors import RefusedFile
from territory.io.logs import link_activities, read_activities, read_contacts
from territory.io.partners import read_partners
from territory.model.tables import ACTIVITIES, CONTACTS, check_table
from tests.io.tables import ACTIVITIES as EXAMPLE
from tests.io.tables import CONTACTS as EXAMPLE_CONTACTS
from tests.io.tables import TODAY, save

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.issues import ReadReport

HEAD = "date;type_activite;heure_debut;heure_fin;duree_h;lieu;id_partenaire;agents;nb_informes;nb_accroches;nb_femmes;nb_hommes"  # noqa: E501 - one header line


def read(folder: Path, *rows: str, head: str = HEAD) -> tuple[gpd.GeoDataFrame, ReadReport]:
    table, report = read_activities(save(folder, "\n".join([head, *rows])), today=TODAY)
    check_table(table, ACTIVITIES)
    return table, report


def found(report: ReadReport) -> list[tuple[str, int]]:
    return [(i.code, i.line) for i in report.issues if i.line]


def test_the_example_of_the_format(tmp_path: Path) -> None:
    table, report = read_activities(save(tmp_path, EXAMPLE), today=TODAY)
    check_table(table, ACTIVITIES)
    row = table[table.kind == "maraude"].iloc[0]
    assert (row.start_min, row.end_min, row.hours) == (840, 990, 2.5)
    assert (row.n_informed, row.n_engaged, row.n_women, row.n_men) == (23, 4, 13, 10)
    assert row.agents == "M1|M2"
    assert row.state == "realise"
    event = table[table.kind == "evenement"].iloc[0]
    assert pd.isna(event.n_women)  # not counted is unknown, never 0
    assert event.commune_code == "75120"
    assert report.kept == 3


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("03/29/2024;maraude;;;;A;;;;;;", "E-DATE"),
        ("01/01/2014;maraude;;;;A;;;;;;", "E-DATE"),
        (";maraude;;;;A;;;;;;", "E-VIDE"),
        ("05/03/2024;marraude;;;;A;;;;;;", "E-LISTE"),
        ("05/03/2024;maraude;;;;A;;;environ vingt;;;", "E-NUM"),
        ("05/03/2024;maraude;;;;A;;;2001;;;", "E-NUM"),
        ("05/03/2024;maraude;;;;A;;;-3;;;", "E-NUM"),
        ("05/03/2024;maraude;;;;A;;;2,5;;;", "E-NUM"),
        ("05/03/2024;maraude;;;;A;;Jean Exemple;;;;", "E-NOM"),
        ("05/03/2024;maraude;;;;voir 06 12 34 56 78;;;;;;", "E-TEXTE"),
        ("05/03/2024;maraude;;;;a@exemple.fr;;;;;;", "E-TEXTE"),
    ],
)
def test_refused_lines_are_named_without_what_may_be_personal(
    tmp_path: Path, row: str, code: str
) -> None:
    table, report = read(tmp_path, "04/03/2024;maraude;;;;A;;;;;;", row)
    assert len(table) == 1
    assert (report.read, report.kept) == (2, 1)
    assert (code, 3) in found(report)
    said = "\n".join(map(str, report.issues))
    assert "Exemple" not in said
    assert "06 12" not in said
    assert "exemple.fr" not in said


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("05/03/2024;maraude;;;;;;;5;;;", "E-OU"),
        ("05/03/2024;maraude;14h;9h;;A;;;;;;", "W-HEURE"),
        ("05/03/2024;maraude;8h;20h;;A;;;;;;", "W-HEURE"),
        ("05/03/2024;maraude;9h;12h;1;A;;;;;;", "W-DUREE"),
        ("05/03/2024;maraude;;;;A;;;301;;;", "W-NOMBRE"),
        ("05/03/2024;maraude;;;;A;;;3;5;;", "W-NOMBRE"),
        ("05/03/2024;maraude;;;;A;;;10;;7;6", "W-SOMME"),
        ("05/03/2024;maraude;;;;A;;;1,234;;;", "W-NUM"),
        ("05/11/2024;maraude;;;;A;;;;;;", "W-FUTUR"),
    ],
)
def test_doubtful_lines_are_kept_and_said(tmp_path: Path, row: str, code: str) -> None:
    table, report = read(tmp_path, row)
    assert len(table) == 1
    assert (code, 2) in found(report)


def test_sum_message_gives_both_figures(tmp_path: Path) -> None:
    _, report = read(tmp_path, "05/03/2024;maraude;;;;A;;;10;;7;6")
    assert "femmes + hommes (13) dépasse le nombre de personnes (10)." in str(report.issues[-1])


def test_an_ambiguous_number_is_refused_beside_decimals(tmp_path: Path) -> None:
    _, report = read(
        tmp_path, "05/03/2024;maraude;;;;A;;;1,234;;;", "05/03/2024;maraude;;;;B;;;2,5;;;"
    )
    assert found(report) == [("E-NUM", 2), ("E-NUM", 3)]


def test_future_is_planned_and_past_is_done(tmp_path: Path) -> None:
    rows = ["05/03/2024;maraude;;;;A;;;5;;;", "05/11/2024;maraude;;;;A;;;;;;"]
    table, _ = read(tmp_path, *rows)
    assert table.set_index("on").state.tolist() in (["realise", "prevu"], ["prevu", "realise"])
    assert table[table.on > "2024-06"].state.tolist() == ["prevu"]
    undated, _ = read_activities(save(tmp_path, "\n".join([HEAD, *rows])))
    assert undated.state.equals(table.state)  # the last counted day stands for today


def test_the_same_outing_twice_is_said_and_kept(tmp_path: Path) -> None:
    table, report = read(tmp_path, *["05/03/2024;maraude;9h;12h;;A;;M1;5;;;"] * 2)
    assert len(table) == 2
    assert "même date, même type, même lieu que la ligne 2." in str(report.issues[-1])


def test_shuffled_lines_give_the_same_table(tmp_path: Path) -> None:
    rows = [f"0{1 + n % 9}/03/2024;maraude;9h;12h;;A;;M1;{n};;;" for n in range(30)]
    first, _ = read(tmp_path, *rows)
    second, _ = read(tmp_path, *reversed(rows))
    pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))


def test_times_in_one_cell(tmp_path: Path) -> None:
    table, _ = read(tmp_path, "05/03/2024;maraude;A;14h-16h30", head="date;action;lieu;horaires")
    assert table[["start_min", "end_min"]].iloc[0].tolist() == [840, 990]


def test_free_text_is_not_imported(tmp_path: Path) -> None:
    head = "date;type_activite;lieu;commentaire"
    table, report = read(tmp_path, "05/03/2024;maraude;A;appeler le 06 12 34 56 78", head=head)
    assert len(table) == 1
    assert [i.code for i in report.issues] == ["I-LIBRE"]
    assert "06 12" not in table.to_csv()


def test_activities_find_their_place(tmp_path: Path) -> None:
    places, _ = read_partners(
        save(
            tmp_path,
            "id;nom_structure;type;code_insee;latitude;longitude;lieu_sensible\n"
            "P1;Centre des Lilas;csc;93010;48,9;2,48;\nP2;Double;csc;93010;48,9;2,48;\n"
            "P3;Double;csc;93008;48,9;2,48;\nP4;Foyer discret;foyer;93010;48,9;2,48;oui\n",
            name="p.csv",
        )
    )
    activities, _ = read(
        tmp_path,
        "01/03/2024;permanence;;;;;P1;;;;;",
        "02/03/2024;permanence;;;;CENTRE des lilas;;;;;;",
        "03/03/2024;permanence;;;;Double;;;;;;",
        "04/03/2024;permanence;;;;;P99;;;;;",
        "05/03/2024;permanence;;;;;Foyer discret;;;;;",
    )
    before = activities.copy()
    linked, issues = link_activities(activities, places)
    check_table(linked, ACTIVITIES)
    rows = linked.sort_values("on")
    assert rows.place_id.fillna("").tolist() == ["P1", "P1", "", "", "P4"]
    assert rows.geometry.notna().tolist() == [True, True, False, False, True]
    assert rows.commune_code.fillna("").tolist() == ["93010", "93010", "", "", "93010"]
    assert rows.sensitive.tolist() == [False] * 4 + [True]
    assert sorted(i.code for i in issues) == ["E-OU", "E-OU", "E-REF"]
    assert "le partenaire « P99 » n'existe pas dans la feuille « partenaires »." in "".join(
        map(str, issues)
    )
    pd.testing.assert_frame_equal(pd.DataFrame(activities), pd.DataFrame(before))


def test_contact_counts(tmp_path: Path) -> None:
    table, report = read_contacts(save(tmp_path, EXAMPLE_CONTACTS))
    check_table(table, CONTACTS)
    assert sorted(table["count"]) == [1, 3]
    assert found(report) == [("W-K", 3)]
    precise = table[table["count"] == 1].iloc[0]
    assert precise[["channel", "home_zone", "gender", "age_band"]].isna().all()
    wide = table[table["count"] == 3].iloc[0]
    assert (wide.gender, wide.age_band, wide.on.date()) == ("femme", "26_59", date(2024, 3, 5))


def test_every_trait_of_a_contact_is_kept_or_said(tmp_path: Path) -> None:
    head = "date;nombre;etape;commune_residence;freins;orientation_vers;issue;inscrit_spe"
    rows = ("05/03/2024;4;diagnostic;1004;Mobilité | langue;Pôle emploi;CDD plus 6 mois;oui",
            "05/03/2024;4;diagnostic;;santé|langue;;embauche;peut-être")  # fmt: skip
    table, report = read_contacts(save(tmp_path, "\n".join([head, *rows])))
    full = table[table["outcome"].notna()].iloc[0]
    traits = ["home_city_code", "barriers", "referred_to", "outcome", "registered"]
    assert full[traits].tolist() == ["01004", "langue|mobilite", "france_travail",
                                     "cdd_plus_6_mois", "oui"]  # fmt: skip
    doubtful = table[table["outcome"].isna()].iloc[0]
    assert doubtful["barriers"] == "langue"  # health is no trait to note (RGPD art. 9)
    assert found(report) == [("W-ZERO", 2), *[("W-LISTE", 3)] * 3]


def test_a_precise_contact_loses_every_trait(tmp_path: Path) -> None:
    head = "date;nombre;etape;freins;orientation_vers;issue;inscrit_spe"
    path = save(tmp_path, f"{head}\n05/03/2024;1;diagnostic;langue;ccas;cdi;oui\n")
    table, report = read_contacts(path)
    assert found(report) == [("W-K", 2)]
    traits = ["barriers", "referred_to", "outcome", "registered"]
    assert table[traits].isna().all(axis=None)
    assert table["count"].tolist() == [1]


def test_what_a_line_tells_beside_its_people_is_kept(tmp_path: Path) -> None:
    head = (
        "date;type_activite;lieu;nb_informes;nb_moins_26;nb_26_59;nb_60_plus;nb_sexe_inconnu;"
        "canal_com;meteo;motif_annulation;nb_partenaires_rencontres;code_qp;statut_realisation"
    )
    row = "05/03/2024;maraude;Place A;10;4;5;;1;30;pluie;lieu fermé;2;qn09310m;annulé"
    table, report = read(tmp_path, row, head=head)
    assert found(report) == []
    line = table.iloc[0]
    assert (line.n_under_26, line.n_26_59, line.n_gender_unknown, line.flyers) == (4, 5, 1, 30)
    assert pd.isna(line.n_60_plus)
    assert (line.weather, line.cancel_reason, line.n_partners_met) == ("pluie", "lieu_ferme", 2)
    assert line.qpv_code == "QN09310M"
    # leaflets are no people: a faulty number there does not cost the line
    _, doubts = read(tmp_path, row.replace(";30;", ";beaucoup;").replace(";5;;", ";7;;"), head=head)
    assert found(doubts) == [("W-SOMME", 2), ("W-NUM", 2)]
    assert "l'ensemble des âges (11) dépasse le nombre de personnes (10)" in str(doubts.issues[0])


@pytest.mark.parametrize(
    ("row", "precision"),
    [
        ("Place A;;;;", None),
        ("Place A;P1;;;", "adresse"),
        (";;Bondy;;", "commune"),
        (";;Bondy;QN09310M;", "quartier"),
        ("Place A;;Bondy;;troncon", "troncon"),
    ],
)
def test_how_precisely_a_line_tells_where(tmp_path: Path, row: str, precision: str) -> None:
    head = "date;type_activite;lieu;id_partenaire;commune;code_qp;precision_lieu"
    table, _ = read(tmp_path, f"05/03/2024;maraude;{row}", head=head)
    (found,) = table.place_precision.tolist()
    assert (None if pd.isna(found) else found) == precision


def test_the_middle_of_a_commune_is_no_place_of_contact(tmp_path: Path) -> None:
    head = "date;type_activite;commune;latitude;longitude;precision_lieu"
    rows = ("05/03/2024;maraude;Bondy;48,9;2,48;commune", "06/03/2024;maraude;Bondy;48,9;2,48;")
    table, report = read(tmp_path, *rows, head=head)
    assert table.sort_values("on").geometry.notna().tolist() == [False, True]
    assert found(report) == [("W-PRECISION", 2)]


def test_contact_lines_need_a_count_a_stage_and_a_day(tmp_path: Path) -> None:
    rows = ["A1;0;accroche;", ";2;accroche;", "A1;2;bonjour;", "A1;2;accroche;femme"]
    text = "\n".join(["id_activite;nombre;etape;sexe", *rows])
    table, report = read_contacts(save(tmp_path, text))
    assert found(report) == [("E-NUM", 2), ("E-VIDE", 3), ("E-LISTE", 4)]
    assert table.activity_id.tolist() == ["A1"]


def test_a_beneficiaries_file_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "nom;prénom;nombre;etape;date\nA;B;1;accroche;05/03/2024\n")
    with pytest.raises(RefusedFile, match="E-PERSO"):
        read_contacts(path)


def test_the_line_outside_its_quarter_is_the_one_named(tmp_path: Path) -> None:
    """Identifiers in the reverse order of the lines: the table is sorted, the file is not."""
    quarter = gpd.GeoDataFrame(geometry=[box(600_000, 6_800_000, 601_000, 6_801_000)],
                               index=["QN09301N"], crs=2154)  # fmt: skip
    rows = ("date;type_activite;id_activite;latitude;longitude;code_qp",
            "05/03/2024;maraude;Z9;6800500;600500;QN09301N",
            "06/03/2024;maraude;A1;6900500;600500;QN09301N")  # fmt: skip
    path = save(tmp_path, "\n".join(rows))
    _, report = read_activities(path, today=TODAY, zones=quarter)
    assert [i.line for i in report.issues if i.code == "W-QPV"] == [3]
