"""Geographic files opened and recognised from their content, never from their name."""

from __future__ import annotations

import json
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyproj.exceptions import CRSError

from territory.errors import UnknownKind, UnreadableFile
from territory.model.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp")
COMMUNE = r"^(?:\d{2}|2[AB])\d{3}$"
COMMUNE_CODES = ("insee", "insee_com", "code_com", "code_insee", "codgeo", "depcom", "code")
COMMUNE_NAMES = ("nom", "nom_com", "libgeo", "lib_com", "name")
IRIS_CODES = ("code_iris", "dcomiris", "iris_code")
ZONE_CODES = ("code_qp", "c_nqpv", "code_qva")
CELL_IDS = ("idcar_200m", "idinspire")
IMPUTED = ("i_est_200", "i_est_cr")

# RuntimeError: packed in a way, or for a version, that nobody knows.
# A damaged .prj ends in CRSError, or in the UnboundLocalError of a branch pyogrio forgot; a damaged
# .dbf in names of columns that no encoding reads.
_DAMAGED_LAYER = (
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.CRSError,
    CRSError, UnicodeDecodeError, UnboundLocalError,
)  # fmt: skip
_DAMAGED_ZIP = (zipfile.BadZipFile, RuntimeError, ValueError, OSError)
_SAMPLE = 1000  # features read to recognise a very large file
_LARGE_BYTES = 100_000_000
_COVERED = 0.9  # an outline covering two communes or more is not a commune
_AREAS, _LINES = {"Polygon", "MultiPolygon"}, {"LineString", "MultiLineString"}

_COLUMNS_SHOWN = 8


def recognise_layers(path: Path) -> list[tuple[str, str | None]]:
    """
    Return (kind, layer) of every layer of `path` that is understood, in the order of the file.

    Kinds: qpv, qva, communes, iris, cells, libraries, addresses, streets, digital_advisers. The
    layer is None for files with one layer, the layer name in a GeoPackage, « member » or
    « member::layer » in a zip, where only the fullest content of each kind is kept. JSON that is
    not geographic gives an empty list. Raises UnreadableFile (French).
    """
    if path.suffix.lower() in {".json", ".geojson"}:
        found = _json_kind(path)
        if found is not None:
            return found
    layers = {name: read_layer(path, name, sample=True) for name in layer_names(path)}
    kinds = {name: layer_kind(layer) for name, layer in layers.items()}
    kinds = _without_group_outlines(layers, kinds)
    if path.suffix.lower() == ".zip":
        kinds = _one_per_kind(path, kinds)
    return [(kind, name) for name, kind in kinds.items() if kind is not None]


def unknown_layers(path: Path) -> list[Issue]:
    """
    Return one information (I-COUCHE) per layer of `path` that nothing here understands.

    Raises UnreadableFile (French).
    """
    known = {layer for _, layer in recognise_layers(path)}
    remedy = "Elle est ignorée ; vérifiez ses noms de colonnes si elle devait servir."
    return [
        Issue("I-COUCHE", path.name, f"la couche « {name} »{_seen(path, name)}.", remedy)
        for name in layer_names(path)
        if name is not None and name not in known
    ]


def _seen(path: Path, name: str) -> str:
    """Return what a layer holds, from its header alone, so that its owner can place it."""
    import fiona  # noqa: PLC0415 - slow to load, and most layers are known

    address, layer = _address(path, name)
    try:
        with fiona.open(address, layer=layer) as source:
            columns = ", ".join(list(source.schema["properties"])[:_COLUMNS_SHOWN])
            return f" n'est pas reconnue ({len(source)} objets ; colonnes : {columns})"
    except fiona.errors.FionaError:
        return " n'est pas reconnue"


def layer_names(path: Path) -> list[str | None]:
    """
    Return the layers of `path` that hold shapes; [None] for a file with a single layer.

    In a zip: « member » or « member::layer ». Raises UnreadableFile (French).
    """
    if path.suffix.lower() == ".zip":
        return _zip_layers(path)
    if path.suffix.lower() != ".gpkg":
        return [None]
    return [str(name) for name, shape in _listed(path, str(path)) if shape is not None]


def _zip_layers(path: Path) -> list[str | None]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(n for n in archive.namelist() if n.lower().endswith(SUFFIXES))
    except _DAMAGED_ZIP as error:
        raise UnreadableFile(
            f"« {path.name} » n'est pas une archive zip lisible. Téléchargez-le de nouveau."
        ) from error
    names: list[str | None] = []
    for member in members:
        if member.lower().endswith(".gpkg"):
            inside = _listed(path, f"/vsizip/{path.resolve()}/{member}")
            names += [f"{member}::{name}" for name, shape in inside if shape is not None]
        else:
            names.append(member)
    return names


def _listed(path: Path, address: str) -> list[tuple[str, str | None]]:
    try:
        return [(str(name), shape) for name, shape in pyogrio.list_layers(address)]
    except _DAMAGED_LAYER as error:
        raise UnreadableFile(_unreadable(path)) from error


def read_layer(path: Path, layer: str | None = None, *, sample: bool = False) -> gpd.GeoDataFrame:
    """
    Return one layer as the file holds it: its own CRS, lower-case columns, rows numbered from 0.

    Shapes that cannot be built are left missing, so that `repair_geometry` can name their row.
    With `sample`, only the first features of very large files are read. Raises UnreadableFile.
    """
    address, name = _address(path, layer)
    large = sample and path.stat().st_size > _LARGE_BYTES
    options: dict[str, Any] = {"layer": name, "max_features": _SAMPLE if large else None}
    try:
        frame = _read(address, options)
    except _DAMAGED_LAYER as error:
        raise UnreadableFile(_unreadable(path)) from error
    if not isinstance(frame, gpd.GeoDataFrame):  # a layer without shapes, or an empty list
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(frame)))
    return _lower_columns(_without_structures(frame)).reset_index(drop=True)


def _lower_columns(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the layer with lower-case columns; of two alike, shapes or the first stay."""
    shapes = frame.geometry.name
    others = [c for c in frame.columns if c != shapes]
    lower = dict.fromkeys(str(c).lower() for c in others)
    first = {name: next(c for c in others if str(c).lower() == name) for name in lower}
    first.pop(str(shapes).lower(), None)
    kept = frame[[*first.values(), shapes]]
    return kept.set_axis([*first, str(shapes).lower()], axis="columns")


def _without_structures(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the layer with nothing where a cell holds a JSON object or list: no code, no name."""
    texts = [c for c in frame.columns if pd.api.types.is_object_dtype(frame[c].dtype)]
    return frame.assign(
        **{c: frame[c].map(lambda v: None if isinstance(v, dict | list) else v) for c in texts}
    )


def _read(address: str, options: dict[str, Any]) -> pd.DataFrame:
    """Old shapefiles do not say their encoding: UTF-8 is tried before the Windows one."""
    encodings = ("UTF-8", "CP1252") if address.lower().endswith(".shp") else (None,)
    with warnings.catch_warnings():
        # GDAL warns of unclosed rings without saying where: repair_geometry names the rows.
        warnings.simplefilter("ignore", RuntimeWarning)
        # Columns of several types stay text, which is how they are read.
        warnings.simplefilter("ignore", UserWarning)
        for encoding in encodings[:-1]:
            try:
                return pyogrio.read_dataframe(
                    address, on_invalid="ignore", encoding=encoding, **options
                )
            except UnicodeDecodeError:
                continue
        return pyogrio.read_dataframe(
            address, on_invalid="ignore", encoding=encodings[-1], **options
        )


def _address(path: Path, layer: str | None) -> tuple[str, str | None]:
    if path.suffix.lower() != ".zip":
        return str(path), layer if path.suffix.lower() == ".gpkg" else None
    member, _, name = (layer or str(_zip_layers(path)[0])).partition("::")
    return f"/vsizip/{path.resolve()}/{member}", name or None


def _unreadable(path: Path) -> str:
    beside = (
        " Un fichier .shp doit être accompagné de ses fichiers .shx, .dbf et .prj."
        if path.suffix.lower() == ".shp"
        else ""
    )
    return (
        f"« {path.name} » n'est pas lisible comme fichier géographique.{beside} "
        "Téléchargez-le ou exportez-le de nouveau."
    )


def choose_layer(path: Path, layer: str | None, kinds: Collection[str]) -> gpd.GeoDataFrame:
    """
    Read `layer` of `path`, or when None the fullest layer holding one of `kinds`, in its own CRS.

    A layer alone, or named, that is of no known kind is read as it is: its reader judges its
    columns. Raises UnknownKind (French) when the content is of other kinds, or when `layer` is the
    outline of several communes; UnreadableFile when the file cannot be opened.
    """
    names = layer_names(path)
    found = [name for kind, name in recognise_layers(path) if kind in kinds]
    if layer is not None and names != [None]:
        names = [name for name in names if name == layer]
        found = [name for name in found if name == layer]
    if not found and len(names) == 1:
        alone = read_layer(path, names[0])
        if layer_kind(alone) is None:  # not of another kind, nor an outline turned away
            return alone
    if not found:
        raise UnknownKind(
            f"« {path.name} » ne contient pas la couche attendue. "
            "Vérifiez le fichier et les noms de ses colonnes."
        )
    return max((read_layer(path, name) for name in found), key=len)


def layer_kind(layer: gpd.GeoDataFrame) -> str | None:
    """
    Return the kind of a layer with lower-case columns, or None when nothing fits.

    Told from columns, values and types of geometry; coordinates and CRS are not looked at. Kinds as
    `recognise_layers`.
    """
    shapes = set(layer.geom_type.dropna())
    if shapes & _AREAS:
        tests: tuple[tuple[str, Callable[[gpd.GeoDataFrame], bool]], ...] = (
            ("avoid", lambda areas: "eviter" in areas),
            ("cells", _is_cells),
            ("iris", _is_iris),
            ("qva", _is_qva),
            ("qpv", _is_qpv),
            ("communes", _is_communes),
        )
        found = next((kind for kind, test in tests if test(layer)), None)
        if found:
            return found
    if shapes & _LINES and "highway" in layer:
        return "streets"
    if "typeinst_code" in layer:
        return "libraries"
    return "addresses" if "Point" in shapes and {"numero", "nom_voie"} <= set(layer) else None


def read_text_table(path: Path) -> pd.DataFrame:
    """
    Return a CSV with every cell as text and lower-case columns (; or , ; UTF-8 or Windows).

    Raises UnreadableFile (French).
    """
    try:
        head = path.read_bytes()[:4096].split(b"\n", 1)[0]
        separator = ";" if head.count(b";") >= max(head.count(b","), 1) else ","
        try:
            table = pd.read_csv(path, sep=separator, dtype="string", encoding="utf-8-sig")
        except UnicodeDecodeError:
            table = pd.read_csv(path, sep=separator, dtype="string", encoding="cp1252")
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            f"« {path.name} » n'est pas lisible comme tableau CSV. Enregistrez-le de nouveau."
        ) from error
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes what is too long for an index
        raise UnreadableFile(
            f"« {path.name} » : des lignes ont plus de cases que l'en-tête. "
            "Enregistrez-le de nouveau."
        )
    return table.rename(columns=lambda c: str(c).strip().lower())


def column_of(table: pd.DataFrame, names: Collection[str]) -> str | None:
    """Return the first of `names` (lower case) that is a column of `table`, or None."""
    return next((name for name in names if name in table), None)


def clean_codes(values: pd.Series) -> pd.Series:
    """Return codes as text: no spaces, no ="..." of spreadsheets, no ".0"; empty is NA."""
    text = values.astype("string").str.strip().str.replace(r'^="?(.*?)"?$', r"\1", regex=True)
    text = text.str.replace(r"^(\d+)\.0$", r"\1", regex=True).str.strip('" ')
    return text.mask(text.eq(""))


def padded(codes: pd.Series, width: int) -> pd.Series:
    """Return codes of `width` characters, with the leading zero a spreadsheet may have eaten."""
    lost = codes.str.fullmatch(rf"\d{{{width - 1}}}").fillna(value=False)
    return codes.mask(lost.astype(bool), "0" + codes)


def _is_cells(layer: gpd.GeoDataFrame) -> bool:
    # Sums made again by a town keep the ids and the counts but never the flag of imputation.
    return all(column_of(layer, names) for names in (CELL_IDS, IMPUTED, ("ind",)))


def _is_iris(layer: gpd.GeoDataFrame) -> bool:
    return column_of(layer, IRIS_CODES) is not None


def _is_qva(layer: gpd.GeoDataFrame) -> bool:
    if {"code_qva", "nom_qva"} & set(layer):
        return True
    if "c_nat_qpv" in layer:
        return bool((layer["c_nat_qpv"] == "QVA").all())
    code = column_of(layer, (*ZONE_CODES, "code", "id"))
    return code is not None and _all_match(layer[code], r"^QVA?\w+$")


def _is_qpv(layer: gpd.GeoDataFrame) -> bool:
    if {"code_qp", "c_nqpv", "commune_clip"} & set(layer):
        return True
    return "code" in layer and _all_match(layer["code"], r"^Q[PN]\w+$")


def _is_communes(layer: gpd.GeoDataFrame) -> bool:
    code = column_of(layer, COMMUNE_CODES)
    if code is None or column_of(layer, COMMUNE_NAMES) is None:
        return False
    return _all_match(padded(clean_codes(layer[code]), 5), COMMUNE, share=0.5)


def _all_match(values: pd.Series, pattern: str, *, share: float = 1.0) -> bool:
    codes = clean_codes(values).dropna()
    return len(codes) > 0 and float(codes.str.match(pattern).mean()) >= share


def _without_group_outlines(
    layers: dict[str | None, gpd.GeoDataFrame], kinds: dict[str | None, str | None]
) -> dict[str | None, str | None]:
    """Turn away the outline of several communes that carries the attributes of one of them."""
    communes = [name for name, kind in kinds.items() if kind == "communes"]
    groups = {a for a in communes for b in communes if a != b and _covers_two(layers[a], layers[b])}
    return {name: None if name in groups else kind for name, kind in kinds.items()}


def _covers_two(group: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> bool:
    parts = shapely.make_valid(communes.geometry.dropna().to_numpy())
    return any(
        int((shapely.area(shapely.intersection(s, parts)) > _COVERED * shapely.area(parts)).sum())
        > 1
        for s in shapely.make_valid(group.geometry.dropna().to_numpy())
    )


def _one_per_kind(path: Path, kinds: dict[str | None, str | None]) -> dict[str | None, str | None]:
    """Keep, of an archive holding the same content in several forms, the fullest of each kind."""
    best: dict[str, tuple[int, str | None]] = {}
    for name, kind in kinds.items():
        if kind is None:
            continue
        count = len(read_layer(path, name))
        if kind not in best or count > best[kind][0]:
            best[kind] = (count, name)
    kept = {name for _, name in best.values()}
    return {name: kind if name in kept else None for name, kind in kinds.items()}


def _json_kind(path: Path) -> list[tuple[str, str | None]] | None:
    """Return the kinds of a JSON file that is not GeoJSON; None when it is GeoJSON."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise UnreadableFile(_unreadable(path)) from error
    if isinstance(content, dict):
        return None if content.get("type") in {"FeatureCollection", "Feature"} else []
    rows = content if isinstance(content, list) else []
    advisers = any(isinstance(r, dict) and "result_label" in r for r in rows)
    return [("digital_advisers", None)] if advisers else []
