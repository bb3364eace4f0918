"""citystat analyse fdr: which of many findings stand (Benjamini–Hochberg)."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from citystat.analysis import fdr
from citystat.cli import words
from citystat.cli.analyse.table import finite, named_columns, need, once, read


def declare(parser: argparse.ArgumentParser) -> None:
    """The options of the method."""
    named_columns(parser, "id", "p")
    parser.add_argument("--rate", type=words.share, default=0.05, help="false ones among those that stand")


def answer(arguments: argparse.Namespace) -> dict[str, Any]:
    """Adjusted p values by name, and the names that stand."""
    table = read(arguments.file)
    need(table, arguments, "id", "p")
    names = once([row[arguments.id] for row in table], "Finding")
    p = finite(table, arguments.p, empty=True)
    found = fdr.benjamini_hochberg(p, arguments.rate)
    without = int(np.isnan(p).sum())
    return {
        "n": len(names) - without,
        "warnings": [f"{without} without a p value were not counted"] if without else [],
        "count": int(found.rejected.sum()),
        "rejected": [names[i] for i in np.flatnonzero(found.rejected)],
        "threshold": found.threshold,
        "adjusted": dict(zip(names, found.adjusted.tolist(), strict=True)),
    }


def for_people(whole: dict[str, Any]) -> str:
    """How many stand, and which."""
    head = f"{whole['count']} of {whole['n']} findings stand at a false-discovery rate of {whole['options']['rate']}"
    return "\n".join([head, *(f"  {name}: adjusted p {whole['adjusted'][name]:.4g}" for name in whole["rejected"])])
