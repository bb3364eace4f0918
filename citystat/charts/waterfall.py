"""A waterfall: from a figure before, over what each part adds or takes, to the figure after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citystat.texts import plural, tr

SHOWN = 10  # parts that have a bar of their own; the others stand together


@dataclass(frozen=True)
class Bar:
    """One row. start, end: in data units, a total from the axis on · kind: total, better, worse or neither · words: "+12"."""

    name: str
    start: float
    end: float
    kind: str
    words: str


@dataclass(frozen=True)
class Waterfall:
    """low, high: what the axis holds · reading: all of it in plain text."""

    headline: str
    bars: tuple[Bar, ...]
    low: float
    high: float
    reading: str


def waterfall(
    headline: str,
    before: tuple[str, float, str],
    after: tuple[str, float, str],
    parts: Sequence[tuple[str, float, str]],
    *,
    direction: str,
    rest: str,
) -> Waterfall:
    """Rows from top to bottom. before, after: name, figure and words of the whole · parts: name, what it adds, words; the
    largest first · direction: higher, lower or anything else · rest: the words of what the parts beyond SHOWN add together.
    """
    shown, others = list(parts[:SHOWN]), list(parts[SHOWN:])
    if others:
        more = plural(len(others), "{n} other", "{n} others")
        shown.append((more, sum(added for _, added, _ in others), rest))
    bars, level = [Bar(before[0], 0.0, before[1], "total", before[2])], before[1]
    for name, added, words in shown:
        bars.append(Bar(name, level, level + added, _kind(added, direction), words))
        level += added
    bars.append(Bar(after[0], 0.0, after[1], "total", after[2]))
    low, high = _axis([before[1], after[1], *(b.end for b in bars[1:-1])])
    reading = ". ".join([headline, *(f"{b.name}: {b.words}" for b in bars)])
    return Waterfall(headline, tuple(bars), low, high, f"{reading}.")


def _kind(added: float, direction: str) -> str:
    if not added or direction not in ("higher", "lower"):
        return "neither"
    return "better" if (added > 0) == (direction == "higher") else "worse"


def _axis(levels: Sequence[float]) -> tuple[float, float]:
    """From zero where the steps can be seen so; otherwise cut close to them, as the totals' ragged ends say."""
    low, high = min(levels), max(levels)
    reach = high - low
    if low >= 0 and reach < high / 4:
        return low - reach * 0.4, high + reach * 0.1
    return min(0.0, low), max(0.0, high)


def cut_words(found: Waterfall) -> str:
    """That the axis does not begin at nothing, where it does not."""
    return tr("The bars of the whole are cut: the axis begins near them") if found.low > 0 else ""
