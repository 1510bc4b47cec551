"""
The settings of one territory, read from territory.toml, passed as arguments and never global.

Keys of the file are French (they are edited by coordinators); attributes are English with units.
"""

from __future__ import annotations

import tomllib
from datetime import date  # noqa: TC003 - read at run time by pydantic
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from territory.errors import BadSettings
from territory.model.census import GRID_ADULTS, GRID_AGES, RESIDENTS, UNEMPLOYED
from territory.model.words import plain
from territory.settings.report import Report
from territory.settings.section import Section
from territory.settings.week import Week

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = [
    "COHORTS",
    "FILE_NAME",
    "Access",
    "Census",
    "Cohort",
    "Counted",
    "Effort",
    "Freshness",
    "Gaps",
    "Grid",
    "Ground",
    "Near",
    "Need",
    "OutOfWork",
    "Positive",
    "Quantity",
    "Report",
    "Section",
    "Sectors",
    "Settings",
    "Sites",
    "Walk",
    "Week",
    "read_settings",
    "settings_of",
]
FILE_NAME = "territory.toml"


class Ground(Section):
    """Which communes, which date is « today », which metric CRS."""

    name: str = Field("Mon territoire", alias="nom")
    communes: tuple[str, ...] = Field((), alias="communes")
    reference_date: date | None = Field(None, alias="date_reference")
    epsg: int = Field(2154, alias="projection")
    seed: int = Field(0, alias="graine")
    fictional: bool = Field(False, alias="fictif")
    simulated_logs: bool = Field(False, alias="activites_simulees")


class Walk(Section):
    """How people walk, and how points are tied to streets."""

    speed_kmh: float = Field(4.5, alias="vitesse_kmh", ge=2, le=7)
    steps_factor: float = Field(2.0, alias="facteur_escaliers", ge=1)
    unlit_factor: float = Field(1.0, alias="facteur_sombre", ge=1)
    avoid_factor: float = Field(3.0, alias="facteur_eviter", ge=1)
    slopes: bool = Field(True, alias="pente")
    snap_max_m: float = Field(250.0, alias="raccord_max_m", gt=0)
    join_gaps_m: float = Field(0.0, alias="joindre_trous_m", ge=0)


def _known(columns: tuple[str, ...], known: Collection[str]) -> tuple[str, ...]:
    wrong = [c for c in columns if c not in known]
    if wrong or not columns:
        choice = {"wrong": ", ".join(wrong) or "aucune", "known": ", ".join(known)}
        raise PydanticCustomError("unknown_column", "unknown column", choice)
    return columns


def _out_of_work(columns: tuple[str, ...]) -> tuple[str, ...]:
    return _known(columns, UNEMPLOYED)


def _in_census(columns: tuple[str, ...]) -> tuple[str, ...]:
    return _known(columns, RESIDENTS)


def _in_grid(columns: tuple[str, ...]) -> tuple[str, ...]:
    return _known(columns, GRID_AGES)


def _ages(ages: tuple[int, int]) -> tuple[int, int]:
    if not 0 <= ages[0] <= ages[1]:
        raise PydanticCustomError("ages", "impossible ages", {})
    return ages


OutOfWork = Annotated[tuple[str, ...], AfterValidator(_out_of_work)]
Census = Annotated[tuple[str, ...], AfterValidator(_in_census)]
Grid = Annotated[tuple[str, ...], AfterValidator(_in_grid)]


Counted = Literal["nb_femmes", "nb_hommes", "nb_moins_26", "nb_26_59", "nb_60_plus"]


Positive = Annotated[float, Field(gt=0)]
Quantity = Annotated[float, Field(ge=0)]


class Cohort(Section):
    """
    A public the team wants, and the columns of Insee its estimate rests on (each summed).

    `counted` is the column of the log that counts it, the nearest there is; None when none does.
    """

    name: str = Field(alias="nom", pattern=r"[^\W_]")
    ages: Annotated[tuple[int, int], AfterValidator(_ages)] = Field(alias="ages")
    unemployed: OutOfWork = Field(alias="chomeurs")
    residents: Census = Field(alias="habitants")
    grid: Grid = Field(alias="carreaux")
    counted: Counted | None = Field(None, alias="comptages")

    @property
    def code(self) -> str:
        """Return the name as columns carry it: lower case, no accent, « _ » for other signs."""
        return plain(self.name)


def _told_apart(cohorts: tuple[Cohort, ...]) -> tuple[Cohort, ...]:
    if len({c.code for c in cohorts}) < len(cohorts):
        raise PydanticCustomError("same_name", "same name", {})
    return cohorts


COHORTS = (
    Cohort(name="jeunes", ages=(16, 25), unemployed=("CHOM1524",), residents=("POP1524",),
           grid=("ind_18_24",), counted="nb_moins_26"),
    Cohort(name="femmes", ages=(15, 64), unemployed=("FCHOM1564",), residents=("F1564",),
           grid=GRID_ADULTS, counted="nb_femmes"),
    Cohort(name="seniors", ages=(50, 64), unemployed=("CHOM5564",), residents=("POP5564",),
           grid=("ind_55_64",), counted="nb_60_plus"),
)  # fmt: skip


class Need(Section):
    """
    Which publics are estimated, with how much doubt, and who counts beside tax households.

    Everybody told of a hostel counts by default: tax statistics hold none of them, and a ranking
    without them sends the team away from those it looks for. A lower share keeps out children and
    people at work, when the team knows it.
    """

    outside_share: float = Field(1.0, alias="part_hors_menages", ge=0, le=1)
    outside_max_m: float = Field(250.0, alias="rattachement_max_m", gt=0)
    allocation_sd: float | None = Field(None, alias="ecart_repartition", ge=0, le=2)
    draws: int = Field(500, alias="tirages", ge=100, le=5000)
    cohorts: Annotated[tuple[Cohort, ...], AfterValidator(_told_apart)] = Field(
        COHORTS, alias="cohortes"
    )


class Access(Section):
    """What counts as in reach."""

    near_min: float = Field(10.0, alias="proche_min", gt=0)
    far_min: float = Field(15.0, alias="loin_min", gt=0)
    half_min: float = Field(10.0, alias="demi_min", gt=0)
    cut_min: float = Field(25.0, alias="limite_min", gt=0)
    short_min: float = Field(7.0, alias="demi_courte_min", gt=0)
    long_min: float = Field(15.0, alias="demi_longue_min", gt=0)
    margin_m: float = Field(2000.0, alias="marge_m", ge=0)
    edge_m: float = Field(800.0, alias="bord_m", gt=0)


class Effort(Section):
    """Which past activities count, and how far they reach."""

    months: int = Field(12, alias="mois", ge=1, le=60)
    half_life_months: float = Field(9.0, alias="demi_vie_mois", gt=0)
    kernel_min: float = Field(4.0, alias="noyau_min", gt=0)
    reach_min: float = Field(10.0, alias="portee_min", gt=0)
    unvisited_weeks: int = Field(8, alias="sans_passage_semaines", ge=1, le=520)


class Gaps(Section):
    """How zones are drawn and how many are shown."""

    count: int = Field(8, alias="nombre", ge=1)
    window_min: float = Field(12.0, alias="fenetre_min", gt=0)
    max_share: float = Field(0.05, alias="part_max", gt=0, le=0.5)
    min_expected: float = Field(5.0, alias="attendu_min", ge=0)
    access_min: float = Field(8.0, alias="acces_min", ge=0)
    need_level: float = Field(0.9, alias="besoin_min", ge=0)
    simulations: int = Field(199, alias="tirages", ge=0, le=9999)


class Sites(Section):
    """
    How a new permanence is judged: a place on a half-day, and the people who would come.

    Nobody measured in general `visits` (a week for one person of the public, at the very most),
    `outside` (how staying away draws; a permanence at the door draws 1), `repeat` (what one more
    half-day of a place draws beside the first), `market` (what an open market does to a room near
    it) and `per_hour` (people whom one worker receives):
    assumptions, until the log of the team tells. Publics and half-days are worth the same by
    default. `movable`, `closable`, `kept`, `forbidden` and `required` name places, with their
    half-day when wanted: « P0012:mercredi matin ».
    """

    limit_min: float = Field(15.0, alias="minutes", gt=0)
    add: int = Field(1, alias="nombre", ge=1)
    session_h: float = Field(3.0, alias="duree_h", gt=0, le=8)
    preparation_h: float = Field(1.0, alias="preparation_h", ge=0)
    weekly_h: float | None = Field(None, alias="heures_semaine", gt=0)
    in_place: int = Field(2, alias="demi_journees_par_lieu", ge=1)
    per_hour: float = Field(4.0, alias="personnes_par_heure", gt=0)
    least: float = Field(0.0, alias="frequentation_min", ge=0)
    visits: float = Field(0.005, alias="visites_semaine", gt=0)
    outside: float = Field(1.0, alias="rester_chez_soi", gt=0)
    publics: tuple[str, ...] = Field(("jeunes", "seniors"), alias="publics")
    walk_factor: dict[str, Positive] = Field({}, alias="marche_publics")
    slot_values: dict[str, dict[str, Quantity]] = Field({}, alias="valeurs_creneaux")
    attractions: dict[str, Positive] = Field({}, alias="attraits")
    repeat: float = Field(0.5, alias="meme_lieu", ge=0, le=1)
    market: float = Field(1.5, alias="attrait_marche", ge=1)
    market_min: float = Field(5.0, alias="marche_proche_min", gt=0)
    movable: tuple[str, ...] = Field((), alias="deplacables")
    closable: tuple[str, ...] = Field((), alias="fermables")
    kept: tuple[str, ...] = Field((), alias="garder")
    forbidden: tuple[str, ...] = Field((), alias="interdire")
    required: tuple[str, ...] = Field((), alias="imposer")
    guarantee_min: float | None = Field(None, alias="garantie_min", gt=0)
    seconds: float = Field(20.0, alias="secondes", gt=0)


class Sectors(Section):
    """
    How a territory is shared among posts: by which units, which bounds they keep, what is locked.

    Firm bounds (« fermes ») keep communes whole while there are as many as posts; soft ones put a
    price on each cut. `outings_week` are those of the whole team (None: those of the log). `locked`
    keeps communes and zones with workers, code of the one to code of the other.
    """

    units: Literal["carreaux", "communes"] = Field("carreaux", alias="unites")
    bounds: Literal["fermes", "souples", "aucune"] = Field("fermes", alias="limites")
    tolerance: float = Field(0.05, alias="tolerance", ge=0, le=1)
    outings_week: float | None = Field(None, alias="sorties_semaine", gt=0)
    contact_h: float = Field(0.5, alias="heures_par_contact", ge=0)
    seconds: float = Field(10.0, alias="secondes", gt=0)
    locked: dict[str, str] = Field({}, alias="reserves")


class Near(Section):
    """What « grande proximité » means, and how sure positions are."""

    near_m: float = Field(300.0, alias="distance_m", gt=0)
    walked: bool = Field(False, alias="a_pied")
    sigma_m: float = Field(0.0, alias="incertitude_m", ge=0)
    no_qva: bool = Field(False, alias="sans_qva")


class Freshness(Section):
    """After how many months since it was verified each fact of a place is to be verified again."""

    hours_months: int = Field(6, alias="horaires_mois", ge=1)
    position_months: int = Field(36, alias="position_mois", ge=1)
    status_months: int = Field(12, alias="statut_mois", ge=1)
    hosts_months: int = Field(12, alias="permanence_mois", ge=1)
    audiences_months: int = Field(24, alias="publics_mois", ge=1)
    crowd_months: int = Field(12, alias="affluence_mois", ge=1)

    @property
    def limits(self) -> dict[str, int]:
        """Months by code of model.facts.FACTS."""
        return {
            field.alias.removesuffix("_mois"): int(getattr(self, name))
            for name, field in type(self).model_fields.items()
            if field.alias
        }


class Settings(Section):
    """All settings of one territory."""

    ground: Ground = Field(default_factory=Ground, alias="territoire")
    walk: Walk = Field(default_factory=Walk, alias="marche")
    need: Need = Field(default_factory=Need, alias="besoin")
    access: Access = Field(default_factory=Access, alias="acces")
    effort: Effort = Field(default_factory=Effort, alias="effort")
    gaps: Gaps = Field(default_factory=Gaps, alias="zones")
    near: Near = Field(default_factory=Near, alias="proximite")
    week: Week = Field(default_factory=Week, alias="semaine")
    sites: Sites = Field(default_factory=Sites, alias="permanences")
    sectors: Sectors = Field(default_factory=Sectors, alias="secteurs")
    freshness: Freshness = Field(default_factory=Freshness, alias="fraicheur")
    report: Report = Field(default_factory=Report, alias="bilan")


def read_settings(folder: Path) -> Settings:
    """
    Read `folder`/territory.toml.

    Raises BadSettings (French) when the file is absent, is not TOML, or holds an impossible value.
    """
    path = folder / FILE_NAME
    try:
        return settings_of(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise BadSettings(
            f"« {path.name} » est introuvable. Créez d'abord le dossier avec « territory init »."
        ) from error
    except UnicodeDecodeError as error:
        raise BadSettings(
            f"« {path.name} » n'est pas enregistré en UTF-8. Réenregistrez-le dans cet encodage."
        ) from error


def settings_of(text: str) -> Settings:
    """Return the settings that the content of territory.toml says; raises BadSettings (French)."""
    try:
        return Settings.model_validate(tomllib.loads(text))
    except RecursionError as error:
        raise BadSettings(f"« {FILE_NAME} » n'est pas lisible : trop de niveaux.") from error
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"« {FILE_NAME} » n'est pas lisible : {error}.") from error
    except ValidationError as error:
        raise BadSettings(_french(error)) from error


def _french(error: ValidationError) -> str:
    faults = [_fault(e["loc"], e["type"], e.get("ctx", {})) for e in error.errors()]
    return f"{FILE_NAME} contient des réglages impossibles : {' ; '.join(faults)}. Corrigez-les."


def _fault(where: tuple[int | str, ...], kind: str, limits: dict[str, Any]) -> str:
    sentences = {
        "extra_forbidden": "ce réglage n'existe pas",
        "greater_than": f"doit être plus grand que {limits.get('gt')}",
        "greater_than_equal": f"doit valoir au moins {limits.get('ge')}",
        "less_than_equal": f"doit valoir au plus {limits.get('le')}",
        "string_type": "doit être un texte entre guillemets",
        "unknown_column": f"colonne inconnue : {limits.get('wrong')} ; colonnes possibles : "
        f"{limits.get('known')}",
        "unknown_kind": f"type de lieu inconnu : {limits.get('wrong')}",
        "ages": "deux âges, le plus petit d'abord",
        "same_name": "deux publics portent le même nom",
    }
    return f"« {'.'.join(map(str, where))} » ({sentences.get(kind, 'valeur non comprise')})"
