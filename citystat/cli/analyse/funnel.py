"""citystat analyse funnel: which units stand out, given their size and how far all vary (Spiegelhalter)."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from citystat.analysis import funnel
from citystat.cli import words
from citystat.cli.analyse.table import finite, named_columns, need, once, read

LIMITS = [
    f"{side}{level}{form}" for form in ("", "_adjusted") for level in ("95", "998") for side in ("lower", "upper")
]


def declare(parser: argparse.ArgumentParser) -> None:
    """The options of the method."""
    named_columns(parser, "unit", "numerator", "denominator")
    parser.add_argument("--kind", choices=tuple(funnel.TRANSFORMS), default="ratio")
    parser.add_argument("--transform", choices=("log", "sqrt", "arcsine"))
    parser.add_argument("--trim", type=words.tail, default=0.1, help="share of the units at each end")
    parser.add_argument("--trim-method", choices=("truncate", "winsorise"), default="winsorise")
    parser.add_argument("--no-overdispersion", dest="overdispersion", action="store_false")


def answer(arguments: argparse.Namespace) -> dict[str, Any]:
    """Each unit's ratio with its limits, and who lies outside."""
    allowed = funnel.TRANSFORMS[arguments.kind]
    arguments.transform = arguments.transform or allowed[0]
    if arguments.transform not in allowed:
        arguments.misused(f"--transform of a {arguments.kind} is {' or '.join(allowed)}")
    table = read(arguments.file)
    need(table, arguments, "unit", "numerator", "denominator")
    units = once([row[arguments.unit] for row in table], "Unit")
    top, bottom = (finite(table, name) for name in (arguments.numerator, arguments.denominator))
    found = funnel.funnel(
        top,
        bottom,
        kind=arguments.kind,
        transform=arguments.transform,
        trim=arguments.trim,
        trim_method=arguments.trim_method,
        overdispersion=arguments.overdispersion,
    )
    outside = {
        name: sorted(units[i] for i in np.flatnonzero(getattr(found, name)))
        for name in ("outside_998", "outside_998_adjusted")
    }
    known = arguments.overdispersion and found.phi is not None
    return {
        "n": int((bottom > 0).sum()),
        "warnings": [f"“{units[i]}” has no denominator and is not compared" for i in np.flatnonzero(bottom == 0)]
        + ["Too few units to know how far they vary"] * (arguments.overdispersion and not known),
        "target": found.target,
        "phi": found.phi,
        "tau2": found.tau2,
        "n_used": found.n_used,
        "points": [
            {"unit": unit, **{name: float(getattr(found, name)[i]) for name in ("ratio", *LIMITS)}}
            for i, unit in enumerate(units)
        ],
        "outside_998": outside["outside_998"],
        "count_998": len(outside["outside_998"]),
        "outside_998_adjusted": outside["outside_998_adjusted"] if known else None,
        "count_998_adjusted": len(outside["outside_998_adjusted"]) if known else None,
    }


def for_people(whole: dict[str, Any]) -> str:
    """Who lies outside the widest limits."""
    adjusted = whole["outside_998_adjusted"] is not None
    names = whole["outside_998_adjusted"] if adjusted else whole["outside_998"]
    lines = [
        f"{len(names)} of {whole['n']} units outside the 99.8 % limits" + ", overdispersion allowed for" * adjusted
    ]
    if adjusted:
        lines.append(f"  phi {whole['phi']:.3g}, tau² {whole['tau2']:.3g}, from {whole['n_used']} units")
    ratios = {p["unit"]: p["ratio"] for p in whole["points"]}
    return "\n".join(lines + [f"  {name}: {ratios[name]:.4g}" for name in names])
