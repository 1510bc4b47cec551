"""Why joint outings that were wanted are not in a week, one sentence for each other team."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.planning import explain
from territory.planning.week_scene import commune_of, covers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.routing.week_problem import Walked
    from territory.planning.joint import JointSlot
    from territory.planning.joint_wishes import JointWish
    from territory.planning.week_scene import WeekScene

NOBODY_FREE = "personne de l’équipe n’y est libre assez longtemps"
NO_OUTING_LEFT = "l’équipe n’a plus de sortie à faire cette semaine"
ELSEWHERE = "rien n’est à visiter dans ses communes ce jour-là"
NOTHING_FITS = "aucune visite de ses communes ne tient dans ces heures"
OTHERS_FIRST = "d’autres sorties apportent plus"


def joint_told(
    scene: WeekScene, routes: Sequence[Walked], wishes: Sequence[JointWish]
) -> tuple[str, ...]:
    """Return why the joint outings of a plan [routes] are fewer than wanted, if they are."""
    return tuple(told for wish in wishes for told in _told(scene, routes, wish))


def _told(scene: WeekScene, routes: Sequence[Walked], wish: JointWish) -> list[str]:
    who = wish.partner.code
    if wish.near is not None:
        return [
            f"Aucune sortie commune avec {who} n’est cherchée : il y en a une "
            f"{explain.day_words(wish.near)} (sorties_communes_ecart_semaines)."
        ]
    ours = [r for r, w in enumerate(scene.windows) if w.partner == who]
    made = [r for r in ours if routes[r].visits]
    if len(made) >= wish.left:
        return []
    count = "aucune" if not made else str(len(made))
    head = f"Sorties communes avec {who} : {count} sur {wish.left} (sorties_communes)"
    spans = dict.fromkeys((s.on, s.span) for s in wish.slots)
    why = []
    for on, span in spans:
        same = [s for s in wish.slots if (s.on, s.span) == (on, span)]
        own = [r for r in ours if any(_within(scene, r, s) for s in same)]
        if not set(own) & set(made):
            hours = f"de {explain.clock(span[0])} à {explain.clock(span[1])}"
            why.append(f"{explain.day_words(on)} {hours}, {_why(scene, own, wish)}")
    return [f"{head} : {' ; '.join(why)}." if why else f"{head}, faute d’autres heures à lui."]


def _within(scene: WeekScene, route: int, slot: JointSlot) -> bool:
    w = scene.windows[route]
    within = slot.span[0] <= w.earliest_min and w.latest_min <= slot.span[1]
    return w.on == slot.on and within


def _why(scene: WeekScene, own: Sequence[int], wish: JointWish) -> str:
    """Say what kept the routes `own` of one free time of another team from being walked."""
    if not own:
        return NOBODY_FREE
    able = [r for r in own if _may_go_out(scene, r)]
    if not able:
        return NO_OUTING_LEFT
    days = {scene.windows[r].on for r in own}
    open_there = [d for d in scene.doors if d.on in days]
    if not any(covers(wish.partner, commune_of(d.option)) for d in open_there):
        return ELSEWHERE
    return OTHERS_FIRST if any(_one_fits(scene, r) for r in able) else NOTHING_FITS


def _may_go_out(scene: WeekScene, route: int) -> bool:
    walkers = scene.problem.windows.walkers[route]
    most = scene.problem.team.half_days_most[walkers[walkers >= 0]]
    return bool((most > 0).all())


def _one_fits(scene: WeekScene, route: int) -> bool:
    """Whether a visit alone fits in a route."""
    p = scene.problem
    w, v = p.windows, p.visits
    there = p.legs.minutes[w.pace[route], w.start[route]][v.point]
    back = p.legs.minutes[w.pace[route]][v.point, w.end[route]]
    start = np.maximum(w.begin[route] + there, v.opens)
    fits = (start <= v.latest) & (start + v.service + back <= w.finish[route])
    return bool((fits & np.isfinite(p.value[:, route])).any())
