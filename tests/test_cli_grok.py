"""Words and Grok on the command line: keys that others rely on, what is sent and what is not, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from colmado_insights import vault
from colmado_insights.analytics.segments import SEGMENT_IDS
from colmado_insights.cli import main
from colmado_insights.config import Settings, read_machine_settings
from colmado_insights.domain import Consent, Topic
from colmado_insights.logs import stop_log
from colmado_insights.personas import talk
from colmado_insights.shop import Shop
from tests import grok_server as server
from tests.grok_server import GrokServer
from tests.small_shop import copy_small_shop

Run = Callable[..., Result]

KEY = "xai-esta-llave-no-sale"
KEYS = {
    "segment_id", "source", "persona_description", "marketing_recommendations", "operational_insights", "cost_usd",
    "made_at", "model", "is_old", "trouble",
}  # fmt: skip


@pytest.fixture
def file(found_shop_made: Path, tmp_path: Path) -> Path:
    return copy_small_shop(found_shop_made, tmp_path / "shop")


@pytest.fixture
def run(file: Path) -> Iterator[Run]:
    """Call `colmado` on the shop."""
    yield lambda *words, typed=None: CliRunner().invoke(
        main, [*map(str, words), "--db", str(file)], input=typed
    )
    stop_log()


@pytest.fixture
def service(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[GrokServer]:
    """Grok on loopback, which the program is told of and has a key for; nothing is allowed yet."""
    monkeypatch.setattr(talk, "PAUSE_SECONDS", 0.0)
    with GrokServer() as started:
        assert run("grok", "--url", started.url).exit_code == 0
        vault.write_key(KEY)
        yield started


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


# ── words ──


def test_without_grok_every_segment_is_described_by_rules(run: Run, service: GrokServer) -> None:
    found = answer(run("personas", "--json"))
    assert [each["segment_id"] for each in found["personas"]] == list(SEGMENT_IDS)
    for each in found["personas"]:
        assert set(each) >= KEYS
        assert each["source"] == "rules"
        assert each["persona_description"]
        assert each["made_at"] is each["model"] is None
    assert any(len(each["marketing_recommendations"]) >= 3 for each in found["personas"])
    assert (found["requests"], found["cost_usd"], found["trouble"]) == (0, 0, "")
    assert not service.requests  # a key alone allows nothing


def test_what_is_allowed_is_asked_once_in_two_hours(run: Run, service: GrokServer) -> None:
    assert run("grok", "--allow", "segment", "--yes").exit_code == 0
    first = answer(run("personas", "--json"))
    by_grok = [each for each in first["personas"] if each["source"] == "grok"]
    assert len(by_grok) == first["requests"] == len(service.asked) >= 10
    assert by_grok[0]["persona_description"] == server.PERSONA["description"]
    assert by_grok[0]["model"] == "grok-3"
    assert sum(each["cost_usd"] for each in by_grok) == pytest.approx(first["cost_usd"])
    again = answer(run("personas", "--json"))
    assert (again["requests"], again["kept"], again["cost_usd"]) == (0, len(by_grok), 0)
    assert {each["source"] for each in again["personas"]} <= {"cache", "rules"}
    words = run("personas", "--segment", "fresco").output
    assert "Fresco · Sugerencia de Grok · grok-3 · hoy, " in words
    assert len(service.asked) == first["requests"]


def test_offline_asks_nobody(run: Run, service: GrokServer) -> None:
    run("grok", "--allow", "segment", "--yes")
    (found,) = answer(run("personas", "--segment", "fresh", "--offline", "--json"))["personas"]
    assert found["source"] == "rules"
    assert not service.requests


@pytest.mark.parametrize(
    "trouble", [server.failing(404), server.wrong_key(401), server.wrong_schema(), server.html()]
)
def test_trouble_ends_in_rules_and_one_sentence(run: Run, service: GrokServer, trouble: Any) -> None:
    run("grok", "--allow", "segment", "--yes")
    service.always(trouble)
    result = run("personas", "--segment", "fresh", "--json")
    found = answer(result)
    assert found["personas"][0]["source"] == "rules"
    assert found["personas"][0]["marketing_recommendations"]
    assert found["trouble"]
    assert KEY not in result.output


def test_the_preview_is_what_is_sent_to_the_letter(run: Run, service: GrokServer) -> None:
    found = answer(run("personas", "--segment", "fresh", "--preview", "--json"))
    (preview,) = found["previews"]
    assert not service.requests
    assert (preview["segment_id"], preview["is_kept"], found["is_allowed"]) == ("fresh", False, False)
    assert preview["most_cost_usd"] == found["most_cost_usd"] > 0
    words = run("personas", "--segment", "fresh", "--preview").output
    assert preview["text"] in words
    assert "No se mandó nada. Costaría US$ 0.0" in words
    assert "no está permitido" in words
    run("grok", "--allow", "segment", "--yes")
    run("personas", "--segment", "fresh")
    (call,) = [call for call in service.calls if call.body]
    assert call.body.decode() == preview["text"]
    assert "Ya está contestado" in run("personas", "--segment", "fresh", "--preview").output


def test_the_week_and_a_day_of_the_past(run: Run) -> None:
    (week,) = answer(run("personas", "--week", "--json"))["personas"]
    assert week["segment_id"] is None
    assert "Del lun 9 nov al dom 15 nov" in week["persona_description"]
    (earlier,) = answer(run("personas", "--week", "--as-of", "2026-11-10", "--json"))["personas"]
    assert "Del lun 2 nov al dom 8 nov" in earlier["persona_description"]


def test_a_customer_is_described_without_a_name_or_not_at_all(run: Run, file: Path) -> None:
    with Shop(file) as shop:
        person = max(shop.read_customers(), key=lambda each: each.receipts)
        (found,) = answer(run("personas", "--customer", person.customer_id, "--json"))["personas"]
        assert found["customer_id"] == person.customer_id
        assert "Este cliente" in found["persona_description"]
        assert person.name not in json.dumps(found, ensure_ascii=False)
        shop.write_customer(replace(person, consent=Consent.NO))
    result = run("personas", "--customer", person.customer_id)
    assert "No quiere que se miren sus compras" in result.output


@pytest.mark.parametrize("words", [("--segment", "fresh", "--week"), ("--segment", "nadie")])
def test_wrong_use_is_said(run: Run, words: tuple[str, ...]) -> None:
    assert run("personas", *words).exit_code == 2


# ── Grok itself ──


def test_nothing_is_allowed_at_first(run: Run) -> None:
    state = answer(run("grok", "--json"))
    assert (state["allowed"], state["key_place"], state["spent_usd"], state["limit_usd"]) == ([], None, 0, 5)
    assert state["price"]["prompt_usd_per_million"] == 3
    assert state["price"]["answer_usd_per_million"] == 15
    assert "Grok está apagado. No sale nada." in run("grok").output


def test_what_leaves_is_said_before_it_is_allowed(run: Run) -> None:
    refused = run("grok", "--allow", "customer", typed="n\n")
    assert refused.exit_code == 1
    assert refused.stderr.index("Nunca su nombre ni su teléfono.") < refused.stderr.index("¿Lo permites?")
    assert answer(run("grok", "--json"))["allowed"] == []
    agreed = run("grok", "--allow", "customer", typed="s\n")
    assert agreed.exit_code == 0 or run("grok", "--allow", "customer", typed="y\n").exit_code == 0
    run("grok", "--allow", "week", "--yes")
    assert answer(run("grok", "--json"))["allowed"] == ["customer", "week"]
    assert answer(run("grok", "--forbid", "customer", "--json"))["allowed"] == ["week"]


@pytest.mark.parametrize("topic", list(Topic))
def test_every_topic_says_what_leaves(run: Run, topic: Topic) -> None:
    result = run("grok", "--allow", topic, "--yes", "--json")
    assert len(result.stderr.strip()) > 40
    assert answer(result)["allowed"] == [topic]


def test_the_key_comes_through_a_pipe_and_is_never_shown(run: Run, file: Path) -> None:
    kept = run("grok", "--key", "--json", typed=f"{KEY}\n")
    assert answer(kept)["key_place"] in ("vault", "session")
    assert vault.read_key() == KEY
    told = kept.output + run("grok").output + run("grok", "--ledger", "--json").output
    assert KEY not in told
    assert KEY.encode() not in b"".join(
        each.read_bytes() for each in file.parent.parent.rglob("*") if each.is_file()
    )
    assert answer(run("grok", "--forget-key", "--json"))["key_place"] is None
    assert run("grok", "--key", KEY, typed="").exit_code == 2  # not a word of the command


def test_the_key_is_forgotten_also_where_the_shop_cannot_be_opened(run: Run, file: Path) -> None:
    """As when the program is uninstalled because its data are damaged."""
    run("grok", "--key", typed=f"{KEY}\n")
    assert vault.read_key() == KEY
    file.write_bytes(b"no database" * 99)
    assert run("grok", "--forget-key").exit_code == 1
    assert vault.read_key() is None


def test_a_key_that_cannot_be_one_is_refused(run: Run) -> None:
    result = run("grok", "--key", typed="\n")
    assert result.exit_code == 1
    assert answer(run("grok", "--json"))["key_place"] is None


def test_models_come_from_the_service_or_are_those_kept(run: Run, service: GrokServer) -> None:
    online = answer(run("grok", "--models", "--json"))
    assert online["is_online"]
    names = {each["name"] for each in online["models"]}
    assert "grok-3" in names
    assert all(each["read_at"] for each in online["models"] if each["is_offered"])
    vault.forget_key()
    offline = answer(run("grok", "--models", "--json"))
    assert not offline["is_online"]
    assert offline["trouble"]
    assert {each["name"] for each in offline["models"]} == names
    assert "Lista de precios del " in run("grok", "--models").output


def test_model_limit_and_address_are_kept(run: Run) -> None:
    state = answer(
        run("grok", "--model", "grok-4", "--limit", "2.50", "--url", "http://127.0.0.1:9/v1/", "--json")
    )
    assert (state["model"], state["limit_usd"], state["url"]) == ("grok-4", 2.5, "http://127.0.0.1:9/v1")
    assert Settings().with_values(read_machine_settings()).grok_limit_cents == 250
    assert answer(run("grok", "--daily", "--json"))["is_daily"]
    assert not answer(run("grok", "--no-daily", "--json"))["is_daily"]


@pytest.mark.parametrize(
    "words",
    [
        ("--limit", "51"),
        ("--limit", "-1"),
        ("--limit", "nan"),
        ("--url", "http://ejemplo.com"),
        ("--model", "a b"),
        ("--thumb", "9" * 20, "up"),
        ("--ledger", "--limit-rows", "9" * 20),
    ],
)
def test_what_cannot_be_is_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    assert run("grok", *words).exit_code == 2
    assert answer(run("grok", "--json"))["limit_usd"] == 5


def test_the_ledger_tells_every_request_and_takes_a_thumb(run: Run, service: GrokServer) -> None:
    run("grok", "--allow", "segment", "--yes")
    run("personas", "--segment", "fresh")
    (call,) = answer(run("grok", "--ledger", "--json"))["calls"]
    assert (call["topic"], call["subject"], call["outcome"], call["status"]) == (
        "segment",
        "fresh",
        "answered",
        200,
    )
    assert call["tokens"] == {"prompt": 900, "cached": 128, "answer": 250}
    assert call["cost_usd"] > 0
    assert not call["is_estimate"]
    run("grok", "--thumb", call["call_id"], "down")
    assert answer(run("grok", "--ledger", "--json"))["calls"][0]["vote"] == -1
    assert "Fresco · grok-3 · contestó · US$ 0.0" in run("grok", "--ledger").output
    assert answer(run("grok", "--ledger", "--limit-rows", "1", "--json"))["calls"]
    month = answer(run("grok", "--spending", "--json"))["months"][-1]
    assert (month["calls"], month["answered"], month["cost_usd"]) == (1, 1, call["cost_usd"])
    state = answer(run("grok", "--json"))
    assert (state["spent_usd"], state["misses"]) == (call["cost_usd"], 1)


def test_with_no_limit_left_nothing_is_sent(run: Run, service: GrokServer) -> None:
    run("grok", "--allow", "segment", "--yes", "--limit", "0")
    found = answer(run("personas", "--segment", "fresh", "--json"))
    assert found["personas"][0]["source"] == "rules"
    assert found["trouble"]
    assert not service.asked
