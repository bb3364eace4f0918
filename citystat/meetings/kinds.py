"""What kind a captured line says it is: by its first word, in any language, and though a letter slipped."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from citystat.meetings.forms import CAPTURES, ON_CHART
from citystat.meetings.people import folded
from citystat.texts import in_every_language

LONG = 5  # letters that a word has in which a slip is still recognised
REAL = frozenset(["auction", "actions", "decisions", "questions", "acciones", "preguntas"])  # words of their own


@dataclass(frozen=True)
class Named:
    """kind: "" where the line names none; rest: the line without the word; guessed: the word was mistyped."""

    kind: str
    rest: str
    guessed: bool = False


def named(line: str) -> Named:
    """The kind that the first word (or two: "tema pendiente") of a line names."""
    for n in (2, 1):
        parts = line.split(maxsplit=n)
        kind = known().get(folded(" ".join(parts[:n])).rstrip(":"))
        if kind and len(parts) >= n:
            return Named(kind, parts[n].strip() if len(parts) > n else "")
    first, _, rest = line.partition(" ")
    kind = near(first)
    return Named(kind, rest.strip(), True) if kind else Named("", line)


def on_chart(word: str) -> bool:
    """Whether a line that begins so is written on the chart on the wall."""
    return word.lower() in ON_CHART or word.lower() in in_every_language("chart:")


@cache
def known() -> dict[str, str]:
    """Every word for a kind, without its accents."""
    words = {folded(word): kind for word, kind in CAPTURES.items()}
    for kind in dict.fromkeys(CAPTURES.values()):
        words |= {folded(word): kind for word in in_every_language(kind)}
    return words


@lru_cache(256)
def near(word: str) -> str:
    """The kind whose word this is with one letter wrong, or with letters that changed places; "" where it is another word.

    Only long words, and only where the first letter is right: "auction" and "motion" are no action.
    """
    typed = folded(word).rstrip(":")
    if typed in REAL or len(typed) < LONG - 1:
        return ""
    return next((kind for right, kind in known().items() if len(right) >= LONG and _slipped(typed, right)), "")


def _slipped(typed: str, right: str) -> bool:
    if typed[:1] != right[:1] or abs(len(typed) - len(right)) > 1 or not typed.isalpha():
        return False
    if sorted(typed) == sorted(right):
        return True
    steps = SequenceMatcher(None, typed, right, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for step, i1, i2, j1, j2 in steps if step != "equal") == 1
