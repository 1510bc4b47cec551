"""Permanences as the page shows them: proposed ones, today's, what a supposition changes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.model.jsonable import from_json
from territory.model.marked import marked
from territory.model.results import SitePlan
from territory.model.words import PLACE_KINDS, WEEKS, label
from territory.outputs.account import proof
from territory.outputs.map_content import hidden_places
from territory.web.translations import FRENCH, Tongue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.model.results import Share, Site

# what the form asks: its word in the form, its French, the setting it is added to
ASKS = (
    ("imposer", marked("y tenir une permanence"), "required"),
    ("interdire", marked("n’y rien ouvrir"), "forbidden"),
    ("garder", marked("garder celle d’aujourd’hui"), "kept"),
    ("fermer", marked("pouvoir fermer celle d’aujourd’hui"), "closable"),
    ("deplacer", marked("pouvoir déplacer celle d’aujourd’hui"), "movable"),
)
ASK_ROWS = 4  # places that one supposition may name
MOST, LONGEST_MIN = 8, 60
DECISIONS = (
    ("require", marked("retenir ce lieu")),
    ("forbid", marked("écarter ce lieu")),
    ("keep", marked("garder la permanence")),
    ("close", marked("fermer la permanence")),
)
_SETTINGS = {word: setting for word, _, setting in ASKS}
_WIDE, _HIGH, _LEFT, _LOW = 560.0, 220.0, 50.0, 40.0


def site_rows(
    plan: SitePlan, communes: Mapping[str, str], tongue: Tongue = FRENCH
) -> list[dict[str, Any]]:
    """Return the card of each proposed site: when, what it brings, who gains, what is not sure."""
    return [_site(site, communes, tongue) for site in plan.sites]


def plan_sentence(plan: SitePlan, tongue: Tongue = FRENCH) -> str:
    """Say how many people a week are received before and after, and what the search proved."""
    if plan.people_week is None or plan.people_before is None:
        return _proof(plan, tongue)
    number = tongue.figures.number
    said = tongue.say(
        "%(before)s personnes reçues par semaine aujourd’hui, %(after)s ensuite (estimation).",
        before=number(plan.people_before, 1), after=number(plan.people_week, 1),
    )  # fmt: skip
    return f"{said} {_proof(plan, tongue)}"


def plan_of(value: Mapping[str, Any]) -> SitePlan:
    """Return the plan that the JSON value of `territory sites` holds beside its sections."""
    names = {field.name for field in fields(SitePlan)}
    return from_json(SitePlan, {key: v for key, v in value.items() if key in names})


def side_rows(today: SitePlan, supposed: SitePlan, tongue: Tongue = FRENCH) -> list[dict[str, str]]:
    """Return today's proposal and a supposition, figure by figure."""
    sides = [_side(plan, tongue) for plan in (today, supposed)]
    return [
        {"title": title, "today": one, "supposed": other}
        for (title, one), (_, other) in zip(*sides, strict=True)
    ]


def today_rows(
    permanences: pd.DataFrame, places: pd.DataFrame, tongue: Tongue = FRENCH
) -> list[dict[str, str]]:
    """Return the permanences held today, in the order of the week; sensitive places not named."""
    secret, clock = hidden_places(places), tongue.figures.clock
    rows = permanences.sort_values(["weekday", "start_min", "place_id"])
    return [
        {
            "name": tongue.say(_place_name(str(row["place_id"]), places, secret)),
            "place_id": "" if row["place_id"] in secret else str(row["place_id"]),
            "day": tongue.figures.weekday(int(row["weekday"])),
            "hours": f"{clock(row['start_min'])} – {clock(row['end_min'])}",
            "weeks": tongue.say(label(WEEKS, str(row["weeks"]))),
        }
        for _, row in rows.iterrows()
    ]


def place_choices(
    options: pd.DataFrame,
    places: pd.DataFrame,
    communes: Mapping[str, str],
    tongue: Tongue = FRENCH,
) -> list[tuple[str, str]]:
    """Return the places where a permanence is possible as (identifier, name and commune)."""
    secret = hidden_places(places)
    known = options.drop_duplicates("place_id").set_index("place_id")
    unknown = tongue.say("commune inconnue")
    named = [
        (str(key), f"{row['name']} ({communes.get(str(row['commune_code']), unknown)})")
        for key, row in known.iterrows()
        if key not in secret
    ]
    return sorted(named, key=lambda pair: (pair[1], pair[0]))


@dataclass(frozen=True, slots=True)
class Supposition:
    """What the form asks of `territory sites`; `asks` are (setting, « place » or with a slot)."""

    number: int = 0
    asks: tuple[tuple[str, str], ...] = ()
    guarantee: float | None = None
    slider: float | None = None
    curve: bool = False
    near: bool = False
    equity: bool = False
    robust: bool = False

    @property
    def changes(self) -> bool:
        """Whether something else than today's settings is asked."""
        return bool(self.number or self.asks or self.guarantee)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the command but the folder, by name."""
        places: dict[str, list[str]] = {setting: [] for setting in _SETTINGS.values()}
        for setting, reference in self.asks:
            places[setting].append(reference)
        wanted = [6 * self.curve, self.near, 100 * self.robust, self.equity, self.slider]
        return {
            "number": self.number, "places": places, "guarantee": self.guarantee,
            "wanted": wanted, "everything": False, "seed": None,
        }  # fmt: skip


def supposition_of(form: Mapping[str, str]) -> Supposition:
    """Return what the fields of the form ask; what cannot be read is left out."""
    asks = []
    for row in range(1, ASK_ROWS + 1):
        setting = _SETTINGS.get(form.get(f"demande{row}", ""))
        place, slot = form.get(f"lieu{row}", "").strip(), form.get(f"creneau{row}", "").strip()
        if setting and place:
            asks.append((setting, f"{place}:{slot}" if slot else place))
    sections = [form.get(name) == "oui" for name in ("courbe", "equivalents", "equite", "tirages")]
    equity = sections[2]
    return Supposition(
        int(_within(form.get("nombre", ""), MOST) or 0),
        tuple(asks),
        _within(form.get("garantie", ""), LONGEST_MIN) or None,
        (_within(form.get("curseur", ""), 100) or 0.0) / 100 if equity else None,
        curve=sections[0], near=sections[1], equity=equity, robust=sections[3],
    )  # fmt: skip


def asked_words(
    arguments: Mapping[str, Any], names: Mapping[str, str], tongue: Tongue = FRENCH
) -> str:
    """Say what a supposition asks, from the arguments of its command; `names` by place_id."""
    told, more = [], arguments["number"]
    if more:
        words = tongue.ngettext(
            "%(more)s demi-journée à ajouter", "%(more)s demi-journées à ajouter", more
        )
        told.append(words % {"more": more})
    for _, words, setting in ASKS:
        asked = [_asked_place(one, names, tongue) for one in arguments["places"].get(setting, ())]
        told += [f"{tongue.gettext(words)}{tongue.colon} {', '.join(asked)}"] if asked else []
    if arguments["guarantee"]:
        minutes = tongue.figures.number(arguments["guarantee"])
        told.append(
            tongue.say("une permanence à %(minutes)s minutes de chaque QPV", minutes=minutes)
        )
    return tongue.semicolon.join(told) or tongue.say("rien de changé")


def curve_points(points: Sequence[Mapping[str, Any]], tongue: Tongue = FRENCH) -> dict[str, Any]:
    """Return the drawing of the curve: one line and its dots, in the units of its viewBox."""
    most = max((p["personnes"] for p in points), default=0.0) or 1.0
    last = max((p["ajoutees"] for p in points), default=0) or 1
    dots = [
        {
            "x": round(_LEFT + (_WIDE - _LEFT - 20) * p["ajoutees"] / last, 1),
            "y": round(_HIGH - _LOW - (_HIGH - _LOW - 25) * p["personnes"] / most, 1),
            "added": str(p["ajoutees"]),
            "people": tongue.figures.number(p["personnes"], 1),
        }
        for p in points
    ]
    line = " ".join(f"{dot['x']},{dot['y']}" for dot in dots)
    return {"line": line, "dots": dots, "width": _WIDE, "height": _HIGH,
            "left": _LEFT, "floor": _HIGH - _LOW}  # fmt: skip


def curve_rows(
    points: Iterable[Mapping[str, Any]], tongue: Tongue = FRENCH
) -> list[dict[str, str]]:
    """Return the curve as text, from the rows of `dialogue_account.curve_rows`."""
    number, none = tongue.figures.number, tongue.say("rien de nouveau")
    return [
        {
            "added": str(p["ajoutees"]),
            "people": number(p["personnes"], 1),
            "gain": "" if p["gain"] is None else f"+{number(p['gain'], 1)}",
            "hours": number(p["heures"], 1),
            "cost": "" if p["heures_par_personne"] is None
            else number(p["heures_par_personne"], 1),
            "where": " ; ".join(p["nouvelles"]) or none,
        }
        for p in points
    ]  # fmt: skip


def equity_rows(equity: Mapping[str, Any], tongue: Tongue = FRENCH) -> list[dict[str, Any]]:
    """Return the choices between mean walk and worst walk as text, the picked one marked."""
    number, none = tongue.figures.number, tongue.say("rien de nouveau")
    return [
        {
            "where": " ; ".join(name for name in p["lieux"] if name) or none,
            "mean": number(p["moyenne_min"], 1),
            "worst": number(p["pire_min"], 1),
            "most": number(p["q90_min"], 1),
            "price": number(p["prix_min"], 1),
            "picked": position == equity["choisi"],
        }
        for position, p in enumerate(equity["points"])
    ]


def _site(site: Site, communes: Mapping[str, str], tongue: Tongue) -> dict[str, Any]:
    code = site.commune_code or ""
    return {
        "rank": site.rank,
        "place_id": site.place_id,
        "name": site.name,
        "kind": tongue.say(label(PLACE_KINDS, site.kind)),
        "commune": communes.get(code, code),
        "when": _when(site, tongue),
        "reason": site.reason,
        "figures": [(title, text) for title, text in _figures(site, tongue) if text],
        "publics": _shares(site.publics, tongue),
        "communes": _shares(site.communes, tongue),
        "transfers": _shares(site.transfers, tongue),
        "equal": ", ".join(map(tongue.figures.spoken_slot, site.equal_slots)),
    }


def _figures(site: Site, tongue: Tongue) -> list[tuple[str, str]]:
    say, number, percent = tongue.say, tongue.figures.number, tongue.figures.percent
    week = _people(site.people_week, tongue)
    if site.people_low is not None and site.people_high is not None:
        low, high = number(site.people_low, 1), number(site.people_high, 1)
        week += say(" (entre %(low)s et %(high)s)", low=low, high=high)
    own = "" if site.own_share is None else percent(site.own_share)
    reach = ""
    if site.target_total:
        before, after = (v / site.target_total for v in (site.covered_before, site.covered_after))
        shares = {"before": percent(before, 1), "after": percent(after, 1)}
        reach = say("%(before)s avant, %(after)s après", **shares)
    return [
        (say("Personnes reçues par semaine"), week),
        (say("Dont reçues nulle part ailleurs"), _people(site.gained_week, tongue)),
        (say("Public à portée de marche"), reach),
        (say("Heures d’équipe par semaine"), "" if site.hours is None else number(site.hours, 1)),
        (say("Habitent la commune du lieu"), own),
        (say("Accueil par le lieu"), tongue.say(site.host)),
        (say("Horaires"), site.opening),
        (say("À côté"), site.near),
    ]


def _shares(shares: Iterable[Share], tongue: Tongue) -> list[tuple[str, str]]:
    return [(share.name, tongue.figures.number(share.people, 1)) for share in shares]


def _when(site: Site, tongue: Tongue) -> str:
    slot = tongue.figures.spoken_slot(site.slot) if site.slot else ""
    if not slot or site.start_min is None or site.end_min is None:
        return slot
    start, end = (tongue.figures.clock(at) for at in (site.start_min, site.end_min))
    return tongue.say("%(slot)s, de %(start)s à %(end)s", slot=slot, start=start, end=end)


def _place(site: Site, tongue: Tongue) -> str:
    return f"{site.name}, {tongue.figures.spoken_slot(site.slot)}" if site.slot else site.name


def _asked_place(reference: str, names: Mapping[str, str], tongue: Tongue) -> str:
    key, _, slot = reference.partition(":")
    name = names.get(key, tongue.say("un lieu"))
    return f"{name}, {tongue.figures.spoken_slot(slot)}" if slot else name


def _people(count: float | None, tongue: Tongue) -> str:
    return tongue.say("inconnu") if count is None else tongue.figures.number(count, 1)


def _side(plan: SitePlan, tongue: Tongue) -> list[tuple[str, str]]:
    say, figures = tongue.say, tongue.figures
    last = plan.sites[-1] if plan.sites else None
    reach = say("inconnu")
    if last is not None and last.target_total:
        reach = figures.percent(last.covered_after / last.target_total, 1)
    hours = sum(site.hours or 0.0 for site in plan.sites)
    held = " ; ".join(_place(site, tongue) for site in plan.sites)
    return [
        (say("Permanences proposées"), figures.number(len(plan.sites))),
        (say("Où et quand"), held or say("rien")),
        (say("Permanences fermées"), " ; ".join(plan.closed) or say("aucune")),
        (say("Personnes reçues par semaine"), _people(plan.people_week, tongue)),
        (say("Public à portée de marche"), reach),
        (say("Heures d’équipe ajoutées par semaine"), figures.number(hours, 1)),
    ]


def _proof(plan: SitePlan, tongue: Tongue) -> str:
    """Return `proof` of the account, in the language of the page."""
    return tongue.gettext(proof(plan))


def _place_name(key: str, places: pd.DataFrame, secret: Iterable[str]) -> str:
    if key in secret:
        return marked("lieu sensible")
    known = key in places.index and not pd.isna(places.loc[key, "name"])
    return str(places.loc[key, "name"]) if known else key


def _within(text: str, most: float) -> float | None:
    """Return a number from 0 to `most`, None for anything else."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value <= most else None
