"""The agenda as rules: time boxes, charts, copying, carrying over, and what may not be removed."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings import agenda, capture, plan, running, suggest
from citystat.meetings.meeting import meetings
from citystat.meetings.series import save_series
from citystat.people.roster import save_person

NOW = datetime(2026, 3, 10, 10, 0)


@pytest.fixture
def series(city: City) -> int:
    return save_series(city, None, name="TestStat", minutes=60)


def items_of(city: City, meeting_id: int) -> list[agenda.Item]:
    with city.read() as read:
        return agenda.agenda(read, meeting_id)


def next_planned(city: City) -> int:
    with city.read() as read:
        return next(m.id for m in meetings(read) if m.status == "planned")


def test_each_item_has_its_clock_time_and_the_boxes_sum(city: City, series: int, today: date) -> None:
    items = items_of(city, plan.plan(city, series, today))
    times = agenda.clock_times(items, time(10, 0))
    assert times[:3] == [time(10, 0), time(10, 5), time(10, 20)]
    assert times[-1] == time(10, 58)
    assert agenda.planned_minutes(items) == 58


def test_an_item_moves_and_undo_puts_it_back(city: City, series: int, today: date) -> None:
    meeting = plan.plan(city, series, today)
    before = [i.title for i in items_of(city, meeting)]
    agenda.move_item(city, items_of(city, meeting)[0].id, 2)
    assert [i.title for i in items_of(city, meeting)] == [before[1], before[2], before[0], *before[3:]]
    city.undo()
    assert [i.title for i in items_of(city, meeting)] == before


def test_charts_change_their_order_and_keep_how_they_were_prepared(sample_city: City) -> None:
    item = next(i for i in items_of(sample_city, next_planned(sample_city)) if len(i.measures) == 3)
    ids = [c.measure_id for c in item.measures]
    with sample_city.change("Prepare a view") as change:
        from citystat.models import ItemMeasure

        change.get(ItemMeasure, item.measures[0].id).view = {"by": "Ward"}
    agenda.change_item(sample_city, item.id, measures=[ids[2], ids[0]])
    changed = next(i for i in items_of(sample_city, next_planned(sample_city)) if i.id == item.id)
    assert [(c.measure_id, c.view) for c in changed.measures] == [(ids[2], {}), (ids[0], {"by": "Ward"})]


def test_an_item_without_title_is_refused(city: City, series: int, today: date) -> None:
    item = items_of(city, plan.plan(city, series, today))[0]
    with pytest.raises(CityStatError, match="needs a title"):
        agenda.change_item(city, item.id, title="  ")


def test_an_item_under_which_something_was_written_down_stays(city: City, series: int, today: date) -> None:
    meeting = plan.plan(city, series, today)
    item = items_of(city, meeting)[0]
    with city.read() as read:
        entry = capture.parse("note thanks", capture.context(read, meeting, today))
    capture.keep(city, meeting, entry, item_id=item.id, now=NOW)
    with pytest.raises(CityStatError, match="its record hangs on it"):
        agenda.remove_item(city, item.id)


def test_what_was_parked_is_carried_over_into_the_next_agenda(city: City, series: int, today: date) -> None:
    held = plan.plan(city, series, today)
    running.start(city, held, NOW)
    with city.read() as read:
        entry = capture.parse("park who owns the bridge", capture.context(read, held, today))
    capture.keep(city, held, entry, item_id=None, now=NOW)
    running.adjourn(city, held, NOW)
    following = plan.plan(city, series, date(2026, 4, 14))
    lot = next(i for i in items_of(city, following) if i.kind == "parking-lot")
    assert lot.questions == ("who owns the bridge",)


def test_what_was_parked_after_planning_is_proposed_and_joins_the_item_there(
    city: City, series: int, today: date
) -> None:
    held, following = plan.plan(city, series, today), plan.plan(city, series, date(2026, 4, 14))
    running.start(city, held, NOW)
    with city.read() as read:
        entry = capture.parse("park who owns the bridge", capture.context(read, held, today))
    capture.keep(city, held, entry, item_id=None, now=NOW)
    running.adjourn(city, held, NOW)
    lot = agenda.add_item(city, following, "parking-lot")
    with city.read() as read:
        proposed = [s for s in suggest.suggestions(read, following, today) if s.kind == "parking-lot"]
    assert suggest.take(city, following, proposed[0]) == lot
    with city.read() as read:
        assert [s for s in suggest.suggestions(read, following, today) if s.kind == "parking-lot"] == []


def test_copying_an_earlier_agenda_adds_what_is_lacking_and_doubles_nothing(
    city: City, series: int, today: date
) -> None:
    first = plan.plan(city, series, today)
    person = save_person(city, None, name="Dana Whitfield")
    agenda.change_item(city, items_of(city, first)[0].id, presenter_id=person)
    agenda.add_item(city, first, "topic", "Bridges", 12, narrative="As of March")
    second = plan.plan(city, series, date(2026, 4, 14))
    assert agenda.copy_agenda(city, second, first) == 1
    items = items_of(city, second)
    assert [i.title for i in items].count("Good news") == 1
    assert items[0].presenter == "Dana Whitfield"
    bridges = next(i for i in items if i.title == "Bridges")
    assert (bridges.minutes, bridges.narrative) == (12, "")
    assert items[-1].kind == "read-back"


def test_every_suggestion_has_a_reason_and_taking_one_can_be_undone(sample_city: City, today: date) -> None:
    meeting = next_planned(sample_city)
    with sample_city.read() as read:
        proposed = suggest.suggestions(read, meeting, today)
    assert proposed and all(s.reason for s in proposed)
    before = items_of(sample_city, meeting)
    suggest.take(sample_city, meeting, proposed[0])
    assert len(items_of(sample_city, meeting)) == len(before) + 1
    sample_city.undo()
    assert items_of(sample_city, meeting) == before


def test_measures_of_several_departments_in_trouble_are_proposed_side_by_side(sample_city: City, today: date) -> None:
    meeting = next_planned(sample_city)
    crossing = next(i for i in items_of(sample_city, meeting) if i.kind == "cross-department")
    agenda.change_item(sample_city, crossing.id, measures=[])
    with sample_city.read() as read:
        found = next(s for s in suggest.suggestions(read, meeting, today) if s.kind == "cross-department")
    assert len(found.measure_ids) >= 2
    assert suggest.take(sample_city, meeting, found) == crossing.id
    changed = next(i for i in items_of(sample_city, meeting) if i.id == crossing.id)
    assert tuple(c.measure_id for c in changed.measures) == found.measure_ids
