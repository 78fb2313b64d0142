"""Write docs/cli.md from the commands themselves, and run their examples (`poe reference`).

`--check` changes nothing and fails when a page is out of date with the code, `--words` writes the pages without
running anything. Both take what the answers hold from the page itself, which a slow test compares with what the
examples really answer.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shlex
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

from colmado_insights.cli import main as colmado
from colmado_insights.cli.help import Command, use_language
from colmado_insights.logs import stop_log

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"es": ROOT / "docs" / "cli.md", "en": ROOT / "docs" / "cli.en.md"}
LAST_DAY = "2026-11-19"
"""The sample shop ends here, so that the examples answer the same on every day."""
EVERYWHERE = ("--db", "--json", "--lang", "--as-of", "--help")

WORDS = {
    "es": {
        "title": "Las órdenes de `colmado`",
        "made": "Esta página la escribe `poe reference` desde el programa; no se edita a mano.",
        "other": "[In English](cli.en.md).",
        "about": "Lo mismo que hace la ventana, en el terminal o desde otro programa. Cada orden tiene su "
        "`--help`. Los ejemplos corren sobre un colmado de muestra, el de `colmado demo`.",
        "everywhere": "En todas",
        "status": "Cómo termina",
        "statuses": ("hecho", "un problema, dicho en una oración", "la orden está mal escrita"),
        "environment": "Variables",
        "variables": {
            "COLMADO_HOME": "carpeta de los datos, en vez de la del usuario",
            "COLMADO_TOKEN": "la llave de `colmado watch --token`",
            "XAI_API_KEY": "la llave de Grok, donde no hay llavero",
        },
        "commands": "Órdenes",
        "head": ("opción", "qué hace"),
        "argument_head": ("argumento", "qué es"),
        "default": "si no se dice, `{}`",
        "required": "hace falta",
        "multiple": "se puede repetir",
        "variable": "o la variable `{}`",
        "range": "de {} a {}",
        "least": "desde {}",
        "answer": "Con `--json`:",
    },
    "en": {
        "title": "The commands of `colmado`",
        "made": "`poe reference` writes this page from the program; it is not edited by hand.",
        "other": "[En español](cli.md).",
        "about": "What the window does, in the terminal or from another program. Each command has its "
        "`--help`. The examples run on a sample shop, that of `colmado demo`.",
        "everywhere": "Everywhere",
        "status": "How it ends",
        "statuses": ("done", "a problem, said in one sentence", "the command is written wrong"),
        "environment": "Variables",
        "variables": {
            "COLMADO_HOME": "folder of the data, instead of the user's own",
            "COLMADO_TOKEN": "the key of `colmado watch --token`",
            "XAI_API_KEY": "Grok's key, where there is no keychain",
        },
        "commands": "Commands",
        "head": ("option", "does"),
        "argument_head": ("argument", "is"),
        "default": "`{}` if left out",
        "required": "required",
        "multiple": "may be repeated",
        "variable": "or the variable `{}`",
        "range": "{} to {}",
        "least": "from {}",
        "answer": "With `--json`:",
    },
}


def main(arguments: list[str]) -> int:
    """Write the pages anew, or only check them."""
    is_check = "--check" in arguments
    kept = PAGES["es"].read_text(encoding="utf-8") if PAGES["es"].exists() else ""
    answers = read_answers(kept) if is_check or "--words" in arguments else run_examples()
    stale = []
    for language, page in pages(answers).items():
        path = PAGES[language]
        if is_check:
            stale += [] if path.exists() and path.read_text(encoding="utf-8") == page else [path]
        else:
            path.write_text(page, encoding="utf-8", newline="\n")
    for path in stale:
        print(f"{path.relative_to(ROOT).as_posix()} is out of date: run `poe reference`", file=sys.stderr)
    return 1 if stale else 0


def read_answers(page: str) -> dict[str, str]:
    """What each command answers, as a page that was written before says."""
    sections = (section.splitlines() for section in page.split("\n### ")[1:])
    return {
        path: line.strip("`") for path, *lines in sections for line in lines if line.startswith(("`{", "`["))
    }


def commands(command: click.Command = colmado, path: str = "colmado") -> Iterator[tuple[str, Command]]:
    """Every command by its whole name; those below another after it."""
    for name, below in sorted(getattr(command, "commands", {}).items()):
        if isinstance(below, Command):
            yield f"{path} {name}", below
            yield from commands(below, f"{path} {name}")


# ── the pages ──


def pages(answers: dict[str, str]) -> dict[str, str]:
    """The page in each language that has all of its words."""
    with speaking("en"):
        languages = list(PAGES) if is_translated() else ["es"]
    made = {}
    for language in languages:
        with speaking(language):
            made[language] = (
                "\n".join(page_lines(WORDS[language], answers, has_other=len(languages) > 1)) + "\n"
            )
    return made


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """The words of the program in a language, and Spanish afterwards."""
    use_language(language)
    try:
        yield
    finally:
        use_language("es")


def is_translated() -> bool:
    """Whether the language in use has words of its own for all that the commands say."""
    said = [one for path, command in commands() for one in (command, *command.params) if one.help]
    return all(one.help != one.__dict__["_help_words"] for one in said)


def page_lines(words: dict[str, Any], answers: dict[str, str], *, has_other: bool) -> Iterator[str]:
    """The whole page, with the way to that in the other language."""
    yield from (f"# {words['title']}", "", words["about"], "")
    yield from (f"{words['made']} {words['other'] if has_other else ''}".rstrip(), "")
    yield from (f"## {words['everywhere']}", "")
    summary = colmado.commands["summary"]
    with click.Context(summary, info_name="colmado") as ctx:
        shared = [*summary.params, summary.get_help_option(ctx)]
        yield from table(words["head"], (option_row(one, ctx, words) for one in shared))
    yield from (
        f"**{words['status']}**: " + " · ".join(f"`{n}` {said}" for n, said in enumerate(words["statuses"])),
        "",
    )
    yield from (
        f"**{words['environment']}**: "
        + " · ".join(f"`{n}` {said}" for n, said in words["variables"].items()),
        "",
    )
    yield from (f"## {words['commands']}", "")
    for path, command in commands():
        yield from command_lines(path, command, answers.get(path, ""), words)


def command_lines(path: str, command: Command, answer: str, words: dict[str, Any]) -> Iterator[str]:
    """What one command does, takes and answers, and its example."""
    with click.Context(command, info_name=path) as ctx:
        yield from (f"### {path}", "", str(command.help), "")
        yield from ("```", f"{path} {' '.join(command.collect_usage_pieces(ctx))}", "```", "")
        arguments = [one for one in command.params if isinstance(one, click.Argument)]
        options = [
            one for one in command.params if isinstance(one, click.Option) and one.opts[0] not in EVERYWHERE
        ]
        rows = ((f"`{name}`", said) for name, said in (one.get_help_record(ctx) for one in arguments))
        yield from table(words["argument_head"], rows)
        yield from table(words["head"], (option_row(one, ctx, words) for one in options))
    if answer:
        yield from (words["answer"], "", f"`{answer}`", "")
    yield from ("```sh", command.example, "```", "")


def table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A table, if there is a row for it."""
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    if lines:
        yield from (f"| {head[0]} | {head[1]} |", "|---|---|", *lines, "")


def option_row(option: click.Parameter, ctx: click.Context, words: dict[str, Any]) -> tuple[str, str]:
    """How an option is written, and what it does with its default and limits."""
    assert isinstance(option, click.Option)
    notes = [option.help or ""]
    low, high = getattr(option.type, "min", None), getattr(option.type, "max", None)
    if high is not None and high < 2**31:
        notes.append(words["range"].format(low, high))
    elif low is not None:
        notes.append(words["least"].format(low))
    if option.show_default:
        notes.append(words["default"].format(option.get_default(ctx)))
    notes += [words[name] for name in ("required", "multiple") if getattr(option, name)]
    if option.envvar:
        notes.append(words["variable"].format(option.envvar))
    said = "; ".join(note.rstrip(".") for note in notes if note)
    return f"`{option.get_help_spec(ctx)}`", f"{said}."


# ── the examples ──


def run_examples() -> dict[str, str]:
    """Run every example on a sample shop of its own, and tell what its answer holds."""
    with (
        tempfile.TemporaryDirectory(prefix="colmado-", ignore_cleanup_errors=True) as name,
        at_home(Path(name)),
    ):
        answer_of("colmado demo")
        sample = Path(os.environ["COLMADO_HOME"], "colmado.db").read_bytes()
        try:
            return {path: run_example(command.example, sample) for path, command in commands()}
        finally:
            stop_log()  # its file lies in the folder that goes


@contextlib.contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """A home and a working folder with the files that the examples name."""
    before, kept_home = Path.cwd(), os.environ.get("COLMADO_HOME")
    os.environ["COLMADO_HOME"] = str(folder / "home")
    os.chdir(folder)
    write_sales(folder / "ventas.csv")
    (folder / "ventas").mkdir()
    write_sales(folder / "ventas" / "hoy.csv")
    try:
        yield
    finally:
        os.chdir(before)
        if kept_home is None:
            del os.environ["COLMADO_HOME"]
        else:
            os.environ["COLMADO_HOME"] = kept_home


def write_sales(path: Path) -> None:
    """A few sales as any till writes them."""
    rows = [("Fecha", "Recibo", "Producto", "Cantidad", "Total")]
    rows += [(f"{LAST_DAY} 18:{n:02}", f"A{n}", "Arroz Selecto Suelto Lb", 2, 84) for n in range(10, 40)]
    rows += [("ayer", "A9", "Arroz Selecto Suelto Lb", 1, 42)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def run_example(example: str, sample: bytes) -> str:
    """The keys that an example answers on a fresh copy of the sample shop."""
    home = Path(os.environ["COLMADO_HOME"])
    for left in home.glob("colmado.db*"):
        left.unlink()
    (home / "colmado.db").write_bytes(sample)
    return keys_of(answer_of(example))


def answer_of(example: str) -> Any:
    """What a program reads from an example; many answers stand one a line."""
    args = shlex.split(example)[1:]
    done = CliRunner().invoke(colmado, [*args, "--json", "--as-of", LAST_DAY])
    if done.exit_code:
        raise RuntimeError(f"{example}: {done.stderr}")
    try:
        return json.loads(done.stdout)
    except ValueError:
        return [json.loads(line) for line in done.stdout.splitlines()]


def keys_of(answer: Any) -> str:
    """`{a, b: [{c, d}]}`: the keys of an answer and of the rows in it."""
    if isinstance(answer, list):
        rows = [row for row in answer if isinstance(row, dict)]
        return f"[{{{', '.join(dict.fromkeys(key for row in rows for key in row))}}}]" if rows else "[…]"
    told = (f"{key}: {keys_of(value)}" if isinstance(value, list) else key for key, value in answer.items())
    return f"{{{', '.join(told)}}}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
