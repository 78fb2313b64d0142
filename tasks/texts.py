"""Gather the words from the code into the English catalogue and compile it (`poe texts`).

The program is written in Spanish, which is therefore the msgid; English is the only catalogue.
`--check` changes nothing and fails when a word lacks its English or a file is stale.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "colmado_insights"
LOCALE = ROOT / "resources" / "locale"
PO = LOCALE / "en" / "LC_MESSAGES" / "colmado.po"
MO = PO.with_suffix(".mo")
LIBRARY_POS = {name: LOCALE / "es" / "LC_MESSAGES" / f"{name}.po" for name in ("click", "argparse")}
"""The Spanish of what the libraries of the two command lines say themselves; written by hand."""
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in the compiled file for the moment of writing, so that the same words make the same file."""
FORMS = {"_": 1, "N_": 1, "ngettext": 2}
"""How many forms each marking function is given."""
PARAMETERS = {"option", "argument", "Option", "version_option"}
COMMANDS = {"command", "group"}
SAID_IN_HELP = {"help", "metavar"}


def main(arguments: list[str]) -> int:
    """Write the catalogue anew, or only check it; list what has no English yet."""
    catalogue = read_kept()
    catalogue.update(gather(), no_fuzzy_matching=True, keep_user_comments=True)
    catalogue.obsolete.clear()
    files = {PO: po_bytes(catalogue), MO: mo_bytes(catalogue)}
    for name, path in LIBRARY_POS.items():
        with path.open("rb") as file:
            files[path.with_suffix(".mo")] = mo_bytes(read_po(file, locale="es", domain=name))
    missing = [f"no English for: {message.id}" for message in catalogue if lacks_english(message)]
    wrong = [
        f"other {{names}} in the English of: {message.id}"
        for message in catalogue
        if has_other_names(message)
    ]
    stale = [] if "--check" not in arguments else stale_files(files)
    if "--check" not in arguments:
        for path, content in files.items():
            path.write_bytes(content)
    for problem in [*missing, *wrong, *stale]:
        print(problem, file=sys.stderr)
    print(f"{len(catalogue)} words and sentences, {len(missing)} without English")
    return 1 if stale or wrong or ("--check" in arguments and missing) else 0


def gather() -> Catalog:
    """Every word marked in the code, with the file it stands in.

    Lines are left out: they would change the catalogue with every edit of the code.
    """
    found = Catalog()
    for path in sorted(SOURCE.rglob("*.py")):
        place = (path.relative_to(ROOT).as_posix(), None)
        for words in marked_words(ast.parse(path.read_text(encoding="utf-8"))):
            known = found.get(words[0])
            if known is None or place not in known.locations:
                found.add(words if len(words) > 1 else words[0], locations=[place])
    return found


def marked_words(module: ast.Module) -> Iterator[tuple[str, ...]]:
    """The literal words of every `_()`, `N_()` and `ngettext()`, and those of the command line's help."""
    for node in ast.walk(module):
        yield from ((words,) for words in help_words(node))
        if isinstance(node, ast.Call) and (forms := FORMS.get(getattr(node.func, "id", ""))):
            words = [arg.value for arg in node.args[:forms] if isinstance(arg, ast.Constant)]
            if len(words) == forms:
                yield tuple(words)


def help_words(node: ast.AST) -> Iterator[str]:
    """What the command line says of a command, which is its docstring, or of an option."""
    if isinstance(node, ast.FunctionDef):
        if any(called(decorator) in COMMANDS for decorator in node.decorator_list):
            yield ast.get_docstring(node) or ""
    elif called(node) in PARAMETERS:
        yield from (
            word.value.value
            for word in node.keywords
            if word.arg in SAID_IN_HELP and isinstance(word.value, ast.Constant) and word.value.value
        )


def called(node: ast.AST) -> str:
    """The last name of what is called, `command` of `main.command()`."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def read_kept() -> Catalog:
    """The catalogue as it lies in the project, or a new one."""
    if not PO.exists():
        return Catalog(
            locale="en",
            domain="colmado",
            header_comment="# English words of Colmado Insights, which is written in Spanish. See CONTRIBUTING.md.",
            project="colmado-insights",
            msgid_bugs_address="-",
            last_translator="Colmado Insights contributors",
            language_team="English",
            fuzzy=False,
        )
    with PO.open("rb") as file:
        return read_po(file, locale="en", domain="colmado")


def lacks_english(message: Message) -> bool:
    """Whether any form of this message is still untranslated."""
    return bool(message.id) and not all(as_forms(message.string))


def has_other_names(message: Message) -> bool:
    """Whether the English fills in other `{names}` than the Spanish, which would break the sentence."""
    return any(
        names_in(english) - names_in(spanish)
        for english in as_forms(message.string)
        for spanish in as_forms(message.id)[-1:]
    )


def names_in(sentence: str) -> set[str]:
    """The names that `.format` fills in."""
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name}


def as_forms(words: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """Singular and plural, or the only form there is."""
    return (words or "",) if isinstance(words, str | None) else tuple(words)


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text, without dates, so that the same words make the same file."""
    out = io.BytesIO()
    catalogue.fuzzy = False
    write_po(out, catalogue, width=110, omit_header=False, sort_output=True, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    return "".join(line for line in lines if not line.startswith(dated)).encode()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue compiled, from the same text that is kept."""
    kept = read_po(io.BytesIO(po_bytes(catalogue)), locale=catalogue.locale, domain=catalogue.domain)
    kept.creation_date = kept.revision_date = NO_DATE
    out = io.BytesIO()
    write_mo(out, kept)
    return out.getvalue()


def stale_files(fresh: dict[Path, bytes]) -> list[str]:
    """A sentence for every kept file that differs from what the code says."""
    return [
        f"{path.relative_to(ROOT).as_posix()} is out of date: run `poe texts`"
        for path, content in fresh.items()
        if not path.exists() or path.read_bytes().replace(b"\r\n", b"\n") != content.replace(b"\r\n", b"\n")
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
