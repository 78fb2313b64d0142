"""The shopkeeper's documents: every word in bold is the program's own, every link, anchor and picture is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tasks import guide, texts

DOCS = guide.DOCS
LEAST_LETTERS = 4
"""A template with less of its own would match anything."""


def bold_words(name: str) -> list[str]:
    """What a document says that the screen shows."""
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    return re.findall(r"\*\*(.+?)\*\*", text)


@pytest.fixture(scope="module")
def said() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """All that the program and its setup say: as it stands, and with something filled in."""
    forms = set(setup_words()) | {
        form
        for message in texts.gather()
        if message.id
        for form in texts.as_forms(message.id)
    }  # fmt: skip
    templates = [form for form in forms if "{" in form]
    patterns = [
        as_pattern(form) for form in templates if letters(re.sub(r"\{.*?\}", "", form)) >= LEAST_LETTERS
    ]
    return frozenset(forms), tuple(patterns)


def setup_words() -> Iterator[str]:
    """The paragraphs that the setup says in Spanish; what it fills in as the program's own sentences do."""
    text = (guide.ROOT / "installer" / "words.nsh").read_text(encoding="utf-8")
    for said in re.findall(r'\$\{Words\} \w+ (?:\\\n)?\s*"([^"]*)"', text):
        for paragraph in re.split(r"(?:\$\\r\$\\n)+", said):
            yield re.sub(r"\$\{?\w+\}?", "{something}", paragraph)


def letters(words: str) -> int:
    return sum(letter.isalpha() for letter in words)


def as_pattern(template: str) -> re.Pattern[str]:
    """A sentence with anything filled in, but for a count a number."""
    pieces = re.split(r"(\{.*?\})", template)
    filled = {"{n}": r"[\d,.]+"}
    return re.compile(
        "".join(
            filled.get(each, ".+?") if place % 2 else re.escape(each) for place, each in enumerate(pieces)
        )
    )


@pytest.mark.parametrize("name", guide.SPANISH)
def test_every_word_in_bold_is_the_programs_own(
    name: str, said: tuple[frozenset[str], tuple[re.Pattern[str], ...]]
) -> None:
    words, patterns = said
    unknown = [
        bold
        for bold in bold_words(name)
        if bold not in words and not any(pattern.fullmatch(bold) for pattern in patterns)
    ]
    assert not unknown


def test_a_word_that_the_program_does_not_say_is_found_out(
    said: tuple[frozenset[str], tuple[re.Pattern[str], ...]],
) -> None:
    words, patterns = said
    assert "Traer mis ventas" in words
    assert "Traer las ventas" not in words
    assert any(pattern.fullmatch("«ventas.csv» está vacío.") for pattern in patterns)
    assert not any(pattern.fullmatch("Traer las ventas") for pattern in patterns)


# ── keys ──


def keys_in_the_guide() -> set[str]:
    """The keys that the guide names, a row of digits spelt out."""
    text = (DOCS / "guia.md").read_text(encoding="utf-8")
    part = text.split("## Teclas", 1)[1].split("\n## ", 1)[0]
    named = set(re.findall(r"`([^`]+)`", part))
    return named | {f"Ctrl+{digit}" for digit in range(1, 10) if "`Ctrl+1` … `Ctrl+9`" in part}


# ── pages ──


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("guide")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guide, "OUT", folder)
        assert guide.main() == 0
    yield folder


@pytest.mark.parametrize("name", (*guide.SPANISH, *guide.ENGLISH))
def test_every_link_and_picture_of_a_page_is_there(pages: Path, name: str) -> None:
    page = (pages / f"{name}.html").read_text(encoding="utf-8")
    for link in map(unquote, re.findall(r'href="([^"]+)"', page)):
        target, _hash, anchor = link.partition("#")
        there = pages / target if target else pages / f"{name}.html"
        assert there.is_file(), link
        assert not anchor or f'id="{anchor}"' in there.read_text(encoding="utf-8"), link
    pictures = guide.pictures_in(page)
    assert all((pages / picture).is_file() for picture in pictures)
    assert len(pictures) == page.count("<img") + page.count("<source")


def test_the_pages_need_no_internet_and_no_script(pages: Path) -> None:
    for path in pages.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r'(?:src|srcset|href)="(?:https?:)?//', page)
        assert "<script" not in page
        assert "@import" not in page
        assert "url(" not in page


def test_every_picture_has_its_dark_sister_and_its_size(pages: Path) -> None:
    page = (pages / "guia.html").read_text(encoding="utf-8")
    assert page.count("<source") > 10
    assert page.count("<img") == page.count("<source") + page.count('img src="pictures/reporte-')
    assert 'width="1366" height="768"' in page


@pytest.mark.parametrize(
    ("words", "anchor"),
    [
        ("Qué hacer", "qué-hacer"),
        ("¿Cuánto cuesta?", "cuánto-cuesta"),
        ("Grok: palabras, e ideas", "grok-palabras-e-ideas"),
        ("Productos, precios y canastas", "productos-precios-y-canastas"),
    ],
)
def test_anchors_are_those_of_code_hosts(words: str, anchor: str) -> None:
    assert guide.anchor_of(words) == anchor
