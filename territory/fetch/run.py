"""All wanted sources brought in, one after the other; the failure of one stops no other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from territory.errors import DataProblem, TerritoryError, UnreadableFile, WrongUsage
from territory.fetch.addresses import Ask, addresses_of, hosts, vintage_of
from territory.fetch.area import received_area
from territory.fetch.download import Wanted, Watch, download
from territory.fetch.enter import (
    WORK_FOLDER,
    Arrival,
    Entered,
    Ground,
    check_outlines,
    enter,
    held,
    leave_work_folder,
)
from territory.fetch.sources import ALL, Source
from territory.io.raw_folder import Fetched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from territory.fetch.patience import Means
    from territory.settings import Settings

FETCHED, UNCHANGED, KEPT, FAILED, NOTHING, BY_HAND = (
    "recue", "inchangee", "ancienne_gardee", "echec", "rien_ici", "a_apporter",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source: its key, a state word, a French sentence, the file in data/raw."""

    key: str
    label: str
    state: str
    sentence: str
    file: str = ""
    rows: int = 0

    @property
    def failed(self) -> bool:
        """Whether the source could not be brought in, former copy kept or not."""
        return self.state in {KEPT, FAILED}


def chosen(keys: Sequence[str], sources: Sequence[Source] = ALL) -> tuple[Source, ...]:
    """Return the sources named by `keys` (all when empty), in their own order; or WrongUsage."""
    known = {source.key: source for source in sources}
    wrong = [key for key in keys if key not in known]
    if wrong:
        raise WrongUsage(
            f"Source inconnue : {', '.join(wrong)}. Sources possibles : {', '.join(known)}."
        )
    return tuple(s for s in sources if not keys or s.key in keys)


def pointed_to(
    sources: Sequence[Source], addresses: Mapping[str, tuple[str, ...]]
) -> tuple[Source, ...]:
    """Return the sources with the addresses given for their keys in place of the published ones."""
    return tuple(replace(s, addresses=addresses.get(s.key, s.addresses)) for s in sources)


def fetch(
    folder: Path, settings: Settings, sources: Sequence[Source], means: Means, watch: Watch
) -> tuple[Outcome, ...]:
    """
    Download, check, cut and take in `sources`; the hosts are told before any is contacted.

    A file that fails leaves the former copy as it was. Raises WrongUsage when the territory has no
    commune; the failures of sources are told in their outcomes.
    """
    codes = frozenset(settings.ground.communes)
    if not codes:
        raise WrongUsage(
            "Ce territoire n'a pas de commune. Écrivez leurs codes dans territory.toml "
            "(communes = [...]) avant de télécharger."
        )
    asked = ", ".join(hosts(sources, Ask(tuple(sorted(codes))))) or "aucun"
    watch.says(f"Serveurs qui peuvent être contactés : {asked}.")
    return tuple(_outcome(s, folder, settings, means, watch) for s in sources)


def _outcome(
    source: Source, folder: Path, settings: Settings, means: Means, watch: Watch
) -> Outcome:
    former = held(source, folder)
    try:
        codes = frozenset(settings.ground.communes)
        ground = Ground(folder, codes, received_area(folder, settings))
        return _fetched(source, ground, means, watch)
    except (TerritoryError, OSError) as error:
        said = str(error) if isinstance(error, TerritoryError) else "écriture impossible (disque)."
        if former is None:
            return Outcome(source.key, source.label, FAILED, said)
        kept = f"{said} La copie du {former.fetched_on} est gardée."
        return Outcome(source.key, source.label, KEPT, kept, former.name)


def _fetched(source: Source, ground: Ground, means: Means, watch: Watch) -> Outcome:
    ask = ground.area.ask() if ground.area is not None else Ask(tuple(sorted(ground.codes)))
    addresses = addresses_of(source, ask)
    if not addresses:
        return Outcome(source.key, source.label, BY_HAND, to_bring(source))
    check_outlines(source, ground)
    reasons: list[str] = []
    for address in addresses:
        try:
            entered = _taken(source, address, ground, means, watch)
        except DataProblem as error:
            reasons.append(str(error))
        else:
            return _with_absent(told(source, entered), source, ground)
    raise UnreadableFile(" ; ".join(dict.fromkeys(reasons)))


def _with_absent(outcome: Outcome, source: Source, ground: Ground) -> Outcome:
    """Tell the communes asked for that the outlines do not have."""
    absent = len(ground.codes) - outcome.rows if source.kind == "communes" else 0
    if absent <= 0:
        return outcome
    said = f"{outcome.sentence} Communes introuvables : {absent} ; vérifiez leurs codes."
    return replace(outcome, sentence=said)


def _taken(source: Source, address: str, ground: Ground, means: Means, watch: Watch) -> Entered:
    """Download one address and take the file in; what was received is removed in the end."""
    target = ground.folder / WORK_FOLDER / source.key
    received = download(Wanted(address, target, source.label, source.largest_bytes), means, watch)
    try:
        vintage = vintage_of(source, address, published=True)
        fetched = Fetched(today(means), vintage, received.sha256)
        return enter(Arrival(received.path, source, address, fetched), ground)
    finally:
        received.path.unlink(missing_ok=True)
        leave_work_folder(ground.folder)


def today(means: Means) -> str:
    """Return the civil day (UTC) as YYYY-MM-DD."""
    return datetime.fromtimestamp(means.civil_s(), tz=UTC).date().isoformat()


def told(source: Source, entered: Entered) -> Outcome:
    """Return the outcome of a file taken in."""
    if not entered.rows:
        said = "le fichier est bon mais ne contient rien dans ce territoire."
        return Outcome(source.key, source.label, NOTHING, said)
    state = FETCHED if entered.changed else UNCHANGED
    many = "s" if entered.rows > 1 else ""
    said = f"{entered.rows} élément{many} gardé{many} dans {entered.name}"
    said += "." if entered.changed else ", comme la fois d'avant."
    return Outcome(source.key, source.label, state, said, entered.name, entered.rows)


def to_bring(source: Source) -> str:
    """Return how to bring by hand a source that has no address for a territory."""
    return (
        f"pas d'adresse connue pour ce territoire. Téléchargez le fichier depuis {source.page} "
        f"({' ou '.join(source.names)}), puis : territory fetch DOSSIER --from SON_DOSSIER."
    )
