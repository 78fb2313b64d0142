"""The one bridge: frames from storage go through analytics, answers are kept with their freshness.

One file a question; `keeping.py` knows what stays fresh.
"""

from colmado_insights.insights.actions import Advice, find_actions
from colmado_insights.insights.assigning import find_sale_segments
from colmado_insights.insights.baskets import find_basket_model, find_baskets, refresh_baskets
from colmado_insights.insights.care import find_care, refresh_care
from colmado_insights.insights.categorizing import categorizer
from colmado_insights.insights.closing import read_whole_day, read_whole_until
from colmado_insights.insights.customers import (
    CustomerBook,
    CustomerView,
    find_customer_view,
    find_customers,
    find_prediction_tracks,
    read_segment_history,
    refresh_customers,
)
from colmado_insights.insights.demands import find_product, refresh_demands
from colmado_insights.insights.features import FEATURES, read_features, refresh_features
from colmado_insights.insights.forecasts import HORIZON_DAYS, find_forecast, find_hours
from colmado_insights.insights.freshness import CacheUse, flush_uses, read_cache_use
from colmado_insights.insights.keeping import calendar, shop_parameters, yesterday
from colmado_insights.insights.learned import count_learned, find_learned, find_migration, refresh_learned
from colmado_insights.insights.ledger import (
    LedgerEntry,
    LedgerSum,
    count_outcomes,
    note_shown,
    read_ledger,
    refresh_outcomes,
    sum_ledger,
)
from colmado_insights.insights.normal import find_normal, find_normal_basket, find_normal_span
from colmado_insights.insights.patterns import find_pattern, find_pay_curve, find_seasons
from colmado_insights.insights.performance import find_performance
from colmado_insights.insights.prices import (
    find_price_advice,
    find_prices,
    read_price_weeks,
    refresh_prices,
)
from colmado_insights.insights.recommending import OfferBook, find_offer, find_recommendations, read_offers
from colmado_insights.insights.refreshing import (
    read_drift,
    refresh_drift,
    refresh_forecasts,
    refresh_hours,
    refresh_products,
    refresh_segments,
    warm_up,
)
from colmado_insights.insights.samples import SampleBasket, find_samples
from colmado_insights.insights.segments import find_segments
from colmado_insights.insights.span import SpanSales, find_span
from colmado_insights.insights.summary import Summary, read_summary
from colmado_insights.insights.tracking import find_drifted, find_track
from colmado_insights.insights.weeks import CategoryWeek, ShopWeek, SpecialDay, find_special_days, find_week

__all__ = [
    "FEATURES",
    "HORIZON_DAYS",
    "Advice",
    "CacheUse",
    "CategoryWeek",
    "CustomerBook",
    "CustomerView",
    "LedgerEntry",
    "LedgerSum",
    "OfferBook",
    "SampleBasket",
    "ShopWeek",
    "SpanSales",
    "SpecialDay",
    "Summary",
    "calendar",
    "categorizer",
    "count_learned",
    "count_outcomes",
    "find_actions",
    "find_basket_model",
    "find_baskets",
    "find_care",
    "find_customer_view",
    "find_customers",
    "find_drifted",
    "find_forecast",
    "find_hours",
    "find_learned",
    "find_migration",
    "find_normal",
    "find_normal_basket",
    "find_normal_span",
    "find_offer",
    "find_pattern",
    "find_pay_curve",
    "find_performance",
    "find_prediction_tracks",
    "find_price_advice",
    "find_prices",
    "find_product",
    "find_recommendations",
    "find_sale_segments",
    "find_samples",
    "find_seasons",
    "find_segments",
    "find_span",
    "find_special_days",
    "find_track",
    "find_week",
    "flush_uses",
    "note_shown",
    "read_cache_use",
    "read_drift",
    "read_features",
    "read_ledger",
    "read_offers",
    "read_price_weeks",
    "read_segment_history",
    "read_summary",
    "read_whole_day",
    "read_whole_until",
    "refresh_baskets",
    "refresh_care",
    "refresh_customers",
    "refresh_demands",
    "refresh_drift",
    "refresh_features",
    "refresh_forecasts",
    "refresh_hours",
    "refresh_learned",
    "refresh_outcomes",
    "refresh_prices",
    "refresh_products",
    "refresh_segments",
    "shop_parameters",
    "sum_ledger",
    "warm_up",
    "yesterday",
]
