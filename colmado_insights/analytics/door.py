"""The door of the room: a frame that is not what was declared does not come in."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def check_frame(frame: pd.DataFrame, columns: Mapping[str, str], name: str) -> None:
    """Raise TypeError, naming the column, unless the frame has these columns with these dtypes.

    Parameters
    ----------
    frame : DataFrame
        Any number of rows; columns beyond the declared ones are let in.
    columns : mapping of str to str
        Declared dtype of each column, as in `domain.RECEIPT_COLUMNS`.
    name : str
        What the frame is called in the message.
    """
    dtypes = dict(zip(frame.columns, frame.dtypes, strict=True))
    for column, declared in columns.items():
        if column not in dtypes:
            raise TypeError(f"{name}: column {column} is missing")
        if dtypes[column] != declared:
            raise TypeError(f"{name}: column {column} is {dtypes[column]}, not {declared}")
