"""What a version brought, as the changelog that comes along tells it."""

from __future__ import annotations

import re

from colmado_insights import config
from colmado_insights.text import language
from colmado_insights.updates.versions import Version

_HEADING = re.compile(r"^## +(\S+).*$", re.MULTILINE)


def read_news(version: Version) -> str:
    """That version's part of the changelog, in the present language if it was written in it; "" without one."""
    path = config.changelog(language())
    try:
        words = path.read_text(encoding="utf-8") if path else ""
    except (OSError, ValueError):
        return ""
    headings = list(_HEADING.finditer(words))
    for place, heading in enumerate(headings):
        if Version.parse(heading[1]) == version:
            end = headings[place + 1].start() if place + 1 < len(headings) else len(words)
            return words[heading.end() : end].strip()
    return ""


def as_lines(news: str) -> list[str]:
    """The news as they are shown: a line a point, without the marks and breaks of the file."""
    lines: list[str] = []
    for line in news.splitlines():
        point = re.match(r"\s*[-*] +(.*)", line)
        if point:
            lines.append(f"• {point[1].strip()}")
        elif not line.strip():
            lines.append("")
        elif lines and lines[-1]:
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line.strip().lstrip("# "))
    return [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
