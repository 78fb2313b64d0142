"""The rivals for the value of customers, run in their own environment: a question in JSON in, expectations out.

`seen` are frequency (repeat visits), recency, age and mean spend of each customer, `ahead` the days to look ahead;
with `columns` and `spent` of past cut-offs and `asked` of now, what learns from them answers too.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.utils import ConvergenceError

PENALTIES = (0.0, 0.001, 0.01, 0.1, 1.0)
"""Tried one after the other until a fit converges: plain maximum likelihood first."""


def fit(model: type[Any], *data: Any) -> tuple[Any, float]:
    """The first fit that converges, and its penalty."""
    for penalty in PENALTIES:
        try:
            found = model(penalizer_coef=penalty).fit(*data)
        except ConvergenceError as error:
            print(f"{model.__name__} with penalty {penalty}: {error}", file=sys.stderr)
            continue
        if found.params_.notna().all() and (model is BetaGeoFitter or found.params_["q"] > 1):
            return found, penalty
    raise SystemExit(f"{model.__name__} did not converge")


def expect(question: dict[str, Any]) -> dict[str, Any]:
    """What every rival expects of every customer."""
    seen = pd.DataFrame(question["seen"])
    visits, penalty = fit(BetaGeoFitter, seen["frequency"], seen["recency"], seen["age"])
    buyers = seen[(seen["frequency"] > 0) & (seen["spend"] > 0)]
    spend, spend_penalty = fit(GammaGammaFitter, buyers["frequency"], buyers["spend"])
    expected = visits.conditional_expected_number_of_purchases_up_to_time(
        question["ahead"], seen["frequency"], seen["recency"], seen["age"]
    )
    mean = spend.conditional_expected_average_profit(seen["frequency"], seen["spend"])
    answer: dict[str, Any] = {
        "parameters": {**visits.params_.to_dict(), **spend.params_.to_dict()},
        "penalties": [penalty, spend_penalty],
        "lifetimes": (expected * mean).tolist(),
    }
    if "columns" in question:
        import lightgbm
        from sklearn.ensemble import RandomForestRegressor

        columns, asked = np.array(question["columns"]), np.array(question["asked"])
        spent = np.maximum(np.array(question["spent"]), 0.0)
        forest = RandomForestRegressor(n_estimators=300, min_samples_leaf=5, random_state=0)
        boosted = lightgbm.LGBMRegressor(
            objective="tweedie",
            n_estimators=150,
            learning_rate=0.05,
            num_leaves=15,
            verbose=-1,
            random_state=0,
        )
        answer["forest"] = forest.fit(columns, spent).predict(asked).tolist()
        answer["lightgbm"] = boosted.fit(columns, spent).predict(asked).tolist()
    return answer


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):  # lifetimes prints when a fit fails
        expected = expect(json.load(sys.stdin))
    json.dump(expected, sys.stdout)
