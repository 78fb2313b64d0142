"""What a month of Grok costs: the twelve rule segments asked about anew every day, counted from the real questions.

    python -m bench.grok_month [DATABASE] [--days 30] [--prompt plain] [--language es]

Without DATABASE the sample shop is made. For each of its last days every question is written as the program would
send it that night; only those that are not the same as the night before leave. Tokens are counted with two public
vocabularies, because Grok's own is not public; the larger count is taken. What the service adds around messages is
taken as FRAME_TOKENS, the schema as its JSON without spaces. No token is taken as cached. An answer is taken once as long as the
rules' own words for the same segment, as JSON, and once as the 800 tokens at which the service stops.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import click

from bench.figure import Figure, show
from bench.peers import TOKEN_REQUIREMENTS, TOKENS, ask
from colmado_insights import config
from colmado_insights.analytics.results import NotEnough
from colmado_insights.analytics.segments import SEGMENT_IDS
from colmado_insights.config import Settings
from colmado_insights.domain import day_of
from colmado_insights.grok import GrokRequest
from colmado_insights.personas.facts import segment_question
from colmado_insights.personas.prompts import PROMPTS, write_request
from colmado_insights.shop import Shop
from colmado_insights.storage import sales

PROMPT_PRICE, ANSWER_PRICE = 3.0, 15.0  # US$ per million tokens, grok-3
LIMIT = 5.0
MOST_ANSWER_TOKENS = 800
FRAME_TOKENS = 16
NIGHTS = 30


@dataclass(frozen=True)
class Asked:
    """One question of one night, and the words that the rules have for it."""

    request: GrokRequest
    rules: str
    is_changed: bool  # against the night before

    @property
    def texts(self) -> tuple[str, str, str]:
        """What is counted: instructions, data, schema."""
        (_system, instructions), (_user, data) = self.request.messages
        return instructions, data, json.dumps(dict(self.request.schema), separators=(",", ":"))


@click.command()
@click.argument("database", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--days", default=NIGHTS, show_default=True)
@click.option(
    "--prompt", "variant", default=PROMPTS[0].name, type=click.Choice([each.name for each in PROMPTS])
)
@click.option("--language", default="es", type=click.Choice(config.LANGUAGES))
def main(database: Path | None, days: int, variant: str, language: str) -> None:
    """Count and print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.db"
        if database:
            shutil.copy(database, path)
        with Shop(path, Settings()) as shop:
            if not database:
                shop.make_sample()
            config.use_language(language)
            asked = list(read_nights(shop, days, variant))
    tell(asked, days)


def read_nights(shop: Shop, days: int, variant: str) -> list[Asked]:
    """Every question of the last whole days, oldest first; those of the day before the first tell what changed."""
    newest = sales.read_last_day(shop._database)
    if newest is None:
        raise click.ClickException("no sales")
    last = day_of(newest) - timedelta(days=1)  # the newest day may still be sold
    asked, before = [], dict.fromkeys(SEGMENT_IDS, b"")
    for back in range(days, -1, -1):
        for segment_id, request, rules in write_night(shop, last - timedelta(days=back), variant):
            body = request.body()
            if back < days:
                asked.append(Asked(request, rules, body != before[segment_id]))
            before[segment_id] = body
        click.echo(f"\r{days - back} of {days} nights", nl=False, err=True)
    click.echo(err=True)
    return asked


def write_night(shop: Shop, day: date, variant: str) -> list[tuple[str, GrokRequest, str]]:
    """The questions of one night."""
    found = []
    for segment_id in SEGMENT_IDS:
        question = segment_question(shop._database, shop.settings, segment_id, day)
        if isinstance(question, NotEnough):
            continue
        rules = question.by_rules
        words = {
            "description": rules.description,
            "marketing": rules.marketing,
            "operations": rules.operations,
        }
        request = write_request(question, variant, "grok-3")
        found.append((segment_id, request, json.dumps(words, ensure_ascii=False)))
    return found


def tell(asked: list[Asked], days: int) -> None:
    """Print tokens, bytes per token and what a month costs."""
    parts = [text for each in asked for text in (*each.texts, each.rules)]
    counted = ask({"texts": parts}, requirements=TOKEN_REQUIREMENTS, script=TOKENS)
    rows = {
        name: [counts[at : at + 4] for at in range(0, len(counts), 4)] for name, counts in counted.items()
    }
    bytes_sent = [len(each.request.body()) for each in asked]
    for name, counts in rows.items():
        prompts = [sum(row[:3]) + FRAME_TOKENS for row in counts]
        per_token = [size / tokens for size, tokens in zip(bytes_sent, prompts, strict=True)]
        instructions, data, schema, answer = (statistics.fmean(part) for part in zip(*counts, strict=True))
        print(
            f"{name}: {statistics.fmean(prompts):.0f} tokens a question (most {max(prompts)}):"
            f" instructions {instructions:.0f}, data {data:.0f}, schema {schema:.0f}, frame {FRAME_TOKENS};"
            f" an answer as long as the rules' {answer:.0f}"
        )
        print(f"  body {statistics.fmean(bytes_sent):.0f} bytes, a token is {min(per_token):.2f} of them at least,"
              f" {statistics.fmean(per_token):.2f} on average")  # fmt: skip
    most = max(rows, key=lambda name: sum(sum(row) for row in rows[name]))
    changed = sum(each.is_changed for each in asked)
    print(
        f"{changed} of {len(asked)} questions were others than the night before ({changed / len(asked):.0%})"
    )
    for what, nights in (
        ("only changed ones", [each.is_changed for each in asked]),
        ("all", [True] * len(asked)),
    ):
        for answer_name, is_most in (
            ("as long as the rules'", False),
            (f"{MOST_ANSWER_TOKENS} tokens", True),
        ):
            cost = sum(
                cost_of(row, is_most) for row, leaves in zip(rows[most], nights, strict=True) if leaves
            ) * (NIGHTS / days)  # fmt: skip
            show(
                Figure(
                    what=f"a month of 12 segments each night, {what}, answers {answer_name}",
                    ours=f"US$ {cost:.2f} for {round(sum(nights) * NIGHTS / days)} requests",
                    target=f"≤ US$ {LIMIT:g}",
                    met=cost <= LIMIT,
                )
            )


def cost_of(row: list[int], is_most: bool) -> float:
    """US$ of one request: instructions, data and schema at the price of a prompt, then the answer."""
    prompt = sum(row[:3]) + FRAME_TOKENS
    answer = MOST_ANSWER_TOKENS if is_most else row[3]
    return (prompt * PROMPT_PRICE + answer * ANSWER_PRICE) / 1e6


if __name__ == "__main__":
    main()
