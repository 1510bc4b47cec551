"""
Regenerate docs/passage.md and its picture of Bondy, from the real files and the measured figures.

The figures are those `python benchmarks/passage.py --json benchmarks/passage_measured.json bondy
heidelberg porto` wrote last.
"""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

import json
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import shapely
from matplotlib.collections import LineCollection
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.bondy import prepare_bondy
from territory.analysis.passage import purpose_loads, street_values
from territory.model.walking import DAY_TYPES, PERIODS, PURPOSES, STOP, walks_in
from territory.model.words import PLACE_KINDS, label
from territory.network.walk import network_from_tables
from territory.outputs.account import passage_account
from territory.outputs.french import number
from territory.outputs.passage_layers import COLORS
from territory.pipeline.steps import build
from territory.pipeline.workspace import Built, open_territory
from tests.real_data import FOLDER

MEASURED = ROOT / "benchmarks" / "passage_measured.json"
IMAGE = ROOT / "docs" / "images" / "passage_bondy.png"
PANELS = (
    ("semaine", 420, 540, "Lundi, mardi, jeudi, vendredi : 7 h à 9 h"),
    ("mercredi", 840, 990, "Mercredi : 14 h à 16 h 30"),
    ("dimanche", 540, 720, "Dimanche : 9 h à 12 h"),
)
BUSY = (2, 10, 30, 60, 100)  # walkers per hour of the model, the same scale in every panel


def main() -> None:
    """Build Bondy, draw it, and write the page."""
    with tempfile.TemporaryDirectory() as workshop:
        folder = Path(workshop) / "bondy"
        prepare_bondy(FOLDER, folder)
        built = build(open_territory(folder))
        seconds = again(built)
        draw(built)
        text = "\n".join(page(built, seconds))
    (ROOT / "docs" / "passage.md").write_text(text, encoding="utf-8")


def again(built: Built) -> float:
    """Return the seconds that the loads of all purposes take, kernels loaded."""
    walk = built.products["40_walk"]
    network = network_from_tables(dict(walk.tables))
    nodes = network.points["node"].to_numpy()[:200]
    places = pd.DataFrame({"kind": STOP, "node": nodes, "weight": 1.0})
    start = time.monotonic()
    purpose_loads(network, walk.tables["segments"], built.table("cells"), places)
    return time.monotonic() - start


def draw(built: Built) -> None:
    """Draw three moments of the week side by side."""
    passage, segments = built.table("passage"), built.table("segments").sort_index()
    lines = [shapely.get_coordinates(g) for g in segments.geometry]
    west, south, east, north = built.table("communes").total_bounds
    figure, axes = plt.subplots(1, 3, figsize=(13.5, 7.2), dpi=80)
    for axis, (day, start, end, title) in zip(axes, PANELS, strict=True):
        values = street_values(passage, day, start, end).reindex(segments.index).to_numpy()
        classes = np.searchsorted(BUSY, np.nan_to_num(values), side="right")
        axis.add_collection(LineCollection(lines, colors="#d5d0c8", linewidths=0.5))
        for k, color in enumerate(COLORS, start=1):
            chosen = [line for line, c in zip(lines, classes, strict=True) if c == k]
            width = 0.5 + 0.65 * k
            axis.add_collection(LineCollection(chosen, colors=color, linewidths=width))
        built.table("communes").boundary.plot(
            ax=axis, color="#333333", linewidth=0.8, linestyle=":"
        )
        names(axis, segments, values)
        axis.set(xlim=(west - 80, east + 80), ylim=(south - 80, north + 80), aspect="equal")
        axis.set_title(title, fontsize=11)
        axis.set_axis_off()
    legend(figure)
    figure.savefig(IMAGE, metadata={"Software": None})
    plt.close(figure)
    Image.open(IMAGE).convert("RGB").quantize(48).save(IMAGE, optimize=True)  # few colours: small


def names(axis: Any, segments: pd.DataFrame, values: np.ndarray) -> None:  # noqa: ANN401
    """Write the names of the busiest streets, each once and apart from the others."""
    order = np.argsort(-np.nan_to_num(values), kind="stable")
    written: dict[str, tuple[float, float]] = {}
    for k in order[:400]:
        name, middle = segments["name"].iloc[k], segments.geometry.iloc[k].centroid
        near = any(np.hypot(middle.x - x, middle.y - y) < 330 for x, y in written.values())
        if pd.isna(name) or name in written or near or len(written) > 7:
            continue
        written[name] = (middle.x, middle.y)
        box = {"boxstyle": "square,pad=.15", "fc": "white", "ec": "none", "alpha": 0.75}
        axis.text(middle.x, middle.y, name, fontsize=7, ha="center", va="center", bbox=box)


def legend(figure: Any) -> None:  # noqa: ANN401
    """Write the classes under the panels, and what the drawing rests on."""
    bounds = [*map(str, BUSY), ""]
    texts = [f"{a} à {b}" if b else f"plus de {a}" for a, b in pairwise(bounds)]
    handles = [
        plt.Line2D([], [], color=c, linewidth=0.5 + 0.65 * k) for k, c in enumerate(COLORS, start=1)
    ]
    figure.legend(
        handles, texts, loc="lower center", ncols=5, frameon=False, fontsize=10,
        title="Marcheurs par heure du modèle (relatifs : aucun comptage)",
    )  # fmt: skip
    figure.text(
        0.5, 0.005, "© les contributeurs d’OpenStreetMap, Insee, ANCT", ha="center", fontsize=7
    )
    figure.subplots_adjust(left=0.01, right=0.99, top=0.95, bottom=0.11, wspace=0.02)


def page(built: Built, seconds: float) -> list[str]:
    """Return the lines of docs/passage.md."""
    facts = built.products["45_passage"].facts["purposes"]
    return [
        "# Où passent les gens : le passage à pied",
        "",
        "La présence doit être visible : une maraude vaut mieux là où l’on passe. Le produit `45_passage` estime, pour chaque tronçon de rue et",
        "chaque période de la semaine, combien de personnes y marchent. **C’est un modèle** : les valeurs se comparent entre elles, elles ne sont pas",
        "des comptages tant qu’elles n’ont pas été calées sur des comptages. Page écrite par `python scripts/passage_page.py`.",
        "",
        "![Passage à pied à Bondy selon le moment](images/passage_bondy.png)",
        "",
        "## Ce qu’il y a derrière l’image de Bondy",
        "",
        *[f"- {line.strip()}" for line in passage_account(facts, built.calibration)],
        "- Les arrêts viennent du fichier de rues. **Aucun fichier ouvert de Bondy ne donnait ses commerces, ses écoles ni sa gare** : ces trajets",
        "  manquent, et une gare entrée parmi les partenaires changerait l’image autour d’elle. Un arrêt y compte donc comme un autre, terminus ou non.",
        "- Un seul lieu de vie y est connu, la médiathèque : le mercredi après-midi, le centre est surestimé, le reste sous-estimé.",
        f"- Calcul de tous les motifs : {number(seconds, 1)} s, moteur chargé.",
        "",
        "## Comment",
        "",
        "1. Les habitants de chaque carreau sont répartis le long de ses rues (au prorata des mètres), pas en un seul point.",
        "2. Pour chaque motif, un habitant marche d’autant moins que le lieu le plus proche est loin (part divisée par e toutes les `d` minutes) ; ses",
        "   trajets se partagent entre les lieux par attrait × exp(−minutes / d) (Huff 1964, Wilson 1971), 25 minutes au plus, aller et retour.",
        "3. Chaque trajet suit le plus court chemin ; s’il y en a plusieurs, à parts égales (Brandes 2001, 2008). Calcul exact.",
        "4. Les lieux sensibles, itinérants ou inactifs n’attirent personne ici : aucune rue ne doit les désigner.",
        "",
        "Les fréquences ci-dessous sont des ordres de grandeur **choisis par raisonnement** : aucune enquête n’est derrière elles. On les remplace",
        "par l’argument `purposes` de `purpose_loads` et de `passage_table` (`territory/model/walking.py`).",
        "",
        *purposes_table(),
        "",
        "Le marché n’a pas ses vrais jours, les vacances et la météo n’existent pas, personne ne marche d’un lieu à un autre sans repasser chez soi,",
        "et seuls les habitants des communes marchent : aux limites, les rues sont sous-estimées.",
        "",
        "## S’en servir",
        "",
        "- Carte de la semaine : calque « Passage à pied » (caché au départ) et tableau des vingt rues les plus passantes. GeoPackage : `passage_a_pied`.",
        "- `territory.analysis.passage.street_values(passage, jour, début, fin)` : marcheurs par heure de chaque tronçon entre deux heures ;",
        "  `day_type(date, holiday=...)` dit le jour. Avant 7 h et après 19 h 30, rien n’est dit (valeur absente, pas zéro).",
        "- Comptages : `territory add DOSSIER comptages.csv`, une ligne par comptage (date, heure_debut, heure_fin, latitude, longitude, passants : les",
        "  deux sens ensemble), chacun aux trois quarts au moins dans une période du tableau ci-dessus ; un jour férié compte comme un dimanche. Ceux",
        "  qui sont à moins de 20 m d’une rue donnent un coefficient par motif (`fit_passage` : Poisson, moindres carrés non négatifs), ou un seul s’il",
        "  retrouve mieux les comptages laissés de côté un par un ; l’erreur sur ceux-ci est dite. Avec moins de dix comptages, ou de deux par motif, le",
        "  passage reste relatif et `territory build` dit combien il en manque.",
        "",
        "## Ce qui a été mesuré",
        "",
        "`benchmarks/passage.py`, deux cœurs partagés avec d’autres travaux, secondes de processeur (tous fils), meilleur de trois.",
        "« Exact » : un trajet de chacun de 1 000 lieux vers chacun de 200, sans limite ; les trois moteurs reçoivent les mêmes longueurs en microsecondes.",
        "",
        *exact_table(),
        "",
        "networkx (`edge_betweenness_centrality_subset`) est demandé pour 4 destinations puis extrapolé (*). Sur des chemins ex æquo, networkx 3.6 partage",
        "les tronçons selon le nombre de prédécesseurs et non de chemins : les tests jugent alors par la liste de tous les plus courts chemins.",
        "Des trajets dont la durée diffère de moins de quelques microsecondes peuvent être pris l’un pour l’autre.",
        "",
        "« Échantillon » : tous les nœuds habités, 5 000 lieux inégaux (Bondy : 1 839), 25 minutes au plus. Erreur : moyenne quadratique relative sur le",
        "dixième des rues les plus chargées ; « tenus » : part des intervalles à 95 % qui contiennent la valeur exacte ; cinq tirages.",
        "",
        *sample_table(),
        "",
        "L’erreur annoncée est celle qu’on trouve. Mais **avec une limite de 25 minutes, l’échantillon ne fait presque rien gagner** : une recherche",
        "limitée coûte peu, et les rues chargées dépendent de peu de lieux. Le produit calcule donc tout, exactement ; l’échantillon sert aux demandes",
        "sans limite ou immenses.",
        "",
    ]


def purposes_table() -> list[str]:
    """Return the purposes: walks of 100 residents by period of a weekday, and by day."""
    periods = " | ".join(p.label for p in PERIODS)
    lines = [
        f"| motif | lieux (attrait) | d (min) | {periods} | mercredi | samedi | dimanche | pourquoi |",
        "| --- | --- | --- |" + " --- |" * (len(PERIODS) + 4),
    ]
    week, *others = DAY_TYPES
    for purpose in PURPOSES:
        kinds = ", ".join(
            f"{label(PLACE_KINDS, k)} ({number(v)})" for k, v in purpose.attraction.items()
        )
        kinds = kinds.replace("arret", "arrêt")
        often = [number(100 * walks_in(purpose, week, p)) for p in PERIODS]
        days = [number(100 * sum(walks_in(purpose, d, p) for p in PERIODS)) for d in others]
        cells = [purpose.label, kinds, number(purpose.decay_min), *often, *days, purpose.why]
        lines.append(f"| {' | '.join(cells)} |")
    return [
        *lines,
        "",
        "Marches (aller ou retour) pour 100 habitants dont le lieu est à leur porte : par période d’un lundi, mardi, jeudi ou vendredi ; puis par jour entier.",
    ]


def exact_table() -> list[str]:
    """Return the exact loads beside the peers."""
    lines = [
        "| réseau | nœuds | territory | igraph | networkx | territory, 25 min au plus | écart à igraph | écart à networkx |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for spec, found in measured().items():
        e = found["exact"]
        peer = f"{number(e['igraph_s'], 2)} (×{number(e['igraph_s'] / e['ours_s'], 1)})"
        slow = f"{number(e['networkx_s'], 1)}* (×{number(e['networkx_s'] / e['ours_s'])})"
        cells = [
            spec, number(found["nodes"]), number(e["ours_s"], 2), peer, slow, number(e["limited_s"], 2),
            number(e["igraph_gap"], 6), number(e["networkx_gap"], 6),
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def sample_table() -> list[str]:
    """Return the sample beside the whole."""
    lines = [
        "| réseau | tout (s) | erreur voulue | tirages | échantillon (s) | annoncée | trouvée | tenus |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for spec, found in measured().items():
        whole = found["sample"]
        for wanted in (k for k in whole if k.startswith("0.")):
            s = whole[wanted]
            drawn = number(s["draws"]) if s["draws"] else "tous"
            percents = [f"{number(100 * s[k], 1)} %" for k in ("stated", "made", "held")]
            ask = f"{number(100 * float(wanted))} %"
            cells = [
                spec,
                number(whole["whole_s"], 2),
                ask,
                drawn,
                number(s["sample_s"], 2),
                *percents,
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def measured() -> dict[str, Any]:
    """Return the figures of the last run of the benchmark."""
    found: dict[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    main()
