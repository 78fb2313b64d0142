"""What is remembered about newer versions between two starts, in a small file of this PC."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from colmado_insights import config
from colmado_insights.errors import AdviceRefused
from colmado_insights.files import write_json
from colmado_insights.updates.announcements import MOST_BYTES, read_announcement
from colmado_insights.updates.releases import Kind, Release
from colmado_insights.updates.versions import Version

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(days=1)
RETRY_AFTER = timedelta(hours=1)
"""When there was no internet: a shop that opens before its internet does would never hear of anything."""
PUT_OFF_FOR = timedelta(days=7)
MOST_FILE = 4 * MOST_BYTES


@dataclass(frozen=True)
class Memory:
    """Moments as ISO text, "" when there was none."""

    looked_at: str = ""  # when the list of versions was last had
    next_look_at: str = ""
    url: str = ""  # where it was had
    announced: str = ""  # the list itself
    skipped: str = ""  # up to this version nothing is mentioned
    put_off: str = ""  # this version is not mentioned …
    put_off_until: str = ""  # … before then
    ran: str = ""  # the version that ran last


def memory_file() -> Path:
    """Where it is kept."""
    return config.data_folder() / "updates.json"


def read_memory() -> Memory:
    """What is remembered; a file that cannot be read counts as nothing."""
    try:
        with memory_file().open("rb") as file:
            values = json.loads(file.read(MOST_FILE))
    except (OSError, ValueError, RecursionError):
        return Memory()
    known = asdict(Memory())
    kept = values if isinstance(values, dict) else {}
    return Memory(**{name: kept[name] for name in known if isinstance(kept.get(name), str)})


def change_memory(**changes: str) -> Memory:
    """Remember something else, and return all; where nothing can be written, all is as it was."""
    memory = Memory(**(asdict(read_memory()) | changes))
    try:
        write_json(memory_file(), asdict(memory))
    except OSError:
        log.info("what is known of newer versions could not be kept")
    return memory


def read_moment(words: str) -> datetime | None:
    """A moment that was kept."""
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return None if moment.tzinfo else moment


def is_look_due(now: datetime) -> bool:
    """True once a day; a clock that was set back waits a day from where it is now, and is not made up for."""
    next_at = read_moment(read_memory().next_look_at)
    if next_at is None or next_at <= now:
        return True
    if next_at > now + LOOK_EVERY:
        change_memory(next_look_at=(now + LOOK_EVERY).isoformat())
    return False


def remember_look(now: datetime, url: str, body: bytes) -> None:
    """Keep the list of versions that was had."""
    change_memory(
        looked_at=now.isoformat(),
        next_look_at=(now + LOOK_EVERY).isoformat(),
        url=url,
        announced=body.decode(),
    )


def remember_silence(now: datetime) -> None:
    """Keep that nothing was had, and when to try again."""
    change_memory(next_look_at=(now + RETRY_AFTER).isoformat())


def put_off(version: Version, now: datetime) -> None:
    """Do not mention this version for a week."""
    change_memory(put_off=str(version), put_off_until=(now + PUT_OFF_FOR).isoformat())


def skip(version: Version) -> None:
    """Never mention this version."""
    change_memory(skipped=str(version))


def is_quiet(memory: Memory, version: Version, now: datetime) -> bool:
    """True when the owner does not want to hear of this version now."""
    skipped = Version.parse(memory.skipped)
    if skipped is not None and version <= skipped:
        return True
    until = read_moment(memory.put_off_until)
    is_put_off = until is not None and now < until <= now + PUT_OFF_FOR
    return is_put_off and Version.parse(memory.put_off) == version


def read_announced(memory: Memory, url: str, kind: Kind) -> Release | None:
    """The file of that kind in the list that was had at that address."""
    if not memory.announced or memory.url != url:
        return None
    try:
        return read_announcement(memory.announced.encode(), url).get(kind)
    except AdviceRefused:
        return None


def take_first_run(version: Version) -> bool:
    """True once, when a newer version runs than the one that ran last; never on a PC where none ran."""
    before = read_memory().ran
    if before != str(version):
        change_memory(ran=str(version))
    old = Version.parse(before)
    return old is not None and old < version
