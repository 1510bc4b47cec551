"""Write into docs/bilan.md what the forecast and the comparison of openings were measured to do."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.outputs.french import number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

MEASURED = ROOT / "benchmarks" / "report_forecast_measured.json"
PAGE = ROOT / "docs" / "bilan.md"
BEGIN, END = "<!-- mesuré : prévision -->", "<!-- fin de ce qui est mesuré -->"


def main() -> None:
    """Write the measured part of the page again; say when there are no figures."""
    if not MEASURED.exists():
        print("Aucune mesure : lancez benchmarks/report_forecast.py.")
        return
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    told = "\n".join([*forecasts(found["forecast"]), "", *tests(found["before_after"])])
    PAGE.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", encoding="utf-8")


def forecasts(rows: list[dict[str, Any]]) -> Iterable[str]:
    """Yield how often each interval of 95 % holds what comes."""
    teams = rows[0]["teams"]
    yield f"`benchmarks/report_forecast.py`, {number(teams)} équipes tirées par cas : à combien de reprises l'intervalle « à 95 % » contient-il"
    yield "ce qui est arrivé ? Entre parenthèses, sa largeur rapportée à ce total (médiane)."
    yield ""
    yield "| cas | ici | règle de trois et Poisson | Gamma-Poisson au rythme pris pour sûr | chance annoncée, objectif atteint |"
    yield "| --- | --- | --- | --- | --- |"
    for row in rows:
        held = (
            f"{percent(row[m]['coverage'], 1)} ({percent(row[m]['width'])})"
            for m in ("here", "rule_of_three", "sure_rate")
        )
        chance = f"{percent(row['chance_mean'])}, {percent(row['reached_share'])}"
        yield f"| {row['case']} | {' | '.join(held)} | {chance} |"


def tests(rows: list[dict[str, Any]]) -> Iterable[str]:
    """Yield how often a change is claimed, when there is none and when there is one."""
    draws = rows[0]["draws"]
    yield f"Ouvertures, {number(draws)} tirages par ligne : combien de fois un changement est affirmé (1 hors de l'intervalle à 95 %), les mois"
    yield "étant inégaux et la saison commune. Sans effet, ce devrait être 5 % ; entre parenthèses, le test de Poisson ordinaire."
    yield ""
    yield "| personnes par mois | mois de chaque côté | sans effet, sans saison | sans effet, saison | sans effet, à côté d'ailleurs | × 1,5, à côté d'ailleurs | × 2, à côté d'ailleurs |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for people, months in dict.fromkeys((row["people"], row["months"]) for row in rows):
        same = {r["effect"]: r for r in rows if (r["people"], r["months"]) == (people, months)}
        none = (
            f"{percent(same[1.0][name], 1)} ({percent(same[1.0][f'{name}_poisson'])})"
            for name in ("flat", "season", "beside")
        )
        seen = (percent(same[effect]["beside"]) for effect in (1.5, 2.0))
        yield f"| {number(people)} | {months} | {' | '.join([*none, *seen])} |"


if __name__ == "__main__":
    main()
