"""How a number stands against what is normal: a sign, a word and a tone, never a colour alone."""

from __future__ import annotations

from colmado_insights import text
from colmado_insights.analytics.results import Verdict
from colmado_insights.text import _
from colmado_insights.ui.widgets.label import Tone

EVEN = 0.005
WORTH_A_COLOR = 0.03  # smaller changes come and go by chance


def against_normal(value: float | None, mean: float | None, verdict: Verdict) -> tuple[str, Tone]:
    """▲ 22 % más or ▼ 20 % menos when that is beyond noise, else = como siempre; nothing when nobody knows."""
    if verdict is Verdict.AS_USUAL:
        return _("= como siempre"), Tone.PLAIN
    if verdict is Verdict.UNKNOWN or not value or not mean or mean <= 0:
        return "", Tone.PLAIN
    change = text.percent(abs(value / mean - 1))
    if verdict is Verdict.MORE:
        return _("▲ {change} más").format(change=change), Tone.GOOD
    return _("▼ {change} menos").format(change=change), Tone.BAD


def signed_change(share: float | None) -> tuple[str, Tone]:
    """▲ 4 %, ▼ 6 % or = igual."""
    if share is None:
        return "", Tone.PLAIN
    if abs(share) < EVEN:
        return _("= igual"), Tone.PLAIN
    words = text.percent(abs(share))
    if share > 0:
        return f"▲ {words}", Tone.GOOD if share >= WORTH_A_COLOR else Tone.PLAIN
    return f"▼ {words}", Tone.BAD if share <= -WORTH_A_COLOR else Tone.PLAIN
