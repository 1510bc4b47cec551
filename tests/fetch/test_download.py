"""Receiving one file from a server that misbehaves in every way it can."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from territory.errors import UnreadableFile
from territory.fetch.download import Wanted, download
from tests.fetch.server import Reply

if TYPE_CHECKING:
    from pathlib import Path

    from territory.fetch.patience import Means
    from tests.fetch.conftest import Clock, Ear
    from tests.fetch.server import Script

BODY = bytes(range(256)) * 1000
TAG = {"ETag": '"v1"'}


def wanted(address: str, folder: Path, *, largest: int = 10_000_000) -> Wanted:
    return Wanted(address, folder / "recu.bin", "Fichier d'essai", largest)


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name != "recu.bin")


def test_a_file_arrives_whole_for_its_owner_alone(
    server: Script, means, ear: Ear, tmp_path
) -> None:
    address = server.serve("/f", Reply(BODY))
    received = download(wanted(address, tmp_path), means, ear)
    assert received.path.read_bytes() == BODY
    assert received.size == len(BODY)
    assert received.sha256 == hashlib.sha256(BODY).hexdigest()
    assert stat.S_IMODE(received.path.stat().st_mode) == 0o600
    assert ear.sizes == [("Fichier d'essai", len(BODY), 0)]
    assert ear.received == len(BODY)
    assert leftovers(tmp_path) == []


def test_a_cut_line_is_resumed_where_it_broke(server: Script, means, ear: Ear, tmp_path) -> None:
    address = server.serve("/f", Reply(BODY, headers=TAG, cut_after=100_000), Reply(BODY, 200, TAG))
    assert download(wanted(address, tmp_path), means, ear).path.read_bytes() == BODY
    (_, first), (_, second) = server.asked
    assert "Range" not in first
    assert (second["Range"], second["If-Range"]) == ("bytes=100000-", '"v1"')
    assert ear.sizes[1] == ("Fichier d'essai", len(BODY), 100_000)


def test_a_resume_from_another_run(server: Script, means: Means, ear: Ear, tmp_path) -> None:
    address = server.serve("/f", Reply(BODY, headers=TAG, cut_after=7))
    once = replace(means, patience=replace(means.patience, attempts=1))
    with pytest.raises(UnreadableFile, match=r"coupée|incomplet"):
        download(wanted(address, tmp_path), once, ear)
    assert not (tmp_path / "recu.bin").exists()
    server.serve("/f", Reply(BODY, headers=TAG))
    assert download(wanted(address, tmp_path), once, ear).path.read_bytes() == BODY
    assert server.asked[-1][1]["Range"] == "bytes=7-"


def test_a_file_changed_meanwhile_is_taken_anew(server: Script, means, ear: Ear, tmp_path) -> None:
    new = b"autre" * 999
    address = server.serve(
        "/f", Reply(BODY, headers=TAG, cut_after=9), Reply(new, headers={"ETag": '"v2"'})
    )
    assert download(wanted(address, tmp_path), means, ear).path.read_bytes() == new


def test_without_a_version_nothing_is_resumed(server: Script, means, ear: Ear, tmp_path) -> None:
    address = server.serve("/f", Reply(BODY, cut_after=9), Reply(BODY))
    assert download(wanted(address, tmp_path), means, ear).path.read_bytes() == BODY
    assert "Range" not in server.asked[1][1]


def test_a_wrong_rest_is_refused_and_all_is_asked_again(
    server: Script, means, ear: Ear, tmp_path
) -> None:
    wrong = Reply(BODY[50:], 206, {**TAG, "Content-Range": "bytes 50-255999/256000"})
    address = server.serve(
        "/f", Reply(BODY, headers=TAG, cut_after=9), wrong, Reply(BODY, 200, TAG)
    )
    assert download(wanted(address, tmp_path), means, ear).path.read_bytes() == BODY


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_later(
    server: Script, means, clock, ear, tmp_path, status
) -> None:
    address = server.serve("/f", Reply(b"plus tard", status), Reply(b"", status), Reply(BODY))
    assert download(wanted(address, tmp_path), means, ear).path.read_bytes() == BODY
    assert clock.waits == [2.0, 4.0]  # doubled at each try
    assert f"réponse {status}" in ear.said[0]


@pytest.mark.parametrize(
    "asked_and_waited",
    [("7", 7.0), ("Mon, 12 Jan 1970 13:47:10 GMT", 30.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0)],
)
def test_retry_after_is_honoured(server, means, clock, ear, tmp_path, asked_and_waited) -> None:
    asked, waited = asked_and_waited
    # the civil clock of the test stands at second 1,000,000: 12 January 1970, 13:46:40
    address = server.serve("/f", Reply(b"", 429, {"Retry-After": asked}), Reply(BODY))
    download(wanted(address, tmp_path), means, ear)
    assert clock.waits == [waited]


def test_a_server_asking_to_come_back_tomorrow_is_left(
    server, means, clock: Clock, ear, tmp_path
) -> None:
    address = server.serve("/f", Reply(b"", 503, {"Retry-After": "86400"}))
    with pytest.raises(UnreadableFile, match=r"occupé.*Réessayez plus tard"):
        download(wanted(address, tmp_path), means, ear)
    assert clock.waits == []


def test_a_body_always_short_is_never_taken(
    server: Script, means, clock: Clock, ear, tmp_path
) -> None:
    address = server.serve("/f", Reply(BODY, cut_after=1000))
    with pytest.raises(UnreadableFile, match=r"coupée|incomplet"):
        download(wanted(address, tmp_path), means, ear)
    assert not (tmp_path / "recu.bin").exists()
    assert clock.waits == [2.0, 4.0, 8.0, 16.0]


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_a_refusal_is_final(server: Script, means, clock: Clock, ear, tmp_path, status) -> None:
    address = server.serve("/f", Reply(b"<html>non</html>", status))
    with pytest.raises(UnreadableFile, match=f"a répondu {status}"):
        download(wanted(address, tmp_path), means, ear)
    assert clock.waits == []
    assert len(server.asked) == 1


def test_a_slow_drip_is_given_up(server: Script, means, clock: Clock, ear, tmp_path) -> None:
    clock.step_s = 100.0  # between two looks at the clock; a block holds 65 kB at most
    address = server.serve("/f", Reply(BODY, drip=1000))
    with pytest.raises(UnreadableFile, match="trop lent"):
        download(wanted(address, tmp_path), means, ear)
    assert not (tmp_path / "recu.bin").exists()


def test_a_download_without_end_is_given_up(
    server: Script, means, clock: Clock, ear, tmp_path
) -> None:
    clock.step_s = 2000.0
    address = server.serve("/f", Reply(BODY))
    with pytest.raises(UnreadableFile, match="délai dépassé"):
        download(wanted(address, tmp_path), means, ear)


def test_silence_is_given_up(server: Script, means: Means, ear: Ear, tmp_path) -> None:
    brief = replace(means, patience=replace(means.patience, idle_s=0.05, attempts=2))
    address = server.serve("/f", Reply(BODY, headers={"Content-Length": "999999"}, cut_after=10))
    with pytest.raises(UnreadableFile, match=r"coupée|incomplet|ne répond pas"):
        download(wanted(address, tmp_path), brief, ear)


def test_an_announced_size_too_large_is_refused_unread(
    server: Script, means, ear: Ear, tmp_path
) -> None:
    address = server.serve("/f", Reply(BODY))
    with pytest.raises(UnreadableFile, match="pas le fichier attendu"):
        download(wanted(address, tmp_path, largest=1000), means, ear)
    assert ear.received == 0


def test_an_endless_body_is_stopped(server: Script, means, ear: Ear, tmp_path) -> None:
    address = server.serve("/f", Reply(BODY, chunked=True, drip=1000))
    with pytest.raises(UnreadableFile, match="pas le fichier attendu"):
        download(wanted(address, tmp_path, largest=5000), means, ear)
    assert ear.received < 200_000


def test_a_body_of_unknown_size(server: Script, means, ear: Ear, tmp_path) -> None:
    address = server.serve("/f", Reply(BODY, chunked=True, drip=5000))
    assert download(wanted(address, tmp_path), means, ear).path.read_bytes() == BODY
    assert ear.sizes == [("Fichier d'essai", None, 0)]


def test_moves_are_followed_and_a_new_host_is_said_first(server, means, ear: Ear, tmp_path) -> None:
    other = server.address.replace("127.0.0.1", "localhost")
    server.serve("/there", Reply(BODY))
    address = server.serve("/f", Reply(b"", 302, {"Location": f"{other}/there"}))
    assert download(wanted(address, tmp_path), means, ear).path.read_bytes() == BODY
    assert ear.said == [f"Fichier d'essai : le fichier est chez {other.removeprefix('http://')}."]


@pytest.mark.parametrize("there", ["file:///etc/hostname", "ftp://exemple.fr/f", ""])
def test_a_move_out_of_the_web_is_refused(server: Script, means, ear: Ear, tmp_path, there) -> None:
    address = server.serve("/f", Reply(b"", 302, {"Location": there}))
    with pytest.raises(UnreadableFile, match="redirection refusée"):
        download(wanted(address, tmp_path), means, ear)


def test_turning_in_circles_ends(server: Script, means, ear: Ear, tmp_path) -> None:
    address = server.serve("/f", Reply(b"", 301, {"Location": "/f"}))
    with pytest.raises(UnreadableFile, match="trop de redirections"):
        download(wanted(address, tmp_path), means, ear)


def test_nobody_answers(means: Means, clock: Clock, ear: Ear, tmp_path) -> None:
    with pytest.raises(UnreadableFile, match="ne répond pas"):
        download(wanted("http://127.0.0.1:9/f", tmp_path), means, ear)
    assert len(clock.waits) == 4
