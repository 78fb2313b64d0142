"""Newer versions of this program: found on this PC, or online where the owner allows it; never taken by themselves.

A file in hand is read by `releases`, what is announced online by `announcements`; `online` is the only module that
asks the network. `standing` says how all stands, for the window and the command line alike.
"""

from __future__ import annotations

from colmado_insights.updates.installing import find_steps, start_setup
from colmado_insights.updates.memory import put_off, skip, take_first_run
from colmado_insights.updates.news import as_lines, read_news
from colmado_insights.updates.online import fetch
from colmado_insights.updates.places import tidy_downloads
from colmado_insights.updates.releases import (
    Program,
    Release,
    may_be_release,
    read_release,
    this_program,
    verify_release,
)
from colmado_insights.updates.standing import Standing, find_offer, look_if_due, look_now, read_standing
from colmado_insights.updates.versions import Version

__all__ = [
    "Program",
    "Release",
    "Standing",
    "Version",
    "as_lines",
    "fetch",
    "find_offer",
    "find_steps",
    "look_if_due",
    "look_now",
    "may_be_release",
    "put_off",
    "read_news",
    "read_release",
    "read_standing",
    "skip",
    "start_setup",
    "take_first_run",
    "this_program",
    "tidy_downloads",
    "verify_release",
]
