"""Learned segments: planted ones are found again, no more are seen than there are, ids and numbers hold."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, silhouette_samples

from colmado_insights import sample_shop
from colmado_insights.analytics.clusters import (
    BLOCKS,
    CLUSTER_COLUMNS,
    LEAST_RECEIPTS,
    LEAST_SHARE,
    assign_learned,
    choose_k,
    compute_learned,
    encode,
    find_elbow,
    match_ids,
    silhouettes,
)
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.features import compute_features
from colmado_insights.analytics.results import KTrial, LearnedSegments, NotEnough, SegmentType
from colmado_insights.analytics.segments import NO_SEGMENT
from colmado_insights.domain import NO_HOUR, Category, SaleKind
from colmado_insights.progress import Cancelled, Progress
from tests.analytics.planted import MISSIONS, UNTIL, Mission, plant

LIGHT_DAY = date(2026, 11, 19)


def learn(features, **arguments) -> LearnedSegments:
    found = compute_learned(features, until=UNTIL, **arguments)
    assert isinstance(found, LearnedSegments)
    return found


@pytest.fixture(scope="module")
def nine() -> tuple[LearnedSegments, object, np.ndarray]:
    """Nine planted segments, learned."""
    features, mission = plant(receipts=1_500)
    return learn(features), features, mission


# ── what is found ──


def test_nine_planted_segments_are_found_again(nine) -> None:
    learned, features, mission = nine
    labels = assign_learned(features, learned)
    assert adjusted_rand_score(mission, labels) >= 0.80
    assert 8 <= len(learned.segments) <= 12
    assert learned.stability >= 0.85
    assert learned.seed_stability >= 0.85
    assert learned.silhouette > learned.shuffled_silhouette + 0.1
    assert learned.agreement is not None
    assert learned.agreement > 0.5
    assert [reason.code for reason in learned.reasons] == [
        "learned_found", "learned_steady", "learned_apart", "learned_one_item",
    ]  # fmt: skip


def test_segments_add_up_and_come_largest_first(nine) -> None:
    learned, features, _mission = nine
    counts = [segment.transaction_count for segment in learned.segments]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == learned.receipts == len(features)
    assert sum(segment.share for segment in learned.segments) == pytest.approx(1)
    assert sum(segment.revenue_cents for segment in learned.segments) == features["total_value"].sum()
    assert counts == np.bincount(assign_learned(features, learned)).tolist()
    assert all(segment.type is SegmentType.LEARNED for segment in learned.segments)
    assert min(counts) >= LEAST_SHARE * len(features)
    assert learned.one_item_share == pytest.approx((features["item_count"] == 1).mean())


def test_without_the_window_before_there_is_no_growth(nine) -> None:
    learned, _features, _mission = nine
    assert all(segment.growth is None for segment in learned.segments)


def test_confidence_is_that_of_the_sample_times_the_rescaled_silhouette(nine) -> None:
    learned, _features, _mission = nine
    for segment in learned.segments:
        assert 0.9 * 0.5 < segment.confidence_score < 0.9


def test_four_segments_are_not_cut_into_eight() -> None:
    four = tuple(
        replace(mission, goods={next(iter(mission.goods)): 1.0}, lines=1) for mission in MISSIONS[:4]
    )
    features, mission = plant(four, receipts=800)
    learned = learn(features)
    assert len(learned.segments) == 4
    assert adjusted_rand_score(mission, assign_learned(features, learned)) > 0.98
    assert learned.reasons[0].code == "learned_fewer"
    assert learned.reasons[0]["wanted"] == 8


def test_one_crowd_is_not_called_distinct() -> None:
    crowd = (Mission(1.0, {Category.STAPLES: 1.0}, 14, lines=1, hour_spread=2.5),)
    learned = learn(plant(crowd, receipts=1_000)[0])
    assert learned.reasons[0].code == "learned_not_distinct"
    assert learned.silhouette < learned.shuffled_silhouette + 0.03


@pytest.mark.parametrize("have", [0, LEAST_RECEIPTS - 1])
def test_too_few_receipts_are_said_to_be_too_few(have: int) -> None:
    features, _mission = plant(receipts=max(have, 1))
    found = compute_learned(features.iloc[:have], until=UNTIL)
    assert found == NotEnough(needed=LEAST_RECEIPTS, have=have, unit="receipts", until=UNTIL)


def test_receipts_that_are_all_the_same_have_no_segments() -> None:
    features, _mission = plant(receipts=400)
    same = features.iloc[[0] * 400].assign(sale_id=np.arange(400))
    assert isinstance(compute_learned(same, until=UNTIL), NotEnough)


@pytest.mark.accuracy
@pytest.mark.parametrize("seed", [1997, 3, 8])
def test_missions_of_the_sample_shop_are_found(seed: int) -> None:
    shop = sample_shop.generate(sample_shop.read_parameters(), last_day=LIGHT_DAY, days=60, seed=seed)
    receipts, lines = shop.sales
    features = compute_features(receipts, lines, DominicanDays())
    mission = shop.receipts["mission"].to_numpy()[~shop.receipts["cancelled"].to_numpy()]
    learned = compute_learned(features, until=LIGHT_DAY)
    assert isinstance(learned, LearnedSegments)
    labels = assign_learned(features, learned)
    is_sale = labels != NO_SEGMENT
    assert adjusted_rand_score(mission[is_sale], labels[is_sale]) >= 0.70
    assert 8 <= len(learned.segments) <= 12
    assert learned.stability >= 0.85


def test_cancel_is_obeyed() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        compute_learned(plant(receipts=500)[0], until=UNTIL, progress=progress)


# ── what the till does not say ──


def test_sales_without_time_lines_or_price_still_have_a_segment(nine) -> None:
    learned, features, _mission = nine
    bare = features.copy()
    bare["hour_of_day"] = np.int8(NO_HOUR)
    bare.loc[:100, "avg_item_price"] = np.nan
    labels = assign_learned(bare, learned)
    assert set(labels) <= set(range(len(learned.segments)))
    # What they bought tells most of it.
    assert adjusted_rand_score(labels, assign_learned(features, learned)) > 0.8
    again = learn(bare)
    assert np.isfinite(again.silhouette)
    assert adjusted_rand_score(assign_learned(bare, again), labels) > 0.7


def test_refunds_are_in_no_segment(nine) -> None:
    learned, features, _mission = nine
    refunds = features.assign(kind=np.int8(SaleKind.REFUND))
    assert (assign_learned(refunds, learned) == NO_SEGMENT).all()


def test_encoding_knows_midnight_is_near_eleven() -> None:
    features, _mission = plant(receipts=3)
    features["hour_of_day"] = np.array([23, 0, 12], dtype=np.int8)
    hour = encode(features)[:, [CLUSTER_COLUMNS.index(name) for name in ("hour_sin", "hour_cos")]]
    late, midnight, noon = hour
    assert np.linalg.norm(late - midnight) < 0.3 < np.linalg.norm(midnight - noon)


def test_every_column_has_its_block() -> None:
    assert sorted(name for block in BLOCKS for name in block.columns) == sorted(CLUSTER_COLUMNS)


def test_blocks_weigh_what_they_are_said_to(nine) -> None:
    learned, features, _mission = nine
    points = (encode(features) - np.array(learned.means)) / np.array(learned.scales)
    for block in BLOCKS:
        variance = points[:, [CLUSTER_COLUMNS.index(name) for name in block.columns]].var(axis=0)
        assert variance.sum() == pytest.approx(block.weight, rel=1e-3)


def test_telling_a_sale_its_segment_loads_no_scikit_learn() -> None:
    code = (
        "import sys; from colmado_insights.analytics import clusters;"
        "heavy = {'sklearn', 'scipy.cluster', 'scipy.optimize', 'threadpoolctl'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ── how many ──


def trial(
    k: int, silhouette: float, *, stability: float = 0.9, smallest: float = 0.05, inertia: float = 0.0
) -> KTrial:
    return KTrial(k, inertia or 1 / k, silhouette, stability, shuffled=0.1, smallest=smallest)


def test_eight_to_twelve_are_preferred_when_nearly_as_good() -> None:
    trials = [trial(k, 0.40) for k in range(2, 8)] + [trial(8, 0.37), trial(9, 0.38)]
    assert choose_k(trials) == (9, True)


def test_a_real_cluster_is_not_cut_for_the_sake_of_eight() -> None:
    trials = [trial(4, 0.5), trial(5, 0.42), trial(8, 0.44)]
    assert choose_k(trials) == (4, True)


@pytest.mark.parametrize(
    "flaw",
    [{"stability": 0.69}, {"smallest": 0.029}, {"silhouette": 0.12}],
    ids=["unsteady", "tiny", "chance"],
)
def test_what_is_not_distinct_is_not_chosen(flaw: dict[str, float]) -> None:
    good = trial(8, 0.13)
    bad = trial(9, **({"silhouette": 0.135} | flaw))
    assert choose_k([good, bad]) == (8, True)


def test_stability_weighs_as_much_as_the_silhouette() -> None:
    assert choose_k([trial(9, 0.38, stability=0.99), trial(10, 0.40, stability=0.75)]) == (9, True)


def test_of_those_as_firm_the_one_that_shows_most_is_chosen() -> None:
    assert choose_k([trial(9, 0.40), trial(10, 0.38), trial(11, 0.37, stability=0.80)]) == (10, True)


def test_too_few_lump_together_what_the_elbow_tells_apart() -> None:
    falling = [1.0, 0.75, 0.5, 0.25, 0.24, 0.23]
    trials = [
        trial(k, 0.4 if k == 3 else 0.37, inertia=inertia)
        for k, inertia in zip(range(2, 8), falling, strict=True)
    ]
    assert find_elbow(trials) == 5
    assert choose_k(trials)[0] >= 5


def test_without_a_distinct_number_the_steadiest_is_answered_and_said_so() -> None:
    trials = [trial(2, 0.11, stability=0.6), trial(3, 0.11, stability=0.65), trial(4, 0.11, stability=0.2)]
    assert choose_k(trials) == (3, False)


def test_the_number_of_the_last_run_stays_while_it_is_as_firm() -> None:
    trials = [trial(10, 0.39), trial(11, 0.40)]
    assert choose_k(trials) == (11, True)
    assert choose_k(trials, previous=10) == (10, True)
    unsteady = [trial(10, 0.39, stability=0.75), trial(11, 0.40)]
    assert choose_k(unsteady, previous=10) == (11, True)


# ── ids ──


def test_segments_keep_their_ids_from_run_to_run(nine) -> None:
    first, _features, _mission = nine
    features, _ = plant(receipts=1_200, seed=5)
    second = learn(features, previous=first)
    before, after = (
        np.array([segment.segment_id for segment in run.segments])[assign_learned(features, run)]
        for run in (first, second)
    )
    assert (before == after).mean() > 0.9
    large = {segment.segment_id: segment.top_categories[0][0] for segment in first.segments[:8]}
    now = {segment.segment_id: segment.top_categories[0][0] for segment in second.segments}
    assert large.items() <= now.items()


def test_a_new_segment_gets_a_new_id_and_a_retired_one_never_comes_back(nine) -> None:
    first, _features, _mission = nine
    others = (*MISSIONS[1:], Mission(0.2, {Category.PERSONAL_CARE: 1.0}, 17, pesos=150))
    features, _ = plant(others, receipts=1_200, seed=6)
    second = learn(features, previous=first)
    old = {segment.segment_id for segment in first.segments}
    fresh = {segment.segment_id for segment in second.segments} - old
    assert fresh
    third, _next = match_ids(first, second)
    reborn = set(third) - {segment.segment_id for segment in second.segments}
    assert reborn.isdisjoint(old | fresh)


def test_ids_do_not_follow_the_scale(nine) -> None:
    first, _features, _mission = nine
    scales, means = np.array(first.scales), np.array(first.means)
    raw = np.array(first.centres) * scales + means
    order = np.random.default_rng(0).permutation(len(raw))
    moved = replace(
        first,
        scales=tuple(scales * 3),
        means=tuple(means + 1),
        centres=tuple(map(tuple, (raw[order] - means - 1) / (scales * 3))),
    )
    ids, number = match_ids(moved, first)
    assert list(ids) == [first.segments[place].segment_id for place in order]
    assert number == first.next_number


def test_growth_compares_with_the_window_before() -> None:
    now, _ = plant(receipts=1_000)
    before, _ = plant(receipts=500, seed=1, until=UNTIL - timedelta(days=30))
    learned = learn(now, before=before)
    grown = [segment.growth for segment in learned.segments]
    assert None not in grown
    assert np.mean([growth for growth in grown if growth is not None]) == pytest.approx(1.0, abs=0.25)


# ── the silhouette ──


def test_silhouettes_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    points = rng.normal(size=(1_300, 5)).astype(np.float32)
    points[:500] += 3
    labelings = [(points[:, 0] > 1.5).astype(int), rng.integers(0, 7, len(points))]
    labelings[1][labelings[1] == 6] = 5
    labelings[1][7] = 6  # alone in its cluster
    for found, labels in zip(silhouettes(points, labelings), labelings, strict=True):
        np.testing.assert_allclose(found, silhouette_samples(points, labels), atol=2e-4)


def test_one_cluster_has_no_silhouette() -> None:
    points = np.ones((4, 2), dtype=np.float32)
    assert silhouettes(points, [np.zeros(4, dtype=int)])[0].tolist() == [0, 0, 0, 0]
