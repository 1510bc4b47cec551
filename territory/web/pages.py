"""Templates to pages: French figures and dates, the visitor's rights, nothing unescaped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from territory.model.issues import without_code
from territory.outputs import french
from territory.outputs.typography import no_break_page
from territory.web.assets import served
from territory.web.rights import Right
from territory.web.translations import translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the menu: its address, its French name, and the right it asks for."""

    path: str
    name: str
    right: Right = Right.READ


MENU = (
    Tab("/", "Accueil"),
    Tab("/zones", "Zones"),
    Tab("/semaine", "Semaine"),
    Tab("/permanences", "Permanences"),
    Tab("/secteurs", "Secteurs"),
    Tab("/bilan", "Bilan"),
    Tab("/saisie", "Saisie", Right.DEBRIEF),
)


class Pages:
    """Renders the templates of one server; `name` tells what its territory is called by now."""

    def __init__(self, name: Callable[[], str], *, team: bool) -> None:
        self._name = name
        self._environment = _environment(team=team)

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        **context: Any,  # noqa: ANN401
    ) -> HTMLResponse:
        """
        Return `template` filled with `context` for who asks, as a whole page or a fragment.

        Raises what Jinja raises when a template or a value is missing: a fault of the code.
        """
        return HTMLResponse(self.text(request, template, **context), status_code=status)

    def text(self, request: Request, template: str, **context: Any) -> str:  # noqa: ANN401
        """Return `template` filled for who asks, as text."""
        visitor = getattr(request.state, "visitor", None)
        tabs = [t for t in MENU if visitor is not None and visitor.may(t.right)]
        here = request.url.path
        tongue = translator(visitor.language if visitor else "fr")
        said = self._environment.get_template(template).render(
            **{"visitor": visitor, "tabs": tabs, "here": here, "Right": Right, "_": tongue.gettext,
               "ngettext": tongue.ngettext, "language": tongue.language,
               "territory": self._name(), **context}
        )  # fmt: skip
        return no_break_page(said)


def _environment(*, team: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": french.number,
        "percent": french.percent,
        "clock": french.clock,
        "long_date": french.long_date,
        "distance": french.distance,
        "minutes": french.minutes,
        "small_count": french.small_count,
        "slot": french.spoken_slot,
        "sentence": without_code,
    }
    files = {plain: f"/static/{file.name}" for plain, file in served().items()}
    environment.globals |= {"asset": files.__getitem__, "team": team}
    return environment
