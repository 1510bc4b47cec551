"""A folium map that is one file: assets inlined, strict content policy, nothing asked of anyone."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from jinja2 import Environment, FunctionLoader
from markupsafe import Markup

from territory.outputs.map_assets import leaflet_script, leaflet_style, template
from territory.outputs.script_text import script_json
from territory.outputs.typography import typeset_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.outputs.map_cells import Theme
    from territory.outputs.map_content import Mark, Note

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; "
    "form-action 'none'; base-uri 'none'"
)


class MapFigure(Figure):
    """The page around the map: title, banners, map, legend and the tables saying the same."""

    def __init__(self, context: dict[str, Any], page: str = "map_page.html") -> None:
        super().__init__()
        self.context = context
        self.page = page

    def render(self, **kwargs: object) -> str:
        """Return the page, same content, same bytes; raises MissingSource without Leaflet."""
        for n, element in enumerate(_tree(self)):
            element._id = f"{n:05d}"  # noqa: SLF001 - folium draws its ids at random
        for child in self._children.values():
            child.render(**kwargs)
        script = "\n".join(
            (leaflet_script(), template("map_packed.js"), template("map.js"), self.script.render())
        )
        page = _environment().get_template(self.page)
        html = page.render(
            **self.context,
            style=Markup(leaflet_style() + template("map.css")),  # noqa: S704 - our own files
            map_html=Markup(self.html.render()),  # noqa: S704 - the empty frame of the map
            script=Markup(script),  # noqa: S704 - escaped by script_json
        )
        return _with_policy(typeset_page(html))


class OfflineMap(folium.Map):
    """A folium map without any link: `bounds` are ((south, west), (north, east)) in degrees."""

    default_js = ()  # type: ignore[assignment] # a tuple: no link can be added to it
    default_css = ()  # type: ignore[assignment]
    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="folium-map" id="{{ this.get_name() }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = territoire.carte(
            {{ this.get_name()|tojson }}, {{ this.bounds|tojson }}, {{ this.texts }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        figure: Figure,
        bounds: tuple[tuple[float, float], tuple[float, float]],
        *,
        attribution: str,
    ) -> None:
        super().__init__(tiles=None)
        self.bounds = bounds
        self.texts = script_json({"sources": attribution})
        self.add_to(figure)


class _Piece(MacroElement):
    """A piece of script with a name of its own; text inside has gone through script_json."""

    def __init__(self, name: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = name


class PackedShape(_Piece):
    """Packed geometries (`pack`, WGS84), declared once, shared by the layers that colour them."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = new L.PackedShape({{ this.packed }});
        {% endmacro %}
        """
    )

    def __init__(self, packed: dict[str, Any]) -> None:
        super().__init__("Forme")
        self.packed = script_json(packed)


class PackedLayer(folium.map.Layer):
    """One colouring of a packed shape: `classes` is base64, `styles` one style per class."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = new L.PackedLayer(
            {{ this.shape.get_name() }}, "{{ this.classes }}", {{ this.settings }});
        {% endmacro %}
        """
    )

    def __init__(
        self, shape: PackedShape, classes: str, *, name: str, show: bool = True, **settings: object
    ) -> None:
        super().__init__(name=name, show=show)
        self._name = "Calque"
        self.shape = shape
        self.classes = classes
        self.settings = script_json(settings)


class Outline(_Piece):
    """
    The border of an area, without hold on clicks: `shape` is [polygon][ring][lat, lng].

    `fill` is how opaque its inside is, 0-1; 0 leaves it empty.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        L.polygon({{ this.shape }}, {{ this.look }}).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        shape: list[list[list[tuple[float, float]]]],
        *,
        color: str,
        weight: float,
        dash: str | None = None,
        fill: float = 0.0,
    ) -> None:
        super().__init__("Contour")
        self.shape = script_json(shape)
        look = {"color": color, "weight": weight, "dashArray": dash}
        inside = {"fill": True, "fillOpacity": fill} if fill else {"fill": False}
        self.look = script_json(look | inside | {"interactive": False})


class ZoneArea(_Piece):
    """
    The area of an underserved zone, that a click opens; hatched and dashed when it is doubtful.

    `shape` is [polygon][ring][lat, lng]; `key` is that of the mark of the zone.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        territoire.zone({{ this._parent.get_name() }}, {{ this.shape }}, {{ this.key }}, {{ this.doubtful }});
        {% endmacro %}
        """  # noqa: E501
    )

    def __init__(
        self, shape: list[list[list[tuple[float, float]]]], key: str, *, doubtful: bool
    ) -> None:
        super().__init__("Zone")
        self.shape = script_json(shape)
        self.key = script_json(key)
        self.doubtful = script_json(doubtful)


class Marks(_Piece):
    """Points with a popup, added to the group they are put in."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        territoire.reperes({{ this._parent.get_name() }}, {{ this.rows }});
        {% endmacro %}
        """
    )

    def __init__(self, marks: list[Mark]) -> None:
        super().__init__("Reperes")
        self.rows = script_json([m.as_row() for m in marks])


class Arrows(_Piece):
    """The direction of a walk: rows of (latitude, longitude, heading in degrees)."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        territoire.fleches({{ this._parent.get_name() }}, {{ this.rows }}, "{{ this.color }}");
        {% endmacro %}
        """
    )

    def __init__(self, rows: list[tuple[float, float, int]], color: str) -> None:
        super().__init__("Fleches")
        self.rows = script_json(rows)
        self.color = color


class Outing(_Piece):
    """The name of the outing drawn by the group it is added to: it can be shown without others."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        territoire.sortie({{ this._parent.get_name() }}, {{ this.key }});
        {% endmacro %}
        """
    )

    def __init__(self, key: str) -> None:
        super().__init__("Sortie")
        self.key = script_json(key)


class Says(_Piece):
    """The popup of the folium element it is added to; `key` lets the tables point at it."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        territoire.dire({{ this._parent.get_name() }}, {{ this.note }}, {{ this.key }});
        {% endmacro %}
        """
    )

    def __init__(self, note: Note, key: str = "") -> None:
        super().__init__("Texte")
        self.note = script_json({"title": note.title, "lines": note.lines})
        self.key = script_json(key)


class Controls(_Piece):
    """
    The choice of layers, the click on squares, and the sign that the page is ready.

    `overlays` are (name, layer, colour or ""); `figures` are the rows of map_cells.cell_figures.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        territoire.commandes({{ this._parent.get_name() }}, {
            themes: [{% for name, layer in this.themes %}
                [{{ name|tojson }}, {{ layer.get_name() }}],{% endfor %}],
            calques: [{% for name, layer, color in this.overlays %}
                [{{ name|tojson }}, {{ layer.get_name() }}, {{ color|tojson }}],{% endfor %}],
            carreaux: {{ this.shape.get_name() }},
            chiffres: {{ this.figures }}
        });
        {% endmacro %}
        """
    )

    def __init__(
        self,
        themes: list[tuple[str, PackedLayer]],
        overlays: list[tuple[str, folium.map.Layer, str]],
        shape: PackedShape,
        figures: list[list[Any]],
    ) -> None:
        super().__init__("Commandes")
        self.themes = themes
        self.overlays = overlays
        self.shape = shape
        self.figures = script_json(figures)


def theme_styles(theme: Theme) -> list[dict[str, str]]:
    """Return the colours of a theme's classes as PackedLayer takes them."""
    return [{"color": c.color} for c in theme.legend]


def _tree(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca offers no other walk
        yield from _tree(child)


def _environment() -> Environment:
    loader = FunctionLoader(template)
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _with_policy(html: str) -> str:
    """Allow the very scripts of this page, by their fingerprints, and nothing else."""
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in _SCRIPT.findall(html)
    ]
    scripts = " ".join(f"'sha256-{h}'" for h in hashes)
    return html.replace("__POLITIQUE__", _POLICY.format(scripts=scripts), 1)
