"""A file in hand: whole and newer is taken, and for anything else there is a sentence that says what it is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colmado_insights.config import is_release_file
from colmado_insights.errors import BadRelease
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage.importing.watch import is_sales_file
from colmado_insights.updates.releases import (
    Kind,
    Program,
    Release,
    check_sum,
    file_name,
    parse_name,
    read_release,
    this_program,
)
from colmado_insights.updates.versions import Version
from tests.updates.release_files import (
    LINUX,
    NEW,
    OWN,
    PORTABLE,
    WINDOWS,
    make_release,
    make_setup,
    make_tar,
    make_zip,
    sum_of,
    write_sums,
)

PROGRAMS = {program.kind: program for program in (WINDOWS, PORTABLE, LINUX)}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_newer_version_is_read(tmp_path: Path, kind: Kind) -> None:
    path = make_release(tmp_path, kind)
    release = read_release(path, PROGRAMS[kind])
    assert release == Release(NEW, kind, path.stat().st_size, "", path)
    assert release.name == path.name


@pytest.mark.parametrize("kind", list(Kind))
def test_it_is_compared_with_the_sums_beside_it(tmp_path: Path, kind: Kind) -> None:
    path = make_release(tmp_path, kind)
    write_sums(path)
    assert read_release(path, PROGRAMS[kind]).sha256 == sum_of(path)
    write_sums(path, sums="0" * 64)
    with pytest.raises(BadRelease, match="no es igual a la que se publicó"):
        read_release(path, PROGRAMS[kind])
    assert read_release(path, PROGRAMS[kind], is_quick=True).sha256 == ""


def test_sums_of_other_files_say_nothing(tmp_path: Path) -> None:
    path = make_release(tmp_path)
    other = make_release(tmp_path, version=Version(0, 3, 0))
    write_sums(other)
    assert read_release(path, WINDOWS).sha256 == ""
    path.with_name("SHA256SUMS").write_bytes(b"\xff\x00" * 1000)
    assert read_release(path, WINDOWS).sha256 == ""


def test_a_second_download_is_the_same_file(tmp_path: Path) -> None:
    path = make_release(tmp_path, name="ColmadoInsights-0.2.0-setup (1).exe")
    (tmp_path / "SHA256SUMS").write_text(f"{sum_of(path)} *ColmadoInsights-0.2.0-setup.exe\r\n")
    assert read_release(path, WINDOWS).sha256 == sum_of(path)


def refusal(path: Path, program: Program = WINDOWS) -> str:
    with pytest.raises(BadRelease) as refused:
        read_release(path, program)
    assert path.name in str(refused.value) or "Ya tienes" in str(refused.value)
    return str(refused.value)


def test_each_wrong_file_has_its_own_sentence(tmp_path: Path) -> None:
    def named(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    setup, archive, packed = make_setup("0.2.0"), make_zip(""), make_tar("")
    said = {
        "gone": refusal(tmp_path / "ColmadoInsights-0.2.0-setup.exe"),
        "cut": refusal(named("ColmadoInsights-0.2.0-setup.exe", setup[:-100])),
        "older": refusal(named("ColmadoInsights-0.0.9-setup.exe", make_setup("0.0.9"))),
        "same": refusal(named("ColmadoInsights-0.1.0-setup.exe", make_setup("0.1.0"))),
        "renamed": refusal(named("instalador.exe", setup)),
        "another inside": refusal(named("ColmadoInsights-0.9.0-setup.exe", setup)),
        "another program": refusal(named("ColmadoInsights-0.2.0-setup.exe", make_setup("0.2.0", "Otro"))),
        "another system": refusal(named("ColmadoInsights-0.2.0-linux-x86_64.tar.xz", packed)),
        "a folder": refusal(tmp_path),
    }
    assert "no se pudo leer" in said["gone"]
    assert "está incompleta" in said["cut"]
    assert "más vieja que la tuya, que es la 0.1.0" in said["older"]
    assert "Ya tienes la versión 0.1.0" in said["same"]
    assert "es la versión 0.2.0 con otro nombre" in said["renamed"]
    assert "ColmadoInsights-0.2.0-setup.exe" in said["renamed"]
    assert "dice ser la versión 0.9.0, pero por dentro es la 0.2.0" in said["another inside"]
    assert "no es una versión de Colmado Insights" in said["another program"]
    assert "no es para esta instalación" in said["another system"] and "-setup.exe" in said["another system"]
    assert len(set(said.values())) == len(said)
    for name, data in (("foto.exe", b"MZ"), ("ventas.zip", archive), ("nota.txt", b"hola"), ("x.xz", packed)):
        assert "no es una versión de Colmado Insights" in refusal(named(name, data))


@pytest.mark.parametrize(("kind", "made"), [(Kind.PORTABLE, make_zip("")), (Kind.LINUX, make_tar(""))])
def test_a_packed_one_is_cut_foreign_or_whole(tmp_path: Path, kind: Kind, made: bytes) -> None:
    path, program = tmp_path / file_name(NEW, kind), PROGRAMS[kind]
    for size in (0, 1, 10, 100, len(made) // 2, len(made) - 1):
        path.write_bytes(made[:size])
        with pytest.raises(BadRelease):
            read_release(path, program)
    path.write_bytes(made[:-1])
    assert "está incompleta" in refusal(path, program)
    other = {Kind.PORTABLE: make_zip, Kind.LINUX: make_tar}[kind]("", "fotos/playa.jpg")
    path.write_bytes(other)
    assert "no es una versión" in refusal(path, program)


def test_a_zip_that_lists_too_much_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(make_zip(""))
    end = data.rfind(b"PK\x05\x06")
    data[end + 10 : end + 12] = b"\xff\xff"
    path = tmp_path / file_name(NEW, Kind.PORTABLE)
    path.write_bytes(data)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "no es una versión" in refusal(path, PORTABLE)


@pytest.mark.parametrize("kind", list(Kind))
def test_no_byte_in_it_is_believed(tmp_path: Path, kind: Kind) -> None:
    path = make_release(tmp_path, kind)
    whole = path.read_bytes()
    places = st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), min_size=1, max_size=8)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(places)
    def change(lies: list[tuple[int, int]]) -> None:
        data = bytearray(whole)
        for place, value in lies:
            data[place] = value
        path.write_bytes(data)
        try:
            assert read_release(path, PROGRAMS[kind]).version == NEW
        except BadRelease:
            return

    change()


def test_names_are_read_strictly() -> None:
    assert parse_name("colmadoinsights-0.2.0-SETUP.EXE") == (NEW, Kind.SETUP)
    for name in (
        "ColmadoInsights-0.2.0-setup.exe.partial", "ColmadoInsights-0.2.0-setup.exe.crdownload", "../setup.exe",
        "ColmadoInsights-0.2.0-setup.zip", "ColmadoInsights-../..-setup.exe", "ColmadoInsights--setup.exe",
        "ColmadoInsights-x-setup.exe", "ColmadoInsights-0.2.0-setup.exe\n", "ColmadoInsights-0.2.0.xlsx",
    ):  # fmt: skip
        assert parse_name(name) is None, name


def test_a_version_is_no_file_of_sales() -> None:
    assert is_release_file("ColmadoInsights-0.2.0-portable.zip")
    assert not is_sales_file("ColmadoInsights-0.2.0-portable.zip")
    assert is_sales_file("ventas-0.2.0-portable.zip")


def test_what_changed_after_it_was_read_is_not_installed(tmp_path: Path) -> None:
    path = make_release(tmp_path)
    write_sums(path)
    release = read_release(path, WINDOWS)
    check_sum(release)
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(BadRelease, match="no es igual"):
        check_sum(release)


def test_summing_up_can_be_stopped(tmp_path: Path) -> None:
    path = make_release(tmp_path)
    write_sums(path)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        read_release(path, WINDOWS, progress)


def test_this_program_knows_what_is_for_it() -> None:
    program = this_program()
    assert not program.can_replace  # it runs from its source
    assert program.version == OWN or program.version > OWN
