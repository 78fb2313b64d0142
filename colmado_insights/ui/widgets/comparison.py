"""How a number stands against what is usual: a sign, a word and a tone, never a colour alone."""

from __future__ import annotations

from colmado_insights import text
from colmado_insights.analytics.results import Usual
from colmado_insights.text import _
from colmado_insights.ui.widgets.label import Tone

EVEN = 0.005
WORTH_A_COLOR = 0.03  # smaller changes come and go by chance


def against_usual(value: float | None, usual: Usual | None) -> tuple[str, Tone]:
    """▲ 22 % when above the band of what is normal, ▼ below it, = normal inside; nothing without a usual."""
    if value is None or usual is None or usual.mean <= 0:
        return "", Tone.PLAIN
    if usual.lo <= value <= usual.hi:
        return _("= normal"), Tone.PLAIN
    return signed_change(value / usual.mean - 1)


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
