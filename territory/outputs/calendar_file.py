"""The week as an ICS calendar that Outlook, Thunderbird and telephones read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from territory.outputs.french import clock
from territory.outputs.who import who_goes, with_partners

if TYPE_CHECKING:
    from territory.model.week_results import Session, Stop, WeekPlan
    from territory.settings import Settings

ZONE = "Europe/Paris"


def agents_of(plan: WeekPlan) -> tuple[str, ...]:
    """Return the codes of those who have a session in the week, other teams too, in order."""
    return tuple(sorted({agent for s in plan.sessions for agent in (*s.agents, *s.partners)}))


def week_calendar(plan: WeekPlan, settings: Settings, *, agent: str | None = None) -> bytes:
    """
    Return the ICS file (RFC 5545) of the week, of one `agent` when given.

    Times are civil times of Europe/Paris. Same plan, same bytes: identifiers come from the
    sessions, the time stamp from the week.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//territory//semaine//FR")
    calendar.add("version", "2.0")
    whose = f" – {agent}" if agent else ""
    calendar.add("x-wr-calname", f"{settings.ground.name} – semaine {plan.week}{whose}")
    for session in plan.sessions:
        if agent is None or agent in {*session.agents, *session.partners}:
            calendar.add_component(_event(session, plan))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(session: Session, plan: WeekPlan) -> Event:
    event = Event()
    event.add("uid", f"{plan.week}-{session.session_id}@territory")
    event.add("dtstamp", _stamp(plan.week))
    event.add("dtstart", _moment(session.on, session.start_min))
    event.add("dtend", _moment(session.on, session.end_min))
    event.add("summary", f"{session.title} ({who_goes(session)})")
    event.add("description", _description(session))
    event.add("categories", [session.kind])
    return event


def _description(session: Session) -> str:
    """Return the code, with whom, why, what to bring and tell, then each stop with its hour."""
    lines = [f"Fiche {session.code}"] if session.code else []
    lines += [f"Sortie commune {with_partners(session)}"] if session.partners else []
    lines.append(session.reason)
    lines += [f"Emporter : {', '.join(session.bring)}"] if session.bring else []
    lines += [f"Annoncer : {session.announce}"] if session.announce else []
    lines += map(_stop, session.stops)
    lines += [f"Retour : {session.ride_back}"] if session.ride_back else []
    return "\n".join(filter(None, lines))


def _stop(stop: Stop) -> str:
    told = f"{stop.code or stop.order}. {clock(stop.arrive_min)} {stop.name}"
    return f"{told} ({stop.ride})" if stop.ride else told


def _moment(day: date, minute: int) -> datetime:
    start = datetime.combine(day, time(0), tzinfo=ZoneInfo(ZONE))
    return start + timedelta(minutes=minute)


def _stamp(week: str) -> datetime:
    year, number = week.split("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    return datetime.combine(monday, time(0), tzinfo=UTC)
