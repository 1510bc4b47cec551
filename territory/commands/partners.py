"""The follow-up of partner structures: how far they are met, and which are written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.duplicates import Proposal, count_after, propose
from territory.analysis.employers import Employer, by_stage, employers
from territory.analysis.freshness import OLD, freshness
from territory.analysis.partners import Funnel, funnel, funnel_by, shown_name, to_recall
from territory.commands.answer import Answer
from territory.endings import DONE
from territory.io.merges import add_merges
from territory.io.pro_contacts import read_pro_contacts
from territory.io.table_writer import write_rows
from territory.model.jsonable import to_json
from territory.model.words import PLACE_KINDS, label
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from territory.pipeline.workspace import Built

_SHOWN = 20
_CONTACTS = "outputs/contacts_pro.csv"
_CONTACT_HEADERS = ["structure", "commune", "fonction", "courriel", "telephone"]


def partners(folder: Path, contacts_pro: bool = False) -> Answer:  # noqa: FBT001, FBT002 - a flag
    """
    Print the funnel (all, by commune, by kind), the structures to contact again and the employers.

    With `contacts_pro`, shared mailboxes and switchboards are written apart, for the team only.
    Raises BadSettings, and what `read_sources` raises.
    """
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
    hiring = employers(places, built.territory.today)
    lines += _employer_lines(hiring)
    lines += _contact_lines(built) if contacts_pro else []
    value = {
        "employeurs": [to_json(e) for e in hiring],
        "fraicheur": {str(k): int(n) for k, n in ages["level"].value_counts().items()},
        "ensemble": to_json(whole),
        "communes": {code: to_json(f) for code, f in communes.items()},
        "types": {code: to_json(f) for code, f in kinds.items()},
        "a_relancer": [to_json(r) for r in waiting],
    }
    return Answer(value, lines, DONE, built.reports)


def _employer_lines(found: Sequence[Employer]) -> list[str]:
    """Return how far prospecting went, and the employers, those who recruit now first."""
    if not found:
        return []
    stages = ", ".join(f"{stage or 'sans étape'} {n}" for stage, n in by_stage(list(found)).items())
    lines = [f"Employeurs et SIAE : {len(found)} ({stages})"]
    lines += [f"  {_hiring(one)}" for one in found[:_SHOWN]]
    hidden = len(found) - _SHOWN
    return lines + ([f"  et {hidden} autres (--json les donne tous)"] if hidden > 0 else [])


def _hiring(one: Employer) -> str:
    when = {True: "recrute en ce moment", False: "hors saison", None: ""}[one.recruits]
    season = f"saison : {one.season}" if one.season else "saison inconnue"
    facts = (label(PLACE_KINDS, one.kind), one.sector or "secteur inconnu", season,
             one.stage or "sans étape", when)  # fmt: skip
    return f"{one.name} ({', '.join(fact for fact in facts if fact)})"


def _contact_lines(built: Built) -> list[str]:
    """Write the professional contacts of no one in particular; say what was left out."""
    territory = built.territory
    read = [read_pro_contacts(p, sheet=s) for p, s in territory.raw.of("partners")]
    kept = sorted({one for found in read for one in found.kept})
    rows = [[c.name, c.city, c.post, c.mail, c.phone] for c in kept]
    write_rows([_CONTACT_HEADERS, *rows], territory.folder / _CONTACTS)
    return [
        f"Contacts professionnels : {len(kept)} structures dans {_CONTACTS} (pour l’équipe "
        f"seulement, jamais exporté). Laissés de côté : {sum(f.left_out for f in read)} fonctions, "
        "courriels ou téléphones qui peuvent être ceux d’une personne. Une ligne directe ne se "
        "reconnaît pas : vérifiez la liste."
    ]


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
