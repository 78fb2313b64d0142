"""How long ago something was, as people say it."""

from __future__ import annotations

from datetime import datetime

from colmado_insights import text
from colmado_insights.text import _, ngettext

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def ago(moment: datetime, now: datetime) -> str:
    """hace 2 min, hace 3 h, ayer 8:10 p. m., hace 5 días, or the date."""
    seconds = (now - moment).total_seconds()
    if seconds < MINUTE:
        return _("ahora mismo")
    if seconds < HOUR:
        return _("hace {n} min").format(n=int(seconds // MINUTE))
    if moment.date() == now.date():
        return _("hace {n} h").format(n=int(seconds // HOUR))
    days = (now.date() - moment.date()).days
    if days == 1:
        return _("ayer, {time}").format(time=text.clock(moment))
    if days < 60:
        return ngettext("hace {n} día", "hace {n} días", days).format(n=days)
    return f"{moment.day} {text.month_name(moment.month, short=True)} {moment.year}"
