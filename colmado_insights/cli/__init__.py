"""The product without a window: `colmado`, with the same powers and machine-readable answers.

One file a subject; each hangs its commands on the group of `group.py`.

To add a command: a function `(options, …)` under `@main.command()` and `@common` in the file of its
subject, which asks `Shop` and ends in `options.show(values, words)`; a new file is named here twice.
"""

from colmado_insights.cli import (
    ask,
    care,
    catalog,
    customers,
    experiments,
    forecasts,
    grok,
    live,
    patterns,
    personas,
    prices,
    products,
    recommend,
    sales,
    segments,
    summary,
    updates,
)
from colmado_insights.cli.group import main

__all__ = [
    "ask",
    "care",
    "catalog",
    "customers",
    "experiments",
    "forecasts",
    "grok",
    "live",
    "main",
    "patterns",
    "personas",
    "prices",
    "products",
    "recommend",
    "sales",
    "segments",
    "summary",
    "updates",
]
