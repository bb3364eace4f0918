"""citystat analyse changepoints: when the level of a series changed, from what to what."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from citystat.analysis import changepoints
from citystat.cli import words
from citystat.cli.analyse.series import read_series
from citystat.cli.analyse.table import named_columns


def declare(parser: argparse.ArgumentParser) -> None:
    """The options of the method."""
    named_columns(parser, "period", "value")
    parser.add_argument("--max", type=words.count, help="changes at most")
    parser.add_argument("--penalty", type=words.penalty, default="bic", help="what one more change must win, or bic")


def answer(arguments: argparse.Namespace) -> dict[str, Any]:
    """Each change with the means around it and the periods it may lie between."""
    series = read_series(arguments)
    missing = int(np.isnan(series.values).sum())
    found = changepoints.changes(series.values, most=arguments.max, penalty=arguments.penalty)
    arguments.penalty = arguments.penalty or "bic"
    named = series.periods
    return {
        "n": len(named) - missing,
        "warnings": [f"{missing} periods without a value were left out"] if missing else [],
        "count": len(found),
        "changes": [
            {
                "last_before": named[change.before],
                "first_after": named[change.after],
                "mean_before": change.mean_before,
                "mean_after": change.mean_after,
                "lower": None if change.lower is None else named[change.lower],
                "upper": None if change.upper is None else named[change.upper],
            }
            for change in found
        ],
    }


def for_people(whole: dict[str, Any]) -> str:
    """One line a change."""
    lines = [f"{whole['count']} changes of level in {whole['n']} values"]
    for c in whole["changes"]:
        lines.append(f"  after {c['last_before']}: {c['mean_before']:.6g} to {c['mean_after']:.6g}")
        lines[-1] += f" (95 %: {c['lower']} to {c['upper']})" if c["lower"] and c["upper"] else ""
    return "\n".join(lines)
