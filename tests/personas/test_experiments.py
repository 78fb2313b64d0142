"""Questions are dealt out evenly and for good; only what was asked alike is compared; thumbs are given blindly."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from colmado_insights import vault
from colmado_insights.analytics.results import ExperimentVerdict
from colmado_insights.analytics.segments import SEGMENT_IDS
from colmado_insights.config import Settings
from colmado_insights.domain import Arm, Experiment, ModelPrice, Topic
from colmado_insights.errors import BadExperiment
from colmado_insights.personas import Persona, Question, asking, experiments
from colmado_insights.personas.experiments import choose_arm
from colmado_insights.personas.prompts import PROMPTS, prompt_id
from colmado_insights.shop import Shop
from colmado_insights.storage import answers, consents, spending
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests.grok_server import GrokServer
from tests.storage.arm_calls import add_call

NOW = datetime(2026, 11, 20, 17, 22)
PLAIN, EXAMPLES, WARM = (Arm(prompt.name, "grok-3") for prompt in PROMPTS[:3])
BODY = json.dumps({"description": "Vienen temprano.", "marketing": ["Pan."], "operations": ["Abre."]})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def call(database: Database, experiment: int, arm: Arm, outcome: str = "answered", **values: Any) -> int:
    """A call of an arm, kept where it was answered."""
    row = {"model": arm.model, "prompt": prompt_id(arm.prompt), "cost_nano": 6_000_000, **values}
    body = BODY if outcome == "answered" else None
    return add_call(database, NOW, experiment, body=body, outcome=outcome, **row)


# -- dealing out --


def test_a_question_falls_to_the_same_arm_for_good() -> None:
    experiment = Experiment(7, Topic.SEGMENT, (PLAIN, WARM), NOW)
    assert [choose_arm(experiment, key).prompt for key in ("a", "b", "c", "d", "e", "f")] == [
        choose_arm(experiment, key).prompt for key in ("a", "b", "c", "d", "e", "f")
    ]
    assert (
        choose_arm(experiment, "0" * 64) == WARM
    )  # the very draw: another version of the program deals alike
    assert choose_arm(experiment, "1" * 64) == WARM


@pytest.mark.parametrize("arms", ((PLAIN, WARM), (PLAIN, EXAMPLES, WARM)))
def test_arms_get_equal_parts_and_neighbours_are_mixed(arms: tuple[Arm, ...]) -> None:
    experiment = Experiment(1, Topic.SEGMENT, arms, NOW)
    dealt = [choose_arm(experiment, f"{key:064x}") for key in range(3000)]
    for count in Counter(dealt).values():
        assert abs(count - 3000 / len(arms)) < 4 * (3000 / len(arms)) ** 0.5
    repeats = sum(one == other for one, other in pairwise(dealt))
    assert abs(repeats - 2999 / len(arms)) < 4 * (2999 / len(arms)) ** 0.5


def test_the_next_experiment_deals_anew() -> None:
    first, second = (Experiment(number, Topic.SEGMENT, (PLAIN, WARM), NOW) for number in (1, 2))
    same = sum(choose_arm(first, str(key)) == choose_arm(second, str(key)) for key in range(2000))
    assert 900 < same < 1100


# -- beginning and ending --


@pytest.mark.parametrize(
    "arms",
    (
        (PLAIN,),
        (PLAIN, PLAIN),
        (PLAIN, Arm("no-such-way", "grok-3")),
        (PLAIN, Arm("plain", "grok-of-tomorrow")),
        tuple(Arm(prompt.name, model) for prompt in PROMPTS for model in ("grok-3", "grok-3-mini")),
    ),
)
def test_arms_that_cannot_be_compared_are_refused(database: Database, arms: tuple[Arm, ...]) -> None:
    with pytest.raises(BadExperiment):
        experiments.start(database, Topic.SEGMENT, arms, NOW)
    assert experiments.read_reports(database, NOW) == ()


def test_a_model_that_is_offered_no_more_is_refused(database: Database) -> None:
    old, new = (ModelPrice(name, 30_000, 7_500, 150_000) for name in ("grok-3", "grok-4"))
    spending.write_models(database, [old, new], NOW)
    spending.write_models(database, [new], NOW)
    with pytest.raises(BadExperiment, match="grok-3"):
        experiments.start(database, Topic.SEGMENT, (PLAIN, WARM), NOW)
    experiments.start(database, Topic.SEGMENT, (Arm("plain", "grok-4"), Arm("warm", "grok-4")), NOW)


def test_a_topic_has_one_experiment_at_a_time_and_questions_none(database: Database) -> None:
    first = experiments.start(database, Topic.SEGMENT, (PLAIN, WARM), NOW)
    with pytest.raises(BadExperiment):
        experiments.start(database, Topic.SEGMENT, (PLAIN, EXAMPLES), NOW)
    with pytest.raises(BadExperiment):
        experiments.start(database, Topic.QUESTION, (PLAIN, EXAMPLES), NOW)
    with pytest.raises(BadExperiment):
        experiments.end(database, first, NOW, EXAMPLES, PLAIN)
    experiments.end(database, first, NOW, None, PLAIN)
    for number in (first, 99):
        with pytest.raises(BadExperiment):
            experiments.end(database, number, NOW, None, PLAIN)
    second = experiments.start(database, Topic.SEGMENT, (PLAIN, EXAMPLES), NOW)
    for number in (first, second):
        with pytest.raises(BadExperiment):
            experiments.resume(database, number)


def test_an_adopted_arm_is_the_way_to_ask_until_it_is_taken_back(tmp_path: Path) -> None:
    with Shop(tmp_path / "shop.db") as shop:
        before = (shop.settings.grok_prompt, shop.settings.grok_model)
        assert before == ("plain", "grok-3")
        number = shop.start_experiment(Topic.SEGMENT, (PLAIN, WARM), NOW)
        shop.end_experiment(number, NOW, WARM)
        assert (shop.settings.grok_prompt, shop.settings.grok_model) == ("warm", "grok-3")
        (report,) = shop.read_experiments(NOW)
        assert (report.experiment.adopted, report.experiment.replaced) == (WARM, PLAIN)
    with Shop(tmp_path / "shop.db") as shop:
        assert shop.settings.grok_prompt == "warm"
        shop.resume_experiment(number)
        assert (shop.settings.grok_prompt, shop.settings.grok_model) == before
        shop.end_experiment(number, NOW, WARM)
        shop.write_settings(shop.settings.with_values({"grok_prompt": "examples"}))
        shop.resume_experiment(number)  # what the owner chose since then stays
        assert shop.settings.grok_prompt == "examples"


# -- what is told --


def test_only_the_version_of_today_counts_while_it_runs(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = experiments.start(database, Topic.SEGMENT, (PLAIN, WARM), NOW)
    for _time in range(5):
        call(database, number, PLAIN, vote=1)
    call(database, number, WARM, vote=-1)
    monkeypatch.setattr(
        experiments, "prompt_id", lambda variant: f"{variant}-{2 if variant == 'plain' else 1}"
    )
    call(database, number, PLAIN, prompt="plain-2", vote=-1)
    (report,) = experiments.read_reports(database, NOW)
    assert report.versions == ("plain-2", "warm-1")
    assert [arm.votes for arm in report.result.arms] == [1, 1]
    assert report.outdated == 5
    experiments.end(database, number, NOW, None, None)
    monkeypatch.setattr(experiments, "prompt_id", lambda variant: f"{variant}-9")
    (report,) = experiments.read_reports(database, NOW)
    assert report.versions == ("plain-2", "warm-1")  # the last that was asked
    assert [arm.votes for arm in report.result.arms] == [1, 1]


def test_arms_of_one_way_and_two_models_are_told_apart(database: Database) -> None:
    spending.write_models(
        database, [ModelPrice(name, 3_000, 750, 5_000) for name in ("grok-3", "grok-4")], NOW
    )
    other = Arm("plain", "grok-4")
    number = experiments.start(database, Topic.SEGMENT, (PLAIN, other), NOW)
    for arm, outcome, cost in (
        (PLAIN, "answered", 6_000_000), (other, "rejected", 1_000_000), (other, "answered", 1_000_000),
        (other, "lost", 4_000_000), (other, "busy", 0),
    ):  # fmt: skip
        call(database, number, arm, outcome=outcome, cost_nano=cost)
    call(database, number, Arm("plain", "grok-9"))  # no arm's
    (report,) = experiments.read_reports(database, NOW)
    first, second = report.result.arms
    assert (first.answers, second.answers, report.outdated) == (1, 2, 1)
    assert (first.cost_nano, second.cost_nano) == (6_000_000, 6_000_000)
    assert second.passed is not None and second.passed.share == 0.5


def test_a_winner_is_named_from_the_ledger(database: Database) -> None:
    number = experiments.start(database, Topic.SEGMENT, (PLAIN, WARM), NOW)
    for place in range(60):
        call(database, number, PLAIN, vote=1 if place % 3 else -1)
        call(database, number, WARM, vote=-1 if place % 20 == 0 else 1)
    (report,) = experiments.read_reports(database, NOW + timedelta(days=3))
    assert (report.result.verdict, report.result.winner) == (ExperimentVerdict.WINNER, 1)
    assert report.result.until == NOW.date() + timedelta(days=3)
    assert len(experiments.verdict_words(report)) == 2
    experiments.end(database, number, NOW, WARM, PLAIN)
    (report,) = experiments.read_reports(database, NOW)
    said, kept = experiments.verdict_words(report)
    assert said.startswith("La manera B gusta más: te gustó 95 % de lo que escribió; de la A, 67 %")
    assert kept == "Al terminar te quedaste con la manera B."


def test_what_is_to_be_judged_is_the_newest_of_each_arm_in_no_telling_order(database: Database) -> None:
    number = experiments.start(database, Topic.SEGMENT, (PLAIN, WARM), NOW)
    calls = [call(database, number, arm) for arm in [PLAIN] * 5 + [WARM] * 5]
    call(database, number, WARM, vote=-1)
    (report,) = experiments.read_reports(database, NOW)
    assert {answer.call_id for answer in report.unjudged} == {*calls[3:5], *calls[8:10]}
    assert report.unjudged[0].words.description == "Vienen temprano."
    assert not any(answer.words.model or answer.words.prompt for answer in report.unjudged)
    firsts = set()
    for _more in range(8):
        call(database, number, PLAIN)
        call(database, number, WARM)
        firsts.add(experiments.read_reports(database, NOW)[0].unjudged[0].arm)
    assert firsts == {0, 1}


def test_what_is_asked_is_dealt_out_judged_and_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the request that leaves to the arm it counts for."""
    monkeypatch.setattr("colmado_insights.personas.talk.PAUSE_SECONDS", 0.0)
    vault.write_key("xai-una-llave-de-prueba")
    consents.write_consent(database, Topic.SEGMENT, is_allowed=True, at=NOW, user="")
    experiments.start(database, Topic.SEGMENT, (PLAIN, WARM), NOW)
    rules = Persona("Compran poco.", ("Pan.",), ("Abre.",))
    questions = [Question(Topic.SEGMENT, name, "es", {"who": name}, rules) for name in SEGMENT_IDS]
    with GrokServer() as service:
        adviser = asking.Adviser(database, replace(Settings(), grok_url=service.url))
        assert adviser.ask(questions, NOW).requests == 12
        assert adviser.ask(questions, NOW + timedelta(hours=1)).requests == 0
    (report,) = experiments.read_reports(database, NOW)
    answers_of = [arm.answers for arm in report.result.arms]
    assert sum(answers_of) == 12 and min(answers_of) >= 2
    for answer in report.unjudged:
        answers.write_vote(database, answer.call_id, 1 if answer.arm else -1)
    (report,) = experiments.read_reports(database, NOW)
    assert [(arm.votes, arm.liked and arm.liked.share) for arm in report.result.arms] == [(2, 0.0), (2, 1.0)]


def test_of_a_customer_who_said_no_nothing_is_asked(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute("INSERT INTO customer (id, name, consent) VALUES (1, 'X', 2), (2, 'Y', 1)")
    number = experiments.start(database, Topic.CUSTOMER, (PLAIN, WARM), NOW)
    for customer in ("1", "2", "3"):
        call(database, number, PLAIN, topic="customer", subject=customer)
    (report,) = experiments.read_reports(database, NOW)
    assert [answer.subject for answer in report.unjudged] == ["2"]


def test_an_ended_experiment_asks_for_no_thumbs(database: Database) -> None:
    number = experiments.start(database, Topic.SEGMENT, (PLAIN, WARM), NOW)
    call(database, number, PLAIN)
    experiments.end(database, number, NOW, None, None)
    (report,) = experiments.read_reports(database, NOW + timedelta(days=9))
    assert (report.unjudged, report.result.until) == ((), NOW.date())
