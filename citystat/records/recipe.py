"""How records become measures: a recipe is plain data, guessed, corrected, kept and used again (docs/records.md)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from citystat.collect import plain
from citystat.collect.recipes import Kind
from citystat.errors import CityStatError
from citystat.periods import FREQUENCIES
from citystat.texts import tr

KIND = "records"  # in a recipe's JSON and in NamedRecipe.kind

# what many records become → in words, for the window and for `citystat recipe show`
KINDS = {
    "count": "how many", "sum": "sum", "mean": "mean", "median": "median", "percentile": "percentile",
    "share": "share within the standard", "backlog": "still open at the end of the period",
}  # fmt: skip
DATES = {"opened": "opened in the period", "closed": "closed in the period"}


@dataclass(frozen=True)
class RecordMeasure:
    """One measure that many records become, for each period and breakdown.

    code, name: what it becomes · kind: see KINDS ·
    value: the column of the number that is summed, averaged …; "" for the days from opened to closed ·
    percentile: 0 to 100, of kind "percentile" · within: the standard of kind "share": at most so many days (or so much of `value`) ·
    by: the date that gives the period, "opened" or "closed"; a backlog has both ·
    where: column → wanted word or words, for this measure alone · unit, decimals, direction: of a measure that is new.
    """

    code: str
    name: str = ""
    kind: str = "count"
    value: str = ""
    percentile: float = 90.0
    within: float | None = None
    by: str = "opened"
    where: dict[str, Any] = field(default_factory=dict)
    unit: str = ""
    decimals: int = 0
    direction: str = "none"

    @property
    def aggregation(self) -> str:
        """How its parts become a whole. Of "median" nothing is added up: the whole comes from the records as well."""
        return {"mean": "ratio", "share": "ratio", "median": "median", "percentile": "median", "backlog": "last"}.get(
            self.kind, "count" if self.kind == "count" else "sum"
        )

    @property
    def unit_said(self) -> str:
        """Its unit, where the recipe says none: per cent of a share, days of a duration, else a count."""
        if self.unit:
            return self.unit
        if self.kind == "share":
            return "percent"
        return "days" if self.timed else "count"

    @property
    def timed(self) -> bool:
        """Whether it is of the days from opened to closed."""
        return self.kind not in ("count", "backlog") and not self.value


@dataclass(frozen=True)
class RecordRecipe:
    """How records become observations. Columns are named by their titles.

    opened: the date that begins a record · closed: the date that ends it, "" where there is none ·
    key: what is a record's own, such as a request number: of several rows with one key one counts; "" where every row is a record ·
    breakdowns: columns that split the whole, each for itself; crossed: and all of them together ·
    frequency: of the observations · year_start: the month that quarters and years count from ·
    where, skip: column → wanted (unwanted) word, or a list of them · missing: more words for missing ·
    decimal: "." or "," · day_first: 31/12/2021 · zone: the city's time zone ("America/Chicago"), into which times are moved that say theirs;
    file_zone: the zone of times that say none · titles: column title in the file → the title this recipe knows it by ·
    words: column → word in the file → the word meant ·
    keep: the records are kept beside the city, so that a number opens into them and a later file may change some of them ·
    complete: every file has all records, so one that is not in it any more is gone.
    """

    name: str = ""
    opened: str = ""
    closed: str = ""
    key: str = ""
    breakdowns: tuple[str, ...] = ()
    crossed: bool = False
    frequency: str = "month"
    year_start: int = 1
    where: dict[str, Any] = field(default_factory=dict)
    skip: dict[str, Any] = field(default_factory=dict)
    measures: tuple[RecordMeasure, ...] = ()
    missing: tuple[str, ...] = ()
    decimal: str = "."
    day_first: bool = False
    zone: str = ""
    file_zone: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    keep: bool = True
    complete: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it needs, each once."""
        named = [self.opened, self.closed, self.key, *self.breakdowns, *self.where, *self.skip]
        for m in self.measures:
            named += [m.value, *m.where]
        return tuple(dict.fromkeys(filter(None, named)))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns that are read as numbers."""
        return tuple(dict.fromkeys(m.value for m in self.measures if m.value))

    @property
    def grown(self) -> bool:
        """Whether each file adds to the records that are kept, or changes some; else the newest file stands alone."""
        return self.keep and bool(self.key) and not self.complete

    @property
    def whole(self) -> bool:
        """Whether all records are known after each file."""
        return self.grown or self.complete


## As JSON


def to_json(recipe: RecordRecipe) -> dict[str, Any]:
    """Plain values, without what is at its default."""
    usual = asdict(RecordRecipe())
    found: dict[str, Any] = {"kind": KIND}
    found |= {k: v for k, v in asdict(recipe).items() if v != usual[k] or k == "opened"}
    bare = asdict(RecordMeasure(""))
    found["measures"] = [
        {k: v for k, v in asdict(m).items() if v != bare[k] or k in ("code", "kind")} for m in recipe.measures
    ]
    return dict(json.loads(json.dumps(found)))


def is_records(data: Any) -> bool:
    """Whether plain values are a recipe for records, not for a table of figures."""
    return isinstance(data, dict) and data.get("kind") == KIND


def from_json(data: Any, where: str = "") -> RecordRecipe:
    """A recipe from plain values; CityStatError names the word that no recipe has, or that is of the wrong kind."""
    data = plain.of_kinds(data, RECIPE, tr("The recipe"), where)
    measures = []
    for n, one in enumerate(data.get("measures", ()), 1):
        measure = plain.of_kinds(one, MEASURE, tr("Measure {n}", n=n), where)
        measures.append(RecordMeasure(**{"code": "", **measure}))
    rest: dict[str, Any] = {
        k: plain.listed(v) if k in LISTS else v for k, v in data.items() if k not in ("measures", "kind")
    }
    recipe = RecordRecipe(**rest, measures=tuple(measures))
    check(recipe, where)
    return recipe


def load(path: Path) -> RecordRecipe:
    """A recipe from a JSON file."""
    return from_json(plain.loaded(path), path.name)


## What each word may be


MEASURE: dict[str, Callable[[Any], bool]] = dict.fromkeys(
    ("code", "name", "kind", "value", "by", "unit", "direction"), plain.word
) | {
    "percentile": lambda value: plain.factor(value) and 0 <= value <= 100, "within": lambda value: value is None or plain.factor(value),
    "decimals": lambda value: plain.whole(value, 0, 6), "where": plain.conditions,
}  # fmt: skip
RECIPE: dict[str, Callable[[Any], bool]] = (
    dict.fromkeys(("kind", "name", "opened", "closed", "key", "frequency", "decimal", "zone", "file_zone"), plain.word)
    | dict.fromkeys(("crossed", "day_first", "keep", "complete"), plain.truth)
    | {
        "breakdowns": lambda value: plain.words(value) and "" not in plain.listed(value), "missing": plain.words,
        "where": plain.conditions, "skip": plain.conditions, "year_start": lambda value: plain.whole(value, 1, 12),
        "measures": lambda value: isinstance(value, list | tuple), "titles": plain.pairs, "words": plain.pairs_by_column,
    }
)  # fmt: skip
LISTS = ("breakdowns", "missing")
CHOICES = {
    "frequency": FREQUENCIES, "decimal": (".", ","), "kind": tuple(KINDS), "by": tuple(DATES), "direction": ("none", "higher", "lower", "range"),
}  # fmt: skip


def check(recipe: RecordRecipe, where: str = "") -> None:
    """CityStatError, in the words of whoever corrects it, where the recipe cannot work."""
    for thing in (recipe, *recipe.measures):
        for name, allowed in CHOICES.items():
            value = getattr(thing, name, None)
            if value is not None and value not in allowed:
                raise CityStatError(
                    tr("“{value}” is no {name}", value=value, name=name),
                    where=where, do=tr("It can be: {names}", names=", ".join(allowed)),
                )  # fmt: skip
    if not recipe.opened:
        raise CityStatError(
            tr("Which column holds the date of a record is not said"), where=where, do=tr("Give “opened” the column's title")
        )  # fmt: skip
    if not recipe.measures:
        raise CityStatError(tr("The recipe has no measure"), where=where, do=tr("Say what is counted or measured"))
    for zone in (recipe.zone, recipe.file_zone):
        _zone(zone, where)
    if recipe.file_zone and not recipe.zone:
        raise CityStatError(
            tr("Times in {zone} are to be moved, but not said whereto", zone=recipe.file_zone),
            where=where, do=tr("Give “zone” the city's own time zone"),
        )  # fmt: skip
    for m in recipe.measures:
        fit(m, recipe, (other for other in recipe.measures if other is not m), where)


def fit(m: RecordMeasure, recipe: RecordRecipe, others: Iterable[RecordMeasure], where: str = "") -> None:
    """CityStatError where measure `m` cannot stand in `recipe` beside `others`."""

    def wrong(what: str, do: str) -> CityStatError:
        return CityStatError(what, where=where, do=do)

    if not m.code.strip():
        raise wrong(tr("A measure in the recipe has no code"), tr("Give each measure a code"))
    if m.code in {other.code for other in others}:
        raise wrong(tr("Two measures have the code {code}", code=m.code), tr("Give each a code of its own"))
    if m.kind == "sum" and not m.value:
        raise wrong(tr("It is not said what {code} adds up", code=m.code), tr("Give “value” the column of the number"))
    if not recipe.closed and (m.timed or m.kind == "backlog" or m.by == "closed"):
        raise wrong(
            tr("{code} needs the date on which a record was closed", code=m.code),
            tr("Give “closed” the column's title, or choose another measure"),
        )
    if m.kind == "share" and m.within is None:
        raise wrong(
            tr("The standard that {code} is to meet is not said", code=m.code), tr("Give “within” a number, such as 5 days")
        )  # fmt: skip


def _zone(name: str, where: str) -> None:
    from zoneinfo import ZoneInfo

    if not name:
        return
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise CityStatError(
            tr("“{name}” is no time zone", name=name), where=where, do=tr("Write it as America/Chicago or UTC")
        ) from error


## In words

WORDS = {
    "opened": "opened", "closed": "closed", "key": "a record's own number", "breakdowns": "breakdowns", "crossed": "breakdowns together",
    "frequency": "one value per", "year_start": "first month of the year", "where": "only records", "skip": "records left out",
    "missing": "words for missing", "decimal": "decimal sign", "day_first": "day first", "zone": "time zone",
    "file_zone": "time zone of the file", "titles": "columns that were renamed", "words": "words that were renamed",
    "keep": "records are kept", "complete": "every file has all records",
}  # fmt: skip


def told(recipe: RecordRecipe) -> list[tuple[str, str]]:
    """A whole recipe in words: (what, how), without what is at its default; a line for each measure last."""
    usual = RecordRecipe()
    lines = [
        (tr(words), said(getattr(recipe, name)))
        for name, words in WORDS.items()
        if getattr(recipe, name) != getattr(usual, name) or name in ("frequency", "keep")
    ]
    return lines + [(m.code, in_words(m)) for m in recipe.measures]


def in_words(m: RecordMeasure) -> str:
    """ "Median days to close: median of days from opened to closed, opened in the period"."""
    return f"{m.name or m.code}: {what(m)}"


def what(m: RecordMeasure) -> str:
    """ "median of days from opened to closed, opened in the period"."""
    of = m.value or (tr("days from opened to closed") if m.timed else tr("records"))
    said_ = {
        "count": tr("how many records"), "backlog": tr("records still open at the end of the period"),
        "percentile": tr("{n}th percentile of {what}", n=f"{m.percentile:g}", what=of),
        "share": tr("share with {what} at most {n}", what=of, n=f"{m.within or 0:g}"),
    }.get(m.kind) or tr("{kind} of {what}", kind=tr(KINDS[m.kind]), what=of)  # fmt: skip
    when = "" if m.kind == "backlog" else f", {tr(DATES[m.by])}"
    condition = f" ({said(m.where)})" if m.where else ""
    return f"{said_}{condition}{when}"


def differences(before: RecordRecipe, after: RecordRecipe) -> list[str]:
    """What changed between two versions, a sentence each."""
    old, new = {m.code: m for m in before.measures}, {m.code: m for m in after.measures}
    found = [tr("measure {code} added", code=c) for c in new if c not in old]
    found += [tr("measure {code} left out", code=c) for c in old if c not in new]
    found += [tr("measure {code} changed", code=c) for c in new if c in old and new[c] != old[c]]
    for name, words in WORDS.items():
        was, is_ = getattr(before, name), getattr(after, name)
        if was != is_:
            found.append(tr("{what}: {value}", what=tr(words), value=said(is_) or tr("none")))
    return found


def said(value: object) -> str:
    """A part of a recipe in words."""
    if isinstance(value, dict):
        return ", ".join(f"{k}: {said(v)}" if isinstance(v, dict) else f"{k} = {said(v)}" for k, v in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return tr("yes") if value is True else tr("no") if value is False else str(value)


RECORDS: Kind[RecordRecipe] = Kind(
    KIND, from_json, to_json, lambda recipe, name: replace(recipe, name=name), differences
)
