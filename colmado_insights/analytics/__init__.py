"""What the sales mean: frames in, frozen results out; no database, no Qt, no clock.

To add an analysis: a module with one public `compute_…` that checks its frames at the
door, answers `NotEnough` when there is too little, and changes nothing it is given; its
line in ANALYSES; and how to call it in `tests/analytics/test_battery.py`, which then
tries it on every kind of shop.
"""

from collections.abc import Callable
from typing import Any

from colmado_insights.analytics.basket_model import compute_basket_model
from colmado_insights.analytics.baskets import compute_baskets
from colmado_insights.analytics.care import compute_care
from colmado_insights.analytics.category_chance import compute_category_chances
from colmado_insights.analytics.churn import compute_churns
from colmado_insights.analytics.clusters import compute_learned
from colmado_insights.analytics.cost_alarms import find_cost_alarms
from colmado_insights.analytics.crowd import compute_crowd
from colmado_insights.analytics.customer_migration import compute_customer_migration
from colmado_insights.analytics.customer_profile import compute_profile
from colmado_insights.analytics.day import compute_day
from colmado_insights.analytics.demand import compute_demand, compute_demands
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.elasticity import compute_elasticities, compute_elasticity
from colmado_insights.analytics.experiments import compute_experiment
from colmado_insights.analytics.features import compute_features
from colmado_insights.analytics.forecast import compute_forecast
from colmado_insights.analytics.hours import compute_hours
from colmado_insights.analytics.lifetime import compute_lifetimes
from colmado_insights.analytics.migration import compute_migration
from colmado_insights.analytics.next_purchase import compute_next_purchases
from colmado_insights.analytics.normal import (
    compare_span,
    compute_normal,
    compute_normal_basket,
    compute_normal_span,
)
from colmado_insights.analytics.outcome import compute_outcome
from colmado_insights.analytics.patterns import compute_pattern, compute_pay_curve, compute_seasons
from colmado_insights.analytics.performance import compute_performance
from colmado_insights.analytics.prediction_track import compute_prediction_tracks
from colmado_insights.analytics.price_board import compute_price_board
from colmado_insights.analytics.pricing import compute_price_advice
from colmado_insights.analytics.replenish import compute_replenishments
from colmado_insights.analytics.rfm import compute_rfm
from colmado_insights.analytics.seasonal import compute_seasonal
from colmado_insights.analytics.segments import assign_segments, compute_segments
from colmado_insights.analytics.today import compute_live, compute_rest_of_day, compute_traffic
from colmado_insights.analytics.tracking import compute_track
from colmado_insights.analytics.trends import compute_trends

ANALYSES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("features", compute_features),
    ("assignments", assign_segments),
    ("segments", compute_segments),
    ("learned", compute_learned),
    ("migration", compute_migration),
    ("performance", compute_performance),
    ("pattern", compute_pattern),
    ("pay_curve", compute_pay_curve),
    ("seasons", compute_seasons),
    ("normal", compute_normal),
    ("normal_span", compute_normal_span),
    ("normal_basket", compute_normal_basket),
    ("span", compare_span),
    ("day", compute_day),
    ("live", compute_live),
    ("traffic", compute_traffic),
    ("rest_of_day", compute_rest_of_day),
    ("forecast", compute_forecast),
    ("hours", compute_hours),
    ("demand", compute_demand),
    ("demands", compute_demands),
    ("track", compute_track),
    ("basket_model", compute_basket_model),
    ("baskets", compute_baskets),
    ("trends", compute_trends),
    ("seasonal", compute_seasonal),
    ("rfm", compute_rfm),
    ("lifetimes", compute_lifetimes),
    ("churns", compute_churns),
    ("next_purchases", compute_next_purchases),
    ("replenishments", compute_replenishments),
    ("category_chances", compute_category_chances),
    ("prediction_tracks", compute_prediction_tracks),
    ("customer_migration", compute_customer_migration),
    ("crowd", compute_crowd),
    ("profile", compute_profile),
    ("care", compute_care),
    ("outcome", compute_outcome),
    ("elasticity", compute_elasticity),
    ("elasticities", compute_elasticities),
    ("price_advice", compute_price_advice),
    ("cost_alarms", find_cost_alarms),
    ("price_board", compute_price_board),
    ("experiment", compute_experiment),
)

__all__ = ["ANALYSES", "check_frame"]
