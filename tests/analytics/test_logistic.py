"""The logistic regression beside scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.logistic import Logistic


@pytest.fixture
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    columns = rng.normal(5, 3, (800, 4))
    chance = 1 / (1 + np.exp(-(columns[:, 0] - 0.5 * columns[:, 1] - 2)))
    return columns, (rng.random(800) < chance).astype(float)


def test_same_chances_as_scikit_learn(rows: tuple[np.ndarray, np.ndarray]) -> None:
    from sklearn.linear_model import LogisticRegression

    columns, came = rows
    scaled = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    theirs = (
        LogisticRegression(C=1 / 3.0, tol=1e-8, max_iter=1000).fit(scaled, came).predict_proba(scaled)[:, 1]
    )
    assert Logistic.fit(columns, came, ridge=3.0).predict(columns) == pytest.approx(theirs, abs=1e-4)


def test_column_without_scatter_and_perfect_separation_do_no_harm() -> None:
    columns = np.column_stack([np.ones(40), np.arange(40.0)])
    came = (np.arange(40) >= 20).astype(float)
    said = Logistic.fit(columns, came).predict(columns)
    assert said[0] < 0.1
    assert said[-1] > 0.9
    assert np.isfinite(said).all()


def test_nothing_ever_came() -> None:
    said = Logistic.fit(np.arange(30.0)[:, None], np.zeros(30)).predict(np.arange(30.0)[:, None])
    assert said.max() < 0.01
