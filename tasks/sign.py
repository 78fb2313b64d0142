"""Sign Windows programs with signtool; without a certificate say so and leave them as they are.

    COLMADO_SIGN_PFX       the certificate with its key, as base64
    COLMADO_SIGN_PASSWORD  its password

Neither is ever shown: of a failure only signtool's exit status is told.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

CLOCK = "http://timestamp.digicert.com"
"""Says when it was signed, so that it stays good when the certificate has run out."""
KITS = Path(r"C:\Program Files (x86)\Windows Kits\10\bin")


class SignError(Exception):
    """It was to be signed and could not."""


def sign(files: Sequence[Path]) -> bool:
    """Sign the files; False when there is no certificate.

    Raises
    ------
    SignError
        There is a certificate, but signtool is missing or failed.
    """
    certificate = os.environ.get("COLMADO_SIGN_PFX", "")
    if not certificate:
        print(f"not signed, no certificate: {', '.join(path.name for path in files)}", flush=True)
        return False
    tool = find_signtool()
    with tempfile.TemporaryDirectory() as folder:
        pfx = Path(folder) / "certificate.pfx"
        pfx.write_bytes(base64.b64decode(certificate))
        password = os.environ.get("COLMADO_SIGN_PASSWORD", "")
        options = ["/fd", "SHA256", "/tr", CLOCK, "/td", "SHA256", "/f", str(pfx), "/p", password]
        done = subprocess.run([tool, "sign", *options, *map(str, files)], capture_output=True)
    if done.returncode:
        raise SignError(f"signtool ended with {done.returncode}")
    return True


def find_signtool() -> str:
    """The newest signtool of this PC."""
    found = shutil.which("signtool") or max(map(str, KITS.glob(r"10.*\x64\signtool.exe")), default="")
    if not found:
        raise SignError("There is a certificate but no signtool: install the Windows SDK.")
    return found


def main(arguments: Sequence[str]) -> int:
    """Sign what the command line names."""
    try:
        sign([Path(name) for name in arguments])
    except SignError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
