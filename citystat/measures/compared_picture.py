"""What is compared, as the pictures show it: dots in a row each, and the funnel."""

from __future__ import annotations

import numpy as np

from citystat.charts.axis import value_axis
from citystat.charts.compared import Dot, Dots, FunnelPlot
from citystat.measures.compared import OWN, Compared, Limits, Unit, sentence
from citystat.numbers import brief, quantity
from citystat.texts import tr


def dots(found: Compared) -> Dots:
    """Units by value with their intervals; the target and each standard as a line."""
    m = found.measure
    rows = tuple(
        Dot(u.name, u.value, u.low, u.high, quantity(u.value, m.unit, m.decimals), _tone(u)) for u in found.units
    )
    lines = [(found.target, tr("target {value}", value=brief(found.target, m.unit, m.decimals)))] if found.target is not None else []  # fmt: skip
    lines += [(u.value, f"{u.name} {brief(u.value, m.unit, m.decimals)}") for u in found.standards]
    reach = [v for d in rows for v in (d.value, d.low, d.high) if v is not None] + [value for value, _ in lines]
    low, high, ticks = value_axis(min(reach), max(reach), from_zero=m.zero_baseline)
    said = [f"{d.name}: {d.words}" for d in rows] + [words for _, words in lines]
    return Dots(rows, low, high, ticks, tuple(lines), ". ".join([sentence(found), *said]) + ".")


def funnel_plot(found: Compared, limits: Limits) -> FunnelPlot:
    """The funnel with its units; those that stand out, and this city, are named."""
    points = tuple((float(u.denominator or 0), u.value, u.name, _tone(u)) for u in found.units)
    low, high = _possible(found)
    inner, outer = (
        (np.clip(below, low, high), np.clip(above, low, high))
        for below, above in ((limits.lower95, limits.upper95), (limits.lower998, limits.upper998))
    )
    every = np.concatenate([*outer, [p[1] for p in points]])
    y_low, y_high, y_ticks = value_axis(float(every.min()), float(every.max()), from_zero=False)
    x_low, x_high, x_ticks = value_axis(0.0, float(limits.at.max()), from_zero=True)
    return FunnelPlot(
        limits.at, inner[0], inner[1], outer[0], outer[1], limits.target, points, x_low, x_high, y_low, y_high, x_ticks, y_ticks,
        tr("how many were counted"), sentence(found) + ".",
    )  # fmt: skip


def _tone(unit: Unit) -> str:
    return unit.stands_out or (OWN if unit.kind == OWN else "")


def _possible(found: Compared) -> tuple[float, float]:
    """Never below nothing, no share above 100 %."""
    return 0.0, 100.0 if found.measure.unit == "percent" else np.inf
