"""Help and wrong usage are said in one language, the one asked for."""

from __future__ import annotations

import argparse
import ast
import gettext
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner, Result

from colmado_insights import config, text
from colmado_insights.analytics.results import AT_RISK
from colmado_insights.cli import main
from colmado_insights.cli.customers import FIELDS
from colmado_insights.cli.help import Command, Option
from tasks.texts import LIBRARY_POS, gather, help_words

CLICK_ENGLISH = re.compile(
    r"Usage|Options|Commands|Positional|Missing|No such|Invalid|Got |Try |Show |\b(TEXT|PATH|INTEGER|FLOAT|COMMAND|ARGS)\b"
)


class English(gettext.NullTranslations):
    """Every word in an English that cannot be taken for Spanish."""

    def gettext(self, message: str) -> str:
        return "English"


@pytest.fixture(autouse=True)
def made_up_english(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogues = {"es": None, "en": English()}
    monkeypatch.setattr(config, "use_language", lambda code: text.use_language(code, catalogues[code]))


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


def walk(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], Command]]:
    assert isinstance(command, Command)
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, *path, name)


COMMANDS = dict(walk(main))


def own_words(command: Command) -> set[str]:
    """What stands in the code of a command, in Spanish."""
    said = {command.help, *(param.help for param in command.params if isinstance(param, click.Parameter))}
    return {words for words in said if words}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_is_said_in_one_language(path: tuple[str, ...]) -> None:
    words = own_words(COMMANDS[path])
    spanish, english = run(*path, "--help"), run("--lang", "en", *path, "--help")
    assert spanish.exit_code == english.exit_code == 0
    assert spanish.output.startswith("Uso: colmado")
    assert not CLICK_ENGLISH.search(spanish.output)
    assert english.output.startswith("Usage: colmado")
    told = " ".join(english.output.split())
    assert not [each for each in words if " ".join(each.split())[:30] in told]
    assert "Opciones" not in told and "Órdenes" not in told and "ARCHIVO" not in told
    assert "..." not in spanish.output + english.output  # nothing is cut


def test_the_language_is_that_of_this_pc_where_none_is_asked_for() -> None:
    path = config.machine_file()
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"language": "en"}), encoding="utf-8")
    assert run("--help").output.startswith("Usage:")
    assert run("--lang", "es", "--help").output.startswith("Uso:")
    assert run("summary", "--lang=es", "--help").output.startswith("Uso:")


@pytest.mark.parametrize(
    ("args", "spanish", "english"),
    [
        (["vuela"], "No hay una orden 'vuela'", "No such command 'vuela'"),
        (["import"], "Falta el argumento", "Missing argument"),
        (["summary", "--vuela"], "No hay una opción '--vuela'", "No such option '--vuela'"),
        (["summary", "sobra"], "Sobra un argumento (sobra)", "Got unexpected extra argument (sobra)"),
        (["demo", "--days", "x"], "no es un número", "is not a valid"),
        (["demo", "--days"], "necesita un valor", "requires an argument"),
        (["forecast", "--by", "month"], "no es uno de estos: 'day', 'hour'", "is not one of 'day', 'hour'"),
        (["forecast", "--horizon", "99"], "no está en el rango", "is not in the range"),
        (["features"], "Falta la opción '--out'", "Missing option '--out'"),
    ],
)
def test_wrong_usage_is_said_in_the_language_asked_for(args: list[str], spanish: str, english: str) -> None:
    for language, words in (("es", spanish), ("en", english)):
        done = run("--lang", language, *args)
        assert (done.exit_code, done.stdout) == (2, "")
        assert words in done.stderr
        assert ("Usage:" if language == "es" else "Uso:") not in done.stderr


IGNORED = {
    "customers --phone 8095550101": "--phone va con --add.",
    "customers --nickname Chichi": "--nickname va con --add.",
    "customers --consent yes": "--consent va con --add.",
    "customers --add Ana --due": "--due no va con --add.",
    "customers --import lista.csv --limit 5": "--limit no va con --import.",
    "customers --import lista.csv --add Ana": "--add no va con --import.",
    "customer 1 --yes": "--yes va con --erase.",
    "customer 1 --erase --export ana.json": "--erase no va con --export.",
    "customer 1 --erase --set note=x": "--erase no va con --set.",
    "grok --yes": "--yes va con --allow.",
    "grok --limit-rows 20": "--limit-rows va con --ledger.",
    "grok --key --forget-key": "--forget-key no va con --key.",
    "grok --ledger --spending": "--spending no va con --ledger.",
    "live --for 1h": "--for va con --snooze.",
    "watch caja --token llave": "--token va con --port.",
    "watch caja --origin https://caja.example": "--origin va con --port.",
    "refresh --force --due": "--force no va con --due.",
    "products --margins category --abc A": "--margins no va con --abc.",
    "personas --preview --offline": "--offline no va con --preview.",
    "experiments --arm warm:grok-3": "--arm va con --start.",
    "experiments --adopt A": "--adopt va con --end.",
    "categorize PAN --column nombre": "--column va con --file.",
    "ask --with-grok": "--with-grok va con [PREGUNTA]….",
    "forecast --track --horizon 7": "--horizon no va con --track.",
    "segments --sale 7 --performance": "--sale no va con --performance.",
    "recommend --kind trending --product 1": "--product no va con --kind trending.",
    "recommend --customer 1 --product 1": "--product no va con --kind personal.",
    "recommend --kind bundle --customer 1": "--customer no va con --kind bundle.",
    "updates nueva.exe --download": "--download no va con [ARCHIVO].",
    "restore vieja.db --list": "--list no va con [COPIA].",
    "restore --list --yes": "--list no va con --yes.",
}


@pytest.mark.parametrize("words", IGNORED)
def test_what_would_be_ignored_is_refused(words: str) -> None:
    done = run("--lang", "es", *words.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert IGNORED[words] in done.stderr


def test_what_goes_together_is_named_as_it_is_declared() -> None:
    for path, command in COMMANDS.items():
        names = {param.name for param in command.params}
        for param in command.params:
            if isinstance(param, Option):
                named = {param.only_with, *param.never_with} - {""}
                assert named <= names - {param.name}, (path, param.name)


@pytest.mark.parametrize(
    ("args", "language"),
    [
        ([], "es"),
        (["summary", "--lang", "en"], "en"),
        (["--lang=en", "summary"], "en"),
        (["--lang", "en", "summary", "--lang", "es"], "es"),
        (["--lang"], "es"),
        (["--lang", "fr"], "es"),
    ],
)
def test_the_language_is_known_before_anything_can_be_wrong(args: list[str], language: str) -> None:
    assert config.asked_language(args) == language


@pytest.mark.parametrize(("said", "status"), [("s", 0), ("Sí", 0), ("y", 0), ("n", 1), ("", 1)])
def test_a_question_takes_yes_in_both_languages(said: str, status: int) -> None:
    run("customers", "--add", "Ana")
    done = CliRunner().invoke(main, ["customer", "1", "--erase"], input=f"{said}\n")
    assert done.exit_code == status
    assert ("Cancelado" in done.stderr) is bool(status)


@pytest.mark.parametrize(
    ("library", "files"),
    [("click", [*Path(click.__file__).parent.glob("*.py")]), ("argparse", [Path(argparse.__file__)])],
)
def test_what_a_library_says_is_what_is_put_into_spanish(library: str, files: list[Path]) -> None:
    said = {
        node.value
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    with LIBRARY_POS[library].open("rb") as file:
        for message in read_po(file, locale="es"):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            assert not message.id or set(ids) <= said


def test_help_is_gathered_for_translation() -> None:
    gathered = gather()
    assert not [
        words for command in COMMANDS.values() for words in own_words(command) if not gathered.get(words)
    ]


def test_help_words_are_found_in_the_code() -> None:
    code = '@main.command(example="z")\n@option("--a", metavar="B", help="C")\ndef f():\n    """D."""\n'
    found = [words for node in ast.walk(ast.parse(code)) for words in help_words(node)]
    assert sorted(found) == ["B", "C", "D."]


def test_numbers_and_names_in_help_are_those_of_the_code() -> None:
    helps = {
        option.name: option.help or ""
        for path in (("customers",), ("customer",))
        for option in COMMANDS[path].params
        if isinstance(option, Option)
    }
    assert str(AT_RISK) in helps["at_risk"]
    assert set(FIELDS) <= set(re.findall(r"\w+", helps["changes"]))
