"""Words without the signs that no picture, no Word file and no database can hold."""

from __future__ import annotations

import re

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """`text` with a space for each control character and half character; one of them would cost a whole document."""
    return FORBIDDEN.sub(" ", text)


def shown(value: object, most: int = 60) -> str:
    """What stands in a cell, in a sentence that quotes it: in one line, and not the whole of a letter."""
    return one_line(str(value)[: 4 * most])[:most]


def one_line(text: str) -> str:
    """A name: printable, one space between words, none around them."""
    return " ".join(printable(text).split())
