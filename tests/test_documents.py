"""What the documents point at is there: files, pictures, headings, commands, tasks, scripts and rooms."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from colmado_insights.cli import main

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?\)|(?:src|srcset|href)=\"([^\"]+)\"")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def links(path: Path) -> list[str]:
    """Where a document leads, but to the world."""
    found = ("".join(pair) for pair in LINK.findall(CODE.sub("", text_of(path))))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(path: Path) -> set[str]:
    """The headings of a document as GitHub names them."""
    headings = HEADING.findall(re.sub(r"```.*?```", "", text_of(path), flags=re.DOTALL))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    lost = []
    for link in links(path):
        name, _hash, anchor = unquote(link).partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert not lost


def test_links_of_every_kind_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text('[a](b.md#c) ![d](e.png) [`f`](g.py) <img src="h.svg"> [i](https://x) `[j](k)`', "utf-8")
    assert links(path) == ["b.md#c", "e.png", "g.py", "h.svg"]
    path.write_text("# Qué hacer: ¿hoy?\n", "utf-8")
    assert anchors(path) == {"qué-hacer-hoy"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_and_scripts_named_are_there(path: Path) -> None:
    text = text_of(path)
    assert not set(re.findall(r"`colmado ([a-z]+)", text)) - set(main.commands)
    scripts = set(re.findall(r"python -m bench\.(\w+)", text)) | set(re.findall(r"`bench\.(\w+)`", text))
    assert not scripts - {each.stem for each in (ROOT / "bench").glob("*.py")}


def test_contributing_tells_every_task_and_room() -> None:
    text = text_of(ROOT / "CONTRIBUTING.md")
    tasks = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["poe"]["tasks"]
    rows = re.findall(r"^\| ((?:`[\w-]+`(?:, )?)+) \|", text.partition("## Tasks")[2], re.MULTILINE)
    assert set(re.findall(r"[\w-]+", " ".join(rows))) == set(tasks)
    rooms = {path.stem for path in (ROOT / "colmado_insights").iterdir() if not path.name.startswith("__")}
    told = set(re.findall(r"`(?:colmado_insights/)?(\w+)(?:\.py|/)`", text.partition("### How a file")[0]))
    assert rooms <= told
