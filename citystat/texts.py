"""Texts in the person's language: English is written in the code, other languages in resources/translations.

A catalogue is one JSON object, English text to translated text, so that a translator needs no tool.
"""

from __future__ import annotations

import json
from pathlib import Path

RESOURCES = Path(__file__).resolve().parent / "resources"
if not RESOURCES.is_dir():  # a checkout keeps resources/ beside the package, a wheel inside it
    RESOURCES = Path(__file__).resolve().parent.parent / "resources"

LANGUAGES = {"en": "English", "es": "Español"}

_catalogue: dict[str, str] = {}


def set_language(code: str) -> None:
    """Speak `code` ("en", "es") from now on; a text without a translation stays English."""
    _catalogue.clear()
    path = RESOURCES / "translations" / f"{code}.json"
    if code != "en" and path.exists():
        _catalogue.update(json.loads(path.read_text(encoding="utf-8")))


def tr(text: str, /, **values: object) -> str:
    """`text` in the person's language, its {names} filled from `values`."""
    said = _catalogue.get(text, text)
    return said.format(**values) if values else said


def plural(n: int, one: str, many: str, /, **values: object) -> str:
    """`one` for one, `many` otherwise; {n} stands for the number."""
    return tr(one if n == 1 else many, n=n, **values)
