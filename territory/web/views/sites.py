"""Permanences as the page shows them: proposed ones, today's, what a supposition changes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.model.jsonable import from_json
from territory.model.results import SitePlan
from territory.model.words import PLACE_KINDS, WEEKDAYS, WEEKS, label
from territory.outputs.account import proof
from territory.outputs.french import clock, number, percent, spoken_slot
from territory.outputs.map_content import hidden_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.model.results import Share, Site

# what the form asks: its word in the form, its French, the setting it is added to
ASKS = (
    ("imposer", "y tenir une permanence", "required"),
    ("interdire", "n’y rien ouvrir", "forbidden"),
    ("garder", "garder celle d’aujourd’hui", "kept"),
    ("fermer", "pouvoir fermer celle d’aujourd’hui", "closable"),
    ("deplacer", "pouvoir déplacer celle d’aujourd’hui", "movable"),
)
ASK_ROWS = 4  # places that one supposition may name
MOST, LONGEST_MIN = 8, 60
DECISIONS = (
    ("require", "retenir ce lieu"),
    ("forbid", "écarter ce lieu"),
    ("keep", "garder la permanence"),
    ("close", "fermer la permanence"),
)
_SETTINGS = {word: setting for word, _, setting in ASKS}
_WIDE, _HIGH, _LEFT, _LOW = 560.0, 220.0, 50.0, 40.0


def site_rows(plan: SitePlan, communes: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the card of each proposed site: when, what it brings, who gains, what is not sure."""
    return [_site(site, communes) for site in plan.sites]


def plan_sentence(plan: SitePlan) -> str:
    """Say how many people a week are received before and after, and what the search proved."""
    if plan.people_week is None or plan.people_before is None:
        return proof(plan)
    return (
        f"{number(plan.people_before, 1)} personnes reçues par semaine aujourd’hui, "
        f"{number(plan.people_week, 1)} ensuite (estimation). {proof(plan)}"
    )


def plan_of(value: Mapping[str, Any]) -> SitePlan:
    """Return the plan that the JSON value of `territory sites` holds beside its sections."""
    names = {field.name for field in fields(SitePlan)}
    return from_json(SitePlan, {key: v for key, v in value.items() if key in names})


def side_rows(today: SitePlan, supposed: SitePlan) -> list[dict[str, str]]:
    """Return today's proposal and a supposition, figure by figure."""
    pair = (today, supposed)
    last = [plan.sites[-1] if plan.sites else None for plan in pair]
    return [
        _side("Permanences proposées", [number(len(plan.sites)) for plan in pair]),
        _side("Où et quand", [" ; ".join(map(_place, plan.sites)) or "rien" for plan in pair]),
        _side("Permanences fermées", [" ; ".join(plan.closed) or "aucune" for plan in pair]),
        _side("Personnes reçues par semaine", [_people(plan.people_week) for plan in pair]),
        _side("Public à portée de marche", [
            "inconnu" if site is None else percent(site.covered_after / site.target_total, 1)
            if site.target_total else "inconnu" for site in last
        ]),
        _side("Heures d’équipe ajoutées par semaine", [
            number(sum(site.hours or 0.0 for site in plan.sites), 1) for plan in pair
        ]),
    ]  # fmt: skip


def today_rows(permanences: pd.DataFrame, places: pd.DataFrame) -> list[dict[str, str]]:
    """Return the permanences held today, in the order of the week; sensitive places not named."""
    secret = hidden_places(places)
    rows = permanences.sort_values(["weekday", "start_min", "place_id"])
    return [
        {
            "name": _place_name(str(row["place_id"]), places, secret),
            "place_id": "" if row["place_id"] in secret else str(row["place_id"]),
            "day": label(WEEKDAYS, str(int(row["weekday"]))),
            "hours": f"{clock(row['start_min'])} – {clock(row['end_min'])}",
            "weeks": label(WEEKS, str(row["weeks"])),
        }
        for _, row in rows.iterrows()
    ]


def place_choices(
    options: pd.DataFrame, places: pd.DataFrame, communes: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return the places where a permanence is possible as (identifier, name and commune)."""
    secret = hidden_places(places)
    known = options.drop_duplicates("place_id").set_index("place_id")
    named = [
        (str(key), f"{row['name']} ({communes.get(str(row['commune_code']), 'commune inconnue')})")
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


def asked_words(arguments: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Say what a supposition asks, from the arguments of its command; `names` by place_id."""
    told, more = [], arguments["number"]
    if more:
        told.append(f"{more} demi-journée{'s' if more > 1 else ''} à ajouter")
    for _, words, setting in ASKS:
        asked = [_asked_place(one, names) for one in arguments["places"].get(setting, ())]
        told += [f"{words} : {', '.join(asked)}"] if asked else []
    if arguments["guarantee"]:
        told.append(f"une permanence à {number(arguments['guarantee'])} minutes de chaque QPV")
    return " ; ".join(told) or "rien de changé"


def curve_points(points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the drawing of the curve: one line and its dots, in the units of its viewBox."""
    most = max((p["personnes"] for p in points), default=0.0) or 1.0
    last = max((p["ajoutees"] for p in points), default=0) or 1
    dots = [
        {
            "x": round(_LEFT + (_WIDE - _LEFT - 20) * p["ajoutees"] / last, 1),
            "y": round(_HIGH - _LOW - (_HIGH - _LOW - 25) * p["personnes"] / most, 1),
            "added": str(p["ajoutees"]),
            "people": number(p["personnes"], 1),
        }
        for p in points
    ]
    line = " ".join(f"{dot['x']},{dot['y']}" for dot in dots)
    return {"line": line, "dots": dots, "width": _WIDE, "height": _HIGH,
            "left": _LEFT, "floor": _HIGH - _LOW}  # fmt: skip


def curve_rows(points: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the curve as text, from the rows of `dialogue_account.curve_rows`."""
    return [
        {
            "added": str(p["ajoutees"]),
            "people": number(p["personnes"], 1),
            "gain": "" if p["gain"] is None else f"+{number(p['gain'], 1)}",
            "hours": number(p["heures"], 1),
            "cost": "" if p["heures_par_personne"] is None
            else number(p["heures_par_personne"], 1),
            "where": " ; ".join(p["nouvelles"]) or "rien de nouveau",
        }
        for p in points
    ]  # fmt: skip


def equity_rows(equity: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the choices between mean walk and worst walk as text, the picked one marked."""
    return [
        {
            "where": " ; ".join(name for name in p["lieux"] if name) or "rien de nouveau",
            "mean": number(p["moyenne_min"], 1),
            "worst": number(p["pire_min"], 1),
            "most": number(p["q90_min"], 1),
            "price": number(p["prix_min"], 1),
            "picked": position == equity["choisi"],
        }
        for position, p in enumerate(equity["points"])
    ]


def _site(site: Site, communes: Mapping[str, str]) -> dict[str, Any]:
    code = site.commune_code or ""
    return {
        "rank": site.rank,
        "place_id": site.place_id,
        "name": site.name,
        "kind": label(PLACE_KINDS, site.kind),
        "commune": communes.get(code, code),
        "when": _when(site),
        "reason": site.reason,
        "figures": [(title, text) for title, text in _figures(site) if text],
        "publics": _shares(site.publics),
        "communes": _shares(site.communes),
        "transfers": _shares(site.transfers),
        "equal": ", ".join(spoken_slot(slot) for slot in site.equal_slots),
    }


def _figures(site: Site) -> list[tuple[str, str]]:
    week = _people(site.people_week)
    if site.people_low is not None and site.people_high is not None:
        week += f" (entre {number(site.people_low, 1)} et {number(site.people_high, 1)})"
    own = "" if site.own_share is None else percent(site.own_share)
    reach = ""
    if site.target_total:
        before, after = (v / site.target_total for v in (site.covered_before, site.covered_after))
        reach = f"{percent(before, 1)} avant, {percent(after, 1)} après"
    return [
        ("Personnes reçues par semaine", week),
        ("Dont reçues nulle part ailleurs", _people(site.gained_week)),
        ("Public à portée de marche", reach),
        ("Heures d’équipe par semaine", "" if site.hours is None else number(site.hours, 1)),
        ("Habitent la commune du lieu", own),
        ("Accueil", site.host),
        ("Horaires", site.opening),
        ("À côté", site.near),
    ]


def _shares(shares: Iterable[Share]) -> list[tuple[str, str]]:
    return [(share.name, number(share.people, 1)) for share in shares]


def _when(site: Site) -> str:
    if not site.slot or site.start_min is None or site.end_min is None:
        return spoken_slot(site.slot) if site.slot else ""
    return f"{spoken_slot(site.slot)}, de {clock(site.start_min)} à {clock(site.end_min)}"


def _place(site: Site) -> str:
    return f"{site.name}, {spoken_slot(site.slot)}" if site.slot else site.name


def _asked_place(reference: str, names: Mapping[str, str]) -> str:
    key, _, slot = reference.partition(":")
    name = names.get(key, "un lieu")
    return f"{name}, {spoken_slot(slot)}" if slot else name


def _people(count: float | None) -> str:
    return "inconnu" if count is None else number(count, 1)


def _side(title: str, values: Sequence[str]) -> dict[str, str]:
    return {"title": title, "today": values[0], "supposed": values[1]}


def _place_name(key: str, places: pd.DataFrame, secret: Iterable[str]) -> str:
    if key in secret:
        return "lieu sensible"
    known = key in places.index and not pd.isna(places.loc[key, "name"])
    return str(places.loc[key, "name"]) if known else key


def _within(text: str, most: float) -> float | None:
    """Return a number from 0 to `most`, None for anything else."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value <= most else None
