"""
One file received over the network: streamed beside, resumed, tried again, never half taken.

The session, the clock and the waiting are given, so that nothing here sleeps in a test.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from territory.errors import UnreadableFile
from territory.fetch.addresses import host_of
from territory.fetch.partial import (
    Partial,
    append_to,
    forget_partial,
    keep_validator,
    open_partial,
    validator_of,
)
from territory.io.hashing import file_sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_BLOCK = 1 << 16
_OK, _REST, _RANGE_REFUSED = 200, 206, 416
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOVES_MAX = 6
_HEADERS = {
    "User-Agent": "territory/0.1 (outil libre des equipes de mediation)",
    "Accept-Encoding": "identity",  # sizes and ranges are those of the file itself
}


class Watch(Protocol):
    """Who follows a download: announcements in French, then bytes as they come."""

    def says(self, sentence: str) -> None:
        """Show one French sentence."""

    def starts(self, label: str, size: int | None, done: int) -> None:
        """Begin a file of `size` bytes (None: not announced), `done` of them already there."""

    def receives(self, count: int) -> None:
        """Count `count` more bytes."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often to insist, in seconds and bytes a second."""

    attempts: int = 5
    connect_s: float = 10.0
    idle_s: float = 30.0
    total_s: float = 3600.0
    slow_after_s: float = 60.0
    slowest_bytes_s: float = 1000.0
    first_wait_s: float = 2.0
    longest_wait_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Means:
    """What a download works with: session, time, waiting, patience."""

    session: requests.Session = field(default_factory=requests.Session)
    elapsed_s: Callable[[], float] = time.monotonic
    civil_s: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file to receive: where from, where to, at most how many bytes, its French name."""

    address: str
    target: Path
    label: str
    largest_bytes: int


@dataclass(frozen=True, slots=True)
class Received:
    """A whole file received: where it lies, its size in bytes and its SHA-256."""

    path: Path
    size: int
    sha256: str


class _Passing(Exception):
    """A failure that may pass: worth another try, after `wait_s` when the server says so."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


def download(wanted: Wanted, means: Means, watch: Watch) -> Received:
    """
    Receive a file, readable by its owner alone.

    An interrupted file is resumed when the server vouches that it is the same one; failures that
    may pass (429, 5xx, cut line, body shorter than announced, too slow) are tried again with
    growing waits or the server's Retry-After. Raises UnreadableFile (French) in the end; OSError
    when the disk refuses.
    """
    started, reason = means.elapsed_s(), ""
    wanted.target.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(means.patience.attempts):
        try:
            return _once(wanted, means, watch, started)
        except _Passing as error:
            reason, wait_s = str(error), _wait_s(error, attempt, means.patience)
        if wait_s is None or means.elapsed_s() + wait_s - started > means.patience.total_s:
            break
        if attempt + 1 < means.patience.attempts:
            watch.says(f"{wanted.label} : {reason}. Nouvel essai dans {wait_s:.0f} s.")
            means.sleep(wait_s)
    raise UnreadableFile(f"{host_of(wanted.address)} : {reason}. Réessayez plus tard.")


def _wait_s(error: _Passing, attempt: int, patience: Patience) -> float | None:
    """Return the wait before another try; None when the server asks for more than is sensible."""
    if error.wait_s is not None:
        return error.wait_s if error.wait_s <= patience.longest_wait_s else None
    return float(min(patience.first_wait_s * 2**attempt, patience.longest_wait_s))


def _once(wanted: Wanted, means: Means, watch: Watch, started: float) -> Received:
    partial = open_partial(wanted.target, wanted.address)
    with _answer(wanted, partial, means, watch) as response:
        done = partial.size if response.status_code == _REST else 0
        size = _announced(response, done, wanted)
        keep_validator(partial.path, wanted.address, validator_of(response.headers))
        watch.starts(wanted.label, size, done)
        with append_to(partial.path, anew=done == 0) as file:
            for block in _paced(_blocks(response), done, wanted, means, started):
                file.write(block)
                watch.receives(len(block))
    got = partial.path.stat().st_size
    if size is not None and got != size:
        if got > size:
            forget_partial(partial.path)
        raise _Passing(f"le fichier est arrivé incomplet ({got} octets sur {size})")
    if got == 0:
        raise _Passing("le fichier reçu est vide")
    partial.path.replace(wanted.target)
    forget_partial(partial.path)
    return Received(wanted.target, got, file_sha256(wanted.target))


def _answer(wanted: Wanted, partial: Partial, means: Means, watch: Watch) -> requests.Response:
    """Return a good answer, its body not read yet, after following moves to announced hosts."""
    headers = dict(_HEADERS)
    if partial.size:
        headers |= {"Range": f"bytes={partial.size}-", "If-Range": partial.validator}
    address, told = wanted.address, {host_of(wanted.address)}
    for _ in range(_MOVES_MAX):
        response = _asked(address, headers, means)
        if response.status_code not in _MOVED:
            return _judged(response, partial, address, means)
        response.close()
        address = _moved(address, response.headers.get("Location", ""))
        if host_of(address) not in told:
            watch.says(f"{wanted.label} : le fichier est chez {host_of(address)}.")
            told.add(host_of(address))
    raise UnreadableFile(f"{host_of(wanted.address)} : trop de redirections.")


def _asked(address: str, headers: dict[str, str], means: Means) -> requests.Response:
    limits = (means.patience.connect_s, means.patience.idle_s)
    try:
        return means.session.get(
            address, headers=headers, stream=True, timeout=limits, allow_redirects=False
        )
    except requests.RequestException:
        raise _Passing(f"{host_of(address)} ne répond pas") from None


def _moved(address: str, location: str) -> str:
    """Return where an answer sends; never from a protected address to an open one."""
    there = urljoin(address, location)
    before, after = urlsplit(address).scheme, urlsplit(there).scheme
    if not location or after not in {"http", "https"} or (before == "https" and after == "http"):
        raise UnreadableFile(f"{host_of(address)} : redirection refusée (adresse non protégée).")
    return there


def _judged(
    response: requests.Response, partial: Partial, address: str, means: Means
) -> requests.Response:
    """Return an answer that brings the file or its rest; raise for all others."""
    status = response.status_code
    if status == _OK or (status == _REST and _continues(response, partial)):
        return response
    response.close()
    host = host_of(address)
    if status in {_RANGE_REFUSED, _REST}:
        forget_partial(partial.path)
        raise _Passing("la reprise a été refusée, le fichier est redemandé en entier", 0.0)
    if status in _PASSING:
        raise _Passing(f"{host} est occupé (réponse {status})", _retry_after_s(response, means))
    raise UnreadableFile(f"{host} a répondu {status} : le fichier n'est plus à cette adresse.")


def _continues(response: requests.Response, partial: Partial) -> bool:
    return response.headers.get("Content-Range", "").startswith(f"bytes {partial.size}-")


def _retry_after_s(response: requests.Response, means: Means) -> float | None:
    """Return the wait a server asks for, in seconds or until a date; None when it says none."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdigit():
        return float(asked)
    try:
        return max(parsedate_to_datetime(asked).timestamp() - means.civil_s(), 0.0)
    except ValueError:
        return None


def _announced(response: requests.Response, done: int, wanted: Wanted) -> int | None:
    """Return the whole size announced; raise when it is more than the source can be."""
    length = response.headers.get("Content-Length", "")
    size = int(length) + done if length.isdigit() else None
    if size is not None and size > wanted.largest_bytes:
        raise UnreadableFile(_too_large(wanted))
    return size


def _too_large(wanted: Wanted) -> str:
    most = wanted.largest_bytes // 1_000_000
    return f"{host_of(wanted.address)} envoie plus de {most} Mo : ce n'est pas le fichier attendu."


def _blocks(response: requests.Response) -> Iterator[bytes]:
    """Yield the bytes as they come, not as they would fill a buffer: a drip must be seen."""
    try:
        while block := response.raw.read1(_BLOCK, decode_content=False):
            yield block
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
        raise _Passing("la connexion a été coupée") from None


def _paced(
    blocks: Iterator[bytes], done: int, wanted: Wanted, means: Means, started: float
) -> Iterator[bytes]:
    """Pass blocks on while they come fast enough, in time, and are not too many."""
    begun, got = means.elapsed_s(), 0
    for block in blocks:
        if got:
            _check_pace(wanted, got, means.elapsed_s() - begun, means.patience)
        if means.elapsed_s() - started > means.patience.total_s:
            raise UnreadableFile(f"{host_of(wanted.address)} : délai dépassé. Réessayez plus tard.")
        got += len(block)
        if done + got > wanted.largest_bytes:
            raise UnreadableFile(_too_large(wanted))
        yield block


def _check_pace(wanted: Wanted, got: int, seconds: float, patience: Patience) -> None:
    if seconds > patience.slow_after_s and got < patience.slowest_bytes_s * seconds:
        raise _Passing(f"{host_of(wanted.address)} est trop lent")
