"""The smoke test of what was built finds what is wrong with a program: here, with small ones made for it."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from tasks import smoke
from tasks.smoke import Newcomer

needs_sh = pytest.mark.skipif(sys.platform == "win32", reason="the small programs are shell scripts")
REPORT = {"problems": [], "seconds": {"import": 1.0}, "receipts": 9_000, "views": 99}
GOOD = """[ "$1" = --smoke ] && [ "$2" = --smoke-log ] && echo '{report}' > "$3"\n"""


def make_newcomer(folder: Path, body: str = "", report: object = REPORT) -> Newcomer:
    """A folder with one small program that writes this report and then does what the body says."""
    program, home = folder / "Doña Ñáñez", folder / "casa de José"
    for name in ("ColmadoInsights", "colmado"):
        script = program / name
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(
            "#!/bin/sh\n" + GOOD.replace("{report}", json.dumps(report)) + body, encoding="utf-8"
        )
        script.chmod(0o755)
    home.mkdir()
    return Newcomer(program, home, (), {"PATH": os.defpath, "TMPDIR": str(folder), "TEMP": str(folder)})


@needs_sh
def test_a_good_window_has_no_problems(tmp_path: Path) -> None:
    step = smoke.try_window(make_newcomer(tmp_path))
    assert step.problems == ()
    assert "99 views" in step.told


@needs_sh
@pytest.mark.parametrize(
    ("body", "problem"),
    (
        ("echo a line nobody expects", "says: a line nobody expects"),
        ("echo Qt: something is odd >&2", "complains: Qt: something is odd"),
        ("exit 3", "exit status 3 instead of 0"),
        ('rm "$3"', "did not say how it went"),
    ),
)  # fmt: skip
def test_a_window_that_is_not_as_it_should_be_is_told(tmp_path: Path, body: str, problem: str) -> None:
    assert smoke.try_window(make_newcomer(tmp_path, body)).problems == (problem,)


@needs_sh
@pytest.mark.parametrize(
    ("report", "problem"),
    (
        (REPORT | {"problems": ["page home stands without a result"]}, "page home stands without a result"),
        (REPORT | {"views": 3}, "opened 3 views on 9000 receipts only"),
        (REPORT | {"receipts": 0}, "opened 99 views on 0 receipts only"),
    ),
)  # fmt: skip
def test_what_the_window_reports_counts(tmp_path: Path, report: object, problem: str) -> None:
    """Also on Windows, where the window program has no terminal to say it in."""
    assert smoke.try_window(make_newcomer(tmp_path, report=report)).problems == (problem,)


@needs_sh
def test_one_that_never_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke, "PATIENCE_SECONDS", 0.2)
    step = smoke.try_window(make_newcomer(tmp_path, "exec sleep 30"))
    assert any("not done after 0.2 s" in problem for problem in step.problems)


@needs_sh
def test_a_wrong_use_must_be_refused_in_words(tmp_path: Path) -> None:
    mute = make_newcomer(tmp_path / "mute", "exit 2")
    assert smoke.ask(mute, "import", status=2).problems == ("does not say what is wrong",)
    clear = make_newcomer(tmp_path / "clear", 'echo "Error: Missing argument FILES, say which" >&2; exit 2')
    assert smoke.ask(clear, "import", status=2).problems == ()
    assert smoke.ask(clear, "import").problems[0] == "exit status 2 instead of 0"
    broken = make_newcomer(tmp_path / "broken", 'echo "Traceback (most recent call last):" >&2; exit 2')
    assert "complains: Traceback" in smoke.ask(broken, "import", status=2).problems[0]
    assert smoke.ask(clear, "--version", status=2, must=lambda said: "1.0" in said.output).problems


@needs_sh
def test_the_newcomer_has_no_rights_no_tools_and_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("LC_ALL", "es_DO.UTF-8")
    monkeypatch.setenv("DISPLAY", ":7")
    built = make_newcomer(tmp_path, 'env | sort; touch "$(dirname "$0")/written" || true').program
    (built / "_internal").mkdir()
    before = smoke.files_of(built)
    with smoke.move_in(built) as newcomer:
        assert "ñ" in str(newcomer.program) and " " in str(newcomer.home)
        said = newcomer.run("colmado")
        for name in ("PYTHON", "LC_ALL", "DISPLAY", "VIRTUAL_ENV"):
            assert f"\n{name}" not in said.output
        assert "LANG=C\n" in said.output
        is_closed = not any("read-only" in words for words in newcomer.unchecked)
        assert (newcomer.program / "written").exists() is not is_closed
        if "unshare" not in newcomer.command:
            assert smoke.DEAD_PORT in said.output
            assert any("network" in words for words in newcomer.unchecked)
        place = newcomer.program.parent.parent
    assert not place.exists()
    assert smoke.files_of(built) == before


def test_what_a_program_did_to_its_folder_is_told(tmp_path: Path) -> None:
    for name in ("kept", "changed", "removed"):
        (tmp_path / name).write_text(name)
    before = smoke.files_of(tmp_path)
    assert list(smoke.changes(before, smoke.files_of(tmp_path))) == []
    (tmp_path / "changed").write_text("changed by the program")
    (tmp_path / "removed").unlink()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "new.pyc").touch()
    assert [line.split()[0] for line in smoke.changes(before, smoke.files_of(tmp_path))] == [
        "wrote", "changed", "removed",
    ]  # fmt: skip


def test_what_is_forgotten_or_logged_is_told(tmp_path: Path) -> None:
    newcomer = make_newcomer(tmp_path / "pc")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    newcomer.environment |= {"TMPDIR": str(scratch), "TEMP": str(scratch)}
    log = newcomer.home / "logs" / "colmado-insights.log"
    log.parent.mkdir()
    log.write_text("2026-11-20 10:00:00,000 INFO colmado_insights.shop: WARNING is only a word here\n")
    assert list(smoke.leftovers(newcomer)) == []
    (scratch / "forgotten.tmp").touch()
    with log.open("a") as file:
        file.write("2026-11-20 10:00:01,000 ERROR colmado_insights.shop: a command failed\n")
        file.write("2026-11-20 10:00:02,000 INFO colmado_insights.vault: no use: ModuleNotFoundError\n")
    assert len(list(smoke.leftovers(newcomer))) == 3


def test_answers_that_differ_are_told_with_their_place() -> None:
    answer = {"days": [{"day": "2026-11-20", "value": 1 / 3}], "n": 2}
    assert (
        list(smoke.differences(answer, answer | {"days": [{"day": "2026-11-20", "value": 0.33333333334}]}))
        == []
    )
    other = {"days": [{"day": "2026-11-20", "value": 0.34}], "n": 2}
    assert list(smoke.differences(answer, other)) == [f".days[0].value is {1 / 3}, of the source 0.34"]
    for other in (answer | {"n": 3}, {"n": 2}, answer | {"more": 1}, answer | {"days": []}, None):
        assert len(list(smoke.differences(answer, other))) == 1


def test_a_folder_too_big_is_told_with_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_internal" / "library").mkdir(parents=True)
    (tmp_path / "_internal" / "library" / "code").write_bytes(b"x" * 2_000_000)
    assert smoke.weigh(tmp_path).problems == ()
    assert "library 2" in smoke.weigh(tmp_path).told
    monkeypatch.setattr(smoke, "MOST_MB", 1)
    assert smoke.weigh(tmp_path).problems == ("2 MB; it may weigh 1 MB",)


def test_a_report_that_was_cut_off_is_not_whole(tmp_path: Path) -> None:
    book, paper = tmp_path / "libro.xlsx", tmp_path / "hoja.pdf"
    assert not smoke.is_whole(book) and not smoke.is_whole(paper)
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
    paper.write_bytes(b"%PDF-1.4 all of it %%EOF\n")
    assert smoke.is_whole(book) and smoke.is_whole(paper)
    paper.write_bytes(paper.read_bytes()[:12])
    book.write_bytes(book.read_bytes()[:40])
    assert not smoke.is_whole(book) and not smoke.is_whole(paper)


def test_what_old_windows_programs_say_is_read_too() -> None:
    assert smoke.words_of("año".encode("cp1252")) == smoke.words_of("año".encode()) == "año"


def test_without_a_built_program_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke.main([str(tmp_path)]) == 1
    assert "no built program" in capsys.readouterr().err
