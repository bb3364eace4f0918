"""After a period is closed a change of its figures is a correction: every way in asks for a reason, and keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from citystat.city import City, journal
from citystat.city import observations as store
from citystat.city.closing import ReasonWanted
from citystat.collect import close, settle, typed
from citystat.collect.close import Scope
from citystat.errors import CityStatError
from citystat.measures import edit
from citystat.measures.doubts import doubts
from citystat.measures.table import value_table
from citystat.models import ImportRun, Observation
from citystat.models.observations import WHOLE
from citystat.people import roster
from tests.city.test_derived import bring as stored
from tests.city.test_derived import measure as made
from tests.city.test_derived import values as derived_values
from tests.collect.bringing import NOW, measure, values
from tests.collect.test_checks import MONTHS, bring, history

JAN = date(2026, 1, 1)
CLOSED = "2026-01"


@pytest.fixture
def closed(city: City, tmp_path: Path) -> City:
    """Four years of V, closed through January 2026."""
    history(city, tmp_path)
    close.close(city, JAN, Scope(), now=NOW)
    return city


def everything(city: City) -> tuple[Any, ...]:
    """Rows that a half-written act would have changed."""
    with city.read() as read:
        runs, observations = (read.scalar(select(func.count()).select_from(t)) for t in (ImportRun, Observation))
        return runs, observations, values(measure(city, "V")), journal.last_act(read)


def imported(city: City, folder: Path, value: float, reason: str = "", month: str = CLOSED) -> Any:
    from citystat.collect.apply import apply
    from citystat.collect.readers import read
    from citystat.collect.recipe import Recipe
    from citystat.collect.store import store as keep
    from tests.collect.test_checks import V

    path = folder / "late.csv"
    path.write_text(f"period,value\n{month},{value}\n")
    source, recipe = read(path), Recipe(period="period", frequency="month", measures=V)
    return keep(city, source, recipe, apply(source, recipe), now=NOW, reason=reason)


def observed(city: City, _folder: Path, reason: str) -> None:
    """What the records room and any later way in does."""
    with city.change("Records") as change:
        run = ImportRun(at=NOW, who="tester", source="records", rows_read=1, reason=reason)
        change.add(run)
        change.flush()
        change.run_id = run.id
        store.store(change, run, [store.Incoming(1, JAN, WHOLE, 511.0, None, None, "final", "", "")])


WAYS: dict[str, Callable[[City, Path, str], Any]] = {
    "an import": lambda c, folder, reason: imported(c, folder, 511, reason),
    "observations": observed,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_figure_of_a_closed_period_changes_with_a_reason_only(way: str, closed: City, tmp_path: Path) -> None:
    before = everything(closed)
    with pytest.raises(ReasonWanted, match=r"1 figure of a closed period changes \(V, Jan 2026\)"):
        WAYS[way](closed, tmp_path, "")
    assert everything(closed) == before, "nothing is half-written"
    WAYS[way](closed, tmp_path, "a late receipt")
    assert values(measure(closed, "V"))[CLOSED] == 511
    with closed.read() as read:
        assert [(c.period, c.reason) for c in close.corrected(read)] == [(JAN, "a late receipt")]
        assert "a late receipt" in value_table(read, measure(closed, "V"))[0].note
        assert close.told(read, 1, JAN)[0].why == "a late receipt"
        assert journal.trail(read, limit=1)[0].what.endswith(" · a late receipt")


def test_a_new_figure_for_a_closed_period_is_a_correction_too(city: City, tmp_path: Path) -> None:
    bring(city, tmp_path, [(m, 500 + n) for n, m in enumerate(MONTHS[:-2])])
    close.close(city, JAN, Scope(), now=NOW)
    with pytest.raises(ReasonWanted):
        imported(city, tmp_path, 548, month="2025-12")
    imported(city, tmp_path, 548, "forgotten in December", month="2025-12")
    assert values(measure(city, "V"))["2025-12"] == 548


def test_equal_figures_and_open_periods_need_no_reason_and_keep_none(closed: City, tmp_path: Path) -> None:
    now = values(measure(closed, "V"))[CLOSED]
    assert imported(closed, tmp_path, now).unchanged == 1
    done = imported(closed, tmp_path, 505, "given for nothing", month="2026-02")
    with closed.read() as read:
        assert read.get_one(ImportRun, done.run_id).reason == ""
        assert close.corrected(read) == []


def test_what_is_closed_later_does_not_become_a_correction(closed: City, tmp_path: Path) -> None:
    bring(closed, tmp_path, [("2026-02", 505)])
    close.close(closed, date(2026, 2, 1), Scope(), now=NOW)
    with closed.read() as read:
        assert close.corrected(read) == []


def test_a_typed_value_carries_its_reason_already(closed: City) -> None:
    typed.correct_value(closed, 1, JAN, 507, "recount", NOW)
    with closed.read() as read:
        assert [c.reason for c in close.corrected(read)] == ["recount"]


def test_a_figure_accepted_after_a_check_is_a_correction_with_its_reason(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 50_300)])
    close.close(city, date(2026, 2, 1), Scope(), now=NOW)
    with city.read() as read:
        (found,) = doubts(read)
    settle.accept(city, [found.id], "parts are counted now", NOW)
    with city.read() as read:
        assert [c.reason for c in close.corrected(read)] == ["parts are counted now"]


@pytest.mark.parametrize("way", ["undo", "undo_run"])
def test_taking_back_and_bringing_back_need_a_reason_that_the_trail_tells(way: str, city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    done = bring(city, tmp_path, [("2026-01", 511)])
    with city.change("Close by hand, undone later by nothing") as change:
        change.execute(text("INSERT INTO closed_period (measure_id, through, at, who) VALUES (1, '2026-01-01', '2026-03-10 09:00:00', 't')"))  # fmt: skip
    step: Callable[..., Any] = city.undo if way == "undo" else lambda **why: city.undo_run(done.run_id, **why)
    with pytest.raises(ReasonWanted):
        step()
    assert values(measure(city, "V"))[CLOSED] == 511
    step(reason="the file was another year's")
    assert values(measure(city, "V"))[CLOSED] != 511
    with city.read() as read:
        newest = journal.trail(read, limit=1)[0]
        history_ = close.told(read, 1, JAN)
    assert newest.what.startswith("Undo: Import") and newest.what.endswith("· the file was another year's")
    assert [(t.value, t.state) for t in history_][:1] == [(511, "taken back")]
    assert "another year's" in history_[0].why
    with pytest.raises(ReasonWanted):
        city.redo()
    city.redo(reason="it was this year's after all")
    assert values(measure(city, "V"))[CLOSED] == 511


def test_derived_measures_follow_without_a_reason_of_their_own(city: City) -> None:
    a = made(city, "A")
    stored(city, {a: [10, 20, 30]}, first=date(2025, 11, 1))
    made(city, "S", formula="A * 2")
    assert [m.code for m in close.close(city, JAN, Scope(), now=NOW).measures] == ["A"]
    typed.correct_value(city, a, JAN, 31, "recount", NOW)
    assert derived_values(city, "S") == [20, 40, 62]
    with pytest.raises(CityStatError, match="no measure S that figures are brought in for"):
        close.close(city, JAN, Scope(code="S"), now=NOW)


## Closing and opening


def test_a_month_closes_what_has_ended_with_it_by_each_frequency(city: City) -> None:
    for code, frequency in (("D", "day"), ("W", "week"), ("M", "month"), ("Q", "quarter"), ("Y", "year")):
        edit.save_measure(city, None, code=code, name=code, frequency=frequency)
    close.close(city, date(2026, 1, 1), Scope(), now=NOW)
    with city.read() as read:
        through = {row.measure.code: row.through for row in close.closed(read)}
    assert through == {
        "D": date(2026, 1, 31), "M": date(2026, 1, 1), "Q": date(2025, 10, 1), "W": date(2026, 1, 19), "Y": date(2024, 7, 1),
    }  # fmt: skip


def test_closing_is_one_act_that_undo_takes_back(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    found = close.close(city, JAN, Scope(), now=NOW)
    assert close.said(found) == "January 2026 is closed for 1 measure"
    with pytest.raises(CityStatError, match="closed already"):
        close.close(city, JAN, Scope(), now=NOW)
    assert city.undo() == "Close January 2026"
    imported(city, tmp_path, 511)
    city.undo()
    assert city.redo() is not None and city.redo() is None


def test_a_later_close_goes_on_and_an_earlier_one_opens_nothing(closed: City) -> None:
    with pytest.raises(CityStatError, match="December 2025 is closed already"):
        close.close(closed, date(2025, 12, 1), Scope(), now=NOW)
    close.close(closed, date(2026, 2, 1), Scope(code="v"), now=NOW)
    with closed.read() as read:
        assert close.closed(read)[0].words == "Feb 2026"


def test_a_month_that_has_not_ended_stays_open(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    with pytest.raises(CityStatError, match="March 2026 has not ended yet"):
        close.close(city, date(2026, 3, 1), Scope(), now=datetime(2026, 3, 31, 18))
    close.close(city, date(2026, 3, 1), Scope(), now=datetime(2026, 4, 1))


def test_opening_again_is_an_act_with_its_reason_in_the_trail(closed: City, tmp_path: Path) -> None:
    with pytest.raises(CityStatError, match="needs a reason"):
        close.reopen(closed, JAN, Scope(), " ", now=NOW)
    assert [m.code for m in close.reopen(closed, JAN, Scope(), "the auditors asked", now=NOW)] == ["V"]
    with closed.read() as read:
        assert journal.trail(read, limit=1)[0].what == "Reopen January 2026 · the auditors asked"
        assert close.closed(read)[0].words == "Dec 2025"
    imported(closed, tmp_path, 511)
    with pytest.raises(ReasonWanted):
        imported(closed, tmp_path, 511, month="2025-12")
    with pytest.raises(CityStatError, match="January 2026 is not closed"):
        close.reopen(closed, JAN, Scope(), "again", now=NOW)


def test_what_is_left_behind_is_said_before(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    edit.save_measure(city, None, code="N", name="Nothing yet")
    bring(city, tmp_path, [("2026-01", 50_300)])
    with city.read() as read:
        found = close.closing(read, JAN, Scope())
    assert close.left_behind(found) == "1 has no figure, 1 figure is in doubt"


def test_only_the_department_asked_for_is_closed(city: City) -> None:
    fire, police = (roster.save_department(city, None, code=c, name=c) for c in ("Fire", "Police"))
    mine, theirs = made(city, "F", department_id=fire), made(city, "P", department_id=police)
    stored(city, {mine: [1], theirs: [1]}, first=JAN)
    done = close.close(city, JAN, Scope(department="fire"), now=NOW)
    assert [m.code for m in done.measures] == ["F"]
    typed.correct_value(city, theirs, JAN, 2, "x", NOW)
    with city.read() as read:
        assert close.corrected(read) == [] and [row.measure.code for row in close.closed(read)] == ["F"]
    with pytest.raises(CityStatError, match="no department “Zoo”"):
        close.close(city, JAN, Scope(department="Zoo"), now=NOW)


## Values typed by hand pass the same checks


def test_a_typed_error_is_refused_with_the_rule_s_sentence_unless_a_reason_is_given(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    before = everything(city)
    with pytest.raises(typed.NotBelieved, match="50,300 is about 100 times the usual"):
        typed.correct_value(city, 1, JAN, 50_300, "recount", NOW)
    assert everything(city) == before
    typed.correct_value(city, 1, JAN, 50_300, "recount", NOW, believed="parts are counted now")
    assert values(measure(city, "V"))[CLOSED] == 50_300
    with city.read() as read:
        assert doubts(read) == []


def test_a_typed_warning_is_marked_until_it_is_accepted(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    typed.correct_value(city, 1, JAN, 640, "recount", NOW)
    with city.read() as read:
        (found,) = doubts(read)
    assert (found.rule, found.level) == ("jump", "warning")
    city.undo()
    with city.read() as read:
        assert doubts(read) == []
