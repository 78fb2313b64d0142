"""Newer versions are looked for only where the owner allowed it, and nothing the network answers is believed."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colmado_insights import config
from colmado_insights.config import Settings
from colmado_insights.errors import AdviceProblem, AdviceRefused, DiskFull, NoNetwork, NotAllowed
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.updates import find_offer, look_if_due, look_now, read_standing
from colmado_insights.updates.announcements import MOST_BYTES, read_announcement
from colmado_insights.updates.memory import memory_file
from colmado_insights.updates.online import Limits, _follow, fetch, look
from colmado_insights.updates.places import downloads
from colmado_insights.updates.releases import Kind, Program, Release
from colmado_insights.updates.versions import Version
from tests.grok_server import (
    Behaviour,
    bomb,
    dripping,
    dripping_head,
    failing,
    half,
    html,
    huge,
    packed,
    raw,
    redirect,
    reset,
    slow,
)  # fmt: skip
from tests.updates.release_files import LINUX, NEW, OWN, PORTABLE, WINDOWS, make_release
from tests.updates.release_server import LATEST, NOTES, ReleaseServer

NOW = datetime(2026, 11, 20, 17, 22)
QUICK = Limits(connect=0.3, silence=0.2, total=0.3)
DAY = timedelta(days=1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReleaseServer]:
    with ReleaseServer(tmp_path / "published") as made:
        made.publish()
        yield made


@pytest.fixture
def allowed(server: ReleaseServer) -> Settings:
    return Settings(look_for_updates=True, releases_url=server.latest)


def announced(settings: Settings, program: Program = WINDOWS) -> Release:
    release = read_standing(settings, program).newest
    assert release is not None
    return release


# ── the list ──


def test_the_newest_version_is_found(server: ReleaseServer, allowed: Settings) -> None:
    look_now(allowed, NOW, Progress())
    for program in (WINDOWS, PORTABLE, LINUX):
        release = announced(allowed, program)
        assert (release.version, release.kind, release.date) == (NEW, program.kind, date(2026, 12, 1))
        assert release.url == server.latest.replace("latest.json", release.name)
        assert release.path is None
        assert release.news == NOTES["es"]
    assert read_standing(allowed, WINDOWS).looked_at == NOW
    assert find_offer(allowed, NOW, WINDOWS) == announced(allowed)


def test_nothing_is_told_but_name_and_version(server: ReleaseServer, allowed: Settings) -> None:
    look_now(allowed, NOW, Progress())
    fetch(announced(allowed), WINDOWS, Progress())
    assert [call.path for call in server.calls] == [LATEST, "/v/ColmadoInsights-0.2.0-setup.exe"]
    for call in server.calls:
        assert call.method == "GET"
        assert call.body == b""
        assert set(call.headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert call.headers["user-agent"] == "ColmadoInsights/0.1.0"
        assert call.headers["accept-encoding"] == "identity"


def test_without_consent_nobody_is_asked(server: ReleaseServer, allowed: Settings) -> None:
    forbidden = Settings(releases_url=server.latest)
    assert not look_if_due(forbidden, NOW, Progress())
    with pytest.raises(NotAllowed, match="No has permitido"):
        look_now(forbidden, NOW, Progress())
    nowhere = Settings(look_for_updates=True)
    assert not look_if_due(nowhere, NOW, Progress())
    with pytest.raises(NotAllowed, match="no trae la dirección"):
        look_now(nowhere, NOW, Progress())
    assert server.calls == []
    assert not memory_file().exists()


def test_what_was_heard_counts_only_while_it_is_allowed(server: ReleaseServer, allowed: Settings) -> None:
    look_now(allowed, NOW, Progress())
    assert read_standing(Settings(releases_url=server.latest), WINDOWS).newest is None
    elsewhere = Settings(look_for_updates=True, releases_url="https://example.com/latest.json")
    assert read_standing(elsewhere, WINDOWS).newest is None


def test_it_is_asked_once_a_day(server: ReleaseServer, allowed: Settings) -> None:
    assert look_if_due(allowed, NOW, Progress())
    for hours in range(1, 24):
        assert not look_if_due(allowed, NOW + timedelta(hours=hours), Progress())
    assert look_if_due(allowed, NOW + DAY, Progress())
    assert len(server.calls) == 2


def test_a_clock_that_jumps_does_not_ask_more(server: ReleaseServer, allowed: Settings) -> None:
    far = NOW + timedelta(days=4000)
    assert look_if_due(allowed, far, Progress())  # it cannot be told from a PC that was off
    assert not look_if_due(allowed, NOW, Progress())  # back: a day from here
    assert not look_if_due(allowed, NOW + timedelta(hours=23), Progress())
    assert look_if_due(allowed, NOW + DAY, Progress())
    assert len(server.calls) == 2


def test_a_day_without_internet_is_tried_again_in_an_hour(server: ReleaseServer, allowed: Settings) -> None:
    page = server.pages[LATEST]
    server.pages[LATEST] = failing(500)
    assert not look_if_due(allowed, NOW, Progress())
    assert not look_if_due(allowed, NOW + timedelta(minutes=59), Progress())
    server.pages[LATEST] = page
    assert look_if_due(allowed, NOW + timedelta(hours=1), Progress())
    assert len(server.calls) == 2


def test_the_memory_may_be_anything(server: ReleaseServer, allowed: Settings) -> None:
    look_now(allowed, NOW, Progress())
    kept = json.loads(memory_file().read_text(encoding="utf-8"))
    for nonsense in ("", "[]", "{", "null", json.dumps(dict.fromkeys(kept, 7)), json.dumps(dict.fromkeys(kept, "x")),
                     json.dumps(kept | {"next_look_at": "2026-11-20T17:22:00+00:00"})):  # fmt: skip
        memory_file().write_text(nonsense, encoding="utf-8")
        read_standing(allowed, WINDOWS)
        assert find_offer(allowed, NOW, WINDOWS) is None or "next_look_at" in nonsense
        assert look_if_due(allowed, NOW, Progress())


def publisher_is(version: str) -> Callable[[dict[str, Any]], Any]:
    return lambda listed: json.loads(json.dumps(listed).replace("0.2.0", version))


def changed(place: int = 0, **values: Any) -> Callable[[dict[str, Any]], Any]:
    def change(listed: dict[str, Any]) -> Any:
        files = [dict(row) for row in listed["files"]]
        files[place] |= values
        return listed | {"files": files}

    return change


BAD_LISTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a list": lambda listed: [listed],
    "nothing": lambda listed: None,
    "no version": lambda listed: {"files": listed["files"]},
    "a version that is a number": lambda listed: listed | {"version": 0.2},
    "a version with a path": publisher_is("../0.2.0"),
    "a version that is no version": publisher_is("newest"),
    "a long version": publisher_is("0." + "9" * 100),
    "no day": lambda listed: listed | {"date": None},
    "a day that is none": lambda listed: listed | {"date": "2026-02-30"},
    "a week": lambda listed: listed | {"date": "2026-W49-2"},
    "notes that are a number": lambda listed: listed | {"notes": 3},
    "notes in numbers": lambda listed: listed | {"notes": {"es": 3}},
    "endless notes": lambda listed: listed | {"notes": "a" * 30_000},
    "no files": lambda listed: listed | {"files": None},
    "many files": lambda listed: listed | {"files": listed["files"] * 10},
    "the same twice": lambda listed: listed | {"files": listed["files"][:1] * 2},
    "a file that is a name": lambda listed: listed | {"files": ["ColmadoInsights-0.2.0-setup.exe"]},
    "a name with a path": changed(name="../../ColmadoInsights-0.2.0-setup.exe"),
    "a name with another path": changed(name="..\\ColmadoInsights-0.2.0-setup.exe"),
    "an address for a name": changed(name="https://evil.example/ColmadoInsights-0.2.0-setup.exe"),
    "another program's name": changed(name="evil.exe"),
    "another version's name": changed(name="ColmadoInsights-0.3.0-setup.exe"),
    "another kind's name": changed(name="ColmadoInsights-0.2.0-portable.zip"),
    "a copy's name": changed(name="ColmadoInsights-0.2.0-setup (1).exe"),
    "a spelt name": changed(name="colmadoinsights-0.2.0-setup.exe"),
    "no size": changed(size=None),
    "a size of nothing": changed(size=0),
    "a size below nothing": changed(size=-5),
    "a huge size": changed(size=10**15),
    "a size that is true": changed(size=True),
    "a size in words": changed(size="80"),
    "no sum": changed(sha256=""),
    "a short sum": changed(sha256="ab" * 31),
    "a sum that is none": changed(sha256="zz" * 32),
    "a sum in capitals": changed(sha256="AB" * 32),
    "no kind": changed(kind=None),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_LISTS)
def test_a_list_that_cannot_be_is_refused_whole(server: ReleaseServer, allowed: Settings, name: str) -> None:
    listed = BAD_LISTS[name](server.publish())
    server.pages[LATEST] = raw(200, json.dumps(listed).encode())
    with pytest.raises(AdviceRefused, match="no es la lista de versiones"):
        look_now(allowed, NOW, Progress())
    assert read_standing(allowed, WINDOWS).newest is None
    assert not look_if_due(allowed, NOW, Progress())


def test_kinds_of_tomorrow_are_no_trouble(server: ReleaseServer, allowed: Settings) -> None:
    listed = server.publish()
    listed["files"].append({"name": "x.dmg", "kind": "mac"})
    listed["more"] = [{}]
    server.pages[LATEST] = raw(200, json.dumps(listed).encode())
    look_now(allowed, NOW, Progress())
    assert announced(allowed).version == NEW


def test_notes_in_one_language_are_for_all(server: ReleaseServer, allowed: Settings) -> None:
    server.publish(notes="Va mejor.\u202egpj\x00\x1b[31m\r\n")
    look_now(allowed, NOW, Progress())
    assert announced(allowed).news == "Va mejor. gpj  [31m"
    server.publish(notes={"en": "Better."})
    look_now(allowed, NOW, Progress())
    assert announced(allowed).news == "Better."


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
            st.sampled_from(["version", "date", "notes", "files", "name", "kind", "size", "sha256"]), inner
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_any_json_is_read_or_refused(values: Any) -> None:
    try:
        found = read_announcement(json.dumps(values).encode(), "https://example.com/latest.json")
    except AdviceRefused:
        return
    assert isinstance(found, dict)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"NaN", b"[" * 30_000, b'{"version": "0.2.0"'])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(AdviceRefused):
        read_announcement(body, "https://example.com/latest.json")


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9", "0.2.0rc1"])
def test_no_older_version_and_no_trial_is_offered(
    server: ReleaseServer, allowed: Settings, version: str
) -> None:
    parsed = Version.parse(version)
    assert parsed is not None
    server.publish(parsed)
    look_now(allowed, NOW, Progress())
    assert read_standing(allowed, WINDOWS).newest is None
    trial = Program(Version(0, 2, 0, stage=1, number=1), Kind.SETUP)
    assert (read_standing(allowed, trial).newest is not None) == parsed.is_trial


# ── a server that misbehaves ──

MISBEHAVIOURS: dict[str, Behaviour] = {
    "not found": failing(404),
    "broken": failing(500),
    "forbidden": failing(403),
    "no content": raw(204, b""),
    "a page": html(),
    "half": half(),
    "slow": slow(5),
    "dripping": dripping(),
    "dripping head": dripping_head(),
    "huge": huge(),
    "packed": packed(b'{"version": "0.2.0"}'),
    "bomb": bomb(),
    "reset": reset(),
    "larger than allowed": raw(200, b" " * (MOST_BYTES + 1)),
    "to http": redirect("http://127.0.0.1:1/latest.json"),
    "to a file": redirect("file:///etc/passwd"),
    "with a name in it": redirect("https://me:secret@127.0.0.1:1/latest.json"),
    "nowhere": redirect(""),
    "to no address": redirect("https://[::1/latest.json"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_trouble_is_one_sentence_and_soon(server: ReleaseServer, allowed: Settings, name: str) -> None:
    server.pages[LATEST] = MISBEHAVIOURS[name]
    began = time.monotonic()
    with pytest.raises(AdviceProblem) as trouble:
        look(allowed, Progress(), QUICK)
    assert time.monotonic() - began < 1.5
    assert trouble.value.what and trouble.value.todo
    assert server.latest not in str(trouble.value)
    assert len(server.calls) == 1


def test_redirects_lead_only_to_where_nobody_can_listen_in() -> None:
    here = "https://example.com/a/latest.json"
    assert _follow(here, "/b/latest.json") == "https://example.com/b/latest.json"
    assert _follow(here, "//cdn.example.com/x") == "https://cdn.example.com/x"
    for location in (
        "http://example.com/",
        "ftp://example.com/",
        "https://a@example.com/",
        "javascript:1",
    ):
        with pytest.raises(AdviceRefused):
            _follow(here, location)
    with pytest.raises(AdviceRefused):
        _follow("http://127.0.0.1/latest.json", "/elsewhere")


def test_a_redirect_to_a_safe_place_is_followed_and_a_circle_ends(
    server: ReleaseServer, allowed: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ReleaseServer(tmp_path / "safe", is_secure=True) as safe:
        safe.publish()
        server.pages[LATEST] = redirect(safe.latest, 302)
        with pytest.raises(NoNetwork):  # nobody vouches for it
            look(allowed, Progress(), QUICK)
        assert safe.calls == []
        monkeypatch.setattr(
            "colmado_insights.updates.online._trust",
            lambda: httpx.create_ssl_context(verify=False),
        )
        look_now(allowed, NOW, Progress())
        assert [call.path for call in safe.calls] == [LATEST]
        assert announced(allowed).url.startswith(server.latest.removesuffix("latest.json"))
        safe.pages[LATEST] = redirect(safe.latest)
        with pytest.raises(AdviceRefused):
            look(allowed, Progress(), Limits(most_hops=3))
        assert len(safe.calls) == 1 + 3


def test_nobody_there_is_no_network(allowed: Settings, server: ReleaseServer) -> None:
    nobody = Settings(look_for_updates=True, releases_url="http://127.0.0.1:1/latest.json")
    with pytest.raises(NoNetwork, match="No se pudo llegar"):
        look(nobody, Progress(), QUICK)


def cancel_after(progress: Progress, seconds: float = 0.1) -> threading.Timer:
    timer = threading.Timer(seconds, progress.cancel)
    timer.start()
    return timer


@pytest.mark.parametrize("name", ["slow", "dripping", "dripping head"])
def test_a_look_is_cancelled_at_once(server: ReleaseServer, allowed: Settings, name: str) -> None:
    server.pages[LATEST] = MISBEHAVIOURS[name]
    progress = Progress()
    timer = cancel_after(progress)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        look(allowed, progress)
    assert time.monotonic() - began < 0.1 + 0.2
    timer.join()


# ── a file ──


def listing(server: ReleaseServer, allowed: Settings) -> Release:
    look_now(allowed, NOW, Progress())
    return announced(allowed)


def test_a_file_is_brought_checked_and_kept(server: ReleaseServer, allowed: Settings) -> None:
    steps: list[tuple[int, int]] = []
    release = listing(server, allowed)
    have = fetch(release, WINDOWS, Progress(lambda done, total, _words: steps.append((done, total))))
    assert have.path == downloads() / release.name
    assert have.path.read_bytes() == (server.folder / release.name).read_bytes()
    assert steps[-1] == (release.size, release.size)
    assert [path.name for path in downloads().iterdir()] == [release.name]
    found = announced(allowed)
    assert (found.path, found.sha256, found.news) == (have.path, release.sha256, release.news)
    count = len(server.calls)
    assert fetch(release, WINDOWS, Progress()) == have  # it is here already
    assert len(server.calls) == count


FILE_TROUBLES: dict[str, Behaviour] = MISBEHAVIOURS | {
    "another file": raw(200, b"x" * 5000),
    "longer": raw(200, b"x" * 50_000),
    "empty": raw(200, b""),
}


@pytest.mark.parametrize("name", FILE_TROUBLES)
def test_of_what_is_not_what_was_announced_nothing_stays(
    server: ReleaseServer, allowed: Settings, name: str
) -> None:
    release = listing(server, allowed)
    server.pages[f"/v/{release.name}"] = FILE_TROUBLES[name]
    with pytest.raises(AdviceProblem):
        fetch(release, WINDOWS, Progress(), QUICK)
    assert list(downloads().iterdir()) == []


def test_one_byte_wrong_is_wrong(server: ReleaseServer, allowed: Settings) -> None:
    release = listing(server, allowed)
    data = bytearray((server.folder / release.name).read_bytes())
    data[-1] ^= 1
    server.pages[f"/v/{release.name}"] = raw(200, bytes(data))
    with pytest.raises(AdviceRefused, match="no es igual a lo que se publicó, y se borró"):
        fetch(release, WINDOWS, Progress())
    assert list(downloads().iterdir()) == []


def test_what_was_brought_before_and_is_spoilt_is_brought_again(
    server: ReleaseServer, allowed: Settings
) -> None:
    release = listing(server, allowed)
    downloads().mkdir(parents=True)
    (downloads() / release.name).write_bytes(b"half")
    have = fetch(release, WINDOWS, Progress())
    assert have.path is not None and have.path.stat().st_size == release.size


def test_a_download_is_cancelled_at_once_and_leaves_nothing(server: ReleaseServer, allowed: Settings) -> None:
    release = listing(server, allowed)
    server.pages[f"/v/{release.name}"] = dripping(0.01, b"x")
    progress = Progress()
    timer = cancel_after(progress, 0.2)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        fetch(release, WINDOWS, progress)
    assert time.monotonic() - began < 0.2 + 0.2
    assert list(downloads().iterdir()) == []
    timer.join()


def test_a_full_disk_is_said(
    server: ReleaseServer, allowed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = listing(server, allowed)
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=1000))
    calls = len(server.calls)
    with pytest.raises(DiskFull, match="No cabe la versión nueva"):
        fetch(release, WINDOWS, Progress())
    assert len(server.calls) == calls
    monkeypatch.undo()


def test_a_folder_that_cannot_be_is_said(server: ReleaseServer, allowed: Settings, own_home: Path) -> None:
    release = listing(server, allowed)
    downloads().touch()
    with pytest.raises(DiskFull):
        fetch(release, WINDOWS, Progress())


def test_older_downloads_are_thinned(server: ReleaseServer, allowed: Settings) -> None:
    for version in (Version(0, 0, 9), OWN, Version(0, 1, 5)):
        make_release(downloads(), version=version)
    kept = downloads() / "nota.txt"
    kept.touch()
    release = listing(server, allowed)
    fetch(release, WINDOWS, Progress())
    assert {path.name for path in downloads().iterdir()} == {release.name, kept.name}


def test_nothing_is_written_outside_the_home(
    server: ReleaseServer, allowed: Settings, own_home: Path, tmp_path: Path
) -> None:
    before = set(tmp_path.iterdir())
    fetch(listing(server, allowed), WINDOWS, Progress())
    assert set(tmp_path.iterdir()) - before == {own_home}
    assert {path.name for path in own_home.iterdir()} == {"updates", "updates.json"}
    assert config.data_folder() == own_home
