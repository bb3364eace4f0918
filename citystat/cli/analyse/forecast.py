"""citystat analyse forecast: where a series is heading, with 80 and 95 % intervals (ETS and naive)."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

import numpy as np

from citystat.analysis import forecast
from citystat.cli import words
from citystat.cli.analyse.series import read_series
from citystat.cli.analyse.table import named_columns
from citystat.errors import CityStatError

FARTHEST = 1000  # periods ahead
BOUNDS = ("mean", "lower80", "upper80", "lower95", "upper95")


def declare(parser: argparse.ArgumentParser) -> None:
    """The options of the method."""
    named_columns(parser, "period", "value")
    parser.add_argument("--horizon", type=words.count, help="periods ahead; those held back, or a season, if not given")
    parser.add_argument("--model", default="auto", help="auto, naive, seasonal-naive, or ets:E,T,S such as ets:A,Ad,M")
    parser.add_argument(
        "--season-length", type=words.count, help="periods in a season; months, quarters and days say it"
    )
    parser.add_argument("--holdout", type=words.count, help="last values held back and forecast")


def answer(arguments: argparse.Namespace) -> dict[str, Any]:
    """Forecasts of the next periods, and the errors where values were held back."""
    series = read_series(arguments)
    season = arguments.season_length = arguments.season_length or series.season
    arguments.horizon = arguments.horizon or arguments.holdout or max(season, 4)
    _need_a_model(arguments.model, season, arguments)
    back = arguments.holdout or 0
    if back >= len(series.values):
        raise CityStatError(f"There are {len(series.values)} values; {back} cannot be held back", do="Hold back fewer")
    known, comes = series.values[: len(series.values) - back], series.values[len(series.values) - back :]
    found = forecast.forecast(known, max(arguments.horizon, back), model=arguments.model, season_length=season)
    named = [*series.periods[len(known) :], *series.after(max(0, arguments.horizon - back))][: arguments.horizon]
    return {
        "n": found.used,
        "warnings": _warnings(found, len(known), season),
        "model": found.model,
        "parameters": found.parameters,
        "points": [
            {"period": period, **{name: float(getattr(found, name)[h]) for name in BOUNDS}}
            for h, period in enumerate(named)
        ],
        "rolling": None if found.rolling is None else asdict(found.rolling),
        "test": _test(found, comes, known[len(known) - found.used :], season),
    }


def for_people(whole: dict[str, Any]) -> str:
    """The forecasts with their intervals, and what was missed before."""
    lines = [f"Model {whole['model']}, from {whole['n']} values"]
    for p in whole["points"]:
        lines.append(
            f"  {p['period']}: {p['mean']:.6g} (80 %: {p['lower80']:.6g} to {p['upper80']:.6g}; "
            f"95 %: {p['lower95']:.6g} to {p['upper95']:.6g})"
        )
    if whole["rolling"]:
        r = whole["rolling"]
        lines.append(
            f"From {r['origins']} earlier periods {r['model']} missed by {r['model_rmse']:.4g}, {r['benchmark']} by {r['benchmark_rmse']:.4g}"
        )
    if whole["test"]:
        lines.append(f"Held back: missed by {whole['test']['rmse']:.4g} (root mean square)")
    return "\n".join(lines)


def _need_a_model(model: str, season: int, arguments: argparse.Namespace) -> None:
    if arguments.horizon > FARTHEST:
        arguments.misused(f"--horizon is {FARTHEST} at most")
    if model in ("auto", "naive"):
        return
    if model == "seasonal-naive":
        if season < 2:
            arguments.misused("--season-length must be 2 or more; these periods do not say it")
        return
    try:
        forecast.kind_of(model, season)
    except ValueError as error:
        arguments.misused(f"--model: {error}; give auto, naive, seasonal-naive or ets:E,T,S")


def _warnings(found: forecast.Forecast, known: int, season: int) -> list[str]:
    said = []
    if found.used < known:
        said.append(f"The values have gaps: the forecast rests on the {found.used} after the last one")
    if season > 1 and found.used < 3 * season:
        said.append("Fewer than three seasons: the intervals may be too narrow")
    if found.sigma == 0:
        said.append("The values never left the forecast: nothing says how far they may")
    return said


def _test(found: forecast.Forecast, comes: np.ndarray, known: np.ndarray, season: int) -> dict[str, Any] | None:
    there = ~np.isnan(comes)
    if not there.any():
        return None
    return asdict(forecast.errors(comes[there], found.mean[: len(comes)][there], known, season))
