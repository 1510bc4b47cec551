"""What a report counts: a profile is a list of countings that a team can write itself."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - read at run time by pydantic
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from territory.settings.section import Section

Counted = Literal["personnes", "activites", "heures", "lieux", "quartiers", "structures", "saisi"]
By = Literal[
    "", "commune", "type", "mois", "type_lieu", "zone", "demi_journee", "etat",
    "motif", "mode", "sexe", "age", "canal", "residence", "freins", "orientation", "issue",
    "inscrit", "accompagne", "cohorte", "statut", "type_structure", "jour",
]  # fmt: skip


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
    says that one person may be in several parts.
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
    per_thousand: str = Field("", alias="pour_mille")

    @model_validator(mode="after")
    def _one_way(self) -> Counting:
        """Refuse a counting that says neither what is counted nor what is divided, or both."""
        if (self.counted is None) == (not self.ratio) or len(self.ratio) not in {0, 2}:
            raise PydanticCustomError("counting", "either counted or two figures divided", {})
        return self


class Profile(Section):
    """What one programme or funder asks for: countings in the order of the report."""

    code: str = Field(alias="code")
    name: str = Field(alias="nom")
    countings: tuple[Counting, ...] = Field(alias="chiffre", min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Profile:
        """Refuse two figures of one code, and a reference to a figure that comes later."""
        seen: set[str] = set()
        for counting in self.countings:
            wanted = {counting.part_of, *counting.ratio, counting.per_thousand} - {"", "habitants"}
            if counting.code in seen or not wanted <= seen:
                told = {"code": counting.code}
                raise PydanticCustomError("profile", "twice, or refers to a later figure", told)
            seen.add(counting.code)
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


class Report(Section):
    """The report of one territory: which profile, since when, what the team says itself."""

    profile: str = Field("est_ensemble", alias="profil")
    launch: date | None = Field(None, alias="lancement")
    structure: str = Field("", alias="structure")
    cohorts: tuple[Cohort, ...] = Field((), alias="cohortes")
    entered: dict[str, float] = Field({}, alias="saisis")
    printed: dict[str, float] = Field({}, alias="imprimes")
    listed: tuple[Listed, ...] = Field((), alias="listes")
    quotes: tuple[str, ...] = Field((), alias="temoignages")
