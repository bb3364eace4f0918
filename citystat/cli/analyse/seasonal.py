"""citystat analyse seasonal: trend, season and remainder, and the values without the season (STL)."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from citystat.analysis import seasonal
from citystat.cli import words
from citystat.cli.analyse.series import read_series
from citystat.cli.analyse.table import named_columns


def declare(parser: argparse.ArgumentParser) -> None:
    """The options of the method."""
    named_columns(parser, "period", "value")
    parser.add_argument(
        "--season-length", type=words.count, help="periods in a season; months, quarters and days say it"
    )
    parser.add_argument("--seasonal-window", type=words.count, default=7, help="years that a season rests on")
    parser.add_argument("--trend-window", type=words.count, help="periods that the trend rests on")


def answer(arguments: argparse.Namespace) -> dict[str, Any]:
    """The parts of every point."""
    series = read_series(arguments)
    arguments.season_length = arguments.season_length or series.season
    if arguments.season_length < 2:
        arguments.misused("--season-length must be 2 or more; these periods do not say it")
    windows = [w for w in (arguments.seasonal_window, arguments.trend_window) if w is not None]
    if min(windows) < 3:
        arguments.misused("a window must be 3 or more")
    found = seasonal.decompose(
        series.values,
        arguments.season_length,
        seasonal_window=arguments.seasonal_window,
        trend_window=arguments.trend_window,
    )
    missing = int(np.isnan(series.values).sum())
    columns = (series.values, found.seasonal, found.trend, found.remainder, found.adjusted)
    names = ("value", "seasonal", "trend", "remainder", "adjusted")
    return {
        "n": len(series.values) - missing,
        "warnings": [f"{missing} periods without a value were filled in by trend and season"] * bool(missing)
        + [f"The window {w} is even; {w + 1} was taken" for w in windows if w % 2 == 0],
        "strength": float(found.strength),
        "points": [
            {"period": period, **dict(zip(names, parts, strict=True))}
            for period, *parts in zip(series.periods, *columns, strict=True)
        ],
    }


def for_people(whole: dict[str, Any]) -> str:
    """The season's strength and the points."""
    lines = [f"Season of {whole['options']['season_length']}, strength {whole['strength']:.2f}"]
    for p in whole["points"]:
        value, adjusted = ("none" if p[k] is None else f"{p[k]:g}" for k in ("value", "adjusted"))
        lines.append(f"  {p['period']}: {value}, without the season {adjusted}, trend {p['trend']:g}")
    return "\n".join(lines)
