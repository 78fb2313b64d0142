"""A believable colmado, made up from one file of parameters, and the truth hidden in it.

The same seed gives the same shop to the last cent, whatever the clock says. What was
planted (lifts, cuts, rhythms, price changes, pairs) is returned beside the sales, so
that a test can ask an analysis whether it found it.
"""

from __future__ import annotations

from colmado_insights.sample_shop.catalogue import VARIOS, read_products
from colmado_insights.sample_shop.export import (
    Clock,
    Language,
    write_flat,
    write_loyverse,
    write_missions,
    write_truth,
)
from colmado_insights.sample_shop.lists import draw_consents, write_lists
from colmado_insights.sample_shop.parameters import (
    ShopParameters,
    bench_days,
    bench_parameters,
    read_parameters,
)
from colmado_insights.sample_shop.shop import DEMO_DAYS, DEMO_SEED, SampleShop, generate

__all__ = [
    "DEMO_DAYS",
    "DEMO_SEED",
    "VARIOS",
    "Clock",
    "Language",
    "SampleShop",
    "ShopParameters",
    "bench_days",
    "bench_parameters",
    "draw_consents",
    "generate",
    "read_parameters",
    "read_products",
    "write_flat",
    "write_lists",
    "write_loyverse",
    "write_missions",
    "write_truth",
]
