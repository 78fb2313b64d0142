"""What goes together through the shop's door: kept, asked by kind, told by the command line, offered at the till."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from colmado_insights import sample_shop, schedule, text
from colmado_insights.analytics.results import Basket, NotEnough, RecommendationKind, Recommendations
from colmado_insights.cli import main
from colmado_insights.domain import Consent, Reason, moment_of
from colmado_insights.errors import ShopError
from colmado_insights.live import OFFER_LASTS
from colmado_insights.logs import stop_log
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.shop import Shop
from colmado_insights.storage import advices, products, results, sales, stock
from colmado_insights.storage.advices import offer_key
from tests.small_shop import LAST_DAY, copy_small_shop
from tests.storage.till import write_rows

MORNING = datetime.combine(LAST_DAY + timedelta(days=1), time(8))
WITH = ("Presidente Grande 22oz", "Hielo Vaso")


@pytest.fixture(scope="module")
def basket_shop_made(small_shop_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small shop with its baskets understood, closed."""
    path = copy_small_shop(small_shop_made, tmp_path_factory.mktemp("baskets"))
    with Shop(path) as shop:
        shop.run_job("baskets", MORNING, Progress())
    return path


@pytest.fixture
def shop(basket_shop_made: Path, tmp_path: Path) -> Shop:
    with Shop(copy_small_shop(basket_shop_made, tmp_path / "baskets")) as opened:
        yield opened


def ask(path: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, [words[0], "--db", str(path), *words[1:]])
    stop_log()
    return result


def test_the_planted_pairs_of_the_sample_shop_are_found(shop: Shop) -> None:
    """45 days are enough for those that most people take; the others need more receipts, not another rule."""
    found, names = shop.compute_baskets(LAST_DAY), shop.read_product_names()
    assert isinstance(found, Basket)
    pairs = {frozenset((names[pair.first_id], names[pair.second_id])) for pair in found.pairs}
    planted = {frozenset((pair.first, pair.second)) for pair in sample_shop.read_parameters().pairs}
    assert len(pairs & planted) >= 6
    assert len(pairs & planted) >= len(pairs) / 2
    assert found.hit_rate is not None and found.popular_hit_rate is not None
    assert found.hit_rate > found.popular_hit_rate
    assert [text.sentence(reason) for reason in found.reasons]


def test_answers_are_kept_until_a_cost_changes(shop: Shop) -> None:
    before = shop.compute_baskets(LAST_DAY)
    with pytest.raises(Cancelled):
        products.write_cost(shop._database, shop.find_product(WITH[0]), 1, LAST_DAY)
        stopped = Progress()
        stopped.cancel()
        shop.compute_baskets(LAST_DAY, stopped)  # made anew, as it hears the cancel
    after = shop.compute_baskets(LAST_DAY)
    assert isinstance(before, Basket) and isinstance(after, Basket)
    assert shop.compute_baskets(LAST_DAY) == after != before


def test_the_night_makes_it_once(shop: Shop) -> None:
    assert "baskets" not in [job.name for job in shop.read_due_jobs(MORNING)]
    assert "baskets" in [job.name for job in shop.read_due_jobs(MORNING - timedelta(days=1))]
    job = schedule.find_job("baskets")
    assert schedule.run_job(shop._database, shop.settings, job, MORNING, Progress()) > 0


@pytest.mark.parametrize("kind", [kind for kind in RecommendationKind if kind != "personal"])
def test_every_kind_answers_in_words(shop: Shop, kind: RecommendationKind) -> None:
    product = shop.find_product("Coca-Cola 20oz")
    found = shop.recommend(kind, product, as_of=LAST_DAY)
    assert isinstance(found, Recommendations)
    assert found.kind == kind
    assert all(text.sentence(item.why) for item in found.items)
    if kind in ("similar", "cross_sell", "upsell"):
        assert found.items


def test_a_customer_gets_a_list_and_who_said_no_gets_none(shop: Shop) -> None:
    best = shop.read_customers()[0]
    found = shop.recommend(RecommendationKind.PERSONAL, customer_id=best.customer_id, as_of=LAST_DAY)
    assert isinstance(found, Recommendations)
    assert found.items
    assert best.name not in json.dumps([text.sentence(item.why) for item in found.items])
    shop.write_customer(dataclasses.replace(best, consent=Consent.NO))
    refused = shop.recommend(RecommendationKind.PERSONAL, customer_id=best.customer_id, as_of=LAST_DAY)
    assert isinstance(refused, NotEnough) and refused.unit == "consent"


@pytest.mark.parametrize(
    ("kind", "product", "customer"),
    [("similar", None, None), ("upsell", 10**6, None), ("personal", None, 10**6)],
)
def test_a_stranger_is_said_to_be_one(
    shop: Shop, kind: str, product: int | None, customer: int | None
) -> None:
    with pytest.raises(ShopError):
        shop.recommend(RecommendationKind(kind), product, customer, LAST_DAY)


def test_a_merged_product_is_asked_as_the_one_it_counts_as(shop: Shop) -> None:
    kept, other = shop.find_product("Coca-Cola 20oz"), shop.find_product("Coca-Cola 400ml")
    shop.merge_products(kept, [other])
    names = shop.read_product_names()
    assert names[other] == names[kept]
    assert shop.recommend(RecommendationKind.UPSELL, other, as_of=LAST_DAY) == shop.recommend(
        RecommendationKind.UPSELL, kept, as_of=LAST_DAY
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            Reason.of("recommend_cross_sell", share=0.41, product="Pan de Agua"),
            "4 de cada 10 de los que llevan Pan de Agua lo llevan también.",
        ),
        (
            Reason.of("recommend_bundle", products=("Pan", "Café"), price_cents=85_00, saving_cents=5_00),
            "Con Pan y Café por RD$ 85: ahorra RD$ 5.",
        ),
        (
            Reason.of("recommend_month", month=12, times=2.48),
            "En diciembre se vende 2.5 veces lo de otros meses.",
        ),
        (
            Reason.of("recommend_due", days=7, since_days=1),
            "Lo lleva cada 7 días; la última vez fue hace 1 día.",
        ),
        (Reason.of("offer_with", offered="Hielo", product="Ron", share=0.3), "Ofrece Hielo con Ron."),
        (
            Reason.of("bundle_given_away", cents=120_00),
            "Ya se descontó lo que ahorran quienes igual lo llevan todo: RD$ 120 al mes.",
        ),
        (Reason.of("bundle_receipts", receipts=1), "Ya se lleva junto en 1 compra."),
    ],
)
def test_reasons_read_like_a_person(reason: Reason, words: str) -> None:
    assert text.sentence(reason).replace("\u00a0", " ") == words


# ── the command line ──


def test_the_commands_answer_for_programs_and_people(basket_shop_made: Path, tmp_path: Path) -> None:
    path, day = copy_small_shop(basket_shop_made, tmp_path / "cli"), LAST_DAY.isoformat()
    answer = json.loads(ask(path, "recommend", "--product", WITH[0], "--as-of", day, "--json").stdout)
    assert set(answer["items"][0]) == {"product_id", "name", "score", "why"}
    assert answer["items"][0]["name"] == WITH[1]
    board = json.loads(ask(path, "baskets", "--as-of", day, "--json").stdout)
    assert {"pairs", "sets", "bundles", "trends", "seasonal", "hit_rate"} <= set(board)
    assert WITH[1] in ask(path, "baskets", "--as-of", day).stdout
    strange = ask(path, "recommend", "--product", "nada de eso", "--as-of", day)
    assert strange.exit_code == 1
    assert "nada de eso" in strange.stderr


def test_an_empty_shop_says_what_is_missing(tmp_path: Path) -> None:
    for command in ("recommend", "baskets"):
        answer = ask(tmp_path / "empty.db", command, "--json")
        assert answer.exit_code == 0
        assert json.loads(answer.stdout)["not_enough"]["unit"] == "receipts"


# ── beside the till ──


def sell(shop: Shop, product: str, at: datetime) -> None:
    """One more receipt, the last of the day."""
    row = ("X-1", f"{at:%Y-%m-%d %H:%M:%S}", product, 1, "200.00", "Efectivo", "", "")
    shop.import_files([write_rows(shop.path.parent / "one.csv", [row])])


def offer_at(
    shop: Shop, product: str, at: datetime, later: timedelta = timedelta(minutes=1)
) -> Reason | None:
    sell(shop, product, at)
    return shop.read_cashier(at + later).suggestion


def last_moment(shop: Shop) -> datetime:
    last = sales.read_last_moment(shop._database)
    assert last is not None
    return moment_of(last)


def test_the_cashier_offers_what_goes_with_the_last_sale(shop: Shop) -> None:
    offer = offer_at(shop, WITH[0], last_moment(shop) + timedelta(seconds=1))
    assert offer is not None
    assert (offer.code, offer["offered"], offer["product"]) == ("offer_with", WITH[1], WITH[0])
    assert offer["offered_id"] == shop.find_product(WITH[1])
    assert 0.1 < offer["share"] < 0.4
    assert "RD$" not in text.sentence(offer)


def test_what_buyers_answered_at_the_till_is_counted(shop: Shop) -> None:
    first, second = map(shop.find_product, WITH)

    def told() -> list[str]:
        found = shop.recommend(RecommendationKind.CROSS_SELL, first)
        assert isinstance(found, Recommendations)
        return [
            text.sentence(each) for item in found.items if item.product_id == second for each in item.reasons
        ]

    for minute in range(10):
        at = MORNING + timedelta(minutes=minute)
        shop.write_answer(offer_key(f"product:{second}", at), minute < 3)
        shop.write_answer(offer_key(f"product:{second}1", at), True)
        shop.write_answer(offer_key("category:snacks", at), True)
        assert told() == [] if minute < 4 else len(told()) == 1
    assert told() == ["Ofrecido en la caja, lo llevaron 3 de 10."]
    assert advices.count_offers(shop._database, date(2020, 1, 1)) == {}


def test_an_offer_ends_when_its_customer_is_gone(shop: Shop) -> None:
    at = last_moment(shop) + timedelta(seconds=1)
    offer = offer_at(shop, WITH[0], at, OFFER_LASTS + timedelta(seconds=1))
    assert offer is None or offer.code == "usual_pair"


def test_what_ran_out_is_not_offered(shop: Shop) -> None:
    stock.write_stock(shop._database, shop.find_product(WITH[1]), 0, LAST_DAY)
    offer = offer_at(shop, WITH[0], last_moment(shop) + timedelta(seconds=1))
    assert offer is None or dict(offer.values).get("offered") != WITH[1]


def test_no_alcohol_is_offered_when_none_may_be_sold(shop: Shop) -> None:
    early = datetime.combine(LAST_DAY + timedelta(days=1), time(5))
    offer = offer_at(shop, WITH[1], early)
    assert offer is None or "Presidente" not in dict(offer.values).get("offered", "")


def test_without_a_kept_model_there_is_no_offer(small_shop: Shop) -> None:
    assert results.read_latest_mark(small_shop._database, "basket_model", 2**30) is None
    offer = offer_at(small_shop, WITH[0], last_moment(small_shop) + timedelta(seconds=1))
    assert offer is None or offer.code == "usual_pair"


def test_an_offer_takes_milliseconds(shop: Shop) -> None:
    """After the book is read once; a till has no second to wait."""
    from time import perf_counter

    at = last_moment(shop) + timedelta(seconds=1)
    sell(shop, WITH[0], at)
    live = shop._live
    live._offer(None, at)
    assert live._offer(sales.read_last_moment(shop._database), at + timedelta(seconds=5)) is not None
    started = perf_counter()
    for _ in range(5):
        live._offer(sales.read_last_moment(shop._database), at + timedelta(seconds=5))
    assert (perf_counter() - started) / 5 < 0.1
