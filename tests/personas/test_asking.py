"""Who writes a persona: asked once, kept for two hours, old afterwards, and by rules when Grok may not or cannot."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from colmado_insights import vault
from colmado_insights.config import Settings
from colmado_insights.domain import Arm, CallOutcome, Consent, Customer, ModelPrice, Source, Topic
from colmado_insights.errors import AdviceRefused, NoKey, NotAllowed, ShopError
from colmado_insights.grok import GrokRequest
from colmado_insights.personas import asking, budget, talk
from colmado_insights.personas.asking import Adviser
from colmado_insights.personas.persona import Persona, Question
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage import answers, consents, experiments, spending
from colmado_insights.storage.customers import read_customer, write_customer
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests import grok_server as server
from tests.grok_server import GrokServer

NOW = datetime(2026, 11, 20, 12, 0)
RULES = Persona("Gastan poco por compra.", ("Pon el pan a la vista.",), ("Surte temprano.",))
KEY = "xai-esta-llave-no-sale"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        consents.write_consent(opened, Topic.SEGMENT, is_allowed=True, at=NOW, user="")
        yield opened


@pytest.fixture
def service() -> Iterator[GrokServer]:
    with GrokServer() as started:
        yield started


@pytest.fixture
def settings(service: GrokServer, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(talk, "PAUSE_SECONDS", 0.0)
    vault.write_key(KEY)
    return replace(Settings(), grok_url=service.url)


def question(subject: str = "after_work", share: int = 40, topic: Topic = Topic.SEGMENT) -> Question:
    return Question(topic, subject, "es", {"who": subject, "beer_percent": share}, RULES)


def ask(shop: Database, settings: Settings, *questions: Question, now: datetime = NOW) -> Any:
    return Adviser(shop, settings).ask(questions or (question(),), now)


def chat(service: GrokServer) -> list[bytes]:
    """The questions as they arrived."""
    return [call.body for call in service.calls if call.path == server.CHAT]


# ── kept answers ──


def test_an_answer_is_grok_s_then_kept_then_old(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    run = ask(shop, settings)
    made = run.personas["after_work"]
    assert (made.source, made.model, made.prompt, made.made_at) == (Source.GROK, "grok-3", "plain-1", NOW)
    assert made.description == server.PERSONA["description"]
    assert (run.requests, run.kept, run.trouble) == (1, 0, "")
    assert run.cost_nano == made.cost_nano == 6_162_000
    again = ask(shop, settings, now=NOW + timedelta(hours=2))
    kept = again.personas["after_work"]
    assert kept == replace(made, source=Source.CACHE, cost_nano=0)
    assert (again.requests, again.kept, again.cost_nano) == (0, 1, 0)
    assert len(service.asked) == 1
    later = Adviser(shop, settings).read(question(), NOW + timedelta(hours=2, seconds=1))
    assert later == replace(kept, is_old=True)
    assert ask(shop, settings, now=NOW + timedelta(hours=2, seconds=1)).requests == 1


def test_of_other_figures_the_last_answer_is_old(shop: Database, settings: Settings) -> None:
    ask(shop, settings)
    adviser = Adviser(shop, settings)
    assert not adviser.read(question(), NOW).is_old
    assert adviser.read(question(share=41), NOW).is_old
    assert adviser.read(question("lunch_rush"), NOW) == RULES


def test_an_answer_of_the_future_is_old(shop: Database, settings: Settings) -> None:
    ask(shop, settings, now=NOW + timedelta(days=3))
    assert Adviser(shop, settings).read(question(), NOW).is_old
    assert ask(shop, settings).requests == 1


def test_twelve_segments_twice_and_one_that_changed(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    twelve = [question(name) for name in asking.SEGMENT_IDS]
    assert ask(shop, settings, *twelve).requests == 12
    second = ask(shop, settings, *twelve, now=NOW + timedelta(minutes=119))
    assert (second.requests, second.kept) == (0, 12)
    twelve[3] = question(twelve[3].subject, share=55)
    third = ask(shop, settings, *twelve, now=NOW + timedelta(minutes=119))
    assert (third.requests, third.kept) == (1, 11)
    assert len(service.asked) == 13
    state = budget.read_state(shop, settings, NOW)
    assert (state.hits, state.misses) == (23, 13)


def test_by_night_the_same_figures_are_not_asked_again(shop: Database, settings: Settings) -> None:
    ask(shop, settings)
    tomorrow = NOW + timedelta(days=1)
    run = Adviser(shop, settings).ask([question(), question("lunch_rush")], tomorrow, patience=asking.EVER)
    assert (run.requests, run.kept) == (1, 1)


def test_who_asks_the_same_at_once_waits_for_the_one_answer(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    service.always(server.slow(0.2))
    runs: list[Any] = []
    threads = [threading.Thread(target=lambda: runs.append(ask(shop, settings))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(run.requests for run in runs) == [0, 0, 1]
    assert len(service.asked) == 1


def test_what_another_version_kept_in_another_shape_is_none(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    ask(shop, settings)
    shop.connection.execute("UPDATE grok_answer SET body = '{\"text\": 7}'")
    assert Adviser(shop, settings).read(question(), NOW) == RULES
    assert ask(shop, settings).requests == 1


def test_the_owner_s_thumb_comes_with_the_kept_words(shop: Database, settings: Settings) -> None:
    made = ask(shop, settings).personas["after_work"]
    assert made.call_id is not None
    answers.write_vote(shop, made.call_id, 1)
    assert Adviser(shop, settings).read(question(), NOW).vote == 1


# ── what may not be asked ──


def refuse_topic(shop: Database, settings: Settings) -> Settings:
    consents.write_consent(shop, Topic.SEGMENT, is_allowed=False, at=NOW, user="")
    return settings


def forget_key(shop: Database, settings: Settings) -> Settings:
    vault.forget_key()
    return settings


def no_money(shop: Database, settings: Settings) -> Settings:
    return replace(settings, grok_limit_cents=0)


def no_price(shop: Database, settings: Settings) -> Settings:
    return replace(settings, grok_model="grok-77")


def retire(shop: Database, settings: Settings) -> Settings:
    spending.write_models(shop, [ModelPrice("grok-5", 10, 5, 20)], NOW)
    return settings


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (refuse_topic, "No has permitido"),
        (forget_key, "Falta la llave"),
        (no_money, "se podría pasar el límite de este mes"),
        (no_price, "No se sabe cuánto cobra el modelo «grok-77»"),
        (retire, "Grok ya no ofrece el modelo «grok-3». Escoge «grok-5»"),
    ],
)
def test_nothing_leaves_and_the_rules_answer_with_one_sentence(
    shop: Database,
    settings: Settings,
    service: GrokServer,
    spoil: Callable[[Database, Settings], Settings],
    words: str,
) -> None:
    run = ask(shop, spoil(shop, settings), question(), question("lunch_rush"))
    assert words in f"{run.trouble} {run.todo}"
    assert [persona.source for persona in run.personas.values()] == [Source.RULES] * 2
    assert all(words in persona.trouble for persona in run.personas.values())
    assert (run.requests, run.cost_nano, service.asked, spending.read_calls(shop, 9)) == (0, 0, [], ())


def test_what_is_kept_is_shown_when_grok_may_not_be_asked_any_more(
    shop: Database, settings: Settings
) -> None:
    ask(shop, settings)
    refuse_topic(shop, settings)
    for hours in (1, 3):
        persona = ask(shop, settings, now=NOW + timedelta(hours=hours)).personas["after_work"]
        assert (persona.source, persona.is_old) == (Source.CACHE, hours > 2)
        assert "No has permitido" in persona.trouble


def test_of_who_says_no_nothing_is_asked_or_shown(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    consents.write_consent(shop, Topic.CUSTOMER, is_allowed=True, at=NOW, user="")
    key = write_customer(shop, Customer(0, "Ana"), NOW)
    of_ana = question(str(key), topic=Topic.CUSTOMER)
    assert ask(shop, settings, of_ana).requests == 1
    write_customer(shop, replace(read_customer(shop, key), consent=Consent.NO), NOW)
    run = ask(shop, settings, of_ana)
    assert (run.requests, run.personas[str(key)].source) == (0, Source.RULES)
    assert len(service.asked) == 1


def test_who_says_no_while_the_question_is_out_is_not_shown(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    consents.write_consent(shop, Topic.CUSTOMER, is_allowed=True, at=NOW, user="")
    key = write_customer(shop, Customer(0, "Ana"), NOW)

    def say_no(handler: server.Handler) -> None:
        write_customer(shop, replace(read_customer(shop, key), consent=Consent.NO), NOW)
        server.answer()(handler)

    service.behave(say_no)
    asked = question(str(key), topic=Topic.CUSTOMER)
    run = ask(shop, settings, asked)
    assert run.personas[str(key)] == replace(RULES, trouble=run.personas[str(key)].trouble)
    assert (run.requests, run.kept) == (1, 0) and run.trouble
    assert Adviser(shop, settings).read(asked, NOW) == RULES
    (call,) = spending.read_calls(shop, 9)
    assert (call.outcome, call.cost_nano) == (CallOutcome.ANSWERED, run.cost_nano)


# ── troubles ──


def test_an_answer_that_fails_its_checks_is_not_shown_and_the_next_is_asked(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    service.behave(server.invented_numbers())
    run = ask(shop, settings, question(), question("lunch_rush"))
    assert [persona.source for persona in run.personas.values()] == [Source.RULES, Source.GROK]
    assert "no pasó la revisión" in run.trouble
    good, bad = spending.read_calls(shop, 9)
    assert (good.outcome, bad.outcome) == (CallOutcome.ANSWERED, CallOutcome.REJECTED)
    assert bad.failed_checks
    assert bad.cost_nano == 6_162_000


def test_after_trouble_of_the_service_the_rest_is_not_asked_but_what_is_kept_serves(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    ask(shop, settings, question("late_night"))
    service.behave(server.wrong_key(401))
    run = ask(shop, settings, question(), question("lunch_rush"), question("late_night"))
    assert [persona.source for persona in run.personas.values()] == [
        Source.RULES, Source.RULES, Source.CACHE,
    ]  # fmt: skip
    assert len(service.asked) == 2
    assert run.trouble and run.todo


def test_a_model_that_the_service_does_not_know_brings_the_list(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    spending.write_models(shop, spending.SHIPPED, NOW)
    service.behave(server.unknown_model())
    service.behave_models(server.models([server.model_row("grok-5", 10, 5, 20)]))
    run = ask(shop, settings)
    assert "«grok-3»" in run.trouble and "«grok-5»" in run.todo
    state = budget.read_state(shop, settings, NOW)
    assert (state.replacement, state.price and state.price.is_offered) == ("grok-5", False)
    assert spending.read_spent(shop, NOW) == (0, 0)


def test_a_cancel_is_heard_in_the_pause_and_what_was_answered_stays(
    shop: Database, settings: Settings, service: GrokServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "PAUSE_SECONDS", 30.0)
    progress = Progress()
    threading.Timer(0.3, progress.cancel).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        Adviser(shop, settings).ask([question(), question("lunch_rush")], NOW, progress)
    assert time.monotonic() - started < 3
    assert Adviser(shop, settings).read(question(), NOW).source is Source.CACHE
    assert len(service.asked) == 1


def test_two_requests_of_a_run_are_half_a_second_apart(
    shop: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert talk.PAUSE_SECONDS == 0.5


# ── preview ──


def test_the_preview_is_what_leaves_to_the_letter(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    adviser = Adviser(shop, settings)
    preview = adviser.preview(question(), NOW)
    assert not preview.is_kept
    ask(shop, settings)
    assert chat(service)[0] == preview.text.encode()
    assert preview.url == f"{service.url}/chat/completions"
    (call,) = spending.read_calls(shop, 9)
    assert call.sent_bytes == len(chat(service)[0])
    assert preview.most_nano is not None
    assert call.cost_nano <= preview.most_nano
    assert preview.most_tokens >= 900 + 250
    assert adviser.preview(question(), NOW).is_kept
    assert adviser.preview(question(), NOW + timedelta(hours=3)).is_kept is False
    unknown = Adviser(shop, replace(settings, grok_model="grok-77")).preview(question(), NOW)
    assert unknown.most_nano is None


# ── experiments ──


def test_an_experiment_deals_the_questions_out(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    arms = (Arm("plain", "grok-3"), Arm("warm", "grok-3"))
    number = experiments.write_experiment(shop, Topic.SEGMENT, arms, NOW)
    run = ask(shop, settings, *(question(name) for name in asking.SEGMENT_IDS))
    assert {persona.prompt for persona in run.personas.values()} == {"plain-1", "warm-1"}
    assert {call.experiment_id for call in spending.read_calls(shop, 99)} == {number}
    again = ask(shop, replace(settings, grok_prompt="examples"), *map(question, asking.SEGMENT_IDS))
    assert (again.requests, again.kept) == (0, 12)


# ── other doors ──


def request_of(model: str) -> GrokRequest:
    return GrokRequest(
        model=model, messages=(("user", "¿cuál?"),), schema_name="choice", schema={"type": "object"}
    )


def test_a_question_of_another_kind_has_the_same_consent_and_ledger(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    adviser = Adviser(shop, settings)
    with pytest.raises(NotAllowed):
        adviser.ask_json(Topic.QUESTION, request_of, "", NOW, Progress())
    consents.write_consent(shop, Topic.QUESTION, is_allowed=True, at=NOW, user="")
    service.behave(server.answer({"intent": "sales"}), server.wordy())
    data, call_id = adviser.ask_json(Topic.QUESTION, request_of, "", NOW, Progress(), prompt="choose-1")
    assert data == {"intent": "sales"}
    (call,) = spending.read_calls(shop, 9)
    assert (call.call_id, call.topic, call.prompt) == (call_id, Topic.QUESTION, "choose-1")
    with pytest.raises(AdviceRefused):
        adviser.ask_json(Topic.QUESTION, request_of, "", NOW, Progress())
    assert spending.read_calls(shop, 1)[0].outcome is CallOutcome.REJECTED


def test_the_list_of_models_is_read_and_kept(shop: Database, settings: Settings, service: GrokServer) -> None:
    found = talk.read_models_online(shop, settings, NOW, Progress())
    assert [model.name for model in found] == ["grok-3", "grok-3-mini", "grok-4-0709"]
    assert spending.read_models(shop) == found
    assert {model.read_at for model in found} == {NOW}
    vault.forget_key()
    with pytest.raises(NoKey):
        talk.read_models_online(shop, settings, NOW, Progress())


def test_prices_are_read_before_the_first_question_and_again_after_a_week(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    for days, lists in ((0, 1), (7, 1), (8, 2), (-30, 3)):  # a list of the future says nothing
        ask(shop, settings, question(share=50 + days), now=NOW + timedelta(days=days))
        assert [call.path for call in service.calls].count(server.MODELS) == lists
    assert len(service.asked) == 4


def test_a_price_that_rose_is_reserved_and_charged(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    service.behave_models(server.models([server.model_row("grok-3", 60_000, 15_000, 300_000)]))
    assert ask(shop, settings).cost_nano == 2 * 6_162_000


def test_where_no_list_is_to_be_had_the_known_price_holds(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    service.behave_models(server.failing(404))
    assert ask(shop, settings).cost_nano == 6_162_000


def test_where_the_list_tells_no_price_nothing_is_asked(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    service.behave_models(server.models([server.model_row("grok-3", "30000", "7500", "150000")]))
    run = ask(shop, settings)
    assert (run.requests, run.personas["after_work"].source) == (0, Source.RULES) and run.trouble
    assert not service.asked and not spending.read_calls(shop, 9)


def test_a_list_that_cannot_be_had_changes_nothing(
    shop: Database, settings: Settings, service: GrokServer
) -> None:
    service.behave_models(server.html())
    with pytest.raises(ShopError):
        talk.read_models_online(shop, settings, NOW, Progress())
    assert spending.read_models(shop) == spending.SHIPPED


def test_by_night_nothing_is_asked_unless_it_is_wanted_allowed_and_possible(
    shop: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(asking, "ask_words", lambda *args: asked.append(args) or _Run(7))
    daily = replace(settings, grok_daily=True)
    assert asking.refresh_personas(shop, settings, NOW, Progress()) == 0
    assert asking.refresh_personas(shop, daily, NOW, Progress()) == 7
    vault.forget_key()
    assert asking.refresh_personas(shop, daily, NOW, Progress()) == 0
    vault.write_key(KEY)
    refuse_topic(shop, daily)
    assert asking.refresh_personas(shop, daily, NOW, Progress()) == 0
    assert len(asked) == 1


class _Run:
    def __init__(self, requests: int) -> None:
        self.requests = requests


def test_a_kept_body_is_plain_json(shop: Database, settings: Settings) -> None:
    ask(shop, settings)
    body = json.loads(shop.read_one("SELECT body FROM grok_answer"))
    assert body == server.PERSONA
