"""
Write docs/semaine.md: how the week is planned, how to live with a plan, and what was measured.

The figures are those the benchmarks of the week wrote last in benchmarks/routing_measured (`FILES`
says which command writes which file); what was not measured is said so.
"""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.week_words import ANALYST, COORDINATOR, LIMITS
from territory.outputs.french import number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

MEASURED = ROOT / "benchmarks" / "routing_measured"
MISSING = "Non mesuré : `{command}` n'a pas encore été lancé."
FILES = {
    "random_weeks": "python benchmarks/random_weeks.py --json",
    "weeks": "python benchmarks/routing_weeks.py --json",
    "weeks_large": "python benchmarks/routing_weeks.py --large --json",
    "replan": "python benchmarks/replan.py --bondy DOSSIER --json benchmarks/routing_measured/replan.json",
    "toptw": "python benchmarks/routing.py --json",
    "multi_window": "python benchmarks/routing_many_windows.py --every 8 --limit 5 --json",
    "street_tours": "python benchmarks/street_tours.py --json",
    "yields": "python benchmarks/yields.py --json",
    "compile": "python benchmarks/compile_kernels.py --json",
}
FAMILIES = {
    "week": "semaine",
    "orienteering": "orienteering par équipe",
    "streets": "tours de rue",
    "all": "tout, comme à l'installation",
}
NAMES = {"ours": "ici"}
BASELINES = {
    "nearest": "la rue la plus rentable d'abord",
    "tsp": "les meilleures rues, puis le plus court chemin",
    "everystreet": "toutes les rues, à la façon du facteur",
}
FAULTS = {
    "dropped appointments": "rendez-vous perdus",
    "visits past closing": "visites après la fermeture",
    "outings on public holidays": "sorties un jour férié",
    "broken shifts": "sorties hors des heures de travail",
    "absences": "sorties pendant une absence",
    "broken lunches": "repas manqués",
    "pair visits without two people": "visites à deux faites par une personne seule",
    "two places at once": "personnes à deux endroits à la fois",
    "impossible legs or transfers": "trajets impossibles",
    "no time between": "deux sorties sans le temps du trajet",
    "walks of a day": "marches au-dessus de la limite",
    "pairs of the week unsaid": "binômes manquants non dits",
    "locks": "verrous non tenus",
    "order of rows": "plans qui dépendent de l'ordre des lignes",
    "other": "autres",
}
CASES = {
    "main": "cas principal",
    "no exploration": "sans exploration",
    "15 % explored": "15 % d'exploration",
    "no past debriefs": "sans retour passé",
    "7 visits a week": "7 visites par semaine",
    "places drift": "lieux qui changent",
    "log-normal effects": "effets d'une autre loi",
    "shrewd fixed plan": "plan fixe bien informé",
}
SETS = {"files": "fichiers publiés", "mixed": "dix choisis, 1 à 4 tournées"}
UNFOUND = "no feasible plan"
QUIET = 0.2  # cores that other work may take for a measure to be called quiet
PHASES = {
    "imports": "ouvrir l'outil",
    "products": "relire ce qui est déjà calculé",
    "found": "replanifier et dire combien d'arrêts changent",
    "plan": "prouver, expliquer, contrôler, dire le plan entier",
    "files": "écrire carte, fiches, classeur, agendas",
    "search": "chercher",
    "bound": "borner",
    "reasons": "expliquer chaque arrêt et chaque lieu écarté",
}
Row = dict[str, Any]


def main() -> None:
    """Write the page from the stored figures; say which are missing."""
    (ROOT / "docs" / "semaine.md").write_text(page(MEASURED), encoding="utf-8")
    missing = [command for name, command in FILES.items() if not _path(MEASURED, name).exists()]
    print("\n".join(f"Pas encore de mesure : {command}" for command in missing) or "Page écrite.")


def page(measured: Path) -> str:
    """Return the page; `measured` is the folder of the figures, absent or not."""
    lines = [COORDINATOR, ANALYST, "## Mesuré\n"]
    for title, name, told in (
        ("Des semaines tirées au sort, relues par un juge indépendant", "random_weeks", judged),
        ("À côté d'autres moteurs de tournées", "weeks", beside),
        ("Grandes semaines : 8 médiateurs, 400 lieux", "weeks_large", large),
        ("Replanifier : quelqu'un est malade à 8 h 15", "replan", replanned),
        ("Fichiers publiés (orienteering par équipe, TOPTW)", "toptw", published),
        ("Fichiers publiés à plusieurs fenêtres, budgets compris (MCTOPMTW)", "multi_window", many),
        ("Tours de rue", "street_tours", streets),
        ("Apprendre des retours : une année simulée", "yields", learned),
        ("Compilation", "compile", compiled),
    ):
        found = _read(measured, name)
        lines += [f"### {title}\n"]
        lines += [MISSING.format(command=FILES[name])] if not found else list(told(found))
        lines += [""]
    return "\n".join([*lines, LIMITS])


def _path(measured: Path, name: str) -> Path:
    return measured / f"{name}.json"


def _read(measured: Path, name: str) -> Any:  # noqa: ANN401 - rows, or figures by name
    path = _path(measured, name)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def judged(found: Row) -> Iterable[str]:
    """Yield what an independent judge said of random weeks."""
    yield (
        f"{number(found['weeks'])} semaines, {number(found['appointments'])} rendez-vous, "
        f"{number(found['outings'])} sorties, {number(found['visits'])} visites. "
        f"Semaines où une règle est enfreinte : {number(found['weeks_with_faults'])}.\n"
    )
    yield "| faute | nombre |"
    yield "| --- | --- |"
    for code, count in found["faults"].items():
        yield f"| {FAULTS.get(code, code)} | {number(count)} |"


def beside(rows: list[Row]) -> Iterable[str]:
    """Yield what each engine did, its mean on the weeks where it keeps every rule, ours beside."""
    cores = number(max(r.get("cores", 1) for r in rows))
    yield f"5 jours, 3 médiateurs, 120 lieux, 9 permanences fixes, repas libre dans son créneau. Même durée, {cores} cœur(s) chacun : un moteur"
    yield "qui n'en emploie qu'un répond deux fois en même temps, le problème étant écrit de deux façons, et sa meilleure réponse compte. Le même juge relit"
    yield "toutes les réponses. Un moteur n'est compté que dans les semaines justes : tous les rendez-vous gardés, aucune règle enfreinte ;"
    yield "« ici, mêmes semaines » est notre moyenne sur celles-là.\n"
    yield "| moteur | durée (s) | semaines justes | rendez-vous gardés | règles enfreintes | valeur | ici, mêmes semaines | écart | ici derrière | processeur (s) |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    own = {(r["seed"], r["limit_s"]): r["value"] for r in rows if r["method"] == "ours"}
    for method, limit in sorted({(r["method"], r["limit_s"]) for r in rows}):
        ran = [r for r in rows if (r["method"], r["limit_s"]) == (method, limit)]
        version = ran[0].get("version", "")
        name = f"{NAMES.get(method, method)} {version}".strip()
        yield f"| {name} | {number(limit)} | {' | '.join(_engine(ran, own))} |"
    yield from _shared(rows)


def _engine(ran: list[Row], own: dict[tuple[int, float], float]) -> list[str]:
    """Return the cells of one engine at one limit."""
    if all(r["value"] is None and r["faults"] != [UNFOUND] for r in ran):
        return ["non installé", *[""] * 7]
    some = [r for r in ran if r["value"] is not None]
    right = [r for r in some if not r["faults"] and r["kept"] == r["asked"]]
    good = [r for r in right if own.get((r["seed"], r["limit_s"])) is not None]
    asked = sum(r["asked"] for r in some)
    kept = percent(sum(r["kept"] for r in some) / asked, 1) if asked else ""
    broken = number(sum(r.get("fault_count", len(r["faults"])) for r in some))
    spent = [r["cpu_s"] for r in ran if "cpu_s" in r]
    cells = [f"{len(good)} sur {len(ran)}", kept, broken, "", "", "", "", ""]
    if good:
        theirs = _mean(r["value"] for r in good)
        ours = _mean(own[r["seed"], r["limit_s"]] for r in good)
        cells[3:5] = number(theirs), number(ours)
        if ran[0]["method"] != "ours":
            behind = sum(own[r["seed"], r["limit_s"]] < r["value"] for r in good)
            cells[5:7] = percent(ours / theirs - 1, 1), f"{behind} sur {len(good)}"
    cells[7] = number(_mean(spent), 1) if spent else ""
    return cells


def _shared(rows: list[Row]) -> Iterable[str]:
    """Yield a warning when something else worked on the machine meanwhile."""
    others = _mean(r["others"] for r in rows if "others" in r)
    if others > QUIET or any("shared" in r.get("machine", "") for r in rows):
        yield "\nMesuré sur une machine partagée : chaque moteur n'a eu qu'une part de ses cœurs (colonne « processeur ») ; à refaire au calme."


def large(rows: list[Row]) -> Iterable[str]:
    """Yield what is found in large weeks at each limit, beside the longest."""
    last = max(r["limit_s"] for r in rows)
    longest = {r["seed"]: r["value"] for r in rows if r["limit_s"] == last}
    yield "| durée (s) | semaines | part de la valeur trouvée dans la durée la plus longue | visites | règles enfreintes |"
    yield "| --- | --- | --- | --- | --- |"
    for limit in sorted({r["limit_s"] for r in rows}):
        some = [r for r in rows if r["limit_s"] == limit]
        share = _mean(r["value"] / longest[r["seed"]] for r in some if r["seed"] in longest)
        wrong = sum(len(r["faults"]) for r in some)
        visits = _mean(r["visits"] for r in some)
        yield f"| {number(limit)} | {len(some)} | {percent(share, 1)} | {number(visits)} | {wrong} |"


def replanned(found: Row) -> Iterable[str]:
    """Yield how long the new plan of a week takes, as a coordinator sees it, then step by step."""
    if (bondy := found.get("bondy")) is not None:
        yield "Semaine réelle de Bondy, changée par `territory change --absent` : le nouveau plan et ses raisons sont dits au bout de"
        yield f"{number(bondy['told_s'], 1)} s ; la commande finit d'écrire les fichiers à {number(bondy['all_s'], 1)} s ({number(bondy['cpu_s'], 1)} s de processeur en tout)."
        yield f"« {bondy['changes']} »\n"
        yield from _steps(bondy["phases"])
        yield ""
    weeks = found["drawn"]
    explained, moved, visits = (sum(w[k] for w in weeks) for k in ("explained", "moved", "visits"))
    yield f"{len(weeks)} semaines tirées au sort, 3 médiateurs et 120 lieux, un médiateur absent le mardi : {number(moved)} visites changent"
    yield f"sur {number(visits)}, {number(explained)} explications planifiées à nouveau. En moyenne par semaine :\n"
    yield from _steps(
        [_mean_phase(each) for each in zip(*(w["phases"] for w in weeks), strict=True)]
    )
    yield f"\nMesuré sur {found['cores']} cœurs, charge {number(found['load'], 1)} au départ ; le temps de processeur compte tous les fils."
    yield from _pace(found["pace_s"])


def _steps(phases: Iterable[Row]) -> Iterable[str]:
    yield "| étape | durée (s) | processeur (s) |"
    yield "| --- | --- | --- |"
    for one in phases:
        yield f"| {PHASES[one['phase']]} | {number(one['wall_s'], 2)} | {number(one['cpu_s'], 2)} |"


def _mean_phase(rows: tuple[Row, ...]) -> Row:
    means = {k: _mean(r[k] for r in rows) for k in ("wall_s", "cpu_s")}
    return {"phase": rows[0]["phase"], **means}


def published(rows: list[Row]) -> Iterable[str]:
    """Yield the mean gap of each method to the best known, and what it wrongly says is proved."""
    yield "Écart au meilleur connu de la littérature ; « faux » : annoncé optimal, et dépassé. Deux cœurs pour chaque méthode.\n"
    yield "| fichiers | méthode | durée (s) | réponses | écart moyen | pire écart | règles enfreintes | faux | processeur (s) |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for of, method, limit in dict.fromkeys(map(_told_of, rows)):
        some = [r for r in rows if _told_of(r) == (of, method, limit)]
        gaps = [r["gap"] for r in some if "gap" in r]
        if not gaps:
            continue
        wrong = sum(bool(r.get("faults")) for r in some)
        lies = sum(bool(r.get("lies")) for r in some)
        mean, worst = percent(_mean(gaps), 2), percent(max(gaps), 1)
        name = f"{NAMES.get(method, method)} {some[0].get('version', '')}".strip()
        spent = number(_mean(r["cpu_s"] for r in some if "cpu_s" in r), 1)
        yield (
            f"| {SETS[of]} | {name} | {number(limit)} | {len(gaps)} sur {len(some)} | {mean} "
            f"| {worst} | {wrong} | {lies} | {spent} |"
        )
    yield from _shared(rows)


def many(rows: list[Row]) -> Iterable[str]:
    """Yield the gaps to the published values where places open several times and budgets bind."""
    yield "Écart à la valeur publiée, par nombre de tournées ; ILS 2013 : la recherche de Souffriau et al., sur les mêmes fichiers."
    yield "Ici deux cœurs, OR-Tools un ; PyVRP et VROOM ne savent pas écrire de budget commun aux tournées.\n"
    yield "| méthode | tournées | durée (s) | fichiers | écart moyen | ILS 2013 | au moins ILS 2013 | règles enfreintes |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for method, tours in sorted({(r["method"], r["tours"]) for r in rows}):
        some = [r for r in rows if (r["method"], r["tours"]) == (method, tours)]
        gap, then = (percent(_mean(r[k] for r in some), 2) for k in ("gap", "ils_gap"))
        held = sum(r["gap"] <= r["ils_gap"] for r in some)
        wrong = number(sum(len(r["faults"]) for r in some))
        name, limit = NAMES.get(method, method), number(some[0]["limit_s"])
        cells = name, tours, limit, len(some), gap, then, f"{held} sur {len(some)}", wrong
        yield f"| {' | '.join(map(str, cells))} |"


def _told_of(row: Row) -> tuple[str, str, float]:
    return row.get("set", "files"), row["method"], row["limit_s"]


def streets(found: Row) -> Iterable[str]:
    """Yield what tours collect beside simple ways to make them."""
    yield "Valeur en plus, en moyenne (intervalle à 95 %), sur la même zone et dans le même temps.\n"
    yield (
        "| allure, durée | zones | "
        + " | ".join(BASELINES.values())
        + " | le meilleur des trois | derrière | part de la borne |"
    )
    yield "| --- | --- | " + "--- | " * (len(BASELINES) + 3)
    for name, one in found.items():
        cells = [_gain(one["advantage"][b]) for b in (*BASELINES, "best")]
        pace, _, minutes = name.partition(" ")
        said = "patrouille lente" if pace == "slow" else "même allure partout"
        share = percent(one["of_bound"], 1)
        yield f"| {said}, {minutes} min | {one['areas']} | {' | '.join(cells)} | {one['behind']} | {share} |"


def learned(found: Row) -> Iterable[str]:
    """Yield what a simulated year of learning brings."""
    yield "Villes dont le rendement de chaque lieu est connu du juge seul : le même nombre de visites, selon un plan fixe, selon ce que les"
    yield "retours apprennent, ou en sachant tout.\n"
    yield "| cas | villes | gain sur le plan fixe | part de celui qui sait tout | intervalles justes | exploré |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, one in found.items():
        gain, share = (_plus_minus(one[k]) for k in ("gain_on_fixed", "share_of_knowing"))
        held, explored = percent(one["covered"][0], 1), percent(one["explored"][0], 1)
        yield f"| {CASES.get(name, name)} | {one['towns']} | {gain} | {share} | {held} | {explored} |"
    yield "\nUn tel gain ne se constate pas sur le terrain en un an par une seule équipe : le hasard des rencontres fait varier davantage son"
    yield "total. Il n'est affirmé que de villes simulées."


def compiled(found: Row) -> Iterable[str]:
    """Yield what compiling costs once, then what reading the code back adds to each command."""
    yield "Les boucles sont compilées une fois, à l'installation, puis relues sur le disque. Secondes de processeur.\n"
    yield "| boucles | compilées une fois (s) | relues, à chaque commande (s) |"
    yield "| --- | --- | --- |"
    for name, one in found.items():
        once, read = number(one["compiled_s"], 1), number(one["kept_s"], 1)
        yield f"| {FAMILIES[name]} | {once} | {read} |"
    yield from _pace(_mean(one["pace_s"] for one in found.values()))


def _pace(pace_s: float) -> Iterable[str]:
    """Yield how fast the machine was, beside one on which a fixed loop takes a tenth of a second."""
    yield f"\nLa machine de mesure met {number(pace_s, 2)} s à une boucle de référence : à peu près 0,1 s sur un portable courant."


def _gain(told: list[float]) -> str:
    mean, low, high = (number(v, 1) for v in told)
    return f"{mean} % ({low} à {high})"


def _plus_minus(told: list[float]) -> str:
    return f"{percent(told[0], 1)} ± {number(100 * told[1], 1)}"


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else float("nan")


if __name__ == "__main__":
    main()
