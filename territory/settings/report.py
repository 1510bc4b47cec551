"""What a report counts: a profile is a list of countings that a team can write itself."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - read at run time by pydantic
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from territory.settings.section import Section

Counted = Literal[
    "personnes", "activites", "heures", "lieux", "quartiers", "structures", "saisi", "calcule",
]  # fmt: skip
By = Literal[
    "", "commune", "type", "mois", "semestre", "type_lieu", "zone", "demi_journee", "etat",
    "motif", "mode", "sexe", "age", "canal", "residence", "freins", "orientation", "issue",
    "inscrit", "accompagne", "cohorte", "statut", "type_structure", "jour",
    "quartier", "lieu", "creneau", "bureau", "agent",
]  # fmt: skip
Drawing = Literal["barres", "mois", "carte", "aucun"]


class Chosen(Section):
    """Which lines are counted: each key keeps the lines that hold one of its values."""

    kinds: tuple[str, ...] = Field((), alias="type")
    states: tuple[str, ...] = Field(("realise",), alias="etat")
    stages: tuple[str, ...] = Field((), alias="etape")
    zones: tuple[str, ...] = Field((), alias="zone")
    homes: tuple[str, ...] = Field((), alias="residence")
    channels: tuple[str, ...] = Field((), alias="canal")
    outcomes: tuple[str, ...] = Field((), alias="issue")
    cohorts: tuple[str, ...] = Field((), alias="cohorte")
    statuses: tuple[str, ...] = Field((), alias="statut")
    referred: bool = Field(False, alias="avec_orientation")
    least_times: int = Field(1, alias="au_moins", ge=1)


class Counting(Section):
    """
    One figure of a report: what is counted, among which lines, split how, as a share of what.

    `part_of` names the figure it is a share of; `ratio` two figures to divide. `apart` are the
    values left out of shares (non-response, « ? » for what is not told), shown beside. `several`
    says that one person may be in several parts. `rests_on` are the figures that a computed one is
    made from, hidden with any of them, part by part. `team` keeps it inside the team.
    """

    code: str = Field(alias="code", pattern=r"^[A-Za-z][A-Za-z0-9_]{0,15}$")
    label: str = Field(alias="libelle", min_length=2)
    meaning: str = Field("", alias="definition")
    heading: str = Field("", alias="rubrique")
    key: bool = Field(False, alias="cle")
    counted: Counted | None = Field(None, alias="compter")
    among: Chosen = Field(default_factory=Chosen, alias="parmi")
    by: By = Field("", alias="par")
    apart: tuple[str, ...] = Field((), alias="a_part")
    shares: bool = Field(False, alias="parts")
    several: bool = Field(False, alias="plusieurs_par_personne")
    part_of: str = Field("", alias="part_de")
    ratio: tuple[str, ...] = Field((), alias="rapport")
    per_thousand: Literal["", "habitants", "habitants_18_64"] = Field("", alias="pour_mille")
    rests_on: tuple[str, ...] = Field((), alias="repose_sur")
    drawn: Drawing = Field("barres", alias="dessin")
    team: bool = Field(False, alias="equipe")

    @model_validator(mode="after")
    def _one_way(self) -> Counting:
        """Refuse a counting that says neither what is counted nor what is divided, or both."""
        if (self.counted is None) == (not self.ratio) or len(self.ratio) not in {0, 2}:
            raise PydanticCustomError("counting", "either counted or two figures divided", {})
        return self


class Table(Section):
    """
    Countings of the report set side by side, one line a part: what is split the same way.

    `steps` says that each column is a step of the one before (touché, diagnostiqué, orienté): its
    share of that one is printed, with the interval. `per_first` divides each column by the first.
    `summed` adds a last line for the whole. `caution` stands in a box before the chapter's figures.
    """

    code: str = Field(alias="code", pattern=r"^[A-Za-z][A-Za-z0-9_]{0,15}$")
    title: str = Field(alias="titre", min_length=2)
    heading: str = Field("", alias="rubrique")
    meaning: str = Field("", alias="definition")
    columns: tuple[str, ...] = Field(alias="colonnes", min_length=2)
    steps: bool = Field(False, alias="etapes")
    per_first: bool = Field(False, alias="rapporter")
    summed: bool = Field(True, alias="ensemble")
    caution: str = Field("", alias="avertissement")


class Profile(Section):
    """
    What one programme or funder asks for: countings in the order of the report, tables of them.

    `completed` adds the standard indicators (profiles/standard.toml) to those it names.
    """

    code: str = Field(alias="code")
    name: str = Field(alias="nom")
    completed: bool = Field(True, alias="completer")
    countings: tuple[Counting, ...] = Field(alias="chiffre", min_length=1)
    tables: tuple[Table, ...] = Field((), alias="tableau")

    @model_validator(mode="after")
    def _known(self) -> Profile:
        """Refuse two figures of one code, and a reference to a figure that comes later."""
        seen: set[str] = set()
        for counting in self.countings:
            wanted = {counting.part_of, *counting.ratio, *counting.rests_on} - {""}
            if counting.code in seen or not wanted <= seen:
                told = {"code": counting.code}
                raise PydanticCustomError("profile", "twice, or refers to a later figure", told)
            seen.add(counting.code)
        for table in self.tables:
            if not set(table.columns) <= seen:
                told = {"code": table.code}
                raise PydanticCustomError("profile", "names a figure that is not there", told)
        return self


class Cohort(Section):
    """A list of people a team follows: its code in the log, its French name, its ages."""

    code: str = Field(alias="code", pattern=r"^[a-z0-9_]{1,30}$")
    name: str = Field(alias="nom", min_length=2)
    ages: tuple[int, int] | None = Field(None, alias="ages")


class Listed(Section):
    """A list that a document announces with a number: « 4 territoires », and their names."""

    title: str = Field(alias="titre")
    announced: int = Field(alias="annonce", ge=0)
    items: tuple[str, ...] = Field(alias="elements")


class Cumulated(Section):
    """A total over several periods as a document prints it, and the periods it adds up."""

    code: str = Field(alias="chiffre", min_length=1)
    total: float = Field(alias="total", ge=0)
    periods: dict[str, float] = Field(alias="periodes", min_length=1)


class Posts(Section):
    """How many posts of mediators there are from a day on."""

    since: date = Field(alias="le")
    count: float = Field(alias="nombre", ge=0)


class Aim(Section):
    """What a team wants to reach: people a year of one stage, and its posts over time."""

    people: int = Field(alias="personnes_par_an", ge=1)
    stage: str = Field("accroche", alias="etape")
    until: date | None = Field(None, alias="jusqu_au")
    posts: tuple[Posts, ...] = Field((), alias="postes")
    ramp_up_months: int = Field(6, alias="montee_en_charge_mois", ge=0, le=36)


class Opening(Section):
    """A permanence that opened: the name of its place as the log writes it, and the day."""

    place: str = Field(alias="lieu", min_length=2)
    since: date = Field(alias="le")
    months: int = Field(6, alias="mois", ge=1, le=24)


class Report(Section):
    """The report of one territory: which profile, since when, what the team says itself."""

    profile: str = Field("est_ensemble", alias="profil")
    launch: date | None = Field(None, alias="lancement")
    structure: str = Field("", alias="structure")
    cohorts: tuple[Cohort, ...] = Field((), alias="cohortes")
    entered: dict[str, float] = Field({}, alias="saisis")
    printed: dict[str, float] = Field({}, alias="imprimes")
    listed: tuple[Listed, ...] = Field((), alias="listes")
    cumulated: tuple[Cumulated, ...] = Field((), alias="cumuls")
    quotes: tuple[str, ...] = Field((), alias="temoignages")
    aim: Aim | None = Field(None, alias="objectif")
    openings: tuple[Opening, ...] = Field((), alias="ouvertures")
    rounding: Literal["une_a_une", "plus_forts_restes"] = Field("une_a_une", alias="arrondi")
