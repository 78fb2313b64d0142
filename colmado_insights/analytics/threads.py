"""One thread for small fits: on so few rows more of them only wait for each other."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any


def one_thread() -> AbstractContextManager[object]:
    """Keep OpenMP to one thread inside a `with`."""
    limits: AbstractContextManager[object] = _controller().limit(limits=1)
    return limits


@lru_cache(maxsize=1)
def _controller() -> Any:
    """The thread pools of the libraries loaded, looked up once: each look reads the whole memory map."""
    # Without it scikit-learn starts another program to count the machine's cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import sklearn.ensemble  # noqa: F401  # its OpenMP must be there to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
