"""One thread for small fits: on so few rows more of them only wait for each other."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager


def one_thread() -> AbstractContextManager[object]:
    """Keep OpenMP to one thread inside a `with`."""
    from threadpoolctl import threadpool_limits

    # Without it scikit-learn starts another program to count the machine's cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    limits: AbstractContextManager[object] = threadpool_limits(limits=1)
    return limits
