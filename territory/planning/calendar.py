"""What the week already holds: days, appointments kept, free time, and other teams to join."""

from __future__ import annotations

from territory.planning.appointments import APPOINTMENTS, Agenda, Appointment, agenda
from territory.planning.days import (
    AFTERNOON,
    EVENING_MIN,
    MORNING,
    WORKDAYS,
    half_day,
    is_evening,
    minutes_of,
    public_holidays,
    school_holidays,
    week_before,
    week_days,
)
from territory.planning.joint import OUTINGS, JointSlot, joint_slots
from territory.planning.shifts import (
    WorkTime,
    assumed_hours,
    free_spans,
    free_windows,
    work_time,
    working_hours,
)
from territory.planning.sources import Sources, absences

__all__ = ["AFTERNOON", "APPOINTMENTS", "EVENING_MIN", "MORNING", "OUTINGS", "WORKDAYS"]
__all__ += ["Agenda", "Appointment", "JointSlot", "Sources", "WorkTime", "absences", "agenda"]
__all__ += ["assumed_hours", "free_spans", "free_windows", "half_day", "is_evening", "joint_slots"]
__all__ += ["minutes_of", "public_holidays", "school_holidays", "week_before", "week_days"]
__all__ += ["work_time", "working_hours"]
