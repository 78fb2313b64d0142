"""A real server on loopback where versions are published, and which misbehaves on demand.

    with ReleaseServer(folder) as server:
        server.publish(Version(0, 2, 0))
        ...  # look at server.latest
        server.pages["/v/latest.json"] = html()

How it can misbehave stands in `tests.grok_server`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from colmado_insights.updates.releases import Kind
from colmado_insights.updates.versions import Version
from tests.grok_server import Behaviour, Call, GrokServer, failing, raw
from tests.updates.release_files import NEW, make_release, sum_of

LATEST = "/v/latest.json"
NOTES = {"es": "- Se ve mejor.\n- Va más rápido.", "en": "- Looks better.\n- Runs faster."}


class ReleaseServer(GrokServer):
    """What lies where: `pages` are behaviours by path, anything else is not found."""

    def __init__(self, folder: Path, *, is_secure: bool = False) -> None:
        super().__init__(is_secure=is_secure)
        self.folder = folder
        self.pages: dict[str, Behaviour] = {}

    @property
    def latest(self) -> str:
        """The address for the setting `releases_url`."""
        return self.url.removesuffix("/v1") + LATEST

    def publish(self, version: Version = NEW, **changes: Any) -> dict[str, Any]:
        """Put a version there with all its files; `changes` are made to the list."""
        rows = []
        for kind in Kind:
            path = make_release(self.folder, kind, version)
            rows.append(
                {"name": path.name, "kind": str(kind), "size": path.stat().st_size, "sha256": sum_of(path)}
            )
            self.pages[f"/v/{path.name}"] = raw(200, path.read_bytes())
        listed = {"version": str(version), "date": "2026-12-01", "notes": NOTES, "files": rows} | changes
        self.pages[LATEST] = raw(200, json.dumps(listed).encode())
        return listed

    def arrived(self, call: Call) -> Behaviour:
        """Write a request down and tell how to behave."""
        self.calls.append(call)
        return self.pages.get(call.path) or failing(404, "no such path")
