"""Make pages to be read without internet of what the shopkeeper reads in docs/ (`poe guide`): build/guide/*.html.

The text stays in Markdown, where it is written and checked; links between the documents become links between the
pages, and each picture is shown light or dark as the reader's system is.
"""

from __future__ import annotations

import html
import itertools
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from colmado_insights import NAME
from colmado_insights.palette import DARK, LIGHT, Palette

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
OUT = ROOT / "build" / "guide"
STYLE = ROOT / "tasks" / "guide.css"
SPANISH = ("guia", "problemas", "privacidad")
ENGLISH = ("privacy",)
CONTENTS = {"es": "En esta página", "en": "On this page"}
DARK_SUFFIX = "-oscuro"


@dataclass(frozen=True)
class Heading:
    """A part of a page: how deep, its anchor and its words."""

    level: int
    anchor: str
    words: str


def main() -> int:
    """Write all pages anew, with the pictures they show."""
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "pictures").mkdir(parents=True)
    titles = {
        name: title_of((DOCS / f"{name}.md").read_text(encoding="utf-8")) for name in (*SPANISH, *ENGLISH)
    }
    for language, names in (("es", SPANISH), ("en", ENGLISH)):
        for name in names:
            page = make_page(name, language, titles)
            (OUT / f"{name}.html").write_text(page, encoding="utf-8", newline="\n")
            for picture in pictures_in(page):
                shutil.copy(DOCS / picture, OUT / picture)
    size = sum(path.stat().st_size for path in OUT.rglob("*") if path.is_file())
    print(f"build/guide: {len(titles)} pages, {size / 1e6:.1f} MB")
    return 0


def make_page(name: str, language: str, titles: dict[str, str]) -> str:
    """One document as a whole HTML page."""
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse((DOCS / f"{name}.md").read_text(encoding="utf-8"))
    headings = list(mark_headings(tokens))
    for token in every(tokens):
        if token.type == "link_open":
            token.attrSet("href", as_page(str(token.attrGet("href"))))
    body = show_pictures(markdown.renderer.render(tokens, markdown.options, {}))
    body = re.sub(r"<table>.*?</table>", r'<div class="table">\g<0></div>', body, flags=re.DOTALL)
    others = (SPANISH, ENGLISH)[language == "en"]
    return PAGE.format(
        language=language,
        title=html.escape(f"{titles[name]} – {NAME}"),
        style=style(),
        others="".join(
            f'<a href="{each}.html"{" aria-current=page" if each == name else ""}>{html.escape(titles[each])}</a>'
            for each in others
        ),
        contents_title=CONTENTS[language],
        contents="".join(
            f'<li class="h{each.level}"><a href="#{each.anchor}">{html.escape(each.words)}</a></li>'
            for each in headings
            if each.level in (2, 3)
        ),
        body=body,
    )


def every(tokens: list[Token]) -> Iterator[Token]:
    """All tokens, with those inside of others."""
    for token in tokens:
        yield token
        yield from every(token.children or [])


def mark_headings(tokens: list[Token]) -> Iterator[Heading]:
    """Give every heading an anchor, and tell what there is."""
    taken: dict[str, int] = {}
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(child.content for child in inline.children or [])
            anchor = anchor_of(words)
            taken[anchor] = count = taken.get(anchor, -1) + 1
            anchor += f"-{count}" if count else ""
            opening.attrSet("id", anchor)
            yield Heading(int(opening.tag[1]), anchor, words)


def anchor_of(words: str) -> str:
    """The anchor of a heading, as code hosts make it: `¿Cuánto cuesta?` is `cuánto-cuesta`."""
    kept = "".join(
        letter for letter in words.lower() if letter in " -_" or unicodedata.category(letter)[0] in "LN"
    )
    return kept.replace(" ", "-")


def title_of(text: str) -> str:
    """The words of the first heading."""
    return text.split("\n", 1)[0].removeprefix("#").strip()


def as_page(link: str) -> str:
    """`problemas.md#sin-luz` is `problemas.html#sin-luz` here."""
    return re.sub(r"^(\w+)\.md(?=#|$)", r"\1.html", link)


def show_pictures(body: str) -> str:
    """Each picture with its dark sister and its size, so that nothing jumps while it loads; a click shows it whole."""

    def show(found: re.Match[str]) -> str:
        source, words = found.group("source"), found.group("words")
        wide, high = picture_size(DOCS / source)
        dark = source.replace(".png", f"{DARK_SUFFIX}.png")
        sister = (
            f'<source media="(prefers-color-scheme: dark)" srcset="{dark}">' if (DOCS / dark).exists() else ""
        )
        return (
            f'<a href="{source}"><picture>{sister}<img src="{source}" alt="{words}" width="{wide}"'
            f' height="{high}" loading="lazy"></picture></a>'
        )

    return re.sub(r'<img src="(?P<source>[^"]+)" alt="(?P<words>[^"]*)" ?/?>', show, body)


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG, from its head."""
    head = path.read_bytes()[16:24]
    return int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")


def pictures_in(page: str) -> set[str]:
    """The files of pictures that a page asks for."""
    return set(re.findall(r'(?:src|srcset)="(pictures/[^"]+)"', page))


def style() -> str:
    """The look of the pages in the program's colours."""
    dark = f"@media (prefers-color-scheme: dark) {{ {colours(DARK)} }}"
    return f"{colours(LIGHT)}\n@media screen {{ {dark} }}\n{STYLE.read_text(encoding='utf-8')}"


def colours(palette: Palette) -> str:
    """What of a palette the pages use."""
    names = (
        "bg",
        "surface",
        "raised",
        "line",
        "ink",
        "soft",
        "brand",
        "brand_soft",
        "rail",
        "rail_text",
        "rail_ink",
    )
    named = "; ".join(f"--{name.replace('_', '-')}: {getattr(palette, name)}" for name in names)
    return f":root {{ color-scheme: {palette.name}; {named} }}"


PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header><nav>{others}</nav></header>
<div class="page">
<aside><p>{contents_title}</p><ul>{contents}</ul></aside>
<main>
{body}</main>
</div>
</body>
</html>
"""


if __name__ == "__main__":
    sys.exit(main())
