"""
Addresses of structures placed by the official geocoder, only when asked: never those of people.

Sent: a rank, an address and a commune code, nothing else. Source: DATA_SOURCES section 13 (IGN,
Géoplateforme), PRIVACY section 7.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

import pandas as pd
import requests

from territory.errors import UnreadableFile, WrongUsage
from territory.fetch.addresses import host_of
from territory.fetch.patience import PassingFailure, check_busy, insist
from territory.geocoding.match import CHECKED
from territory.io.coordinates import in_france
from territory.io.positions import ONLINE, Position
from territory.io.values import read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from territory.fetch.patience import Means

SERVICE = "https://data.geopf.fr/geocodage/search/csv/"
_PRECISIONS = {"housenumber": "numéro", "street": "rue", "locality": "lieu-dit"}
_OK = 200


def to_send(places: pd.DataFrame) -> pd.DataFrame:
    """
    Return the addresses that may leave this machine: address, commune_code by place_id.

    Only structures with both, none of them sensitive or not known to be ordinary. Raises WrongUsage
    for any other table than places: activities and contacts never leave.
    """
    if places.index.name != "place_id":
        raise WrongUsage(
            "Seules les adresses des structures peuvent être envoyées, jamais celles des activités "
            "ou des contacts. Rien n’a été envoyé."
        )
    kept = places[
        places["address"].notna()
        & places["commune_code"].notna()
        & ~places["sensitive"].fillna(value=True).astype(bool)
    ]
    return pd.DataFrame(kept[["address", "commune_code"]])


def located_online(
    places: pd.DataFrame,
    means: Means,
    says: Callable[[str], None],
    *,
    on: str,
    service: str = SERVICE,
) -> dict[str, Position]:
    """
    Return place id -> point in degrees (WGS84), for those found with a score of 0.5 or more.

    The host is told to `says` before it is contacted; a PassingFailure is tried again. A town alone
    is never a point. Raises WrongUsage as `to_send`, UnreadableFile (French) when the service does
    not answer or answers wrongly.
    """
    asked = to_send(places)
    if asked.empty:
        return {}
    says(f"Serveur contacté : {host_of(service)} ({len(asked)} adresses de structures).")
    answer = insist(
        lambda _: _posted(_sent(asked), service, means), "Adresses", host_of(service), means, says
    )
    rows = _rows(answer, service)
    known = {row.get("rang", ""): row for row in rows}
    ranks = [str(rank) for rank in range(len(asked))]
    if len(rows) != len(ranks) or set(known) != set(ranks):
        raise UnreadableFile(
            f"{host_of(service)} : la réponse n’a pas autant de lignes que la demande. Rien n’a "
            "été gardé ; réessayez plus tard."
        )
    found = {
        str(key): _position(known[rank], str(address), on)
        for rank, (key, address) in zip(ranks, asked["address"].items(), strict=True)
    }
    return {key: position for key, position in found.items() if position is not None}


def _sent(asked: pd.DataFrame) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(("rang", "adresse", "code_insee"))
    pairs = zip(asked["address"], asked["commune_code"], strict=True)
    writer.writerows((rank, address, code) for rank, (address, code) in enumerate(pairs))
    return text.getvalue().encode("utf-8")


def _posted(body: bytes, service: str, means: Means) -> requests.Response:
    host = host_of(service)
    try:
        answer = means.session.post(
            service,
            files={"data": ("adresses.csv", body, "text/csv")},
            data={"columns": "adresse", "citycode": "code_insee"},
            timeout=means.patience.timeout_s,
            allow_redirects=False,  # the addresses go to the host that was told, and to no other
        )
    except requests.RequestException:
        raise PassingFailure(f"{host} ne répond pas") from None
    check_busy(answer, host, means)
    if answer.status_code != _OK:
        raise UnreadableFile(f"{host} a répondu {answer.status_code} : rien n’a été placé.")
    return answer


def _rows(answer: requests.Response, service: str) -> list[dict[str, str]]:
    try:
        text = answer.content.decode("utf-8-sig")
        rows = list(csv.DictReader(StringIO(text), delimiter=";"))
    except (UnicodeDecodeError, csv.Error):
        rows = []
    if not rows or not {"rang", "latitude", "longitude", "result_score"} <= set(rows[0]):
        raise UnreadableFile(f"{host_of(service)} : la réponse n’est pas le tableau attendu.")
    return rows


def _position(row: Mapping[str, str | None], address: str, on: str) -> Position | None:
    texts = (row.get(name) or "" for name in ("latitude", "longitude", "result_score"))
    latitude, longitude, score = (read_number(text) for text in texts)
    precision = _PRECISIONS.get(row.get("result_type") or "")
    if latitude is None or longitude is None or score is None or precision is None:
        return None
    if not CHECKED <= score <= 1 or not in_france(latitude, longitude):
        return None
    label = (row.get("result_label") or "").strip()
    return Position(latitude, longitude, ONLINE, address, score, precision, label, on)
