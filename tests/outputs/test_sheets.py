"""The sheet of an outing: A4, tagged, stops in order, codes only; its plan drawn and legible."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from shapely.geometry import box

from territory.model.week_results import Shelter
from territory.outputs.french import clock
from territory.outputs.sheet_map import LOWEST, sheet_maps
from territory.outputs.sheets import write_sheet
from territory.outputs.sheets_content import sheet_content
from territory.outputs.street_plan import WIDTH
from territory.planning.codes import coded
from territory.settings import Ground, Settings
from tests.outputs.map_town import X0, Y0, outing, plan, stop, streets

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.week_results import Session

ZONE = box(X0 + 200, Y0, X0 + 600, Y0 + 400)
A4 = (595.276, 841.89)


def sheet(folder: Path, session: Session | None = None, **changes: Any) -> Path:  # noqa: ANN401
    options = {
        "segments": streets(),
        "zone_geometry": ZONE,
        "folder": folder,
        "settings": Settings(ground=Ground(fictional=True)),
    }
    return write_sheet(session or outing(), **options | changes)


def many(count: int) -> Session:
    stops = tuple(
        replace(stop(n, f"Lieu Numéro{n:02d}", 40 * n, 300, "p1"), reason="Une raison. " * 8)
        for n in range(1, count + 1)
    )
    return outing(stops=stops)


def read(path: Path) -> str:
    return " ".join(" ".join(p.extract_text() for p in pypdf.PdfReader(path).pages).split())


@pytest.mark.parametrize("count", [1, 6, 14])
def test_one_or_two_a4_pages_with_the_stops_in_order(tmp_path: Path, count: int) -> None:
    path = sheet(tmp_path, many(count))
    pages = pypdf.PdfReader(path).pages
    assert len(pages) in {1, 2}
    for page in pages:
        size = (float(page.mediabox.width), float(page.mediabox.height))
        assert size == pytest.approx(A4, abs=0.01)
    text = read(path)
    found = [text.index(f"Numéro{n:02d}") for n in range(1, count + 1)]
    assert found == sorted(found)


def test_everything_a_pair_needs_is_there(tmp_path: Path) -> None:
    text = read(sheet(tmp_path, addresses={"p1": "1 rue Droite"})).replace("\u202f", " ")
    for words in (
        "Maraude Secteur 1", "M1 + M2", "mardi 24 novembre 2026", "9 h 30", "11 h 30",
        "La zone la moins couverte.", "1 rue Droite", "10 h – 10 h 20", "17 h",
        "personnes informées", "moins de 26 ans", "Météo", "visite partenaire",
        "Document de travail – ne pas diffuser. À détruire après la tournée.",
    ):  # fmt: skip
        assert words in text, words


def test_unknown_hours_are_to_be_checked(tmp_path: Path) -> None:
    unknown = outing(stops=(replace(outing().stops[0], closes_min=None),))
    assert "à vérifier" in read(sheet(tmp_path, unknown))


def test_the_pdf_is_tagged_french_and_says_nothing_of_its_making(tmp_path: Path) -> None:
    document = pypdf.PdfReader(sheet(tmp_path))
    assert str(document.root_object["/Lang"]).startswith("fr")
    assert document.root_object["/MarkInfo"]["/Marked"]
    assert document.metadata is not None
    assert document.metadata.title == (
        "Fiche de tournée – Maraude Secteur 1 – mardi 24 novembre 2026"
    )
    assert document.metadata.author is None
    assert document.metadata.creation_date is None
    assert b"pdfuaid" in sheet(tmp_path).read_bytes()


def test_same_outing_same_bytes_even_with_streets_shuffled(tmp_path: Path) -> None:
    first = sheet(tmp_path / "a").read_bytes()
    mixed = streets().sample(frac=1, random_state=3)
    assert sheet(tmp_path / "b", segments=mixed).read_bytes() == first


def test_each_outing_has_its_own_file_inside_the_folder(tmp_path: Path) -> None:
    later = outing(start_min=630)
    odd = outing(agents=("../M1", "M2"))
    paths = [sheet(tmp_path, s) for s in (outing(), later, odd)]
    assert len(set(paths)) == 3
    assert {p.parent for p in paths} == {tmp_path}
    assert paths[0].name == "2026-11-24_matin_09h30_M1-M2.pdf"
    assert len(list(tmp_path.iterdir())) == 3


def full(stops: int = 5, names: int = 24, words: int = 12) -> Session:
    """An outing with everything a sheet can say; texts of `words` words."""
    session = coded(plan()).sessions[0]
    text = "quelques mots " * words
    made = tuple(
        replace(stop(n, f"Lieu Numéro{n:02d}", 45 * n, 30 * n, "p1"), reason=text, loss=1.5,
                code=f"L{n}", arrive_min=560 + 11 * n, leave_min=569 + 11 * n)
        for n in range(1, stops + 1)
    )  # fmt: skip
    shelters = tuple(Shelter(f"s{n}", f"Abri {n}", 540, 1080, 5, text) for n in range(3))
    walked = tuple(f"rue du Vieux-Four {n}" for n in range(names))
    return replace(
        session, stops=made, reason=text, streets=walked,
        bring=("dépliants", "gilet"), announce="Café de l’emploi, jeudi à 14 h.", lunch_min=600,
        shelters=shelters,
    )  # fmt: skip


def test_streets_hours_and_codes_are_all_read_back(tmp_path: Path) -> None:
    session = full()
    text = read(sheet(tmp_path, session)).replace("\u202f", " ")
    for name in session.streets:
        assert name in text
    for one in session.stops:
        assert f"{clock(one.arrive_min)} – {clock(one.leave_min)}".replace("\u202f", " ") in text
        assert one.code in text
    assert f"Fiche {session.code}" in text
    assert f"À taper : {session.code} I… A…" in text
    assert text.index("Numéro03") < text.index("Pause déjeuner") < text.index("Numéro04")
    for words in ("Emporter : dépliants, gilet.", "Annoncer : Café de l’emploi", "Abri 2"):
        assert words in text


def test_the_bus_is_told_where_it_is_taken(tmp_path: Path) -> None:
    ride, back = "bus 143, de « Mairie » à 9 h 40", "bus 143, de « Gare » à 11 h 02"
    first, *others = outing().stops
    session = outing(stops=(replace(first, ride=ride), *others), ride_back=back)
    text = read(sheet(tmp_path, session)).replace("\u202f", " ")
    assert text.index(ride) < text.index("Retour " + back) < text.index("Annoncer")


def test_nothing_to_announce_is_said_and_no_shelter_is_not(tmp_path: Path) -> None:
    text = read(sheet(tmp_path))
    assert "Annoncer : rien de proche dans les sept jours." in text
    assert "S’il pleut" not in text
    assert "À taper" not in text


@pytest.mark.parametrize(("stops", "names", "words"), [(14, 60, 20), (40, 300, 400)])
def test_two_pages_whatever_there_is_to_say(
    tmp_path: Path, stops: int, names: int, words: int
) -> None:
    path = sheet(tmp_path, full(stops, names, words))
    assert len(pypdf.PdfReader(path).pages) == 2
    text = read(path)
    assert "Texte abrégé" in text
    assert [f"Numéro{n:02d}" in text for n in range(1, min(stops, 24) + 1)] == [True] * min(
        stops, 24
    )


def test_what_was_cut_is_given_back_where_lines_are_free() -> None:
    """After the stops, never beside them: no stop is put off by it; what is left out is said."""
    session, known = full(3, 5, 60), Settings()
    plans = sheet_maps(session, streets(), None)
    cut, back = (sheet_content(session, {}, plans, known, level=2, more=n) for n in (0, 90))
    assert cut["reasons"] == []
    assert [sign for sign, _ in back["reasons"]] == ["L1", "L2", "L3"]
    assert all(60 < len(told) <= 91 for _, told in back["reasons"])
    assert cut["rows"] == back["rows"]
    assert cut["shortened"] == (
        "Texte abrégé : les raisons des arrêts sont entières dans le classeur de la semaine."
    )
    assert sheet_content(session, {}, plans, known)["shortened"] == ""


def test_reasons_of_stops_go_before_anything_else() -> None:
    session = full(3, 5, 30)
    plans, known = sheet_maps(session, streets(), None), Settings()
    whole, short, none = (sheet_content(session, {}, plans, known, level=n) for n in (0, 1, 2))
    assert [len(row["details"]) for row in whole["rows"] if row["label"]] == [1, 1, 1]
    assert all(len(row["details"][0]) <= 111 for row in short["rows"] if row["label"])
    assert [len(row["details"]) for row in none["rows"] if row["label"]] == [0, 0, 0]
    assert none["streets"] == list(session.streets)
    assert [len(one["maps"]) for one in (whole, short, none)] == [1] * 3


def test_no_text_is_smaller_than_eleven_points_and_none_is_pale(tmp_path: Path) -> None:
    sizes: list[float] = []

    def note(text: str, matrix: Any, inner: Any, _font: Any, size: float) -> None:  # noqa: ANN401
        if text.strip():
            sizes.append(abs(size * inner[3] * matrix[3]))

    for page in pypdf.PdfReader(sheet(tmp_path, full())).pages:
        page.extract_text(visitor_text=note)
    assert len(sizes) > 30
    assert min(sizes) >= 10.99


@pytest.mark.parametrize("text", ["#panic()", "<b>&amp;", "$x$ *gras* _it_", '"\\'])
def test_text_of_files_is_never_code(tmp_path: Path, text: str) -> None:
    session = outing(title=text, reason=text, streets=(text,))
    assert text.split(maxsplit=1)[0] in read(sheet(tmp_path, session, segments=streets(name=text)))


def drawing(session: Session | None = None, **changes: Any) -> ET.Element:  # noqa: ANN401
    (only,) = drawings(session, **changes)
    return only


def drawings(session: Session | None = None, **changes: Any) -> list[ET.Element]:  # noqa: ANN401
    options = {"segments": streets(), "zone": ZONE} | changes
    plans = sheet_maps(session or outing(), **options)
    return [ET.fromstring(plan.svg) for plan in plans]  # noqa: S314 - our own drawing


def texts(svg: ET.Element) -> list[str]:
    return ["".join(e.itertext()) for e in svg.iter() if e.tag.endswith("text")]


def circles(svg: ET.Element) -> list[tuple[float, float]]:
    found = [e for e in svg.iter() if e.tag.endswith("circle")]
    return [(float(e.attrib["cx"]), float(e.attrib["cy"])) for e in found]


def test_the_map_says_streets_scale_north_and_sources() -> None:
    said = texts(drawing())
    assert {"1", "2", "N", "200 m", "départ", "rue Droite"} <= set(said)


def test_stops_are_inside_and_never_hide_each_other() -> None:
    stops = tuple(stop(n, f"Lieu {n}", 300, 300) for n in range(1, 5))
    spots = circles(drawing(outing(stops=stops)))
    assert len(spots) == 4
    assert all(abs(a[0] - b[0]) >= 64 for a, b in itertools.combinations(spots, 2))
    assert all(0 < x < WIDTH and 0 < y < LOWEST for x, y in spots)


def test_arrows_point_the_way_walked() -> None:
    east = outing(path=((X0 + 100, Y0 + 100), (X0 + 900, Y0 + 100)), stops=())
    shapes = [e for e in drawing(east, zone=None).iter() if e.tag.endswith("polygon")]
    arrows = [e.attrib["points"].split() for e in shapes if "stroke" in e.attrib]
    assert len(arrows) > 3
    for tip, *tail in arrows:
        assert all(float(tip.split(",")[0]) > float(t.split(",")[0]) for t in tail)


def test_no_street_no_zone_no_walk_still_draws() -> None:
    svg = drawing(outing(path=()), segments=streets().iloc[:0], zone=None)
    assert {"1", "2"} <= set(texts(svg))
