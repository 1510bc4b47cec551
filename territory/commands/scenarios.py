"""`territory scenario` and `territory compare`: what-ifs kept, copied and put side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.siting.slot_build import chosen_options
from territory.commands.answer import Answer
from territory.commands.building import built_with_progress
from territory.endings import DONE
from territory.errors import WrongUsage
from territory.io.scenarios import Saved, read_scenario, scenario_names, write_scenario
from territory.model.jsonable import to_json
from territory.outputs.compare_account import compare_lines, scenario_lines
from territory.pipeline.site_compare import PROPOSED, TODAY, change_between, side_of, write_map
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def scenario(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Path,
    name: str,
    source: str,
    number: int,
    keep: Sequence[str],
    forbid: Sequence[str],
    require: Sequence[str],
    guarantee: float | None,
    seed: int | None,
) -> Answer:
    """
    Save a scenario, a copy of `source` when it is named; without `name`, list those there are.

    `keep`, `forbid`, `require` name places, or « place:half-day ». Raises WrongUsage when the name
    is taken or means something else, and for places where nothing can be held.
    """
    open_territory(folder)
    if not name:
        known = [read_scenario(folder, one) for one in scenario_names(folder)]
        value = {"scenarios": [to_json(one) for one in known]}
        lines = [line for one in known for line in scenario_lines(one)]
        return Answer(value, lines or ["Aucun scénario n'est enregistré."], DONE)
    if name in {TODAY, PROPOSED, TODAY.replace("'", "")}:
        raise WrongUsage(f"« {name} » désigne déjà un choix : prenez un autre nom.")
    asked = Saved(name, number or None, tuple(keep), tuple(forbid), tuple(require), guarantee)
    saved = read_scenario(folder, source).with_more(asked) if source else asked
    built = built_with_progress(folder, seed)
    for reference in (*asked.kept, *asked.forbidden, *asked.required):
        chosen_options(reference, built.table("site_options"), built.table("places")["name"])
    path = write_scenario(folder, saved)
    lines = [*scenario_lines(saved), f"Enregistré : {path.relative_to(folder)}"]
    lines.append(f'Comparer : territory compare {folder} "{TODAY}" {name}')
    return Answer(to_json(saved), lines, DONE)


def compare(folder: Path, first: str, second: str, seed: int | None) -> Answer:
    """
    Tell what changes from one scenario to another, and draw it.

    Beside saved scenarios, TODAY is what is held now and PROPOSED what the settings lead to. Raises
    WrongUsage for a scenario that is not there, and as `build`.
    """
    built = built_with_progress(folder, seed)
    before, after = (side_of(built, name) for name in (first, second))
    change = change_between(built, before, after)
    path = write_map(built, before, after, change)
    label = before.scene.label
    value = {
        **to_json(change),
        "avant": {"nom": first, "personnes": before.people, "heures": before.hours,
                  "permanences": [label(k) for k in before.chosen]},
        "apres": {"nom": second, "personnes": after.people, "heures": after.hours,
                  "permanences": [label(k) for k in after.chosen]},
        "fichier": str(path.relative_to(folder)),
    }  # fmt: skip
    figures = [(s.name, s.people, s.hours, len(s.chosen), s.given_up) for s in (before, after)]
    lines = compare_lines(change, figures, label)
    lines.append(f"Carte : {path.relative_to(folder)}")
    return Answer(value, lines, DONE, built.reports)
