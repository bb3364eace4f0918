"""Texts in the person's language: English is written in the code, other languages in resources/translations.

A catalogue is one JSON object, English text to translated text, so that a translator needs no tool.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

RESOURCES = Path(__file__).resolve().parent / "resources"
if not RESOURCES.is_dir():  # a checkout keeps resources/ beside the package, a wheel inside it
    RESOURCES = Path(__file__).resolve().parent.parent / "resources"

LANGUAGES = {"en": "English", "es": "Español"}

_catalogue: dict[str, str] = {}
_language = ["en"]
_spoken: ContextVar[tuple[str, dict[str, str]] | None] = ContextVar("spoken", default=None)


def set_language(code: str) -> None:
    """Speak `code` ("en", "es") from now on; a text without a translation stays English."""
    _catalogue.clear()
    _catalogue.update(_read(code))
    _language[0] = code


def language() -> str:
    """The language spoken here and now."""
    spoken = _spoken.get()
    return spoken[0] if spoken else _language[0]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak `code` inside the block only, in this thread only: for a document in another language than the window's."""
    before = _spoken.set((code, _catalogue if code == _language[0] else _read(code)))
    try:
        yield
    finally:
        _spoken.reset(before)


def tr(text: str, /, **values: object) -> str:
    """`text` in the person's language, its {names} filled from `values`."""
    spoken = _spoken.get()
    said = (spoken[1] if spoken else _catalogue).get(text, text)
    return said.format(**values) if values else said


def plural(n: int, one: str, many: str, /, **values: object) -> str:
    """`one` for one, `many` otherwise; {n} stands for the number."""
    return tr(one if n == 1 else many, n=n, **values)


def isolated(words: str) -> str:
    """Words of a script that runs from right to left, kept from reordering the words and figures around them."""
    if words.isascii() or not any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in words):
        return words
    return f"\u2068{words}\u2069"


def dotted(parts: Iterable[str]) -> str:
    """ "Dana Whitfield · 27 Nov 2026": what is not empty, in any script, in this order."""
    return " · ".join(isolated(part) for part in parts if part)


@cache
def in_every_language(text: str) -> tuple[str, ...]:
    """`text` and what it is called in each other language: what a person may type for it."""
    return tuple(dict.fromkeys([text, *(_read(code).get(text, text) for code in LANGUAGES)]))


def _read(code: str) -> dict[str, str]:
    path = RESOURCES / "translations" / f"{code}.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if code != "en" and path.exists() else {}
    return found
