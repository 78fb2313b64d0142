"""Learned segments through the shop's door: kept, compared, assigned at once, told by the command line."""

from __future__ import annotations

import json
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from colmado_insights import insights, schedule, text
from colmado_insights.analytics.results import LearnedSegments, Migration, NotEnough, SegmentType
from colmado_insights.cli import main
from colmado_insights.domain import day_number
from colmado_insights.insights import assigning
from colmado_insights.logs import stop_log
from colmado_insights.progress import Progress
from colmado_insights.shop import Shop
from colmado_insights.storage import assignments, sales
from tests.small_shop import DAYS, LAST_DAY, copy_small_shop

WINDOW = 7
"""Days of a window: a few thousand receipts are learned in a second."""


@pytest.fixture(scope="module")
def learned_shop_made(small_shop_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small shop with its segments learned, closed."""
    folder = tmp_path_factory.mktemp("learned")
    path = copy_small_shop(small_shop_made, folder)
    with Shop(path) as shop:
        shop.write_settings(shop.settings.with_values({"segment_window_days": WINDOW}))
        assert isinstance(shop.compute_learned(LAST_DAY), LearnedSegments)
        insights.refresh_features(shop._database, shop.settings)
    return path


@pytest.fixture
def shop(learned_shop_made: Path, tmp_path: Path) -> Shop:
    """The test's own copy."""
    copy = copy_small_shop(learned_shop_made, tmp_path / "learned")
    with Shop(copy) as opened:
        yield opened


def learned_of(shop: Shop, as_of: date = LAST_DAY) -> LearnedSegments:
    found = shop.compute_learned(as_of)
    assert isinstance(found, LearnedSegments)
    return found


def kept_runs(shop: Shop) -> list[int]:
    return [
        day
        for (day,) in shop._database.read("SELECT until FROM result WHERE kind = 'learned' ORDER BY until")
    ]


def test_a_run_is_kept_and_answered_from_there(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = learned_of(shop)
    monkeypatch.setattr("colmado_insights.insights.learned.compute_learned", pytest.fail)
    assert learned_of(shop) == first
    assert all(text.segment_title(segment) for segment in first.segments)


def test_sales_after_the_window_do_not_make_it_anew(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("colmado_insights.insights.learned.compute_learned", pytest.fail)
    with shop._database.transaction() as connection:
        connection.execute("UPDATE setting SET value = value + 1 WHERE name = 'data_version'")
    learned_of(shop)


def test_a_window_with_other_sales_is_learned_anew(shop: Shop) -> None:
    first = learned_of(shop)
    with shop._database.transaction() as connection:
        day = day_number(LAST_DAY - timedelta(days=3))
        connection.execute("DELETE FROM sale WHERE sold_at / 86400 = ? AND id % 2 = 0", (day,))
        sales.refresh_sums(connection, [day])
    second = learned_of(shop)
    assert second.receipts < first.receipts
    shared = {segment.segment_id for segment in first.segments} & {s.segment_id for s in second.segments}
    assert len(shared) >= 6


def test_the_window_before_is_learned_too_so_that_there_is_something_to_compare(shop: Shop) -> None:
    last = day_number(LAST_DAY)
    assert kept_runs(shop) == [last - WINDOW, last]
    found = shop.read_migration(LAST_DAY)
    assert isinstance(found, Migration)
    assert day_number(found.until) - day_number(found.before) == WINDOW
    assert sum(flow.receipts for flow in found.flows) == learned_of(shop).receipts
    assert found.stayed > 0.6


@pytest.mark.slow
def test_migration_compares_with_a_run_at_least_a_week_older(shop: Shop) -> None:
    last = day_number(LAST_DAY)
    for days in (3, 7):
        learned_of(shop, LAST_DAY - timedelta(days=days))
    found = shop.read_migration(LAST_DAY)
    assert isinstance(found, Migration)
    assert day_number(found.before) == last - 7


@pytest.mark.slow
def test_ids_are_never_given_twice(shop: Shop) -> None:
    runs = [learned_of(shop, LAST_DAY - timedelta(days=days)) for days in (4, 2)]
    numbers = [run.next_number for run in runs]
    assert numbers == sorted(numbers)
    for run in runs:
        given = [int(segment.segment_id.removeprefix("learned_")) for segment in run.segments]
        assert len(set(given)) == len(given)
        assert max(given) < run.next_number


def test_days_are_assigned_a_year_back_and_add_up(shop: Shop) -> None:
    learned = learned_of(shop)
    last = day_number(LAST_DAY)
    kept = assignments.read_assignments(shop._database, last - DAYS, last)
    own = kept[[name.startswith("learned_") for name in kept["segment_id"]]]
    daily = sales.read_daily(shop._database)
    assert own.groupby("day")["receipts"].sum().tolist() == daily["receipts"].tolist()
    assert own["revenue_cents"].sum() == (daily["revenue_cents"] + daily["returns_cents"]).sum()
    window = own[own["day"] > last - WINDOW].groupby("segment_id")["receipts"].sum()
    assert window.to_dict() == {segment.segment_id: segment.transaction_count for segment in learned.segments}


def test_new_days_are_assigned_when_their_features_are_made(shop: Shop) -> None:
    last = day_number(LAST_DAY)
    before = assignments.read_assignments(shop._database, last, last)
    with shop._database.transaction() as connection:
        connection.execute("DELETE FROM segment_assignment WHERE day = ?", (last,))
        connection.execute("DELETE FROM sale_features WHERE day = ?", (last,))
    assert insights.refresh_features(shop._database, shop.settings) == 1
    after = assignments.read_assignments(shop._database, last, last)
    assert sorted(after.itertuples(index=False)) == sorted(before.itertuples(index=False))


def test_a_look_back_does_not_relabel_the_present(shop: Shop) -> None:
    last = day_number(LAST_DAY)
    before = assignments.read_assignments(shop._database, last - DAYS, last)
    learned_of(shop, LAST_DAY - timedelta(days=5))
    after = assignments.read_assignments(shop._database, last - DAYS, last)
    assert sorted(after.itertuples(index=False)) == sorted(before.itertuples(index=False))
    past = shop.compute_performance(LAST_DAY - timedelta(days=5))
    counts = {one.segment_id: one.weeks[-2].receipts for one in past if one.type is SegmentType.LEARNED}
    monday = day_number(past[0].weeks[-2].week)
    whole_week = sales.read_daily(shop._database, monday, monday + 6)
    assert sum(counts.values()) == whole_week["receipts"].sum()


# ── one sale ──


def test_a_sale_gets_its_segments_at_once(shop: Shop) -> None:
    learned = learned_of(shop)
    features = insights.read_features(
        shop._database, shop.settings, day_number(LAST_DAY), day_number(LAST_DAY)
    )
    labels = insights.assigning.assign_learned(features, learned)
    ids = assigning.segment_ids(learned)
    shop.find_sale_segments(int(features["sale_id"].iloc[0]))  # calendars are made once
    began = time.perf_counter()
    for sale_id, kind, label in zip(
        features["sale_id"][:40], features["kind"][:40], labels[:40], strict=True
    ):
        found = shop.find_sale_segments(int(sale_id))
        if kind == 0:
            assert found[-1] == ids[label]
            assert len(found) >= 2
        else:
            assert found == ()
    assert (time.perf_counter() - began) / 40 < 0.1  # 20 ms on a quiet machine


def test_a_sale_that_is_not_there_has_no_segments(shop: Shop) -> None:
    assert shop.find_sale_segments(10**9) == ()


def test_before_anything_was_learned_a_sale_has_its_rule_segments(small_shop: Shop) -> None:
    (sale_id,) = small_shop._database.read("SELECT id FROM sale WHERE kind = 0 LIMIT 1")[0]
    found = small_shop.find_sale_segments(sale_id)
    assert found
    assert not any(name.startswith("learned_") for name in found)


# ── performance, schedule, little data ──


def test_performance_covers_rule_and_learned_segments(shop: Shop) -> None:
    found = shop.compute_performance(LAST_DAY)
    learned = learned_of(shop)
    assert len(found) == 12 + len(learned.segments)
    own = [one for one in found if one.type is SegmentType.LEARNED]
    assert sum(one.revenue_share for one in own) == pytest.approx(1)
    grown = {segment.segment_id: segment.growth for segment in learned.segments}
    assert {one.segment_id: one.receipts_growth for one in own} == pytest.approx(grown)
    assert all(text.sentence(reason) for one in found for reason in (one.strategy, *one.why))


def test_the_schedule_learns_up_to_the_last_whole_day(shop: Shop) -> None:
    noon = datetime.combine(LAST_DAY, datetime.min.time()) + timedelta(hours=12)
    job = schedule.find_job("learned")
    count = schedule.run_job(shop._database, shop.settings, job, noon, Progress())
    assert count >= 2
    assert day_number(LAST_DAY) - 1 in kept_runs(shop)
    assert insights.count_learned(shop._database, LAST_DAY - timedelta(days=1)) == count
    assert insights.count_learned(shop._database, date(2020, 1, 1)) == 0


def test_a_shop_without_sales_is_told_what_it_lacks(tmp_path: Path) -> None:
    with Shop(tmp_path / "empty.db") as shop:
        assert isinstance(shop.compute_learned(), NotEnough)
        assert isinstance(shop.read_migration(), NotEnough)
        assert shop.compute_performance() == ()
        assert shop.find_sale_segments(1) == ()


def test_two_days_of_sales_are_too_little_to_compare(tmp_path: Path) -> None:
    with Shop(tmp_path / "young.db") as shop:
        shop.make_sample(days=2, seed=3, last_day=LAST_DAY)
        learned_of(shop)
        found = shop.read_migration(LAST_DAY)
        assert isinstance(found, NotEnough)
        assert found.unit == "days"


def test_a_run_of_other_columns_labels_nothing_and_its_ids_stay_given(shop: Shop) -> None:
    first = learned_of(shop)
    with shop._database.transaction() as connection:
        connection.execute(
            "UPDATE result SET body = replace(body, 'log_total', 'old') WHERE kind = 'learned'"
        )
    assert assigning.read_model(shop._database) is None
    (sale_id,) = shop._database.read("SELECT id FROM sale WHERE kind = 0 LIMIT 1")[0]
    assert not any(name.startswith("learned_") for name in shop.find_sale_segments(sale_id))
    ids = {segment.segment_id for segment in learned_of(shop).segments}
    assert ids.isdisjoint({segment.segment_id for segment in first.segments})


# ── the command line ──


def test_the_command_line_tells_all(learned_shop_made: Path, tmp_path: Path) -> None:
    path = copy_small_shop(learned_shop_made, tmp_path / "cli")
    arguments = [
        "segments",
        "--db",
        str(path),
        "--as-of",
        LAST_DAY.isoformat(),
        "--performance",
        "--migration",
    ]
    try:
        done = CliRunner().invoke(main, [*arguments, "--json"])
        words = CliRunner().invoke(main, arguments)
    finally:
        stop_log()
    assert done.exit_code == 0, done.output
    values = json.loads(done.output)
    learned = [segment for segment in values["segments"] if segment["type"] == "learned"]
    assert values["learned"]["k"] == len(learned) >= 2
    assert len(values["segments"]) == 12 + len(learned)
    assert {segment["segment_id"] for segment in learned} <= {
        one["segment_id"] for one in values["performance"]
    }
    assert values["learned"]["silhouette"] > values["learned"]["shuffled_silhouette"]
    assert values["migration"]["flows"]
    assert words.exit_code == 0, words.output
    assert all(segment["name"] in words.output for segment in learned)


def test_the_command_line_tells_the_segments_of_a_receipt(learned_shop_made: Path, tmp_path: Path) -> None:
    path = copy_small_shop(learned_shop_made, tmp_path / "cli")
    with Shop(path) as shop:
        ((sale_id, number),) = shop._database.read("SELECT id, number FROM sale WHERE kind = 0 LIMIT 1")
        wanted = list(shop.find_sale_segments(sale_id))
    arguments = ["segments", "--db", str(path), "--as-of", LAST_DAY.isoformat(), "--sale"]
    try:
        done = CliRunner().invoke(main, [*arguments, number, "--json"])
        none = CliRunner().invoke(main, [*arguments, "0000"])
    finally:
        stop_log()
    (sale,) = json.loads(done.output)["sales"]
    assert sale["segments"] == wanted
    assert len(sale["names"]) == len(wanted)
    assert "No hay ningún recibo 0000." in none.output
