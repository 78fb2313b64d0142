"""Linear algebra that keeps to itself: one thread inside, as many as before outside."""

from __future__ import annotations

import pytest
from threadpoolctl import threadpool_info

from colmado_insights.analytics.threads import with_one_algebra_thread


def algebra_threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


@with_one_algebra_thread
def seen_inside(fails: bool = False) -> list[int]:
    """How many threads a function sees."""
    if fails:
        raise ValueError("as asked")
    return algebra_threads()


def test_one_thread_inside_and_as_many_as_before_outside() -> None:
    before = algebra_threads()
    assert set(seen_inside()) <= {1}
    assert algebra_threads() == before
    with pytest.raises(ValueError, match="as asked"):
        seen_inside(fails=True)
    assert algebra_threads() == before


def test_the_name_and_the_words_stay() -> None:
    assert (seen_inside.__name__, seen_inside.__doc__) == (
        "seen_inside",
        "How many threads a function sees.",
    )
