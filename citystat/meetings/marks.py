"""The marks of the capture line, @owner ^due #measure =form !priority: where they stand, and how far each reaches.

A mark that was not understood is kept apart from the words, in the line as it was typed, until somebody says what it meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from citystat.texts import tr

MARK = re.compile(r"(?:(?<=\s)|^)([@^#=!])(?=\S)")
NAMES = {"@": "owner", "^": "due", "#": "measure", "=": "form", "!": "priority"}
WANTING = {"@": "owner", "^": "due date", "=": "form"}  # what is wanted while the mark was not understood
USED = {"action": "@^#=!", "question": "@^#", "chart": "^"}  # marks that mean something to a kind; all others: # only
WANTED = {"action": ("owner", "due date", "form"), "question": ("owner",)}
DAY_WORDS = re.compile(
    r"\d\S*|in|on|of|the|a|an|next|this|last|end|few|couple|days?|weeks?|months?|quarters?|years?|fortnight|meeting|time"
    r"|half|mid|early|late|before|after|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*",
    re.IGNORECASE,
)
# words that want the next one: what a mark means follows them without brackets
LEADING = {
    "@": frozenset("a al and by con de e for from of or para por que that to with y".split()),
    "^": frozenset("after and before by del desde el from hasta of on or since the till to until".split()),
    "=": frozenset("a an and as by como con de for in of or the to un una with".split()),
}


def pieces(words: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The words before the first mark, and each mark with the words that follow it."""
    parts = MARK.split(words)
    return parts[0].split(), [(mark, said.split()) for mark, said in zip(parts[1::2], parts[2::2], strict=True)]


def reach(mark: str, words: list[str]) -> int:
    """How many of `words` a mark claims that nobody understood: a name with its capitals, a day with its day words."""
    n = 1
    while n < len(words) and (
        (mark == "@" and words[0][:1].isupper() and words[n][:1].isupper())
        or (mark == "^" and DAY_WORDS.fullmatch(words[n]))
    ):
        n += 1
    return n


def unread(line: str) -> dict[str, str]:
    """By mark, the first piece of a typed line: "@zz", "^in a fortnight". It was not understood where the field is empty."""
    found: dict[str, str] = {}
    for mark, words in pieces(line)[1]:
        found.setdefault(mark, mark + " ".join(words[: reach(mark, words)]))
    return found


def wanting(kind: str, has: Mapping[str, object], line: str) -> tuple[str, ...]:
    """What an entry still lacks, in words, with the mark that nobody understood: "owner (@zz?)"."""
    typed = {WANTING[m]: raw for m, raw in unread(line).items() if m in WANTING and m in USED.get(kind, "")}
    lacks = [w for w in has if not has[w] and (w in WANTED.get(kind, ()) or w in typed)]
    return tuple(f"{tr(w)} ({typed[w]}?)" if w in typed else tr(w) for w in lacks)


def without(line: str, mark: str) -> str:
    """The line once somebody has said what its mark meant, or that it meant nothing."""
    before, marked = pieces(line)
    for found, words in marked:
        before += words[reach(mark, words) :] if found == mark else [found + words[0], *words[1:]]
    return " ".join(before)


def as_prose(words: list[str], mark: str, said: str, *, last: bool) -> list[str]:
    """The words with what a mark means put into them: "talked to Dana Whitfield", "the pilot goes on (Dana Whitfield)"."""
    plain = not last or not words or words[-1].lower() in LEADING.get(mark, ())
    return [*words, said if plain else f"({said})"]
