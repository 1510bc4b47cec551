"""
One typed line to the debrief of an outing: « 7KQ7 I12 A3 F7 H5 A=4 B=2 ferme:C pluie ».

A sign and a number count people (`model.debriefs.COUNT_SIGNS`), a letter, « = » and a number the
people informed at a stop; then words: the weather, « ferme » and letters, « annule » and why,
« reporte », « devenu » and what, hours as « 14h-16h10 ». Anything else is refused, never repeated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from territory.io.values import read_range
from territory.model.debriefs import COUNT_SIGNS, Debrief
from territory.model.issues import Issue
from territory.model.words import (
    ACTIVITY_KINDS,
    CANCEL_REASONS,
    WEATHERS,
    Vocabulary,
    find,
    nearest,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from territory.model.debriefs import PrintedSheet

_SIGNS = {sign: column for sign, column, _ in COUNT_SIGNS}
_COUNT = re.compile(rf"([{''.join(_SIGNS)}]):?(\d+)")
_LETTER = re.compile(r"[A-Z]\d?")
_STOP = re.compile(r"([A-Z]\d?)=(\d+)")
_MOST, _MANY = 2000, 300
_CLOSED = {"ferme", "fermee", "fermes", "vide"}
_CANCELLED, _POSTPONED = {"annule", "annulee"}, {"reporte", "reportee"}
_BECOME = {"devenu", "devenue"}
_SHORT_KINDS = {"visite": "visite_partenaire", "collective": "information_collective"}
_MET = ("n_informed", "n_engaged", "n_assessed", "n_referred")
_SHARES = (
    ("femmes + hommes", ("n_women", "n_men")),
    ("l'ensemble des âges", ("n_under_26", "n_26_59", "n_60_plus")),
)


def read_line(
    text: str, sheet: PrintedSheet, *, today: date
) -> tuple[Debrief | None, tuple[Issue, ...]]:
    """
    Return the debrief that `text` (what follows the code) tells of `sheet`, and what is doubtful.

    None when something must be corrected; faults (E-) are then all told, none of them repeating
    what was typed. `today` is the day of typing.
    """
    said = _Said(_words(text), sheet)
    said.read()
    done = said.debrief(today)
    _check_whole(said, done)
    if not said.refused:
        _check_sums(said, done)
    return (None if said.refused else done), tuple(said.issues)


def line_of(done: Debrief) -> str:
    """Return the line, without the code, that `read_line` reads as `done`."""
    words = [f"{sign}{done.counts[name]}" for sign, name, _ in COUNT_SIGNS if name in done.counts]
    words += [f"{letter}={n}" for letter, n in done.at_stops.items()]
    words += [f"ferme:{letter}" for letter in done.closed]
    state = {"annule": "annule", "reporte": "reporte"}.get(done.state, "")
    words += [":".join(filter(None, [state, done.cancel_reason]))] if state else []
    words += [f"devenu:{done.kind}"] if done.kind != done.sheet.kind else []
    if (done.start_min, done.end_min) != (done.sheet.start_min, done.sheet.end_min):
        words.append(f"{_hour(done.start_min)}-{_hour(done.end_min)}")
    return " ".join([*words, *([done.weather] if done.weather else [])])


def _hour(minutes: int) -> str:
    return f"{minutes // 60}h{minutes % 60:02d}"


def _words(text: str) -> list[str]:
    """Return the words, « = » and « : » stuck to what they join, « I 12 » to « I12 »."""
    text = re.sub(r"\s*([=:])\s*", r"\1", re.sub(r"[,;.]+", " ", text))
    return re.sub(rf"(?i)\b([{''.join(_SIGNS)}])\s+(\d+)\b", r"\1\2", text).split()


@dataclass
class _Said:
    """What the words of a line say, read one after the other."""

    words: list[str]
    sheet: PrintedSheet
    at: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    at_stops: dict[str, int] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    hours: tuple[int, int] | None = None
    issues: list[Issue] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return any(issue.refused for issue in self.issues)

    def read(self) -> None:
        readers: tuple[Callable[[str], bool], ...] = (
            self._count, self._stop, self._range, self._closing, self._state, self._become,
            self._weather,
        )  # fmt: skip
        while self.at < len(self.words):
            word = self.words[self.at]
            self.at += 1
            if not any(reader(word) for reader in readers):
                self._unknown(word)
        self._tell_lost()

    def debrief(self, today: date) -> Debrief:
        """Return the debrief; people informed are those of the stops when not told otherwise."""
        counts = dict(self.counts)
        if self.at_stops and "n_informed" not in counts:
            counts["n_informed"] = sum(self.at_stops.values())
        start, end = self.hours or (self.sheet.start_min, self.sheet.end_min)
        return Debrief(
            sheet=self.sheet,
            entered=today,
            state=self.facts.get("state", "realise"),
            kind=self.facts.get("kind", self.sheet.kind),
            start_min=start,
            end_min=end,
            counts=counts,
            at_stops=dict(sorted(self.at_stops.items())),
            closed=tuple(sorted(set(self.closed))),
            weather=self.facts.get("weather"),
            cancel_reason=self.facts.get("cancel_reason"),
        )

    def note(self, code: str, problem: str, remedy: str = "") -> None:
        self.issues.append(Issue(code, "saisie", problem, remedy))

    def _count(self, word: str) -> bool:
        found = _COUNT.fullmatch(word.upper())
        if found:
            self._put(self.counts, _SIGNS[found[1]], found[2], f"« {found[1]} »")
        return found is not None

    def _stop(self, word: str) -> bool:
        found = _STOP.fullmatch(word.upper())
        if found and self._known(found[1]):
            self._put(self.at_stops, found[1], found[2], f"l'arrêt {found[1]}")
        return found is not None

    def _known(self, letter: str) -> bool:
        if letter in self.sheet.stops:
            return True
        has = f"Ses arrêts : {', '.join(self.sheet.stops)}." if self.sheet.stops else ""
        whole = f" Pour toute la sortie : {letter}12, sans « = »." if letter in _SIGNS else ""
        self.note("E-ARRET", f"cette fiche n'a pas d'arrêt {letter}.", (has + whole).strip())
        return False

    def _put(self, into: dict[str, int], key: str, digits: str, what: str) -> None:
        if len(digits) > len(str(_MOST)) or int(digits) > _MOST:
            self.note("E-NUM", f"le nombre donné pour {what} dépasse {_MOST} personnes.")
        elif into.setdefault(key, int(digits)) != int(digits):
            self.note("E-DOUBLE", f"deux nombres différents pour {what}.", "Gardez le bon.")

    def _range(self, word: str) -> bool:
        found = read_range(word) if re.match(r"\d{1,2}[h:]", word.lower()) else None
        if found is None:
            return False
        if found[1] <= found[0]:
            self.note("E-HEURE", "la fin n'est pas après le début.")
        else:
            self.hours = found
        return True

    def _closing(self, word: str) -> bool:
        """Read « ferme:C », « ferme C D »: the letters that follow are stops."""
        first, _, rest = word.partition(":")
        if plain(first) not in _CLOSED:
            return False
        letters = [rest] if rest else []
        while self.at < len(self.words) and self.words[self.at].upper() in self.sheet.stops:
            letters.append(self.words[self.at])
            self.at += 1
        named = [one for part in letters for one in _split(part.upper(), self.sheet)]
        self.closed += [one for one in named if _LETTER.fullmatch(one) and self._known(one)]
        if not named or not all(_LETTER.fullmatch(one) for one in named):
            self.note("E-ARRET", "« ferme » attend la lettre d'un arrêt.", "Par exemple : ferme:C")
        return True

    def _state(self, word: str) -> bool:
        first, _, rest = word.partition(":")
        state = "annule" if plain(first) in _CANCELLED else ""
        state = "reporte" if plain(first) in _POSTPONED else state
        if state:
            self._fact("state", state)
            reason = find(CANCEL_REASONS, rest) if rest else self._following(CANCEL_REASONS)
            if reason:
                self._fact("cancel_reason", reason)
            elif rest:
                self._unknown(rest)
        return bool(state)

    def _become(self, word: str) -> bool:
        first, _, rest = word.partition(":")
        if plain(first) not in _BECOME:
            return False
        kind = _kind(rest) if rest else self._following(ACTIVITY_KINDS)
        if kind:
            self._fact("kind", kind)
        else:
            remedy = "Par exemple : devenu visite, devenu permanence, devenu atelier."
            self.note("E-LISTE", "« devenu » attend ce que la sortie est devenue.", remedy)
        return True

    def _weather(self, word: str) -> bool:
        weather = find(WEATHERS, word.removeprefix("meteo:").removeprefix("météo:"))
        if weather:
            self._fact("weather", weather)
        return weather is not None

    def _following(self, vocabulary: Vocabulary) -> str | None:
        """Return the code that the next two words name, else the next one; they are then read."""
        for length in (2, 1):
            words = self.words[self.at : self.at + length]
            text = " ".join(words)
            known = _kind(text) if vocabulary is ACTIVITY_KINDS else find(vocabulary, text)
            if len(words) == length and known:
                self.at += length
                return known
        return None

    def _fact(self, name: str, value: str) -> None:
        if self.facts.setdefault(name, value) != value:
            self.note("E-DOUBLE", "deux mots de la saisie se contredisent.", "Gardez le bon.")

    def _unknown(self, word: str) -> None:
        close = nearest(WEATHERS, word)
        self.lost.append(f"{self.at + 1}" + (f" (« {close} » ?)" if close else ""))

    def _tell_lost(self) -> None:
        """Refuse the words not understood, by their rank: they may name somebody."""
        if self.lost:
            self.note(
                "E-MOT",
                f"mot non compris, et non répété ici, à la place n° {', '.join(self.lost)}.",
                "Aucun texte libre : des nombres (I12, A=4) et des mots connus, par exemple "
                "pluie, ferme:C, annule meteo, devenu visite.",
            )


def _split(part: str, sheet: PrintedSheet) -> list[str]:
    """Return « CD » as C and D when both are stops of the sheet, else as it is."""
    return list(part) if len(part) > 1 and all(one in sheet.stops for one in part) else [part]


def _kind(text: str) -> str | None:
    return _SHORT_KINDS.get(plain(text)) or find(ACTIVITY_KINDS, text)


def _check_whole(said: _Said, done: Debrief) -> None:
    """Refuse a line that says nothing, a cancelled outing with people, one not yet held."""
    people = any(done.counts.values())
    if not said.words:
        remedy = "Écrivez au moins I0, ou « annule » et pourquoi."
        said.note("E-VIDE", "rien n'est dit de cette sortie.", remedy)
    elif done.state != "realise" and people:
        remedy = "Enlevez les nombres, ou enlevez « annule » ou « reporte »."
        said.note("E-ANNULE", "une sortie qui n'a pas eu lieu n'a rencontré personne.", remedy)
    elif done.state == "realise" and done.sheet.on > done.entered:
        said.note("E-FUTUR", "cette sortie n'a pas encore eu lieu.", "Vérifiez le code.")


def _check_sums(said: _Said, done: Debrief) -> None:
    """Tell sums that do not hold, in the words of the activity files; all is kept."""
    counts, most = (
        done.counts,
        max((done.counts[n] for n in _MET if n in done.counts), default=None),
    )
    informed, engaged = counts.get("n_informed"), counts.get("n_engaged")
    if informed is not None and informed > _MANY:
        said.note("W-NOMBRE", f"plus de {_MANY} personnes.", "Vérifiez ce nombre.")
    if informed is not None and engaged is not None and engaged > informed:
        problem = "plus de personnes accrochées que de personnes informées."
        said.note("W-NOMBRE", problem, "Vérifiez ces nombres.")
    sums = [(what, sum(counts.get(n, 0) for n in parts)) for what, parts in _SHARES]
    for what, total in sums:
        if most is not None and total > most:
            problem = f"{what} ({total}) dépasse le nombre de personnes ({most})."
            remedy = "Les deux sont gardés ; la répartition n'est pas publiée."
            said.note("W-SOMME", problem, remedy)
    stops = sum(done.at_stops.values())
    if informed is not None and stops > informed:
        problem = f"l'ensemble des arrêts ({stops}) dépasse les personnes informées ({informed})."
        said.note("W-SOMME", problem, "Les deux sont gardés.")
