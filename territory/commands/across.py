"""`territory across`: questions on all the territories of a batch, what leaves being guarded."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from territory.batch import across_answers as answers
from territory.batch.across import opened
from territory.batch.across_columns import COMPARED, EXTENDED, INDICATED, RANKED, VALUES
from territory.batch.across_extension import read_rules
from territory.batch.across_files import file_content, record
from territory.batch.across_told import aligned, plain, rows_of
from territory.batch.store import Store
from territory.commands.answer import Answer
from territory.endings import DONE, NO_ANSWER
from territory.errors import WrongUsage
from territory.io.atomic import write_bytes
from territory.model.jsonable import to_json
from territory.model.results import Ending
from territory.outputs.french import number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from territory.analysis.funnel import Funnel
    from territory.batch.across import Asked
    from territory.batch.across_told import Shown

_FEW = 10  # territories below which an overdispersion is hardly known


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of all territories: the words of the options, as typed."""

    about: str
    department: str = ""
    network: str = ""
    what: str = answers.QUARTERS
    by: str = "manque"
    level: str = "departement"
    year: str = ""
    minutes: float = answers.WALK_MIN
    count: int = 20
    quotas: tuple[str, ...] = ()
    network_quotas: tuple[str, ...] = ()
    neighbours_m: float = 0.0
    k: int = 11
    memory_gib: float = 1.0

    @property
    def scope(self) -> answers.Scope:
        """Return which territories it is about."""
        return answers.Scope(self.department, self.network)


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer: its table, which columns are told, what to know of it, and how it ended."""

    table: pd.DataFrame
    columns: Sequence[Shown]
    notes: Sequence[str]
    more: Mapping[str, Any]
    code: int = DONE
    shown: int | None = None


def across(store: str, question: Question, target: Path | None) -> Answer:
    """
    Answer `question` on the dataset at `store`, in `target` too when a file is named.

    The file is CSV, JSON, Parquet (GeoParquet for places) by its name. Raises WrongUsage for a
    question that makes no sense, NoAnswer when nothing was computed, UnreadableFile when a file of
    the dataset is damaged, RefusedExport when the store cannot keep the record of the file.
    """
    if question.about not in _ANSWERS:
        raise WrongUsage(f"Question inconnue : choisissez parmi {', '.join(_ANSWERS)}.")
    place = Store(store)
    with opened(place, answers.KINDS_OF[question.about], memory_gib=question.memory_gib) as asked:
        told = _ANSWERS[question.about](asked, question)
        left = asked.left_out
        heading = f"{len(asked.counted)} territoires comptés"
    shown = told.table.head(told.shown) if told.shown else told.table
    lines = [
        *aligned(shown, told.columns),
        "",
        *(f"- {note}" for note in (_left(heading, left), *told.notes)),
    ]
    kept = plain(told.table, told.columns)
    if target is not None:
        content = file_content(target, kept, rows_of(told.table, told.columns), place)
        record(place, target.name, content, asdict(question))
        write_bytes(target, content)
        lines.append(f"Écrit : {target} (trace gardée dans le magasin, sans aucun effectif).")
    value = {"question": question.about, "lignes": to_json(kept.to_dict("records")),
             "notes": list(told.notes), "non_comptes": list(left), **told.more}  # fmt: skip
    return Answer(value, lines, told.code)


def _left(heading: str, left: Sequence[str]) -> str:
    if not left:
        return f"{heading}, aucun laissé de côté."
    return f"{heading} ; laissés de côté, en échec ou absents : {', '.join(left)}."


def _rank(asked: Asked, question: Question) -> _Told:
    if question.what not in {answers.QUARTERS, answers.ZONES} or question.by not in VALUES:
        raise WrongUsage(
            f"Classez {answers.QUARTERS} ou {answers.ZONES} (--objet), par "
            f"{', '.join(VALUES)} (--par)."
        )
    found = answers.rank(asked, question.scope, question.what, question.by, k=question.k)
    limits = asked.table("territories")["walk_limit_min"].dropna().unique()
    notes = [
        VALUES[question.by][1],
        "Le rang est suivi de ses limites : devant, ceux dont l'intervalle à 95 % du besoin est "
        "entièrement au-dessus ; derrière, entièrement au-dessous. À égalité, même rang.",
        "Le besoin, les minutes et les contacts sont absolus, donc comparables. Le score d'une "
        "zone et ses contacts attendus dépendent de son équipe : ils ne classent rien ici.",
        f"Contacts de moins de {question.k} personnes, ou qu'une soustraction donnerait : masqués, "
        "et comptés comme nuls dans le classement.",
    ]
    if len(limits) > 1:
        told = ", ".join(number(m) for m in sorted(limits))
        notes.append(f"« Hors de portée » n'a pas le même sens partout : {told} minutes à pied.")
    twice = int((found["told_by"] > 1).sum())
    if twice:
        notes.append(f"{twice} lieux sont dans plusieurs territoires : comptés une fois.")
    return _Told(found, RANKED(VALUES[question.by][0]), notes, {}, shown=question.count)


def _compare(asked: Asked, question: Question) -> _Told:
    found, funnels, when = answers.compare(
        asked, question.scope, question.year, question.minutes, k=question.k
    )
    notes = [
        f"Activité de {when}, ramenée à un an ; public à {number(question.minutes)} minutes à pied "
        "au plus d'une permanence, pour tous.",
        *(_spread(name, funnel, len(found)) for name, funnel in funnels.items()),
        "↑ au-dessus des limites à 95 %, ↑↑ à 99,8 %, ↓ et ↓↓ au-dessous, ≈ dedans. Par hasard, un "
        "territoire sur vingt sort des premières, un sur cinq cents des secondes. Les limites d'un "
        "petit territoire sont plus larges : il n'est pas dernier pour autant.",
    ]
    together = asked.table("coverage_together", minutes=question.minutes).iloc[0]
    if not (question.department or question.network) and together["target"] > 0:
        share = percent(together["served"] / together["target"], 1)
        notes.append(f"Ensemble, chaque carreau compté une fois : {share} du public à portée.")
    more = {"annee": when, "entonnoirs": {n: _funnel(f) for n, f in funnels.items()}}
    return _Told(found, COMPARED, notes, more)


def _spread(name: str, funnel: Funnel, count: int) -> str:
    told = f"{name} : " + (
        "l'écart entre territoires est celui du hasard"
        if funnel.spread <= 1
        else f"les territoires diffèrent {number(funnel.spread, 1)} fois plus que le hasard "
        "(surdispersion) ; les limites sont élargies d'autant"
    )
    few = f" — à lire avec prudence, moins de {_FEW} territoires" if count < _FEW else ""
    return f"{told}{few}."


def _funnel(funnel: Funnel) -> dict[str, Any]:
    return {"ensemble": funnel.overall, "surdispersion": funnel.spread,
            "limites_95": to_json(funnel.limits_95.tolist()),
            "limites_99_8": to_json(funnel.limits_998.tolist())}  # fmt: skip


def _extension(asked: Asked, question: Question) -> _Told:
    rules = (
        *read_rules(question.quotas, "departement", question.count),
        *read_rules(question.network_quotas, "reseau", question.count),
    )
    found, outcome, total = answers.extension(
        asked, question.scope, question.count, rules, neighbours_m=question.neighbours_m
    )
    more = {"objectif": outcome.objective, "borne": outcome.bound, "fin": outcome.ending.value,
            "hors_de_portee": total}  # fmt: skip
    if outcome.ending is Ending.IMPOSSIBLE:
        note = "Aucun choix ne respecte ces quotas : il y a trop peu de quartiers ou de places."
        return _Told(found, EXTENDED, [note], more, NO_ANSWER)
    proof = "prouvé le meilleur" if outcome.ending is Ending.OPTIMAL else "le meilleur trouvé"
    notes = [
        f"{len(found)} quartiers, {number(outcome.objective)} personnes du public hors de portée "
        f"d'une permanence sur {number(total)} ; choix {proof} : aucun n'en sert plus de "
        f"{number(outcome.bound)}.",
        "Ce que chacun ajoute est compté après ceux qui le précèdent : personne n'est compté deux "
        "fois. L'intervalle est celui du besoin, à 95 %.",
    ]
    done = outcome.ending in {Ending.OPTIMAL, Ending.WITHIN_GAP}
    return _Told(found, EXTENDED, notes, more, DONE if done else NO_ANSWER)


def _indicators(asked: Asked, question: Question) -> _Told:
    found, when, twice = answers.indicators(
        asked, question.scope, question.level, question.year, k=question.k
    )
    notes = [
        f"Année {when}. Les définitions sont celles du bilan. Un nombre que personne n'a noté "
        "est inconnu, jamais 0 : « comptés » dit combien de territoires l'ont noté.",
        _twice(*twice),
        f"Effectifs de moins de {question.k} personnes masqués, et ceux qui les redonneraient par "
        "soustraction, d'un niveau à l'autre aussi.",
    ]
    more = {"annee": when, "doublons": twice[0], "doublons_differents": twice[1],
            "seuil": question.k}  # fmt: skip
    return _Told(found, INDICATED, notes, more)


def _twice(copies: int, differing: int) -> str:
    if not copies:
        return "Aucune activité n'est dite par deux territoires d'un même réseau."
    told = (
        f"{copies} activités dites aussi par un autre territoire du même réseau (même identifiant, "
        "même jour, même type) : comptées une fois, dans le premier par son nom"
    )
    if not differing:
        return f"{told}."
    return (
        f"{told} ; {differing} ont d'autres nombres d'un fichier à l'autre : vérifiez que c'est la "
        "même activité, sinon donnez-lui un identifiant propre à l'équipe."
    )


_ANSWERS = {
    "rank": _rank,
    "compare": _compare,
    "extension": _extension,
    "indicators": _indicators,
}
