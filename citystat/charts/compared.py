"""Units beside each other: dots with how sure they are, and the funnel in which chance alone would leave them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citystat.charts.chart import Tick

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Dot:
    """One unit. low, high: its interval, None where unknown · words: its figure · tone: own, above or below (it stands out), or ""."""

    name: str
    value: float
    low: float | None
    high: float | None
    words: str
    tone: str = ""


@dataclass(frozen=True)
class Dots:
    """Units from top to bottom. lines: (value, words) to hold them against · reading: all of it in plain text."""

    dots: tuple[Dot, ...]
    low: float
    high: float
    ticks: tuple[Tick, ...]
    lines: tuple[tuple[float, str], ...]
    reading: str


@dataclass(frozen=True)
class FunnelPlot:
    """x: how much there was to count; y: the measure's unit. at, lower95 … upper998: array[k]; points: (x, y, name, tone)."""

    at: Floats
    lower95: Floats
    upper95: Floats
    lower998: Floats
    upper998: Floats
    target: float
    points: tuple[tuple[float, float, str, str], ...]
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_words: str
    reading: str
