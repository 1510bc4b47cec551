"""Semaine: who goes where, why, what is changed; changes noted, the week planned again, signed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.errors import Overtaken, TerritoryError, WrongUsage
from territory.io.week_edits import append_edits, edits_revision, read_edits
from territory.model.marked import marked
from territory.outputs.edit_words import held_words
from territory.outputs.map_content import session_key, stop_key
from territory.outputs.week_grid import worth
from territory.pipeline.last_build import is_current
from territory.pipeline.week_held import HeldWeek, held_week
from territory.pipeline.workspace import next_week
from territory.planning.calendar import week_before, week_days
from territory.web.fields import form_fields, whole_number
from territory.web.moments import spoken_moment
from territory.web.office import built_of, office_of
from territory.web.rights import Right
from territory.web.speaking import tongue_of
from territory.web.views import week as view
from territory.web.visitor import Visitor, needs
from territory.web.week_forms import asked_edits
from territory.web.week_noted import just_noted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.model.week_results import Session
    from territory.web.job_model import Job
    from territory.web.shelf import Holdings

router = APIRouter()
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Planner = Annotated[Visitor, Depends(needs(Right.PLAN))]
Fields = Annotated[dict[str, str], Depends(form_fields)]
_CHANGE = "POST /semaine/{week}/changements"  # as the journal of actions writes it
_MOST_NAMES = 600  # places offered while typing; any other can still be named


@router.get("/semaine")
def weeks(request: Request, _: Reader, semaine: str = "") -> RedirectResponse:
    """
    Go to the week chosen, else to the next one, else to the last one planned.

    Raises HTTPException (404) for what is no ISO week.
    """
    held = office_of(request).shelf.now()
    coming = next_week(held.territory.today)
    shown = semaine or (coming if coming in held.weeks or not held.weeks else held.weeks[0])
    return RedirectResponse(f"/semaine/{_checked(shown)}", status_code=303)


@router.get("/semaine/{week}")
def one_week(
    request: Request, week: str, _: Reader, fait: str = "", arret: str = ""
) -> HTMLResponse:
    """
    Return the page of a week; `fait` are the lines just noted, offered to be taken back.

    `arret` is the stop that the form « Déplacer un arrêt » is opened for. Raises HTTPException
    (404) for what is no ISO week.
    """
    given = {"action": "deplacer_arret", "arret": arret} if arret else None
    return _page(request, _checked(week), noted=fait, given=given)


@router.get("/semaine/{week}/sorties/{session_id}")
def one_outing(request: Request, week: str, session_id: str, visitor: Reader) -> HTMLResponse:
    """Return the page of one outing; raises HTTPException (404) when the plan has none of it."""
    office, holdings = office_of(request), office_of(request).shelf.now()
    shown = _held(holdings, _checked(week))
    outings = view.outings(shown.plan) if shown else ()
    at = next((n for n, s in enumerate(outings) if s.session_id == session_id), None)
    if shown is None or at is None:
        raise HTTPException(404)
    outing, outputs = outings[at], office.config.folder / "outputs"
    context: dict[str, Any] = {
        "week": week, "view": view, "outing": outing, "held": shown, "given": {},
        "before": outings[at - 1] if at else None,
        "after": outings[at + 1] if at + 1 < len(outings) else None,
        "files": view.outing_files(outputs, week, outing),
        "map_there": (outputs / week / "carte.html").is_file(),
        "session_key": session_key,
        "stop_key": stop_key,
        "lock": view.lock_line(shown.edits, session_id),
        "agents": _agents(holdings),
        "revision": edits_revision(office.config.folder, week),
        "typed": visitor.may(Right.DEBRIEF) and outing.on <= holdings.territory.today,
    }  # fmt: skip
    return office.pages.page(request, "outing.html", **context)


@router.post("/semaine/{week}/changements", summary=marked("Changement de la semaine"))
def note_changes(request: Request, week: str, visitor: Planner, fields: Fields) -> Response:
    """
    Note what a form asks for and plan again; what cannot be is said on the page of the week.

    Raises HTTPException (404) for a week not planned.
    """
    office, holdings = office_of(request), office_of(request).shelf.now()
    shown = _held(holdings, _checked(week))
    if holdings.built is None or shown is None:
        raise HTTPException(404)
    try:
        edits = asked_edits(holdings.built, shown.plan, shown.edits, fields)
        seen = whole_number(fields.get("revision", ""))
        lines = append_edits(office.config.folder, week, edits, revision=seen)
    except Overtaken as error:
        return _page(
            request, week, refusal=str(error), given=fields, status=409,
            changed=_changed_by(request, week),
        )  # fmt: skip
    except WrongUsage as error:
        return _page(request, week, refusal=str(error), given=fields, status=422)
    return _planned(request, week, visitor, noted=",".join(map(str, lines)))


@router.post("/semaine/{week}/preparer", summary=marked("Semaine préparée"))
def plan_week(request: Request, week: str, visitor: Planner) -> Response:
    """Start planning a week, and show it; raises HTTPException (404) for no ISO week."""
    return _planned(request, _checked(week), visitor)


@router.post("/semaine/{week}/signer", summary=marked("Semaine signée"))
def sign_week(request: Request, week: str, visitor: Planner, fields: Fields) -> Response:
    """
    Make the plan shown the one that the team holds, unless something changed since.

    Raises HTTPException (404) for what is no ISO week.
    """
    office, holdings = office_of(request), office_of(request).shelf.now()
    shown = _held(holdings, _checked(week))
    seen = whole_number(fields.get("revision", ""))
    if shown is None or not is_current(holdings.territory) or not shown.current:
        why = marked("Ce plan n’est plus à jour : préparez d’abord la semaine à nouveau.")
        return _page(request, week, refusal=why, status=409)
    if edits_revision(office.config.folder, week) != seen:
        why = marked(
            "Quelqu’un a changé cette semaine entre-temps : relisez-la avant de la signer."
        )
        return _page(request, week, refusal=why, status=409)
    asked = {"week": week, "seed": None, "revision": seen}
    office.jobs.start("sign", asked, by=visitor.login, back=f"/semaine/{week}")
    return RedirectResponse(f"/semaine/{week}#travail", status_code=303)


def _planned(request: Request, week: str, visitor: Visitor, *, noted: str = "") -> RedirectResponse:
    """Start the job of a week, in place of one under way that knows less; show what was noted."""
    jobs = office_of(request).jobs
    for job in jobs.latest():
        if job.order == "week" and job.arguments.get("which") == week and not job.over:
            jobs.stop(job.key)
    asked = {"which": week, "seed": None}
    back = f"/semaine/{week}?fait={noted}" if noted else f"/semaine/{week}"
    jobs.start("week", asked, by=visitor.login, back=back, afresh=True)
    return RedirectResponse(f"{back}#{'annuler' if noted else 'travail'}", status_code=303)


def _changed_by(request: Request, week: str) -> str:
    """Say who changed a week last, and when, to the team that has accounts; "" without any."""
    done = office_of(request).store.actions.last_done(_CHANGE, f"week={week}")
    if done is None or not done.login:
        return ""
    told = marked("Dernier changement : %(who)s, %(when)s.")
    tongue = tongue_of(request)
    return tongue.say(told, who=done.login, when=spoken_moment(done.at_s, tongue=tongue))


def _page(  # noqa: PLR0913 - what addresses and forms say
    request: Request,
    week: str,
    *,
    refusal: str = "",
    changed: str = "",
    noted: str = "",
    given: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Return the page of a week; `given`: the form that was refused, shown as it was filled."""
    office, holdings = office_of(request), office_of(request).shelf.now()
    visitor: Visitor = request.state.visitor
    shown, monday = _held(holdings, week), week_days(week)[0]
    context: dict[str, Any] = {
        "week": week,
        "monday": monday,
        "previous": week_before(monday),
        "following": week_before(monday + timedelta(days=14)),
        "planned": holdings.weeks,
        "holdings": holdings,
        "held": shown,
        "current": is_current(holdings.territory),
        "job": _job(request, week),
        "refusal": refusal,
        "changed": changed,
        "given": given or {},
        "revision": edits_revision(office.config.folder, week),
        "view": view,
        "noted": None,
    }
    if shown is not None:
        known, names = read_edits(office.config.folder, week)[0], _names(holdings, shown)
        context["noted"] = just_noted(known, noted, names)
        context |= _content(request, holdings, shown, hours=visitor.may(Right.HOURS))
    return office.pages.page(request, "week.html", status=status, **context)


def _content(
    request: Request, holdings: Holdings, shown: HeldWeek, *, hours: bool
) -> dict[str, Any]:
    outputs = office_of(request).config.folder / "outputs"
    outings = view.outings(shown.plan)
    first, others = view.left_rows(shown.plan)
    names = _names(holdings, shown)
    return {
        "worth": worth(shown.plan),
        "outings": outings,
        "files_of": {s.session_id: view.outing_files(outputs, shown.plan.week, s) for s in outings},
        "files": view.whole_files(outputs, shown.plan, hours=hours),
        "diaries": view.diaries(outputs, shown.plan),
        "left": first,
        "left_more": others,
        "changes_held": held_words(shown.edits, names),
        "agents": _agents(holdings),
        "targets": _targets(holdings),
        "with_hours": hours,
        "zone_of": {s.session_id: s.zone_id for s in outings},
        "stops_of": {s.session_id: view.stops_to_move(s) for s in outings},
    }


def _checked(week: str) -> str:
    """Return an ISO week as given; raises 404 for anything else."""
    try:
        week_days(week)
    except TerritoryError:
        raise HTTPException(404) from None
    return week


def _held(holdings: Holdings, week: str) -> HeldWeek | None:
    return None if holdings.built is None else held_week(holdings.built, week)


def _job(request: Request, week: str) -> Job | None:
    """Return the last job of a week, when there is something to see of it: not once it is done."""
    for job in office_of(request).jobs.latest():
        if week in {job.arguments.get("which"), job.arguments.get("week")}:
            return None if job.over and job.code == 0 else job
    return None


def _agents(holdings: Holdings) -> tuple[str, ...]:
    return tuple(map(str, built_of(holdings).table("team").index))


def _names(holdings: Holdings, shown: HeldWeek) -> Mapping[str, str]:
    """Return what places, zones and outings are called, by identifier; sensitive ones are not."""
    outings: tuple[Session, ...] = view.outings(shown.plan)
    named = {s.session_id: view.outing_label(s) for s in outings}
    return {**view.place_names(built_of(holdings).table("places")), **_zones(holdings), **named}


def _zones(holdings: Holdings) -> dict[str, str]:
    return {gap.zone_id: gap.name for gap in holdings.gaps}


def _targets(holdings: Holdings) -> tuple[view.Choice, ...]:
    places = view.place_names(built_of(holdings).table("places"))
    return view.named_choices({**_zones(holdings), **places})[:_MOST_NAMES]
