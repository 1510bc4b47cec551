"""Regenerate docs/reseau.md and its two pictures: the control of the networks of real towns."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import geopandas as gpd
import pandas as pd
from PIL import Image

from scripts.bondy import prepare_bondy
from territory.io.streets import read_streets
from territory.network.audit import NetworkAudit, audit_network
from territory.network.walk import build_walk
from territory.outputs.french import number
from territory.outputs.network_map import write_network_map
from territory.outputs.network_report import first_faults, network_summary
from territory.pipeline.network_check import deliver_network, network_audit, walked
from territory.pipeline.workspace import open_territory
from territory.settings import Settings
from tests.real_data import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGES = ROOT / "docs" / "images"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_COLOURS = 96  # of a picture of lines on a plain ground: enough, and small

_HEAD = """# Le contrôle du réseau piéton

Tout temps de marche de l'outil vient du réseau des rues. `territory network DOSSIER` dit ce qui
manque à ce réseau, qui cela concerne et que faire ; il écrit `outputs/reseau.html` (la carte
« Contrôle du réseau »), `outputs/reseau.gpkg` (une couche par sorte de défaut, pour QGIS) et
`outputs/reseau.txt`. Rien n'est corrigé sans vous : vous corrigez OpenStreetMap, vous changez un
réglage, ou vous acceptez. Page écrite par `python scripts/write_network_page.py`.

{rules}

Les chemins sont exacts (le moteur de marche), comptés en mètres sur les rues seules. Les rues sont
sondées tous les 25 m ; les habitants sont ceux des carreaux, à moins de 100 m du défaut.
"""

_RULES = (
    (
        "Morceaux séparés",
        "rues qu'aucun chemin ne relie au plus grand morceau : longueur, mètres à vol d'oiseau "
        "jusqu'à lui, habitants et lieux dont c'est la rue la plus proche",
    ),
    (
        "Côtés de rue isolés",
        "deux voies parallèles à 20 m ou moins l'une de l'autre, sans lien sur 50 m ou plus",
    ),
    (
        "Traversées manquantes",
        "deux voies parallèles, face à face, à 40 m au plus ; à pied plus de 5 fois la ligne "
        "droite et 100 m de plus",
    ),
    (
        "Impasses coupées",
        "impasse de 40 m ou plus dont le bout est à 60 m au plus d'une voie ferrée, de l'eau ou "
        "d'une autoroute, avec l'autre rive à 120 m au plus, mais loin à pied",
    ),
    ("Loin de toute rue", "carreaux et lieux à plus de 100 m de leur rue"),
    (
        "Mal ou pas atteints",
        "carreaux habités sans rue assez proche (`raccord_max_m`), près d'un morceau séparé, ou à "
        "plus de `loin_min` de tout lieu",
    ),
    ("Trous", "ce que `joindre_trous_m` = 5, 10 ou 20 joindrait, et ce qu'il a joint"),
)

_BY_EYE = """### Vérifié à l'œil

- **Chemin de Halage et quai Hubertine Auclert** : vrai. Ce sont les deux rives du canal de
  l'Ourcq : chacun des traits de la carte coupe le canal d'un autre extrait OpenStreetMap (quartier
  Pasteur, 2022), et il n'y a pas de pont sur ces longueurs. À accepter : le détour est réel.
- **Avenue du Général Gallieni** : vrai dans les données. Chaussées et bretelles sont dessinées à
  part et ne se rejoignent qu'aux grands carrefours. À regarder sur place.
- **Chemin de Groslay et rue du Bon Air** : vrai pour cet extrait, sans doute faux sur le terrain.
  Ces rues, à l'ouest de l'autoroute A3, sont coupées du reste parce que l'extrait s'arrête au bord
  de Bondy. À corriger par un extrait plus large que la commune.
- **Avenue Léon Blum** : douteux. La voie qui lui fait face dessert une résidence (accès toléré) ;
  on traverse sans doute la pelouse, qu'aucun chemin ne dessine.
"""

_FOREST = """
Les collines à l'est sont couvertes de sentiers forestiers parallèles, à flanc de pente : leurs
traversées manquantes sont vraies et sans grand intérêt. Avec une population, elles passent en
dernier ; sans elle, les voies qui ont un nom passent d'abord.
"""


def main() -> None:
    """Control Bondy and Heidelberg when their files are here; write the page and its pictures."""
    if not FOLDER.exists():
        print("Les fichiers réels ne sont pas là : docs/reseau.md reste tel quel.")
        return
    with tempfile.TemporaryDirectory() as workshop:
        parts = [head(), bondy(Path(workshop)), _BY_EYE, heidelberg(Path(workshop))]
    (ROOT / "docs" / "reseau.md").write_text("\n".join(parts), encoding="utf-8")


def head() -> str:
    """Return what the control is, and the rule of each question."""
    rows = ["| question | règle |", "| --- | --- |", *(f"| {q} | {r} |" for q, r in _RULES)]
    return _HEAD.format(rules="\n".join(rows))


def bondy(workshop: Path) -> str:
    """Control the real streets and population of Bondy; return its part of the page."""
    folder = workshop / "bondy"
    prepare_bondy(FOLDER, folder)
    built = walked(open_territory(folder))
    found, seconds = timed(lambda: network_audit(built))
    deliver_network(built, found)
    picture(folder / "outputs" / "reseau.html", IMAGES / "reseau_bondy.png")
    return part("Bondy", "reseau_bondy.png", found, seconds)


def heidelberg(workshop: Path) -> str:
    """Control the streets of Heidelberg, of which no population is here."""
    streets, _ = read_streets(FOLDER / "osm" / "heidelberg.osm.pbf", epsg=25832)
    barriers = getattr(streets, "barriers", None)
    points = gpd.GeoDataFrame(geometry=[], index=pd.Index([], name="point_id"), crs=25832)
    network = build_walk(streets.segments, streets.nodes, points)
    found, seconds = timed(lambda: audit_network(network, barriers=barriers))
    page = write_network_map(
        workshop / "heidelberg.html",
        found=found,
        segments=streets.segments,
        barriers=barriers,
        settings=Settings.model_validate({"territoire": {"nom": "Heidelberg", "epsg": 25832}}),
    )
    picture(page, IMAGES / "reseau_heidelberg.png")
    return part("Heidelberg", "reseau_heidelberg.png", found, seconds) + _FOREST


def timed(action: Callable[[], NetworkAudit]) -> tuple[NetworkAudit, float]:
    """Return what `action` found and its seconds of processor, kernels already compiled."""
    action()
    started = time.process_time()
    return action(), time.process_time() - started


def part(town: str, image: str, found: NetworkAudit, seconds: float) -> str:
    """Return what is said of one town."""
    return "\n".join(
        [
            f"## {town}",
            "",
            f"![Contrôle du réseau de {town}](images/{image})",
            "",
            *(f"- {sentence}" for sentence in network_summary(found)),
            f"- Contrôle calculé en {number(seconds, 1)} s de processeur.",
            "",
            "```",
            *first_faults(found),
            "```",
            "",
        ]
    )


def picture(page: Path, image: Path) -> None:
    """Photograph a page by the Chromium of the system, without network, in few colours."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        print(f"Chromium absent : {image.name} reste telle quelle.")
        return
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
    options = ("--hide-scrollbars", "--window-size=1240,860", "--virtual-time-budget=8000")
    command = [browser, *quiet, *options, f"--screenshot={image}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with Image.open(image) as shot:
        small = shot.convert("RGB").quantize(_COLOURS)
    small.save(image, optimize=True)


if __name__ == "__main__":
    main()
