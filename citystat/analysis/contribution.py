"""What drives a change: each part's share of a changed total, and for ratios how much is rate and how much is mix.

A ratio is the mean of its parts' rates, weighted with their shares of the denominator. Its change comes apart without a rest
into rate effects (change of rate × mean share) and mix effects (change of share × mean rate):
E. M. Kitagawa, Components of a Difference Between Two Rates, Journal of the American Statistical Association 50 (1955).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from citystat.errors import CityStatError
from citystat.texts import tr

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One part's figures and what it adds to the change.

    before, after: its value (a total) or rate (a ratio), None where it had no denominator · contribution: in units of the
    whole; those of all parts add up to the change · contribution_points: per cent of the whole before · share_of_change: 1 is
    all of it, None where nothing changed on the whole · rate_effect, mix_effect: of a ratio only.
    """

    name: str
    before: float | None
    after: float | None
    contribution: float
    contribution_points: float | None
    share_of_change: float | None
    rate_effect: float | None = None
    mix_effect: float | None = None


@dataclass(frozen=True)
class Contribution:
    """The change of a whole and its parts, in the order given; ranked: names, the largest contribution first.

    reversal: the rates taken together move against the whole (Simpson's paradox) · reversed_parts: names of the parts whose
    own rate does.
    """

    before: float
    after: float
    change: float
    change_percent: float | None
    parts: tuple[Part, ...]
    ranked: tuple[str, ...]
    rate_effect: float | None = None
    mix_effect: float | None = None
    reversal: bool = False
    reversed_parts: tuple[str, ...] = ()


def of_total(parts: Sequence[str], before: ArrayLike, after: ArrayLike) -> Contribution:
    """How much each part adds to the change of a sum. before, after: array[k], 0 for a part that was not there."""
    old, new = _known(before), _known(after)
    return _whole(parts, old, new, float(old.sum()), float(new.sum()), new - old)


def of_ratio(
    parts: Sequence[str],
    numerator_before: ArrayLike,
    denominator_before: ArrayLike,
    numerator_after: ArrayLike,
    denominator_after: ArrayLike,
    multiply: float = 1.0,
) -> Contribution:
    """How much each part's rate and share add to the change of a ratio of sums, times `multiply`.

    All array[k]. A part without a denominator in one period has no rate there; its rate is taken to be that of the other
    period, so that its coming or going is all mix. Raises CityStatError for negative denominators, for none at all, and for a
    numerator where there is no denominator.
    """
    tops = [_known(numerator_before), _known(numerator_after)]
    bottoms = [_known(denominator_before), _known(denominator_after)]
    _need_denominators(parts, tops, bottoms)
    with np.errstate(all="ignore"):
        rates = [multiply * top / bottom for top, bottom in zip(tops, bottoms, strict=True)]
    shares = [bottom / bottom.sum() for bottom in bottoms]
    old = np.nan_to_num(np.where(bottoms[0] > 0, rates[0], rates[1]))
    new = np.nan_to_num(np.where(bottoms[1] > 0, rates[1], rates[0]))
    by_rate = (new - old) * (shares[0] + shares[1]) / 2
    by_mix = (shares[1] - shares[0]) * (old + new) / 2
    wholes = [float(multiply * top.sum() / bottom.sum()) for top, bottom in zip(tops, bottoms, strict=True)]
    return _whole(parts, rates[0], rates[1], wholes[0], wholes[1], by_rate + by_mix, (by_rate, by_mix))


def _known(values: ArrayLike) -> Floats:
    found = np.asarray(values, dtype=float)
    if not np.isfinite(found).all():
        raise CityStatError(tr("A part has no figure in one of the periods"), do=tr("Give one, or leave the part out"))
    return found


def _need_denominators(parts: Sequence[str], tops: list[Floats], bottoms: list[Floats]) -> None:
    for top, bottom in zip(tops, bottoms, strict=True):
        for i in np.flatnonzero((bottom < 0) | ((bottom == 0) & (top != 0))).tolist():
            raise CityStatError(
                tr("“{part}” has no denominator above zero", part=parts[i]),
                do=tr("Correct it, or leave the part out"),
            )
        if bottom.sum() == 0:
            raise CityStatError(tr("All denominators of a period are zero"), do=tr("Compare other periods"))


def _whole(
    parts: Sequence[str],
    old: Floats,
    new: Floats,
    before: float,
    after: float,
    added: Floats,
    effects: tuple[Floats, Floats] | None = None,
) -> Contribution:
    change = after - before
    ranked = sorted(range(len(parts)), key=lambda i: (-abs(added[i]), -added[i], i))
    rate = float(effects[0].sum()) if effects else None
    steps = np.nan_to_num(new - old)
    return Contribution(
        before=before,
        after=after,
        change=change,
        change_percent=100 * change / abs(before) if before else None,
        parts=tuple(
            Part(
                name,
                _plain(old[i]),
                _plain(new[i]),
                float(added[i]),
                100 * float(added[i]) / abs(before) if before else None,
                float(added[i]) / change if change else None,
                float(effects[0][i]) if effects else None,
                float(effects[1][i]) if effects else None,
            )
            for i, name in enumerate(parts)
        ),
        ranked=tuple(parts[i] for i in ranked),
        rate_effect=rate,
        mix_effect=float(effects[1].sum()) if effects else None,
        reversal=rate is not None and _against(rate, change, before),
        reversed_parts=tuple(name for i, name in enumerate(parts) if effects and _against(steps[i], change, before)),
    )


def _against(step: float, change: float, before: float) -> bool:
    """The step goes the other way than the change; what rounding leaves goes nowhere."""
    least = 1e-12 * abs(before)
    return bool(step * change < 0 and min(abs(step), abs(change)) > least)


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
