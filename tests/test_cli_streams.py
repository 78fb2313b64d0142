"""What the command line prints into a pipe or a file: UTF-8 on every PC."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from colmado_insights.cli.streams import say, use_utf8


def colmado(*words: str, home: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command line on a PC whose pipes have Windows' old code page."""
    environment = os.environ | {"COLMADO_HOME": str(home), "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "colmado_insights.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, cwd=Path(__file__).parent.parent)


def test_every_word_leaves_through_a_pipe(tmp_path: Path) -> None:
    done = colmado("--help", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "qué se venderá" in done.stdout.decode("utf-8")
    file = tmp_path / "ventas → 中文.csv"
    file.write_text("fecha,producto,total\n2026-05-04 08:10,Ñame ≥ 中文 →,90.50\n", encoding="utf-8")
    done = colmado("import", str(file), "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr.decode("utf-8")
    (report,) = json.loads(done.stdout.decode("utf-8"))
    assert report["file"] == "ventas → 中文.csv"
    done = colmado("import", str(tmp_path / "no está →.csv"), home=tmp_path)
    assert done.returncode == 1
    assert "no está →.csv" in done.stderr.decode("utf-8")


def test_half_a_character_in_a_file_name_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="cp1252"))
    use_utf8()
    sys.stdout.write("ventas \udcf1.csv")
    sys.stdout.flush()
    assert pipe.getvalue() == b"ventas ?.csv"


def test_a_program_without_streams_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    use_utf8()


@pytest.mark.parametrize("what_the_system_says", [errno.EPIPE, errno.EINVAL])
def test_who_stopped_listening_is_told_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], what_the_system_says: int
) -> None:
    class Closed(io.StringIO):
        def write(self, _words: str) -> int:
            raise OSError(what_the_system_says, "the pipe is closed")

    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(SystemExit) as stopped:
        say("mucho")
    assert stopped.value.code == 1
    sys.stdout.flush()
    sys.stdout.close()
    assert capsys.readouterr().err == ""


def test_a_full_disk_is_not_kept_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _words: str) -> int:
            raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OSError, match="no room"):
        say("mucho")
