"""Templates to pages: sentences and figures of a language, the visitor's rights, all escaped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse

from territory.model.issues import without_code
from territory.model.marked import marked
from territory.outputs.typography import typeset_page
from territory.web.assets import served
from territory.web.recognised import recognised
from territory.web.refusals import goal_of
from territory.web.rights import Right
from territory.web.speaking import tongue_of
from territory.web.translations import LANGUAGES, Tongue, tongue_in

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
    Tab("/", marked("Accueil")),
    Tab("/zones", marked("Zones")),
    Tab("/semaine", marked("Semaine")),
    Tab("/permanences", marked("Permanences")),
    Tab("/secteurs", marked("Secteurs")),
    Tab("/bilan", marked("Bilan")),
    Tab("/saisie", marked("Saisie"), Right.DEBRIEF),
)


class Pages:
    """Renders the templates of one server; `name` tells what its territory is called by now."""

    def __init__(self, name: Callable[[], str], *, team: bool) -> None:
        self._name = name
        self._environments = {
            language: _environment(tongue_in(language), team=team) for language in LANGUAGES
        }

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
        token = getattr(request.state, "form_token", "")
        said = self._environments[tongue_of(request).language].get_template(template).render(
            **{"visitor": visitor, "tabs": tabs, "here": here, "Right": Right, "form_token": token,
               "goal_here": goal_of(request), "territory": self._name(), **context}
        )  # fmt: skip
        return typeset_page(said)


def _told(tongue: Tongue, text: str) -> str:
    """Return a French text written elsewhere in `tongue`, marked as French when it stays so."""
    said = recognised(str(text), tongue.language)
    if said is not None:
        return said
    return Markup('<span lang="fr">{}</span>').format(text)


def _named(tongue: Tongue, text: str) -> str:
    """Return a French text as `_told`, where no element can say that it stays French."""
    return recognised(str(text), tongue.language) or str(text)


def _environment(tongue: Tongue, *, team: bool) -> Environment:
    figures = tongue.figures
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": figures.number,
        "percent": figures.percent,
        "clock": figures.clock,
        "long_date": figures.long_date,
        "distance": figures.distance,
        "minutes": figures.minutes,
        "small_count": figures.small_count,
        "slot": figures.spoken_slot,
        "sentence": without_code,
        "said": tongue.gettext,
        "told": partial(_told, tongue),
        "named": partial(_named, tongue),
    }
    files = {plain: f"/static/{file.name}" for plain, file in served().items()}
    environment.globals |= {
        "asset": files.__getitem__, "team": team, "_": tongue.gettext,
        "ngettext": tongue.ngettext, "tongue": tongue, "language": tongue.language,
        "languages": LANGUAGES, "fr": "" if tongue.language == "fr" else Markup(' lang="fr"'),
    }  # fmt: skip
    return environment
