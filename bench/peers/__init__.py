"""Rivals of the forecasts, kept in a virtual environment of their own: made here, asked here."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"
FORECASTERS = HERE / "forecasters.py"
RULE_REQUIREMENTS = HERE / "rule-requirements.txt"
RULES = HERE / "rules.py"
CUSTOMER_REQUIREMENTS = HERE / "customer-requirements.txt"
CUSTOMER_MODELS = HERE / "customer_models.py"
TOKEN_REQUIREMENTS = HERE / "token-requirements.txt"
TOKENS = HERE / "tokens.py"


def make_environment(folder: Path | None = None, requirements: Path = REQUIREMENTS) -> Path:
    """Make the rivals' virtual environment where there is none of these requirements; answer its Python."""
    mark = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    home = (folder or user_cache_path("colmado-bench")) / f"peers-{mark}"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    finished = home / "finished"
    if not finished.exists():
        print(f"making the rivals' environment in {home} (once)", file=sys.stderr)
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        finished.touch()
    return python


def ask(
    question: dict[str, Any],
    folder: Path | None = None,
    requirements: Path = REQUIREMENTS,
    script: Path = FORECASTERS,
) -> dict[str, Any]:
    """Let the rivals answer one question; answers are kept, as nothing in them changes from run to run.

    The question is what the script reads. Kept by a digest of the question, the requirements and
    the rivals' own code: a change of any of them asks anew.
    """
    python = make_environment(folder, requirements)
    words = json.dumps(question, sort_keys=True)
    told_by = requirements.read_text("utf-8") + script.read_text("utf-8")
    kept = python.parent.parent / f"{hashlib.sha256((words + told_by).encode()).hexdigest()[:24]}.json"
    if not kept.exists():
        run = subprocess.run(
            [python, script],
            input=words,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"},
        )
        partial = kept.with_suffix(".partial")
        partial.write_text(run.stdout, "utf-8")
        partial.replace(kept)
    return dict(json.loads(kept.read_text("utf-8")))
