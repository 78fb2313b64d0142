"""The workflow files: what they call exists, and nothing secret or foreign gets into a command."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def read(path: Path) -> dict[Any, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    return read(path)["jobs"]


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in jobs(path).values():
        yield from job.get("steps", ())


pytestmark = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def test_every_task_that_is_called_exists(path: Path) -> None:
    commands = "\n".join(step.get("run", "") for step in steps(path))
    tasks = re.findall(r"(?:start\.py|poe) ([\w-]+)", commands)
    scripts = re.findall(r"python -m (tasks\.\w+)", commands)
    assert set(tasks) <= set(PROJECT["tool"]["poe"]["tasks"])
    assert all((ROOT / f"{script.replace('.', '/')}.py").is_file() for script in scripts)
    assert tasks or scripts


def test_the_python_is_the_one_of_the_locks(path: Path) -> None:
    versions = [
        step["with"]["python-version"] for step in steps(path) if "setup-python" in step.get("uses", "")
    ]
    assert set(versions) == {PROJECT["tool"]["mypy"]["python_version"]}


def test_no_secret_and_nothing_that_others_write_gets_into_a_command(path: Path) -> None:
    for step in steps(path):
        assert "${{" not in step.get("run", ""), step
        assert "SIGN" not in step.get("run", ""), step


def test_a_job_may_only_read_unless_it_publishes_and_ends_in_time(path: Path) -> None:
    assert read(path)["permissions"] == {"contents": "read"}
    for name, job in jobs(path).items():
        assert job.get("permissions", {}) == ({"contents": "write"} if name == "publish" else {})
        assert "uses" in job or 0 < job["timeout-minutes"] <= 120
    assert all(
        step["with"]["persist-credentials"] is False
        for step in steps(path)
        if "checkout" in step.get("uses", "")
    )


def test_actions_are_github_s_own_and_pinned(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    used += [job["uses"] for job in jobs(path).values() if "uses" in job]
    for name in used:
        if name.startswith("./"):
            assert (ROOT / name).is_file()
        else:
            assert re.fullmatch(r"actions/[a-z-]+@(v\d+\.\d+\.\d+|[0-9a-f]{40})", name), name


def test_what_is_released_passed_every_check(path: Path) -> None:
    if path.stem != "release":
        pytest.skip("this one publishes nothing")
    made = jobs(ROOT / ".github" / "workflows" / "ci.yml")
    assert {"check", "test", "slow-test", "build"} <= set(made)
    publish = jobs(path)["publish"]
    assert publish["needs"] == "build" and jobs(path)["build"]["uses"].endswith("/ci.yml")
    uploaded = [step["with"]["name"] for step in made["build"]["steps"] if "upload" in step.get("uses", "")]
    fetched = [step["with"]["pattern"] for step in publish["steps"] if "download" in step.get("uses", "")]
    assert uploaded[0].startswith(fetched[0].rstrip("*"))


def test_a_release_does_not_wait_for_itself(path: Path) -> None:
    """A workflow that is called takes the caller's name; in one group with it, each would wait for the other."""
    groups = {other.stem: read(other)["concurrency"]["group"].lower() for other in WORKFLOWS}
    called = groups["ci"].replace("${{ github.workflow }}", read(path)["name"].lower())
    assert called != groups["release"]
