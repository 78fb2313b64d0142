"""How this program stands to its newer versions, by what lies on this PC and what was heard online."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from colmado_insights import config
from colmado_insights.config import Settings
from colmado_insights.errors import AdviceProblem
from colmado_insights.progress import Progress
from colmado_insights.updates.memory import (
    is_look_due,
    is_quiet,
    read_announced,
    read_memory,
    read_moment,
    remember_look,
    remember_silence,
)
from colmado_insights.updates.online import look
from colmado_insights.updates.places import find_newest
from colmado_insights.updates.releases import Program, Release, this_program, with_news
from colmado_insights.updates.versions import Version


@dataclass(frozen=True)
class Standing:
    """How this program stands to its newer versions."""

    program: Program
    newest: Release | None  # newer than this one, in hand or announced
    looked_at: datetime | None  # online
    is_allowed: bool  # to look online
    url: str  # where; "" when there is nowhere to look


def read_standing(settings: Settings, program: Program | None = None) -> Standing:
    """How all stands, by what lies on this PC and what was heard last; nobody is asked."""
    program = program or this_program()
    url, memory = config.releases_url(settings), read_memory()
    here = find_newest(program, settings)
    announced = read_announced(memory, url, program.kind) if settings.look_for_updates else None
    if announced is not None and not _is_wanted(announced.version, program.version):
        announced = None
    if here is not None and announced is not None and here.version == announced.version:
        here = with_news(here, announced)
    newest = max(
        filter(None, (announced, here)), key=lambda each: (each.version, each.path is not None), default=None
    )
    return Standing(program, newest, read_moment(memory.looked_at), settings.look_for_updates, url)


def find_offer(settings: Settings, now: datetime, program: Program | None = None) -> Release | None:
    """The newer version to tell the owner about; none that was put off or skipped."""
    newest = read_standing(settings, program).newest
    return None if newest is None or is_quiet(read_memory(), newest.version, now) else newest


def look_now(settings: Settings, now: datetime, progress: Progress) -> None:
    """Ask online which version is the newest, because the owner wants to know.

    Raises
    ------
    NotAllowed, NoNetwork, AdviceRefused, Cancelled
        As `online.look` does.
    """
    remember_look(now, *look(settings, progress))


def look_if_due(settings: Settings, now: datetime, progress: Progress) -> bool:
    """Ask online, at most once a day and only where it is allowed; trouble is for the next time. True if it was had."""
    if not (settings.look_for_updates and config.releases_url(settings) and is_look_due(now)):
        return False
    remember_silence(now)  # whatever becomes of it
    try:
        look_now(settings, now, progress)
    except AdviceProblem:
        return False
    return True


def _is_wanted(version: Version, own: Version) -> bool:
    """Newer; trials are announced only to who runs one."""
    return version > own and (own.is_trial or not version.is_trial)
