"""Which control chart do the data ask for, and is there a season to take out first?

Attribute charts where the figures are counts, by Montgomery (Introduction to Statistical Quality Control); Laney's p′ and u′
(Quality Engineering 14, 2002) where the counts vary more than chance alone would let them; XmR for everything else, as NHS
England's *Making Data Count* uses it for all. A season is taken out where it is strong: F > 0.64, the bound of R's
`forecast::nsdiffs` for the strength of Wang, Smith and Hyndman (2006).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from citystat.analysis.seasonal import decompose
from citystat.analysis.spc import D2, ENOUGH, screened

Floats = NDArray[np.float64]

RARE = 10.0  # events a period on average, below which limits are those of rare counts
STRONG = 0.64  # strength of a season that is taken out
SEASONS = 3  # whole seasons needed to know one
GAPS = 0.2  # of the values may be missing for a season to be known
ODD = 3.5  # robust z of a value that has no say in the season (Iglewicz and Hoaglin, 1993)
RANGES = 0.909  # standard error of sigma from n moving ranges, times √n (neighbouring ranges share a value)
SURE = 2.5  # standard errors beyond chance from which counts are overdispersed


def chart_for(
    values: Floats, numerator: Floats, denominator: Floats, *, counts: str, multiply: float, spans: Sequence[slice]
) -> str:
    """The chart for these values: "run" (too few to judge), "p", "p-prime", "u", "u-prime", "c" or "xmr".

    values, numerator, denominator: array[n] float, nan where missing · counts: what the numerator is: "share" (of the
    denominator's things), "rate" (events in the denominator's exposure), "events" (the values themselves), or "" where it
    counts nothing · multiply: value = multiply · numerator / denominator · spans: the stretches judged by themselves.
    """
    known = ~np.isnan(values)
    if known.sum() < ENOUGH:
        return "run"
    if counts == "events":
        rare = _are_counts(values[known]) and 0 < values[known].mean() < RARE
        return "c" if rare and _spread_of_counts(values, spans) == "chance" else "xmr"
    if not counts or not _fit(values[known], numerator[known], denominator[known], counts, multiply):
        return "xmr"
    form = "p" if counts == "share" else "u"
    numerator = np.where(known, numerator, np.nan)
    spread = _spread_of_rates(numerator, denominator, form, spans)
    return {"chance": form, "more": f"{form}-prime"}.get(spread, "xmr")


def season_of(values: Floats, length: int) -> Floats | None:
    """What the season adds to each value: array[n] float, unit of the values; None where there is none that is strong.

    values: array[n] float, nan where missing · length: periods in a season. Odd values have no say in it.
    """
    known = ~np.isnan(values)
    if length < 2 or len(values) < SEASONS * length or known.mean() < 1 - GAPS or np.ptp(values[known]) == 0:
        return None
    window = 2 * (len(values) // length) + 11  # so wide that every year counts nearly alike
    found = decompose(values, length, seasonal_window=window)
    rest = found.remainder
    scale = 1.4826 * np.nanmedian(np.abs(rest - np.nanmedian(rest)))
    if scale > 0:
        odd = np.abs(rest - np.nanmedian(rest)) > ODD * scale
        if odd.any() and (known & ~odd).mean() >= 1 - GAPS:
            found = decompose(np.where(odd, np.nan, values), length, seasonal_window=window)
    return found.seasonal if float(found.strength) > STRONG else None


def _fit(values: Floats, top: Floats, bottom: Floats, counts: str, multiply: float) -> bool:
    """Whether numerators and denominators are the counts that the values were made of."""
    if np.isnan(top).any() or np.isnan(bottom).any() or not (bottom > 0).all() or not _are_counts(top):
        return False
    if counts == "share" and not (_are_counts(bottom) and (top <= bottom).all()):
        return False
    return bool(np.allclose(values, multiply * top / bottom, rtol=1e-3, atol=1e-9))


def _are_counts(figures: Floats) -> bool:
    return bool((figures >= 0).all() and np.allclose(figures, np.round(figures), atol=1e-6))


def _spread_of_counts(values: Floats, spans: Sequence[slice]) -> str:
    scaled = []
    for span in spans:
        mean = np.nanmean(values[span]) if (~np.isnan(values[span])).any() else np.nan
        scaled.append((values[span] - mean) / np.sqrt(mean) if mean > 0 else values[span] * np.nan)
    return _spread(scaled)


def _spread_of_rates(top: Floats, bottom: Floats, form: str, spans: Sequence[slice]) -> str:
    scaled = []
    for span in spans:
        events, things = top[span], bottom[span]
        rate = np.nansum(events) / np.nansum(np.where(np.isnan(events), np.nan, things))
        variance = rate * (1 - rate) if form == "p" else rate
        with np.errstate(all="ignore"):
            scaled.append((events / things - rate) / np.sqrt(variance / things) if variance > 0 else events * np.nan)
    return _spread(scaled)


def _spread(scaled: Sequence[Floats]) -> str:
    """How far neighbouring z values lie apart: by "chance", "more" or "less"; "constant" where nothing varies."""
    steps = np.concatenate([np.abs(np.diff(z[~np.isnan(z)])) for z in scaled])
    if not len(steps) or not steps.any():
        return "constant"
    sigma = float(screened(steps, True).mean()) / D2
    away = SURE * RANGES / np.sqrt(len(steps))
    return "more" if sigma > 1 + away else "less" if sigma < 1 - away else "chance"
