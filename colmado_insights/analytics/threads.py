"""One thread for small fits: on so few rows more of them only wait for each other."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def with_one_algebra_thread(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Keep the linear algebra of a whole function to one thread.

    A product of two matrices of 700 rows and 50 columns takes 0.2 ms of one core, and 4 ms of two that wait for
    each other: a night's forecasts of 200 products took 58 CPU-seconds instead of 9.
    """

    @wraps(function)
    def alone(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        with _algebra().limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return alone


def one_thread() -> AbstractContextManager[object]:
    """Keep OpenMP to one thread inside a `with`."""
    limits: AbstractContextManager[object] = _controller().limit(limits=1)
    return limits


@lru_cache(maxsize=1)
def _algebra() -> Any:
    """The thread pools of the linear algebra that numpy brings; nothing heavier is loaded for them."""
    import numpy  # noqa: F401  # its library must be there to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@lru_cache(maxsize=1)
def _controller() -> Any:
    """The thread pools of the libraries loaded, looked up once: each look reads the whole memory map."""
    # Without it scikit-learn starts another program to count the machine's cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import sklearn.ensemble  # noqa: F401  # its OpenMP must be there to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
