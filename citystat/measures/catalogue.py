"""The built-in catalogue of common municipal outcome measures by service: searched, and made measures of the city."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from citystat.city import City
from citystat.measures import edit
from citystat.texts import RESOURCES, language, tr

FILE = "catalogue/measures.json"
OUTCOMES = ("outcome", "intermediate outcome")
STEM, NEAR = 5, 3  # letters by which words are compared; how much must be shared to be worth a look
COMMON = frozenset(
    ["withi", "witho", "every", "their", "stand", "month", "years", "numbe", "days", "city", "resid", "perce"]
)


@dataclass(frozen=True)
class Suggested:
    """A measure as other cities have it. formula: in words, how it is computed · name, definition: in the person's language."""

    key: str
    service: str
    name: str
    definition: str
    formula: str
    kind: str
    unit: str
    direction: str
    frequency: str
    aggregation: str
    decimals: int
    multiplier: float


def catalogue() -> list[Suggested]:
    """Every suggestion, by service."""
    return list(_read(language()))


def found(words: str, service: str = "") -> list[Suggested]:
    """The suggestions in which all of `words` stand, of one service or of all."""
    wanted = words.lower().split()
    return [
        s
        for s in catalogue()
        if service in ("", s.service) and all(w in f"{s.name} {s.definition} {s.service}".lower() for w in wanted)
    ]


def near(words: str, most: int = 3) -> list[Suggested]:
    """The outcome measures that share most beginnings of words with `words`, best first; none where they share nothing."""
    wanted = _stems(words)
    rated = [
        (len(wanted & _stems(s.service)) * 3 + len(wanted & _stems(f"{s.name} {s.definition}")), s) for s in catalogue()
    ]
    rated = [(n, s) for n, s in rated if n >= NEAR and s.kind in OUTCOMES]
    return [s for _, s in sorted(rated, key=lambda r: -r[0])[:most]]


def _stems(words: str) -> set[str]:
    """The first letters of the longer words: "permit" of "permits"."""
    return {w[:STEM] for w in re.findall(r"[^\W\d_]+", words.lower()) if len(w) >= STEM - 1} - COMMON


def use(city: City, suggestion: Suggested, *, department_id: int | None = None) -> str:
    """Make the city's own measure of a suggestion, as one act that can be undone; returns its code."""
    with city.read() as read:
        code = edit.suggested_code(read, suggestion.name, department_id)
    edit.save_measure(
        city, None, code=code, name=suggestion.name, department_id=department_id, kind=suggestion.kind,
        definition=f"{suggestion.definition} {tr('Computed as: {formula}.', formula=suggestion.formula)}",
        unit=suggestion.unit, direction=suggestion.direction, frequency=suggestion.frequency,
        aggregation=suggestion.aggregation, decimals=suggestion.decimals, multiplier=suggestion.multiplier,
    )  # fmt: skip
    return code


@cache
def _read(spoken: str) -> Sequence[Suggested]:
    data = json.loads((RESOURCES / FILE).read_text(encoding="utf-8"))
    services: dict[str, dict[str, str]] = data["services"]
    return tuple(_suggested(row, services, spoken) for row in data["measures"])


def _suggested(row: dict[str, object], services: dict[str, dict[str, str]], spoken: str) -> Suggested:
    """One row; a ratio in per cent is a hundred times its parts."""
    said = row.get(spoken) or row["en"]
    assert isinstance(said, list)
    ratio = row["aggregation"] == "ratio"
    service = services[str(row["service"])]
    return Suggested(
        str(row["key"]), service.get(spoken, service["en"]), said[0], said[1], said[2], str(row["kind"]), str(row["unit"]),
        str(row["direction"]), str(row["frequency"]), str(row["aggregation"]), int(str(row["decimals"])),
        100.0 if ratio and row["unit"] == "percent" else 1.0,
    )  # fmt: skip
