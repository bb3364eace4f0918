"""Riverton tells its stories, and no others: what was planted is found."""

from __future__ import annotations

from datetime import date

from citystat.city import City
from citystat.measures.standing import standings
from citystat.sample.stories import STORIES
from citystat.today.wanted import from_data, wanted


def test_planted_stories_are_found(sample_city: City) -> None:
    with sample_city.read() as read:
        found = {s.measure.code: s.signal for s in standings(read)}
    wrong = {s.code: (s.finds, found[s.code]) for s in STORIES if s.finds and found[s.code] != s.finds}
    assert wrong == {}


def test_a_city_of_80_measures_raises_few_false_alarms(sample_city: City) -> None:
    told = {s.code for s in STORIES}
    with sample_city.read() as read:
        alarms = [
            s.measure.code
            for s in standings(read)
            if s.signal in ("concern", "improvement") and s.measure.code not in told
        ]
    assert len(alarms) <= 4, alarms


def test_today_has_something_in_every_section(sample_city: City) -> None:
    with sample_city.read() as read:
        found, data = wanted(read, date(2026, 3, 10)), from_data(read, date(2026, 3, 10))
    assert found.meeting is not None and found.meeting.title == "PublicSafetyStat, in two days"
    assert data.signals and data.missed and found.promises
    assert any(p.days_late for p in found.promises)
