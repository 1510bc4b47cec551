"""Every page and state of the web application: how a browser gets there, and what it shows."""

from scripts.page_states.debriefs import DEBRIEFS
from scripts.page_states.first_run import FIRST_RUN
from scripts.page_states.jobs import JOBS
from scripts.page_states.stage import Scene, Stage, State, opened
from scripts.page_states.team import TEAM
from scripts.page_states.town import TOWN
from scripts.page_states.week import WEEK

STAGES = (FIRST_RUN, TOWN, WEEK, DEBRIEFS, JOBS, TEAM)

__all__ = ["JOBS", "STAGES", "TOWN", "WEEK", "Scene", "Stage", "State", "opened"]
