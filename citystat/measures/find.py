"""Which of many a few letters mean: the code itself before its beginning, before the beginnings of words, before letters inside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
EXACT, BEGINS, WORDS, INSIDE, NOT = range(5)


def fits(typed: str, code: str, name: str) -> int:
    """How well `typed` fits: EXACT code, its beginning (BEGINS), beginnings of words, letters INSIDE, or NOT at all."""
    wanted, whole = typed.lower().split(), f"{code} {name}".lower()
    if not wanted:
        return WORDS
    said = " ".join(wanted)
    if said == code.lower():
        return EXACT
    if code.lower().startswith(said):
        return BEGINS
    words = whole.split()
    if all(any(word.startswith(part) for word in words) for part in wanted):
        return WORDS
    return INSIDE if all(part in whole for part in wanted) else NOT


def found(typed: str, choices: Iterable[T], named: Callable[[T], tuple[str, str]]) -> list[T]:
    """The choices that fit, the best first, otherwise in their order; named: a choice's (code, name)."""
    ranked = [(fits(typed, *named(c)), c) for c in choices]
    return [c for rank, c in sorted(ranked, key=lambda r: r[0]) if rank != NOT]
