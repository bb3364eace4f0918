"""The table that `citystat analyse` is given: its rows, columns, numbers and periods, and what of it cannot be taken."""

from __future__ import annotations

import argparse
import csv
import io
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citystat.errors import CityStatError
from citystat.files import read_bytes

Row = dict[str, str]
Floats = NDArray[np.float64]


def named_columns(parser: argparse.ArgumentParser, *columns: str, required: bool = True) -> None:
    """One option a column, named as the column's part in the method."""
    for column in columns:
        parser.add_argument(f"--{column}", required=required, help=f"name of the {column} column", metavar="COLUMN")


def read(path: Path) -> list[Row]:
    """The rows of a CSV file, cells as text."""
    try:
        text = read_bytes(path).decode("utf-8-sig")
        table = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="")
        rows = list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise CityStatError(
            f"The table cannot be read: {error}", where=path.name, do="Give a CSV file in UTF-8"
        ) from error
    if not rows:
        raise CityStatError("The table is empty", where=path.name, do="Give a CSV file with a heading row and data")
    for at, row in enumerate(rows, 2):
        if "" in row and isinstance(row[""], list):
            raise CityStatError(
                "The row has more cells than the heading", where=f"{path.name}, row {at}", do="Correct the row"
            )
    return rows


def need(table: list[Row], arguments: argparse.Namespace, *columns: str) -> None:
    """Refuse where a column that an option names is not there."""
    for option in columns:
        name = getattr(arguments, option)
        if name is not None and name not in table[0]:
            raise CityStatError(
                f"There is no column “{name}”",
                where=arguments.file.name,
                do=f"Its columns are: {', '.join(table[0])[:300]}",
            )


def column(rows: list[Row], name: str) -> list[float]:
    """The numbers of a column, nan where a cell is empty."""
    return [_number(row[name], f"column {name}, row {i}") for i, row in enumerate(rows, 2)]


def finite(rows: list[Row], name: str, *, empty: bool = False) -> Floats:
    """array[n] of a column's numbers; infinity is refused, and an empty cell unless `empty` lets it be nan."""
    found = np.array(column(rows, name), dtype=float)
    for i in np.flatnonzero(~np.isfinite(found)).tolist():
        if np.isnan(found[i]) and empty:
            continue
        wrong = "is empty" if np.isnan(found[i]) else "is infinite"
        raise CityStatError(
            f"The cell {wrong}", where=f"column {name}, row {i + 2}", do="Give a number or take the row out"
        )
    return found


def once(names: list[str], what: str) -> list[str]:
    """The names as they are, refused where one stands twice."""
    seen: set[str] = set()
    for at, name in enumerate(names, 2):
        if name in seen:
            raise CityStatError(f"{what} “{name}” stands there twice", where=f"row {at}", do="Leave one row of each")
        seen.add(name)
    return names


def plain(value: Any) -> Any:
    """What JSON can hold: arrays as lists, and null for NaN and infinity, which cannot be computed."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _number(text: str, where: str) -> float:
    if text.strip() in ("", "NA", "NaN", "null"):
        return math.nan
    try:
        found = float(text)
        if math.isfinite(found) and abs(found) >= 1e15:
            raise ValueError(text)
        return found
    except ValueError:
        raise CityStatError(f"“{text}” is not a number", where=where, do="Correct the cell or leave it empty") from None
