"""How one customer chooses: always the same, where it is cheap, or what catches the eye."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from colmado_insights.analytics.beyond_chance import Counts, stand_out, tails_of
from colmado_insights.analytics.crowd import Crowd, SoldLines, find_bargains, find_treats
from colmado_insights.analytics.results import DecisionStyle
from colmado_insights.domain import Reason, day_number

_REPEATED = 3
_LEAST_LINES, _LEAST_RECEIPTS = 20, 8
_CLEARLY = 0.10
"""A style needs a share so far above the crowd's: what is sure may still be small."""
_MOST_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class _Style:
    """One way of choosing: how sure it is (p), how far beyond the crowd, and in words."""

    style: DecisionStyle
    p: float
    beyond: float
    reason: Reason


def _styles(sold: SoldLines, products: pd.DataFrame, sales: Counts, crowd: Crowd) -> tuple[_Style, ...]:
    """The three ways of choosing, each against the crowd."""
    named = sold.among(products)
    lines = named.product.size
    repeated = sum(count for count in Counter(named.product.tolist()).values() if count >= _REPEATED)
    is_priced, is_bargain = find_bargains(named, crowd.usual_cents, day_number(crowd.until))
    priced, bargains = int(is_priced.sum()), int(is_bargain.sum())
    treats = int(find_treats(sold, int(sales.max()) + 1).sum())
    return (
        _style(DecisionStyle.REGULAR, repeated, lines, _expected_repeats(lines, crowd), at_once=_REPEATED),
        _style(DecisionStyle.BARGAIN, bargains, priced, crowd.bargain_share),
        _style(DecisionStyle.IMPULSE, treats, sales.size, crowd.treat_share),
    )


def _style(style: DecisionStyle, count: int, whole: int, usual: float, at_once: int = 1) -> _Style:
    """One way of choosing from a count, and what the crowd's would be; so many of them come only together."""
    share = count / whole if whole else 0.0
    p = float(tails_of(np.array([count // at_once]), whole // at_once, np.array([usual]))[0])
    return _Style(style, p, share - usual, Reason.of(f"style_{style}", share=share, usual_share=usual))


def _expected_repeats(lines: int, crowd: Crowd) -> float:
    """The share of lines of products drawn three times, when all lines are drawn as everybody buys."""
    from scipy.special import bdtrc

    if not crowd.lines or lines < _REPEATED:
        return 0.0
    share = np.array(list(crowd.lines.values()), dtype=np.float64)
    share /= share.sum()
    return float(share @ bdtrc(_REPEATED - 2, lines - 1, share))


def decide_style(
    sold: SoldLines, products: pd.DataFrame, sales: Counts, crowd: Crowd
) -> tuple[DecisionStyle, float, tuple[Reason, ...]]:
    """Tell the style that is furthest beyond the crowd, its confidence and its reasons.

    Parameters
    ----------
    sold : SoldLines
        Of one customer, from the days that the crowd knows.
    products : DataFrame
        `product_id` of the catalogue: what it does not name is nothing that one could come back to.
    sales : ndarray of int64
        Row positions of their sales.
    crowd : Crowd
        What all customers do.

    Notes
    -----
    Asked from 20 lines and 8 receipts on. Regular: more lines are of products bought three times than so many
    draws from what everybody buys would repeat; such lines come three at a time, and weigh as one. Bargain: more lines were paid 3 % or more under the usual
    price. Impulse: more receipts are one or two snacks or soft drinks and nothing else. One that is sure at
    5 % (Holm) and ten points beyond the crowd is answered, else UNKNOWN.
    """
    if sold.receipt.size < _LEAST_LINES or sales.size < _LEAST_RECEIPTS:
        return DecisionStyle.UNKNOWN, 0.0, (Reason.of("style_few", purchases=sales.size),)
    styles = _styles(sold, products, sales, crowd)
    is_real = stand_out(np.array([style.p for style in styles]))
    found = [style for style, real in zip(styles, is_real, strict=True) if real and style.beyond >= _CLEARLY]
    if not found:
        return DecisionStyle.UNKNOWN, 0.0, (Reason.of("style_like_all", purchases=sales.size),)
    found.sort(key=lambda style: -style.beyond)
    confidence = min(1 - len(styles) * found[0].p, _MOST_CONFIDENCE)
    return found[0].style, confidence, tuple(style.reason for style in found)
