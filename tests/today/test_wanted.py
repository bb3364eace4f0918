"""Today: what wants a person, and what does not any more."""

from __future__ import annotations

from datetime import date, datetime

from citystat.city import City
from citystat.measures.edit import save_measure
from citystat.meetings import agenda, plan, suggest
from citystat.meetings.approve import set_sent
from citystat.meetings.series import save_series
from citystat.people.roster import save_person
from citystat.today.wanted import from_data, wanted


def test_an_empty_city_wants_four_steps_and_ticks_them_off(city: City, today: date) -> None:
    with city.read() as read:
        assert [s.address for s in wanted(read, today).steps] == ["import", "goals", "people", "meetings"]
    save_person(city, None, name="Dana Whitfield")
    with city.read() as read:
        assert [s.done for s in wanted(read, today).steps] == [False, False, True, False]
    save_measure(city, None, code="EC-01", name="Calls answered")
    plan.plan(city, save_series(city, None, name="TestStat"), today)
    with city.read() as read:
        assert wanted(read, today).steps == ()  # a city without goals is not asked for them for ever


def test_the_next_meeting_says_what_it_lacks(city: City, today: date) -> None:
    meeting = plan.plan(city, save_series(city, None, name="TestStat", minutes=50), today)
    with city.read() as read:
        found = wanted(read, today).meeting
    assert found.title == "TestStat, today"
    assert found.lacks == ("8 minutes too long", "memo not yet sent", "three items without a presenter")
    set_sent(city, meeting, "memo", datetime(2026, 3, 9))
    with city.read() as read:
        assert "memo not yet sent" not in wanted(read, today).meeting.lacks


def test_a_planned_meeting_whose_day_went_by_wants_a_decision(city: City, today: date) -> None:
    meeting = plan.plan(city, save_series(city, None, name="TestStat"), date(2026, 3, 3))
    with city.read() as read:
        assert [(line.title, line.address) for line in wanted(read, today).minutes] == [
            ("TestStat, 3 Mar 2026: not held", f"meeting:{meeting}")
        ]


def test_an_improvement_noted_as_a_win_asks_no_more(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        before = from_data(read, today)
    win = next(line for line in before.signals if line.act == "win" and not line.done)
    suggest.note_win(sample_city, win.measure_id, win.title, datetime(2026, 3, 10))
    with sample_city.read() as read:
        after = from_data(read, today)
    assert next(line.done for line in after.signals if line.measure_id == win.measure_id) == "noted as a win"
    assert after.count == before.count - 1


def test_a_signal_on_the_agenda_asks_no_more(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        line = next(x for x in from_data(read, today).signals if x.act == "agenda" and not x.done)
        meeting = suggest.meeting_for(read, line.measure_id, today)
    agenda.add_item(sample_city, meeting.id, "measure", line.title, 10, [line.measure_id])
    with sample_city.read() as read:
        after = from_data(read, today)
    assert next(x.done for x in after.signals if x.measure_id == line.measure_id) == "on the agenda"


def test_figures_that_failed_their_checks_want_one_line(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        line = wanted(read, today).imports[0]
    assert line.address == "quality" and line.title.endswith("failed their checks")
    assert line.words.endswith("wait to be accepted")
