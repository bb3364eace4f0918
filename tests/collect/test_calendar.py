"""The collection calendar: what became of every measure and period, and who owes what by when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from citystat import periods
from citystat.city import City
from citystat.city import observations as observed
from citystat.collect import close, settle
from citystat.collect.calendar import (
    BEFORE,
    CORRECTED,
    FAILED,
    LATE,
    MISSING,
    ON_TIME,
    OPEN,
    PARTIAL,
    SOON,
    debtors,
    heat,
    remember,
    what_came,
)
from citystat.collect.calendar_words import due_words, owes, reminded_words, sentence, told
from citystat.collect.stopped import keep_asking
from citystat.measures import edit
from citystat.measures.series import definitions
from citystat.models import ImportRun, Measure
from citystat.people import roster
from tests.collect.owing import FEB, JAN, MAR, arrive, line, measure_id, owing, squares, works
from tests.collect.test_checks import MONTHS, STEADY, bring

YEAR = periods.run(date(2025, 1, 1), date(2025, 12, 1), "month")


@pytest.fixture
def filled(city: City) -> City:
    """Each measure of Public Works and the Zoo was there through 2025."""
    works(city)
    for code in "VWZN":
        arrive(city, code, *YEAR)
    return city


def test_a_period_is_open_then_due_soon_then_missing(filled: City) -> None:
    seen = [squares(filled, "V", day)[JAN].state for day in (date(2026, 2, 1), date(2026, 2, 8), date(2026, 2, 15))]
    assert seen == [OPEN, SOON, SOON]  # due on Sunday 15 February: on the day itself nobody is late
    missing = squares(filled, "V", date(2026, 2, 18))[JAN]
    assert (missing.state, missing.days, missing.due) == (MISSING, 3, date(2026, 2, 15))


def test_what_came_was_on_time_or_late_or_before_the_city_had_the_measure(filled: City) -> None:
    arrive(filled, "V", JAN, at=date(2026, 2, 15))
    arrive(filled, "V", FEB, at=date(2026, 3, 18))
    arrive(filled, "W", date(2024, 12, 1), at=date(2026, 1, 5))
    found = squares(filled, "V", date(2026, 3, 20))
    assert (found[JAN].state, found[FEB].state, found[FEB].days) == (ON_TIME, LATE, 3)
    assert squares(filled, "W", date(2026, 3, 20))[date(2024, 12, 1)].state == BEFORE


def test_a_correction_shows_and_a_period_before_the_first_figure_does_not_count(filled: City) -> None:
    arrive(filled, "V", date(2025, 6, 1), at=date(2025, 9, 1), value=12.0)
    arrive(filled, "W", date(2024, 6, 1), at=date(2025, 1, 2))
    found = squares(filled, "V", date(2026, 1, 10))
    assert found[date(2025, 6, 1)].state == CORRECTED
    assert found[date(2024, 12, 1)].state == ""  # W began earlier; V had nothing yet


def test_a_measure_without_any_figure_owes_nothing_nor_does_a_retired_or_a_derived_one(city: City) -> None:
    works(city)
    assert owing(city, date(2026, 3, 20)) == []
    assert {s.state for s in line(city, "V", date(2026, 3, 20)).squares} == {""}
    arrive(city, "V", *YEAR)
    arrive(city, "W", *YEAR)
    edit.save_measure(city, None, code="D", name="Both", formula="V + W")
    with city.change("Retire") as change:
        row = change.get(Measure, measure_id(city, "W"))
        assert row is not None
        row.retired = True
    assert {o.measure.code for d in owing(city, date(2026, 3, 20)) for o in d.owed} == {"V"}


def test_held_back_by_a_check_is_failed_until_it_is_settled(city: City, tmp_path: Path) -> None:
    bring(city, tmp_path, list(zip(MONTHS, STEADY, strict=True)))
    bring(city, tmp_path, [("2026-02", 50300)])
    today = date(2026, 3, 20)
    assert squares(city, "V", today)[FEB].state == FAILED
    with city.read() as read:
        came, open_ = what_came(read, measure_id(city, "V"), FEB)
        (debtor,) = debtors(read, today)
    assert came is None and "100 times" in open_[0].words
    assert [(o.start, o.state, o.days) for o in debtor.owed][0] == (FEB, FAILED, 5)
    settle.accept(city, [open_[0].id], "counted anew", datetime(2026, 3, 20, 9))
    assert squares(city, "V", today)[FEB].state == LATE


def test_fewer_districts_than_ever_came_in_part(filled: City) -> None:
    arrive(filled, "W", *periods.run(date(2024, 1, 1), date(2024, 12, 1), "month"), parts=("N", "S", "E"))
    arrive(filled, "Z", JAN, parts=("N",))
    arrive(filled, "V", *periods.run(date(2026, 1, 1), date(2026, 4, 1), "month"), parts=("N", "S"))
    arrive(filled, "V", date(2026, 5, 1), parts=("N",))
    found = squares(filled, "V", date(2026, 6, 20))
    # a breakdown that comes new has more figures than before, and is no part
    assert [found[m].state for m in periods.run(JAN, date(2026, 4, 1), "month")] == [ON_TIME] * 4
    steady = squares(filled, "W", date(2026, 1, 20))
    assert steady[date(2024, 12, 1)].state in (ON_TIME, BEFORE) and steady[date(2025, 1, 1)].state == PARTIAL
    assert (steady[date(2025, 1, 1)].figures, steady[date(2025, 1, 1)].usual) == (1, 3)


def test_a_closed_period_says_so(filled: City) -> None:
    close.close(filled, date(2025, 6, 1), close.Scope(code="V"), now=datetime(2026, 1, 1))
    found = squares(filled, "V", date(2026, 1, 20))
    assert found[date(2025, 6, 1)].closed and not found[date(2025, 7, 1)].closed
    assert told(line(filled, "V", date(2026, 1, 20)).measure, found[date(2025, 6, 1)], date(2026, 1, 20)).endswith("· closed")  # fmt: skip


def test_the_owner_owes_else_the_head_else_the_department_else_nobody_who_comes_first(filled: City) -> None:
    found = owing(filled, date(2026, 2, 18))
    assert [(d.name, {o.measure.code for o in d.owed}, {o.owner for o in d.owed}) for d in found] == [
        ("Nobody is named", {"N"}, {False}),
        ("Ana Ruiz", {"W"}, {False}),
        ("Ben Ñandú, Jr.", {"V"}, {True}),
        ("Zoo", {"Z"}, {False}),
    ]
    assert [d.named for d in found] == [False, True, True, True]


def test_whoever_left_owes_nothing_the_head_does(filled: City) -> None:
    with filled.read() as read:
        ben = next(p.id for p in roster.everyone(read) if p.initials.startswith("bj") or "Ben" in p.name)
    roster.set_active(filled, ben, False)
    assert {d.name: {o.measure.code for o in d.owed} for d in owing(filled, date(2026, 2, 18))}["Ana Ruiz"] == {
        "V",
        "W",
    }


def test_a_gap_between_figures_is_owed_too_and_for_a_year_only(filled: City) -> None:
    arrive(filled, "V", FEB)
    mine = next(d for d in owing(filled, date(2026, 3, 20)) if d.name.startswith("Ben"))
    assert [(o.start, o.late) for o in mine.owed] == [(JAN, True), (MAR, False)]
    keep_asking(filled, measure_id(filled, "V"))  # after so long it may have stopped: somebody says that it has not
    later = next(d for d in owing(filled, date(2027, 3, 20)) if d.name.startswith("Ben"))
    assert later.owed[0].start == date(2026, 3, 1) and len(later.late) == 12


def test_the_overdue_stand_first_and_in_words_with_their_weekday(filled: City) -> None:
    arrive(filled, "Z", JAN)
    today = date(2026, 2, 18)
    found = owing(filled, today)
    assert sentence(found, today) == "3 figures are late, 4 fall due by Sunday 15 March"
    assert owes(found[1], today) == "1 figure was due Sunday 15 February · 1 figure due Sunday 15 March"
    assert due_words(3, date(2027, 3, 12), today) == "3 figures due Friday 12 March 2027"
    assert due_words(2, today, today) == "2 figures are due today"
    assert sentence([], today) == "Nothing is owed"


def test_quarters_weeks_and_fiscal_years_fall_due_by_their_own_length(city: City) -> None:
    edit.save_measure(city, None, code="Q", name="By quarter", frequency="quarter")
    edit.save_measure(city, None, code="K", name="By week", frequency="week", reporting_lag=2)
    edit.save_measure(city, None, code="Y", name="By year", frequency="year")
    arrive(city, "Q", date(2025, 7, 1), at=date(2025, 10, 5))
    arrive(city, "K", date(2026, 2, 23), at=date(2026, 3, 2))
    arrive(city, "Y", date(2024, 7, 1), at=date(2025, 7, 5))
    owed = {(o.measure.code, o.start): (o.due, o.state) for d in owing(city, date(2026, 3, 10)) for o in d.owed}
    assert owed["Q", date(2025, 10, 1)] == (date(2026, 1, 15), MISSING)
    assert owed["K", date(2026, 3, 2)] == (date(2026, 3, 10), SOON)
    assert ("Y", date(2025, 7, 1)) not in owed  # due on 15 July
    with city.read() as read:
        assert [s.frequency for s in heat(read, date(2026, 3, 10))] == ["week", "quarter", "year"]


def test_a_year_ahead_names_every_due_day_but_none_of_daily_measures(filled: City) -> None:
    edit.save_measure(filled, None, code="T", name="By day", frequency="day")
    arrive(filled, "T", date(2026, 2, 10), at=date(2026, 2, 11))
    found = [o for d in owing(filled, date(2026, 2, 18), year=True) for o in d.owed]
    assert sum(o.measure.code == "V" for o in found) == 13  # January overdue, then twelve
    assert max(o.start for o in found if o.measure.code == "T") <= date(2026, 2, 18)


def test_a_reminder_is_one_act_that_can_be_taken_back(filled: City) -> None:
    today = date(2026, 2, 18)
    remember(filled, owing(filled, today)[1:], datetime(2026, 2, 18, 9))
    found = owing(filled, today)
    assert [d.reminded for d in found] == [None, *[datetime(2026, 2, 18, 9)] * 3]
    assert reminded_words(datetime(2026, 2, 15, 9), today) == "reminded 3 days ago"
    assert filled.undo() == "Remind Ana Ruiz and others"
    assert {d.reminded for d in owing(filled, today)} == {None}


def test_what_is_there_names_its_import_and_its_cell(filled: City) -> None:
    with filled.read() as read:
        came, open_ = what_came(read, measure_id(filled, "V"), date(2025, 12, 1))
    assert came is not None and (came.value, came.source, came.place, came.figures) == (10.0, "V.csv", "B2", 1)
    assert came.run > 0 and open_ == []


def test_many_measures_are_asked_in_as_many_questions_as_few(city: City) -> None:
    few = _asked(city, _reported(city, "A", 5))
    assert _asked(city, _reported(city, "B", 495)) == few


def _reported(city: City, code: str, n: int) -> int:
    """So many more measures with a figure for each of 84 months; answers how many there are."""
    months = periods.run(date(2019, 3, 1), date(2026, 2, 1), "month")
    with city.change("Make") as change:
        made = [Measure(code=f"{code}{i}", name=f"Measure {i}") for i in range(n)]
        runs = [ImportRun(at=datetime.combine(m + timedelta(days=40), datetime.min.time()), who="t", source="s") for m in months]  # fmt: skip
        change.add_all([*made, *runs])
        change.flush()
        history = [
            (r, [observed.Incoming(one.id, m, 1, 1.0, None, None, "final", "", "") for one in made])
            for r, m in zip(runs, months, strict=True)
        ]
        observed.store_history(change, history)
    with city.read() as read:
        return len(definitions(read))


def _asked(city: City, n: int) -> int:
    """How many statements the map and the debtors of n measures take."""
    said: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(city._engine, "before_cursor_execute", heard)
    with city.read() as read:
        (section,) = heat(read, date(2026, 3, 20))
        debtors(read, date(2026, 3, 20))
    event.remove(city._engine, "before_cursor_execute", heard)
    assert (len(section.lines), len(section.starts)) == (n, 84)
    return len(said)
