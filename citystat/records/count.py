"""Records counted and measured, wherever they stand: what is asked of them, and what is odd about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from citystat import periods
from citystat.collect.batch import Remark
from citystat.errors import CityStatError
from citystat.records import query
from citystat.records.figures import Figures, figures
from citystat.records.query import Question
from citystat.records.recipe import RecordRecipe, said
from citystat.texts import plural, tr

LEAST = 20  # records: fewer say nothing of how often they come
CHANCE = 0.01  # that the rest of a period has no record: below it the period is taken for one that is not over
MOST_SAID = 20  # places of what cannot be read


class Origin(Protocol):
    """Where records stand and are asked: a file (in_file.InFile) or the city's warehouse (warehouse.InWarehouse). name: for the sentences."""

    name: str

    def facts(self) -> dict[str, int]:
        """What query.facts() asks."""

    def rows_read(self, facts: Mapping[str, int]) -> int:
        """How many rows there are, wanted or not."""

    def unread(self) -> list[Remark]:
        """The first cells that cannot be read, at most MOST_SAID, with their places."""

    def words(self, column: str) -> list[str]:
        """The commonest words of a column."""

    def span(self) -> tuple[date, date] | None:
        """The days of the oldest and the newest date in what ends with its records, as a file does; None of a warehouse, which goes on."""

    def answers(self, again: bool, as_of: date) -> Iterator[tuple[Question, Mapping[str, Any]]]:
        """The answers to query.questions(). again: whether a key stands more than once."""


class Unread(CityStatError):
    """Dates or numbers that cannot be read; remarks: the first of them, each with its row. Nothing was written."""

    def __init__(self, where: str, total: int, remarks: Sequence[Remark]) -> None:
        self.remarks, self.total = tuple(remarks), total
        first = remarks[0]
        super().__init__(
            plural(total, "{n} cell cannot be read: {reason}", "{n} cells cannot be read, the first: {reason}", reason=first.reason),
            where=f"{where}, {first.place}",
            do=tr("Correct them in the file, or change how it is read; nothing was written"),
        )  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """What records came to, before anything of it is stored. partial: the key of the first period that is not whole, None where all are.

    Figures of a share are preliminary from the first period on with open records that may still meet its standard, too.
    """

    name: str
    rows_read: int
    figures: Figures
    remarks: tuple[Remark, ...]
    whole: bool
    partial: int | None = None


def counted(origin: Origin, recipe: RecordRecipe, today: date, *, whole: bool) -> Counted:
    """What the records of `origin` come to. whole: these are all there are. Unread or CityStatError where they come to nothing."""
    facts = origin.facts()
    rows_read = origin.rows_read(facts)
    if facts["unread"]:
        raise Unread(origin.name, facts["unread"], origin.unread())
    if not facts["dated"]:
        raise _nothing(origin, recipe, rows_read)
    now = query.key_at(periods.start_of(today, recipe.frequency, recipe.year_start), recipe.frequency)
    as_of = min(query.FIRST + timedelta(days=facts["newest"]), today)
    found = figures(recipe, list(origin.answers(facts["again"] > 0, as_of)), today=now, whole=whole)
    ends = _ends_early(facts, origin.span(), recipe)
    remarks = (*_remarks(facts, found, recipe, now), *_too_young(found, recipe))
    if ends is None or query.key_at(ends[0], recipe.frequency) >= now:
        return Counted(origin.name, rows_read, found, remarks, whole, now)
    when = periods.label(ends[0], recipe.frequency, recipe.year_start)
    words = tr(
        "The records end on {day}: {period} is not whole, its figures are preliminary",
        day=periods.day_label(ends[1]), period=when,
    )  # fmt: skip
    return Counted(
        origin.name, rows_read, found, (*remarks, Remark("", words)), whole, query.key_at(ends[0], recipe.frequency)
    )


def _too_young(found: Figures, recipe: RecordRecipe) -> Iterator[Remark]:
    """Of each share, open records that may still meet its standard."""
    for n, young in found.young.items():
        start = query.start_of(young.since, recipe.frequency)
        yield Remark(
            "",
            plural(
                young.records,
                "{n} open record may still meet “{name}”: its figures from {period} on are preliminary",
                "{n} open records may still meet “{name}”: its figures from {period} on are preliminary",
                name=recipe.measures[n].name or recipe.measures[n].code,
                period=periods.label(start, recipe.frequency, recipe.year_start),
            ),
        )  # fmt: skip


def _ends_early(
    facts: Mapping[str, int], span: tuple[date, date] | None, recipe: RecordRecipe
) -> tuple[date, date] | None:
    """The first day of the last period and the day of the newest record, where the rest of the period can hardly have had none:

    from n records in so many days, that none comes in the days left has a chance of (days / (days + left)) ** n: the predictive
    distribution of a Poisson count whose rate is known from these records only (A. Gelman et al., Bayesian Data Analysis, 2.6).
    """
    if span is None or facts["dated"] < LEAST:
        return None
    oldest, newest = span
    start = periods.start_of(newest, recipe.frequency, recipe.year_start)
    left = (periods.end_of(start, recipe.frequency) - newest).days
    days = (newest - oldest).days + 1
    return (start, newest) if (days / (days + left)) ** facts["dated"] < CHANCE else None


def _nothing(origin: Origin, recipe: RecordRecipe, rows_read: int) -> CityStatError:
    """Why no record is left."""
    if not rows_read:
        return CityStatError(
            tr("There are no records below the headings"),
            where=origin.name,
            do=tr("Choose another file, or ask the sender"),
        )
    if not (recipe.where or recipe.skip):
        return CityStatError(
            tr("No record has a date in “{column}”", column=recipe.opened), where=origin.name, do=tr("Choose another column of dates")
        )  # fmt: skip
    column = next(iter(recipe.where or recipe.skip))
    words = origin.words(column)
    return CityStatError(
        tr("No record is left by “{filter}”", filter=said(recipe.where or recipe.skip)), where=origin.name,
        do=tr("“{column}” says: {words}", column=column, words=", ".join(w[:40] for w in words)) if words
        else tr("“{column}” is empty throughout", column=column),
    )  # fmt: skip


def _remarks(facts: Mapping[str, int], found: Figures, recipe: RecordRecipe, now: int) -> tuple[Remark, ...]:
    told = []
    if facts["undated"]:
        told.append(
            plural(
                facts["undated"],
                "{n} record has no date in “{column}” and is left out",
                "{n} records have no date in “{column}” and are left out",
                column=recipe.opened,
            )
        )
    if facts["odd"]:
        told.append(
            plural(
                facts["odd"],
                "{n} record was closed before it was opened: it counts, its days do not",
                "{n} records were closed before they were opened: they count, their days do not",
            )
        )
    if facts["again"]:
        told.append(
            plural(
                facts["again"],
                "{n} row repeats a record of the same {key}: the one that was closed last counts",
                "{n} rows repeat records of the same {key}: the one that was closed last counts",
                key=recipe.key,
            )
        )
    if facts["unkeyed"]:
        told.append(
            plural(
                facts["unkeyed"],
                "{n} record has no {key}: it cannot be known again",
                "{n} records have no {key}: they cannot be known again",
                key=recipe.key,
            )
        )
    if any((part.period == now).any() for part in found.parts.values()):
        start = query.start_of(now, recipe.frequency)
        told.append(
            tr(
                "{period} has not ended: its figures are of a part of it",
                period=periods.label(start, recipe.frequency, recipe.year_start),
            )
        )
    return tuple(Remark("", words) for words in told)
