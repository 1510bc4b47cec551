"""
The official sources: who publishes, where, under which licence, and what a sound file looks like.

Addresses, columns and counts are those of DATA_SOURCES (marked seen or used by public code there);
an address may move: `territory fetch --from` takes the same files brought by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from territory.io.layers import COMMUNE_CODES

Content = Literal["layer", "table", "streets", "transit"]

_DATAGOUV = "https://www.data.gouv.fr/api/1/datasets/r/"
_INSEE = "https://www.insee.fr/fr/statistiques/fichier/"
_OPEN = "Licence Ouverte 2.0 (Etalab)"
ILE_DE_FRANCE = ("75", "77", "78", "91", "92", "93", "94", "95")
_WFS = (
    "https://data.geopf.fr/wfs/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature"
    "&TYPENAMES=STATISTICALUNITS.IRIS:{layer}&OUTPUTFORMAT=application/json&SRSNAME=EPSG:4326"
    "&CQL_FILTER=code_insee%20IN%20({quoted_communes})"
)


@dataclass(frozen=True, slots=True)
class Source:
    """
    One official source.

    `addresses` are tried in order; {quoted_communes}, {region} (Geofabrik) and {overpass} (the
    query) are filled in, and an address whose blank cannot be filled is left out. `columns` must
    all be there, in any case (`?` stands for one character). `minimum_rows` is for the file as
    published; one brought by hand may be a part of it. `members` are the endings searched in an
    archive, best first. `margin` keeps what lies within 2 km of the territory, and not only
    inside. `only_in` limits the addresses to départements; `largest_bytes` is the most that is
    ever received.
    """

    key: str
    kind: str
    label: str
    publisher: str
    licence: str
    vintage: str
    addresses: tuple[str, ...]
    target: str
    content: Content
    columns: tuple[str, ...]
    minimum_rows: int
    names: tuple[str, ...]
    page: str
    members: tuple[str, ...] = (".geojson", ".gpkg", ".shp")
    commune_columns: tuple[str, ...] = ()
    margin: bool = True
    only_in: tuple[str, ...] = ()
    largest_bytes: int = 2_000_000_000

    @property
    def national(self) -> bool:
        """Whether the file needs the outlines of the communes to be cut."""
        return self.kind not in {"communes", "census"}


COMMUNES = Source(
    key="communes",
    kind="communes",
    label="Limites des communes",
    publisher="IGN et Etalab (contours administratifs)",
    licence=_OPEN,
    vintage="2025",
    addresses=(
        "https://etalab-datasets.geo.data.gouv.fr/contours-administratifs/2025/geojson/"
        "communes-5m.geojson.gz",
        "https://object.data.gouv.fr/contours-administratifs/2025/geojson/communes-5m.geojson.gz",
    ),
    target="communes.geojson",
    content="layer",
    columns=("code", "nom"),
    minimum_rows=34_000,
    names=("communes*.geojson", "communes*.geojson.gz", "admin-express*.7z", "commune.shp"),
    page="https://www.data.gouv.fr/fr/datasets/contours-administratifs/",
    members=("COMMUNE.shp", "communes-5m.geojson", ".geojson", ".gpkg"),
    commune_columns=COMMUNE_CODES,
    margin=False,
)
QPV = Source(
    key="qpv",
    kind="qpv",
    label="Quartiers prioritaires (QPV)",
    publisher="ANCT",
    licence=_OPEN,
    vintage="2024",
    addresses=(_DATAGOUV + "942d4ee8-8142-4556-8ea1-335537ce1119",),
    target="qpv_2024.geojson",
    content="layer",
    columns=("code_qp", "lib_qp", "insee_com"),
    minimum_rows=1_300,
    names=("qp2024*", "*qp2024*.zip", "qpv*2024*"),
    page="https://www.data.gouv.fr/datasets/quartiers-prioritaires-de-la-politique-de-la-ville-qpv",
    members=("Outre_Mer_WGS84.geojson", ".geojson", "Outre_Mer_WGS84.shp", ".gpkg", ".shp"),
)
IRIS = Source(
    key="iris",
    kind="iris",
    label="Contours des IRIS",
    publisher="Insee et IGN",
    licence=_OPEN,
    vintage="édition en cours",
    addresses=(_WFS.replace("{layer}", "contours_iris"), _WFS.replace("{layer}", "contour_iris")),
    target="iris.geojson",
    content="layer",
    columns=("code_iris", "nom_iris"),
    minimum_rows=1,
    names=("contours-iris*", "contours_iris*", "iris*.geojson"),
    page="https://geoservices.ign.fr/contoursiris",
    members=("CONTOURS-IRIS.shp", "contours-iris.gpkg", ".gpkg", ".geojson", ".shp"),
)
CENSUS = Source(
    key="recensement",
    kind="census",
    label="Recensement par IRIS (activité des résidents)",
    publisher="Insee",
    licence=_OPEN,
    vintage="2022",
    addresses=(
        _INSEE + "8647006/base-ic-activite-residents-2022_csv.zip",
        _INSEE + "8268843/base-ic-activite-residents-2021_csv.zip",
    ),
    target="recensement_iris.csv",
    content="table",
    columns=("iris", "p??_pop1564", "p??_act1564", "p??_chom1564"),
    minimum_rows=40_000,
    names=("base-ic-activite-residents*",),
    page="https://www.insee.fr/fr/statistiques/8647006",
    members=(".csv",),
    commune_columns=("com", "iris"),
    margin=False,
)
CELLS = Source(
    key="filosofi",
    kind="cells",
    label="Population au carreau de 200 m (Filosofi)",
    publisher="Insee",
    licence=_OPEN,
    vintage="2021",
    addresses=(
        _INSEE + "8735162/Filosofi2021_carreaux_200m_csv.zip",
        _INSEE + "7655475/Filosofi2019_carreaux_200m_csv.zip",
    ),
    target="filosofi_200m.csv",
    content="table",
    columns=("idcar_200m", "i_est_200", "ind", "men", "men_pauv"),
    minimum_rows=10_000,
    names=("filosofi*200m*", "carreaux_200m*"),
    page="https://www.insee.fr/fr/statistiques/8735162",
    members=("{grid}.csv", "{grid}.gpkg", ".csv", ".gpkg"),
)
FRANCE_SERVICES = Source(
    key="france-services",
    kind="france_services",
    label="France services",
    publisher="ANCT",
    licence=_OPEN,
    vintage="édition en cours",
    addresses=(_DATAGOUV + "31576dff-fd61-4de9-819f-32c2f880b142",),
    target="france_services.csv",
    content="table",
    columns=("id_fs", "lib_fs", "insee_com", "latitude", "longitude", "format_fs"),
    minimum_rows=2_000,
    names=("liste-fs*", "france_services*", "france-services*"),
    page="https://www.data.gouv.fr/fr/datasets/liste-des-structures-france-services/",
    members=(".csv",),
    commune_columns=("insee_com",),
)
_INCLUSION_PAGE = (
    "https://www.data.gouv.fr/fr/datasets/"
    "referentiel-de-loffre-dinsertion-liste-des-structures-et-services-dinsertion/"
)
STRUCTURES = Source(
    key="inclusion-structures",
    kind="inclusion_structures",
    label="Structures de data·inclusion",
    publisher="GIP Plateforme de l’inclusion",
    licence=_OPEN,
    vintage="édition en cours (chaque lundi)",
    addresses=(
        _DATAGOUV + "915c05e8-77ea-44f6-9837-0f1eff897a54",
        _DATAGOUV + "fd4cb3ef-5c31-4c99-92fe-2cd8016c0ca5",
    ),
    target="inclusion_structures.csv",
    content="table",
    columns=(
        "id",
        "source",
        "nom",
        "date_maj",
        "code_insee",
        "latitude",
        "longitude",
        "siret",
        "reseaux_porteurs",
    ),
    minimum_rows=10_000,
    names=("structures-inclusion*", "structures_inclusion*"),
    page=_INCLUSION_PAGE,
    members=(".parquet", ".csv"),
    commune_columns=("code_insee",),
)
SERVICES = Source(
    key="inclusion-services",
    kind="inclusion_services",
    label="Services de data·inclusion",
    publisher="GIP Plateforme de l’inclusion",
    licence=_OPEN,
    vintage="édition en cours (chaque lundi)",
    addresses=(
        _DATAGOUV + "de4856b8-bb67-4b79-83bd-038e846a1774",
        _DATAGOUV + "5abc151a-5729-4055-b0a9-d5691276f461",
    ),
    target="inclusion_services.csv",
    content="table",
    columns=("id", "structure_id", "source", "nom", "thematiques", "code_insee", "latitude"),
    minimum_rows=10_000,
    names=("services-inclusion*", "services_inclusion*"),
    page=_INCLUSION_PAGE,
    members=(".parquet", ".csv"),
    commune_columns=("code_insee",),
)
MEDNUM = Source(
    key="mediation-numerique",
    kind="mednum",
    label="Lieux de médiation numérique",
    publisher="ANCT (Société numérique)",
    licence=_OPEN,
    vintage="édition en cours",
    addresses=(_DATAGOUV + "398edc71-0d51-4cb6-9cbe-2540a4db573c",),
    target="mediation_numerique.csv",
    content="table",
    columns=("id", "pivot", "nom", "commune", "code_postal", "adresse", "services"),
    minimum_rows=5_000,
    names=("mediation*numerique*.csv", "*mediation-numerique*.csv"),
    page="https://www.data.gouv.fr/fr/organizations/societe-numerique/",
    members=(".csv",),
    commune_columns=("code_insee",),
)
LIBRARIES = Source(
    key="bibliotheques",
    kind="libraries",
    label="Bibliothèques (Île-de-France)",
    publisher="Région Île-de-France et ministère de la Culture",
    licence=_OPEN,
    vintage="édition en cours",
    addresses=(
        "https://data.iledefrance.fr/api/explore/v2.1/catalog/datasets/"
        "repertoire-bibliotheques/exports/geojson",
    ),
    target="bibliotheques.geojson",
    content="layer",
    columns=("typeinst_code", "nometablissement"),
    minimum_rows=500,
    names=("repertoire-bibliotheques*", "bibliotheques*"),
    page="https://data.iledefrance.fr/explore/dataset/repertoire-bibliotheques/",
    only_in=ILE_DE_FRANCE,
)
STREETS = Source(
    key="osm",
    kind="streets",
    label="Rues (OpenStreetMap)",
    publisher="contributeurs d’OpenStreetMap",
    licence="ODbL (© les contributeurs d’OpenStreetMap)",
    vintage="extrait du jour",
    addresses=(
        "https://overpass-api.de/api/interpreter?data={overpass}",
        "https://download.geofabrik.de/europe/france/{region}-latest.osm.pbf",
    ),
    target="rues.osm.pbf",
    content="streets",
    columns=(),
    minimum_rows=1,
    names=("*.osm.pbf", "*.osm", "*.osm.bz2", "*.osm.gz"),
    page="https://download.geofabrik.de/europe/france.html",
    members=(".osm.pbf", ".osm"),
)
TRANSIT = Source(
    key="gtfs",
    kind="transit",
    label="Arrêts et passages des transports (GTFS)",
    publisher="Île-de-France Mobilités",
    licence="Licence Mobilité ou ODbL selon le fichier",
    vintage="édition en cours",
    addresses=("https://eu.ftp.opendatasoft.com/stif/GTFS/IDFM-gtfs.zip",),
    target="transports.gtfs.zip",
    content="transit",
    columns=("stop_id", "stop_name", "stop_lat", "stop_lon"),
    minimum_rows=1_000,
    names=("*gtfs*.zip",),
    page="https://transport.data.gouv.fr",
    members=(".zip",),
    only_in=ILE_DE_FRANCE,
)
# Outlines first: they say where to cut the others.
ALL = (
    COMMUNES, QPV, IRIS, CENSUS, CELLS, FRANCE_SERVICES, STRUCTURES, SERVICES, MEDNUM, LIBRARIES,
    STREETS, TRANSIT,
)  # fmt: skip
