"""What every page receives: the shop, its settings, the tasks, the look, and the ways out of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from colmado_insights.config import Settings
from colmado_insights.domain import Role
from colmado_insights.ui.restoring import Restoring
from colmado_insights.ui.schedule import Schedule
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.updates import Updates

if TYPE_CHECKING:
    from colmado_insights.shop import Shop


@dataclass(frozen=True)
class Context:
    """Handed to pages and panels when they are made; a new look or language makes new pages."""

    shop: Shop
    settings: Settings
    tasks: Tasks
    look: Look
    clock: Callable[[], datetime]
    go: Callable[[str], object]  # opens the page of that name
    bring_file: Callable[[], object]  # asks for files of sales
    make_sample: Callable[[], object]  # opens the sample shop
    write_report: Callable[[str, str], object]  # kind and suffix
    change_settings: Callable[[Settings], None]
    role: Role = Role.OWNER  # who is looking: a cashier is shown no costs
    schedule: Schedule | None = None  # what is done by itself; none where nobody looks after it
    restoring: Restoring | None = None  # backups to put back; none where nobody decides on the data
    updates: Updates | None = None  # newer versions of the program; none where nobody decides on them
