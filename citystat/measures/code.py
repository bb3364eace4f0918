"""Short codes for new measures: "EC-10" under a department, "BRAW-01" from a name; a person may choose another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

SMALL = frozenset(
    "a an and by for from in of on or per the to with within de del der die das el la los las und y".split()
)
LETTERS = 4  # of a name, at most
PREFIX = 8  # letters of a department's short form, at most


def new_code(name: str, taken: Collection[str], department: str = "") -> str:
    """A code that is not among `taken` (in any case): the department's short form or the name's letters, and a number."""
    lead = _letters(department)[:PREFIX] or prefix(name)
    used = {code.upper() for code in taken}
    number = next(n for n in range(1, len(used) + 2) if f"{lead}-{n:02}" not in used)
    return f"{lead}-{number:02}"


def prefix(name: str) -> str:
    """ "BRAW" of "Bus rides (avg weekday)", "ATTN" of "Attendances", "M" where the name has no letters."""
    words = [w for w in re.findall(r"[^\W\d_]+", name) if w.lower() not in SMALL]
    if len(words) > 1:
        return "".join(_letters(w)[:1] for w in words[:LETTERS])
    word = _letters(words[0] if words else name)
    bones = word[:1] + re.sub("[AEIOU]", "", word[1:])
    return (bones if len(word) > LETTERS and len(bones) > 2 else word)[:LETTERS] or "M"


def is_new_code(code: str, name: str) -> bool:
    """Whether `code` was made from `name` and not chosen by a person."""
    return re.fullmatch(rf"{re.escape(prefix(name))}-\d\d+", code) is not None


def _letters(text: str) -> str:
    """The letters alone, without accents, as capitals."""
    plain = unicodedata.normalize("NFKD", text.upper())
    return "".join(c for c in plain if c.isalpha())
