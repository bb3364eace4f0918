"""A view that is kept with a measure is what the room sees first; the operator turns from there."""

from __future__ import annotations

from datetime import date

from citystat.city import City
from citystat.measures.kept_view import keep_view
from citystat.measures.series import definition
from citystat.meetings.agenda import add_item, agenda
from citystat.meetings.meeting import meeting, next_meeting
from citystat.views.meetings.showing import View, first_view, jumped_to, next_look, scene


def test_the_meeting_begins_with_what_is_kept_and_turns_from_there(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        measure, planned = definition(read, "EC-01"), next_meeting(read, today)
    assert planned is not None
    keep_view(sample_city, measure.id, {"look": "split", "split": "2025-03-01"})
    add_item(sample_city, planned.id, "measure", "Calls", 10, [measure.id])
    with sample_city.read() as read:
        items, row = agenda(read, planned.id), meeting(read, planned.id)
        item = next(i for i in items if i.title == "Calls")
        begun = scene(read, row, items, item, first_view(item), today=today)
        assert "since Mar 2025" in begun.wall.title and any("not why" in words for words in begun.wall.marked)
        assert begun.stored == {"look": "split", "split": "2025-03-01"}
        assert next_look(read, begun.view, today).look == ""  # it has no parts: after it come signals again
        assert jumped_to(read, "EC-01") == first_view(item)


def test_looks_turn_through_those_that_the_figures_bear(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        view, seen = View("PW-31"), []
        for _ in range(4):
            view = next_look(read, view, today)
            seen.append(view.look)
    assert seen == ["years", "to-date", "parts", ""]  # nothing is written on its chart to split at
