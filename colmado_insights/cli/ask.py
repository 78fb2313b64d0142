"""Questions to the shop in plain words."""

from __future__ import annotations

import dataclasses

from colmado_insights.cli.group import main
from colmado_insights.cli.help import argument, option
from colmado_insights.cli.options import Options, common
from colmado_insights.questions import ShopAnswer
from colmado_insights.text import _


@main.command(example='colmado ask "¿cuánto vendí de cerveza el domingo?"')
@argument("question", nargs=-1, metavar="PREGUNTA", help="Con tus palabras.")
@option(
    "--with-grok",
    is_flag=True,
    only_with="question",
    help="Si no se entiende, preguntarle a Grok qué se quiso saber.",
)
@common
def ask(options: Options, question: tuple[str, ...], with_grok: bool) -> None:
    """Preguntarle al colmado con tus palabras; sin pregunta, qué se puede preguntar."""
    with options.shop() as shop:
        if not question:
            known = shop.suggest_questions(options.moment)
            options.show({"suggestions": list(known)}, "\n".join(known) or _("Todavía no hay ventas."))
            return
        asked = " ".join(question)
        answer = shop.ask(asked, options.moment, options.progress(), with_grok=with_grok)
    options.show(dataclasses.asdict(answer), _words(answer))


def _words(answer: ShopAnswer) -> str:
    """The answer, its figures and what else can be asked."""
    lines = [answer.words]
    lines += [f"  {what}: {how_much}" if how_much else f"  {what}" for what, how_much in answer.figures]
    return "\n".join([*lines, *(f"  {each}" for each in answer.suggestions)])
