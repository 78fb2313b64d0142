"""Help and wrong usage in the language in use: commands and options that say their words when asked.

What stands in the code is Spanish. click's own words are English, and have their Spanish in a catalogue
of their own, which it looks up by gettext.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import click
from click.core import ParameterSource

from colmado_insights import config
from colmado_insights.cli.streams import use_utf8
from colmado_insights.text import N_, _

TYPES = {
    "directory": N_("CARPETA"),
    "file": N_("ARCHIVO"),
    "path": N_("ARCHIVO"),
    "text": N_("TEXTO"),
    "float": N_("NÚMERO"),
    "integer": N_("NÚMERO"),
    "integer range": N_("NÚMERO"),
    "float range": N_("NÚMERO"),
}
"""What an option takes, where neither it nor its choices say so."""
YES = {"s", "si", "sí", "y", "yes"}


class Words:
    """An attribute that is kept in Spanish and read in the language in use."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}_words"

    def __get__(self, one: Any, owner: type | None = None) -> Any:
        words = getattr(one, self._name, None)
        return words and _(words)

    def __set__(self, one: Any, words: str | None) -> None:
        setattr(one, self._name, words)


class Option(click.Option):
    """An option with its help and what it takes in the language in use, refused where it would be ignored."""

    help = Words()
    metavar = Words()

    def __init__(
        self, *said: Any, only_with: str = "", never_with: Sequence[str] = (), **attributes: Any
    ) -> None:
        super().__init__(*said, **attributes)
        self.only_with = only_with  # the parameter without which it would do nothing
        self.never_with = never_with  # those beside which it would

    def make_metavar(self, ctx: click.Context) -> str:
        """What it takes: its own word, its choices, or the word of its type."""
        if self.metavar is None and self.nargs == 1 and self.type.name in TYPES:
            return _(TYPES[self.type.name])
        return super().make_metavar(ctx)


class Argument(click.Argument):
    """An argument with its name and help in the language in use."""

    help = Words()
    metavar = Words()

    def make_metavar(self, ctx: click.Context) -> str:
        """Its name in brackets when it may be left out, with dots when there may be many."""
        name = self.human_readable_name
        return (name if self.required else f"[{name}]") + ("…" if self.nargs != 1 else "")

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Its name and help, with the words one may choose from."""
        choices = self.type.choices if isinstance(self.type, click.Choice) else ()
        return self.make_metavar(ctx), " ".join(filter(None, (self.help, ", ".join(choices))))


class Command(click.Command):
    """A command with its help in the language in use, and an example that a test really runs."""

    help = Words()
    short_help = Words()
    options_metavar = Words()

    def __init__(self, name: str | None, *, example: str = "", **attributes: Any) -> None:
        super().__init__(name, **{"options_metavar": N_("[OPCIONES]")} | attributes)
        self.example = example

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take what was said, unless some of it would be ignored."""
        rest = super().parse_args(ctx, args)
        if not ctx.resilient_parsing:
            _refuse_ignored(ctx, {one.name: one for one in self.params if one.name and _is_said(ctx, one)})
        return rest

    def get_short_help_str(self, limit: int = 45) -> str:
        """What a list of commands says of it: the first clause, whole, on two lines where one is too short."""
        return re.split(r"[:;.](?: |$)", self.help or "")[0]

    def get_help_option(self, ctx: click.Context) -> click.Option:
        """The one `--help` of all commands; click's own would keep the language it was first said in."""
        return HELP

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The example, below all the rest."""
        if self.example:
            with formatter.section(_("Ejemplo")):
                formatter.write_text(self.example)


class Group(Command, click.Group):
    """A command with others below it, which sees to it that all is said in the language asked for."""

    command_class = Command
    group_class = type
    subcommand_metavar = Words()

    def __init__(self, name: str | None = None, commands: Any = None, **attributes: Any) -> None:
        words = N_("ORDEN [ARGUMENTOS]…")
        super().__init__(name, commands=commands, **{"subcommand_metavar": words} | attributes)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Before anything can be wrong with `args`: the language that they ask for."""
        if parent is None:
            use_utf8()
            use_language(config.asked_language(args))
            info_name = self.name
        return super().make_context(info_name, args, parent, **extra)


def _is_said(ctx: click.Context, one: click.Parameter) -> bool:
    """Whether it stands on the command line; what the environment or a default says is no wish of this moment."""
    source = ctx.get_parameter_source(one.name or "")
    return source is ParameterSource.COMMANDLINE and ctx.params.get(one.name or "") not in (None, ())


def _refuse_ignored(ctx: click.Context, said: Mapping[str, click.Parameter]) -> None:
    """Say what does nothing without another, or beside it."""
    known = {one.name: one for one in ctx.command.params}
    for one in said.values():
        if not isinstance(one, Option):
            continue
        if one.only_with and one.only_with not in said:
            raise click.UsageError(
                _("{option} va con {other}.").format(
                    option=_shown(ctx, one), other=_shown(ctx, known[one.only_with])
                )
            )
        for other in filter(said.get, one.never_with):
            raise click.UsageError(
                _("{option} no va con {other}.").format(
                    option=_shown(ctx, one), other=_shown(ctx, known[other])
                )
            )


def _shown(ctx: click.Context, one: click.Parameter) -> str:
    """An option as it is typed, an argument as the help calls it."""
    return one.make_metavar(ctx) if isinstance(one, Argument) else one.opts[0]


def _show_help(ctx: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    if is_asked and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()


HELP = Option(
    ["--help", "-h"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_help,
    help="Enseña esta ayuda y termina.",
)
option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)
lang_option = option(
    "--lang",
    type=click.Choice(config.LANGUAGES),
    expose_value=False,
    help="Idioma; si no se dice, el de esta PC.",
)


def confirm(question: str) -> None:
    """Go on only after a yes in either language.

    Raises
    ------
    click.Abort
        Anything else was said.
    """
    said = click.prompt(f"{question} [{_('s')}/N]", default="", show_default=False, err=True)
    if said.strip().casefold() not in YES:
        raise click.Abort


def use_language(code: str) -> None:
    """Switch our words and click's own."""
    config.use_language(code)
    config.use_library_language("click", code)
