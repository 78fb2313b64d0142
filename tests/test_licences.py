"""What comes from others is named with its licence, and nothing is shipped without its text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tasks import licences

HERE = Path(__file__).resolve().parent.parent


def test_third_party_names_what_the_lock_names() -> None:
    assert licences.main(["--check"]) == 0, "run `poe licences`"


def test_a_new_version_makes_the_page_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "THIRD_PARTY.md"
    page.write_text(
        re.sub(r"(\| pandas \| )[\d.]+", r"\g<1>0.1", licences.PAGE.read_text(encoding="utf-8")), "utf-8"
    )
    monkeypatch.setattr(licences, "PAGE", page)
    assert licences.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().err


def test_a_library_that_nobody_said_what_it_is_for_is_refused() -> None:
    with pytest.raises(SystemExit, match="what it is for: leftpad"):
        licences.table({"leftpad": "1.0"})


def test_both_versions_of_a_library_with_one_for_each_python(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text(
        "numpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:1f\n"
        "numpy==2.5.5 ; python_full_version >= '3.12' \\\n    --hash=sha256:2f\n"
        "pip==26.3 \\\n    --hash=sha256:3f\n",
        "utf-8",
    )
    assert licences.read_lock(lock) == {"numpy": "2.4.6, 2.5.5"}


def test_the_page_is_the_same_on_each_system_and_python() -> None:
    lock = (HERE / "requirements.lock").read_text(encoding="utf-8")
    marked = {name for name, condition in re.findall(r"^(\S+)==\S+ (?:; (.*) )?\\$", lock, re.M) if condition}
    everywhere = {name for name in marked if len(re.findall(rf"^{name}==", lock, re.M)) > 1}
    assert marked - everywhere - licences.NOT_SHIPPED <= licences.LICENCES.keys()


def test_every_text_is_written_and_none_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "OUT", tmp_path / "licences")
    count = licences.write_texts()
    texts = {path.stem: path.read_text(encoding="utf-8") for path in licences.OUT.iterdir()}
    assert count == len(texts) > 60
    assert all(len(text) > 200 for text in texts.values())
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["Qt"]
    assert "SIL OPEN FONT LICENSE" in texts["Inter"]
    assert "OpenBLAS" in texts["numpy"] and "Zetetic" in texts["SQLCipher"].title()


def test_a_library_without_a_licence_text_is_refused() -> None:
    with pytest.raises(SystemExit, match="brings no licence along"):
        licences.write_text("leftpad", [])
