"""The follow-up of partner structures: how far they are met, and which are written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.duplicates import Proposal, count_after, propose
from territory.analysis.freshness import OLD, freshness
from territory.analysis.partners import Funnel, funnel, funnel_by, shown_name, to_recall
from territory.commands.answer import Answer
from territory.endings import DONE
from territory.io.merges import add_merges
from territory.model.jsonable import to_json
from territory.model.words import PLACE_KINDS, label
from territory.pipeline.steps import read_sources
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_SHOWN = 20


def partners(folder: Path) -> Answer:
    """Print the funnel (all, by commune, by kind) and the structures to contact again."""
    built = read_sources(open_territory(folder))
    places = built.table("places")
    whole, communes = funnel(places), funnel_by(places, "commune_code")
    kinds = funnel_by(places, "kind")
    waiting = to_recall(places, on=built.territory.today)
    named = [(code or "commune inconnue", f) for code, f in communes.items()]
    named += [(label(PLACE_KINDS, code), f) for code, f in kinds.items()]
    lines = [f"Structures : {_told(whole)}", *(f"  {name} : {_told(f)}" for name, f in named)]
    lines += [f"À relancer : {len(waiting)}"]
    lines += [f"  {r.name} ({r.reason})" for r in waiting[:_SHOWN]]
    hidden = len(waiting) - _SHOWN
    lines += [f"  et {hidden} autres (--json les donne toutes)"] if hidden > 0 else []
    ages = freshness(places, built.territory.today)
    lines += _freshness_lines(places, ages)
    value = {
        "fraicheur": {str(k): int(n) for k, n in ages["level"].value_counts().items()},
        "ensemble": to_json(whole),
        "communes": {code: to_json(f) for code, f in communes.items()},
        "types": {code: to_json(f) for code, f in kinds.items()},
        "a_relancer": [to_json(r) for r in waiting],
    }
    return Answer(value, lines, DONE, built.reports)


def _freshness_lines(places: pd.DataFrame, ages: pd.DataFrame) -> list[str]:
    """Return how many facts are fresh, and the oldest ones by name."""
    counts = ages["level"].value_counts()
    told = ", ".join(f"{level} {counts[level]}" for level in sorted(counts.index))
    oldest = ages[ages["level"] == OLD].assign(key=lambda t: t.index)
    oldest = oldest.sort_values(["verified_on", "key"]).head(_SHOWN)
    return [
        f"Dernière vérification des fiches : {told or 'aucune fiche'}.",
        *(
            f"  à vérifier : {shown_name(places.loc[key])} (il y a {row.months} mois)"
            for key, row in oldest.iterrows()
        ),
    ]


def duplicates(folder: Path, threshold: float, merge: bool) -> Answer:  # noqa: FBT001 - a flag
    """Print the pairs of places that are probably one, counts before and after; merge if asked."""
    built = read_sources(open_territory(folder))
    places = built.table("places")
    found = propose(places, threshold=threshold)
    after = count_after(len(places), found)
    lines = [f"{len(places)} lieux ; {after} si toutes les propositions étaient suivies."]
    lines += [_proposed(p, places) for p in found]
    if merge and found:
        path = add_merges(folder, [(p.kept_id, p.other_id) for p in found])
        lines.append(f"Lieux réunis : {len(places)} avant, {after} après. Décisions : {path.name}")
        lines.append("Pour en défaire une, supprimez sa ligne de ce fichier.")
    else:
        lines.append("Rien n’est réuni. Pour réunir ces lieux, ajoutez --fusionner.")
    value = {"avant": len(places), "apres": after, "reunis": merge, "propositions": to_json(found)}
    return Answer(value, lines, DONE, built.reports)


def _proposed(proposal: Proposal, places: pd.DataFrame) -> str:
    a, b = (shown_name(places.loc[key]) for key in (proposal.kept_id, proposal.other_id))
    score = f"{proposal.score:.2f}".replace(".", ",")
    return f"  {score}  {a} = {b} ({', '.join(proposal.reasons)})"


def _told(f: Funnel) -> str:
    share = "" if f.met_share is None else f" ({100 * f.met_share:.0f} % des contactées)"
    return f"{f.listed} recensées, {f.contacted} contactées, {f.met} rencontrées{share}"
