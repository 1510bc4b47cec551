"""Write docs/scaling.md: what a territory costs by its size, what a country would, what breaks."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import itertools

from territory.outputs.french import number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIZES = ROOT / "benchmarks" / "scale_measured.json"
BATCH = ROOT / "benchmarks" / "scale_batch_measured.json"  # one worker, then two
COUNTRY = ROOT / "benchmarks" / "scale_country_measured.json"  # the longest list
PAGE = ROOT / "docs" / "scaling.md"
LIMIT_MB = 3000.0  # of one worker
MOST = 1.15  # the growth exponent wanted at most
WHOLE_NODES, GOAL_MIN = 6e6, 30  # 300 towns on two workers
HOUR_S, EUROS_AN_HOUR = 3600.0, 0.04  # of one core, rented: an assumption, said so
FRANCE_QUARTERS, NODES_A_QUARTER = 1584, 4000
EUROPE_TIMES = 6.6  # people of the European Union, times those of France
Figures = dict[str, Any]


def main() -> None:
    """Write the page again; say when figures are missing."""
    if not all(path.exists() for path in (SIZES, BATCH, COUNTRY)):
        print("Aucune mesure : lancez benchmarks/scale.py et benchmarks/scale_batch.py.")
        return
    sizes, few, many = (
        json.loads(path.read_text(encoding="utf-8")) for path in (SIZES, BATCH, COUNTRY)
    )
    parts = [introduction(), by_size(sizes), by_step(sizes), by_workers([few, many])]
    parts += [on_paper(many), what_breaks(sizes["towns"])]
    PAGE.write_text("\n\n".join("\n".join(part) for part in parts) + "\n", encoding="utf-8")


def introduction() -> Iterable[str]:
    """Yield what the page is and where its figures come from."""
    yield "# Au-delà d'un ordinateur : ce que coûte un territoire selon sa taille"
    yield ""
    yield "Les chiffres sont ceux de `benchmarks/scale.py` (une ville, de plus en plus grande) et de `benchmarks/scale_batch.py` (une liste de"
    yield "villes, un puis deux travailleurs), sur deux cœurs. Les villes sont tirées par `scripts/make_country.py`, avec les statistiques de villes"
    yield "réelles : les fichiers nationaux ne se distribuent pas. Un « nœud » est un point d'une rue à pied, dans le fichier OpenStreetMap. Comment"
    yield "lancer un lot : [lots](lots.md)."


def by_size(sizes: Figures) -> Iterable[str]:
    """Yield what the whole chain costs at each size, and how fast that grows."""
    yield "## Une ville, de plus en plus grande"
    yield ""
    yield "Toute la chaîne (`territory build`, secteurs et tours de rue compris), un processus, rien de déjà calculé."
    yield ""
    yield "| nœuds | nœuds du graphe | carreaux habités | processeur | mémoire la plus haute | écrit |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for town in sizes["towns"]:
        size, whole = town["size"], town["whole"]
        cells = (
            number(town["nodes"]),
            number(size["graph_nodes"]),
            number(size["cells"]),
            f"{number(whole['cpu_s'])} s",
            f"{number(whole['peak_mb'])} Mo",
            f"{number(whole['bytes'] / 1e6)} Mo",
        )
        yield f"| {' | '.join(cells)} |"
    grown = sizes["exponents"]["whole"]
    yield ""
    yield f"Exposants de croissance (pente du logarithme, moindres carrés ; entre les deux plus grandes entre parenthèses) : processeur {_pair(grown['cpu_s'])},"
    yield f"mémoire {_pair(grown['peak_mb'])}, octets écrits {_pair(grown['bytes'])}. Le but est {number(MOST, 2)} au plus{_kept(grown['cpu_s'])}."


def by_step(sizes: Figures) -> Iterable[str]:
    """Yield the growth of each step, and its part of the largest town."""
    largest = sizes["towns"][-1]
    yield "## Étape par étape"
    yield ""
    yield f"| étape | exposant | entre les deux plus grandes | à {number(largest['nodes'])} nœuds | mémoire |"
    yield "| --- | --- | --- | --- | --- |"
    for row in largest["steps"]:
        grown = sizes["exponents"]["steps"][row["step"]]
        cells = (
            row["step"],
            _one(grown["all"]),
            _one(grown["last"]),
            f"{number(row['cpu_s'], 1)} s",
            f"{number(row['peak_mb'])} Mo",
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield "Un réseau de plus de 60 000 nœuds est coupé en tuiles : chacune emporte les rues à portée de ses carreaux, répond seule, et le tout donne les"
    yield "mêmes trajets, au dernier bit, qu'une seule recherche (essais sur Heidelberg et Porto en 4, 9 et 16 tuiles). Seuls les trajets à portée sont"
    yield "gardés, jamais tous les carreaux contre tous."


def by_workers(lists: Sequence[Figures]) -> Iterable[str]:
    """Yield what lists of towns cost, with one worker and with two."""
    yield "## Une liste de villes"
    yield ""
    yield "`territory batch`, jusqu'aux zones et aux permanences proposées (sans `--tout`), dans un magasin vide."
    yield ""
    yield "| villes | nœuds en tout | travailleurs | durée | processeur des villes | ville la plus longue | mémoire la plus haute d'un travailleur | écrit |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for batch in lists:
        for run in batch["runs"]:
            cells = (
                number(batch["towns"]),
                number(batch["nodes"]),
                str(run["workers"]),
                _lasting(run["wall_s"]),
                f"{number(run['towns_cpu_s'])} s",
                f"{number(run['longest_s'])} s",
                f"{number(run['peak_mb'])} Mo",
                f"{number(run['written_mb'])} Mo",
            )
            yield f"| {' | '.join(cells)} |"
    yield ""
    for batch in lists:
        if "efficiency" in batch:
            yield _efficiency(batch)
        if all("command_cpu_s" in run for run in batch["runs"]):
            yield _around(batch)


def _efficiency(batch: Figures) -> str:
    """Say what two workers bring, and whether they found the same."""
    same = (
        "Les résultats sont les mêmes, octet pour octet."
        if batch["same"]
        else "Les résultats diffèrent."
    )
    return f"Efficacité d'un à {batch['runs'][-1]['workers']} travailleurs, sur {number(batch['towns'])} villes : {percent(batch['efficiency'])} pour toute la commande, {percent(batch['efficiency_running'])} hors démarrage et fin ; {percent(batch['efficiency_same_pace'])} pour toute la commande si le processeur avait eu la même allure dans les deux courses (elle change d'une minute à l'autre ici). {same}"


def _around(batch: Figures) -> str:
    """Say what the command takes beside its towns: loading, scheduling, ending."""
    many = " ; ".join(
        f"{number(run['command_cpu_s'] - run['towns_cpu_s'], 1)} s avec {run['workers']}"
        for run in batch["runs"]
    )
    return f"Processeur pris hors des villes (chargement, ordonnanceur, fin), sur {number(batch['towns'])} villes, selon les travailleurs : {many}."


def on_paper(batch: Figures) -> Iterable[str]:
    """Yield the plan to the whole country and to Europe: workers, hours, euros."""
    run = batch["runs"][-1]
    core_s = run["workers"] * run["wall_s"] / batch["nodes"]
    yield "## Le pays, l'Europe : sur le papier"
    yield ""
    yield f"À partir de la dernière ligne ci-dessus ({number(core_s * 1e6)} secondes de cœur par million de nœuds, démarrage compris). Le prix suppose {number(EUROS_AN_HOUR, 2)} € l'heure de cœur"
    yield "louée : une hypothèse, à remplacer par votre tarif. Une mise à jour ne refait que ce qui a changé."
    yield ""
    yield "| étendue | nœuds | heures de cœur | 2 travailleurs | 16 travailleurs | 64 travailleurs | prix | magasin |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    france = FRANCE_QUARTERS * NODES_A_QUARTER
    written = run["written_mb"] / batch["nodes"]
    for name, nodes in (
        ("300 villes, 1 500 quartiers", 6e6),
        ("tous les quartiers prioritaires de France", france),
        ("toutes les villes de France", 5e7),
        ("l'Union européenne, villes comparables", 5e7 * EUROPE_TIMES),
    ):
        hours = core_s * nodes / HOUR_S
        cells = (
            name,
            f"{number(nodes / 1e6, 1)} M",
            number(hours, 1),
            *(_spent(hours / n) for n in (2, 16, 64)),
            f"{number(hours * EUROS_AN_HOUR, 2)} €",
            f"{number(written * nodes / 1e3, 1)} Go",
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield _whole_country(batch, core_s)


def _whole_country(batch: Figures, core_s: float) -> str:
    """Say how 300 towns stand against their goal, and whether they were run or reckoned."""
    minutes = core_s * WHOLE_NODES / 2 / 60
    how = (
        "mesuré"
        if batch["nodes"] >= WHOLE_NODES
        else "sur le papier : la course entière n'a pas été faite"
    )
    return f"Le but est {number(GOAL_MIN)} minutes pour les 300 villes sur deux travailleurs ; ici {number(minutes)} minutes, {how}."


def what_breaks(towns: Sequence[Figures]) -> Iterable[str]:
    """Yield what a worker meets first as territories grow, with the remedy."""
    yield "## Ce qui casse d'abord, et le remède"
    yield ""
    worst = max(towns[-1]["steps"], key=lambda row: row["peak_mb"])
    yield f"1. **La mémoire d'un travailleur.** {_memory_limit(towns)} L'étape la plus gourmande est « {worst['step']} » ({number(worst['peak_mb'])} Mo à {number(towns[-1]['nodes'])} nœuds)."
    yield "   Remède : une ville par territoire plutôt que toute une région dans un seul ; plus de mémoire et moins de travailleurs (`--memory`, `--workers`)."
    yield "   D'un territoire à l'autre, un travailleur rend ce qu'il ne tient plus (voir [lots](lots.md)) : il en reste un mégaoctet par ville, surtout les premières."
    yield "2. **La ville la plus longue.** Un lot ne finit pas avant elle : les plus grandes partent les premières, et les travailleurs sans territoire prennent de leurs tuiles ; au-delà, coupez-la en plusieurs territoires."
    yield "3. **Le démarrage.** Chaque travailleur charge le programme et ses boucles compilées : quelques secondes, perdues sur une courte liste, rien sur trois cents villes."
    yield "4. **Le disque et le réseau du magasin.** Les produits pèsent plus que les réponses : gardez le magasin près des travailleurs, purgez les lots dont plus rien ne sert."


def _memory_limit(towns: Sequence[Figures]) -> str:
    """Say from which size on a territory passes the memory of a worker, between measured sizes."""
    for below, above in itertools.pairwise(towns):
        low, high = below["whole"]["peak_mb"], above["whole"]["peak_mb"]
        if low <= LIMIT_MB < high:
            share = math.log(LIMIT_MB / low) / math.log(high / low)
            nodes = below["nodes"] * (above["nodes"] / below["nodes"]) ** share
            return f"{number(LIMIT_MB / 1000)} Go sont passés vers {number(round(nodes, -4))} nœuds dans un seul territoire (entre deux tailles mesurées)."
    return f"{number(LIMIT_MB / 1000)} Go ne sont passés à aucune taille mesurée."


def _kept(grown: Figures) -> str:
    """Say where the growth wanted is kept."""
    if grown["all"] > MOST:
        return " : il n'est pas tenu"
    here = "pas" if grown["last"] > MOST else "comme"
    return f" : il est tenu d'un bout à l'autre, {here} entre les deux plus grandes"


def _spent(hours: float) -> str:
    if hours < 1:
        return f"{number(hours * 60)} min" if hours * 60 >= 1 else "moins d'une minute"
    return f"{number(hours, 1)} h"


def _pair(grown: Figures) -> str:
    return f"{_one(grown['all'])} ({_one(grown['last'])})"


def _one(exponent: float | None) -> str:
    return "–" if exponent is None else number(exponent, 2)


def _lasting(seconds: float) -> str:
    return f"{number(seconds / 60, 1)} min"


if __name__ == "__main__":
    main()
