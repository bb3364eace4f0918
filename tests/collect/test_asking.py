"""Databases and services come by themselves on their date: once a day, later again after a failure, never guessed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from bringing import measure, values
from servers import OpenData, open_data
from test_sources import Drawer

from citystat.city import City
from citystat.collect import answers, asking, sources, watching
from citystat.collect.apply import apply
from citystat.collect.picking import pick
from citystat.collect.sources import SourceRow
from citystat.collect.store import runs, store
from citystat.today.wanted import wanted

TAUGHT = datetime(2026, 3, 10, 9, 0)
DUE = datetime(2026, 4, 15, 8, 0)  # March ends on the 31st, and new measures have 15 days
SQL = "select month, permits from permit"


class Permits:
    """A database that gets a month after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.do("CREATE TABLE permit (month TEXT, permits INTEGER)")
        for month in range(1, 13):
            self.put(f"2025-{month:02d}")
        self.put("2026-01")
        self.put("2026-02")

    def do(self, sql: str, *values: object) -> None:
        with sqlite3.connect(self.path) as file:
            file.execute(sql, values)
        file.close()

    def put(self, month: str) -> None:
        self.do("INSERT INTO permit VALUES (?, ?)", month, 40 + int(month[-2:]))


@pytest.fixture
def secrets() -> Drawer:
    return Drawer()


@pytest.fixture
def permits(tmp_path: Path) -> Permits:
    return Permits(tmp_path / "permits.db")


@pytest.fixture
def row(city: City, secrets: Drawer, permits: Permits) -> SourceRow:
    """A watched database that a person brought in once, up to February."""
    made = sources.save(
        city, "Permits", "database", f"sqlite:///{permits.path}", {"sql": SQL}, secrets=secrets, watched=True
    )
    teach(city, made, secrets)
    return made


def teach(city: City, made: SourceRow, secrets: Drawer) -> None:
    source = sources.fetch(made, secrets)
    recipe = pick(city, source).recipe
    store(city, source, recipe, apply(source, recipe), now=TAUGHT, source_id=made.id)


def due(city: City, now: datetime) -> list[str]:
    with city.read() as read:
        return [d.source.name for d in asking.due(read, now)]


def ask(city: City, secrets: Drawer, now: datetime) -> list[watching.Taken]:
    return asking.ask(city, secrets, now=now)


def state(city: City, now: datetime) -> asking.State:
    with city.read() as read:
        return next(iter(asking.states(read, now).values()))


def test_it_is_asked_from_the_day_its_figures_are_due(city: City, secrets: Drawer, permits: Permits, row: SourceRow) -> None:  # fmt: skip
    with city.read() as read:
        assert [(d.measure, d.period, d.on) for d in asking.expected(read)] == [
            ("PRMT-01", date(2026, 3, 1), date(2026, 4, 15))
        ]
    assert due(city, DUE - timedelta(days=1)) == []
    assert state(city, DUE - timedelta(days=1)).words == "is asked on 15 Apr 2026"
    assert due(city, DUE) == ["Permits"]
    assert state(city, DUE).words == "due since 15 Apr 2026"
    permits.put("2026-03")
    taken = ask(city, secrets, DUE)
    assert asking.told(taken) == "Permits: 1 value came in by itself."
    assert values(measure(city, "PRMT-01"))["2026-03"] == 43
    assert ask(city, secrets, DUE + timedelta(hours=1)) == [], "it came"
    assert state(city, DUE).words == "is asked on 15 May 2026"


def test_what_has_not_come_is_asked_for_again_the_next_day_and_leaves_no_trace(
    city: City, secrets: Drawer, permits: Permits, row: SourceRow
) -> None:
    before = len(city_runs(city))
    assert asking.told(ask(city, secrets, DUE)) == ""
    assert ask(city, secrets, DUE + timedelta(hours=5)) == [], "once a day"
    assert len(city_runs(city)) == before
    permits.put("2026-03")
    assert [t.done.added for t in ask(city, secrets, DUE + timedelta(days=1)) if t.done] == [1]


def city_runs(city: City) -> list[object]:
    with city.read() as read:
        return list(runs(read))


def test_what_changed_its_shape_waits_for_a_person(city: City, secrets: Drawer, permits: Permits, row: SourceRow) -> None:  # fmt: skip
    permits.do("ALTER TABLE permit RENAME COLUMN permits TO permissions")
    sources.save(city, "Permits", "database", row.location, {"sql": "select * from permit"}, secrets=secrets, watched=True, was="Permits", recipe="Permits")  # fmt: skip
    permits.put("2026-03")
    said = asking.told(ask(city, secrets, DUE))
    assert said.startswith("Permits waits for you: There is no column “permits”")
    assert "2026-03" not in values(measure(city, "PRMT-01"))
    found = state(city, DUE)
    assert (found.words, found.concern) == ("◆ waits for you", True)
    with city.read() as read:
        assert wanted(read, DUE.date()).imports[0].title == "Permits waits for you"
    assert due(city, DUE + timedelta(hours=6)) == []
    assert due(city, DUE + timedelta(days=1)) == ["Permits"]


def test_what_was_taken_back_does_not_come_again_by_itself(city: City, secrets: Drawer, permits: Permits, row: SourceRow) -> None:  # fmt: skip
    permits.put("2026-03")
    ask(city, secrets, DUE)
    city.undo()
    assert "it was taken back" in asking.told(ask(city, secrets, DUE + timedelta(days=1)))
    assert "2026-03" not in values(measure(city, "PRMT-01"))


def test_nothing_is_asked_that_nobody_wants_asked(city: City, secrets: Drawer, permits: Permits, row: SourceRow) -> None:  # fmt: skip
    sources.save(
        city, "Permits", "database", row.location, {"sql": SQL}, secrets=secrets, was="Permits", recipe="Permits"
    )
    assert due(city, DUE) == []
    with city.read() as read:
        assert [d.source.name for d in asking.due(read, DUE, watched=False)] == ["Permits"], "but a scheduler may"


@pytest.fixture
def service() -> Iterator[OpenData]:
    with open_data() as server:
        yield server


@pytest.mark.parametrize("kind", ["socrata", "ckan"])
def test_a_service_that_does_not_answer_is_asked_again_each_time_later(
    kind: str, city: City, secrets: Drawer, service: OpenData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citystat.collect.web._pauses", lambda: iter((0.0,)))
    made = sources.save(city, "Requests", kind, service.base, {"dataset": "abcd-1234"}, secrets=secrets, watched=True)
    teach(city, made, secrets)
    now = DUE
    for minutes in (15, 30, 60, 120, 240, 360, 360):
        service.trouble = ["dropped"] * 9
        taken = ask(city, secrets, now)
        assert [(t.reached, t.done) for t in taken] == [(False, None)]
        assert due(city, now + timedelta(minutes=minutes - 1)) == []
        now += timedelta(minutes=minutes)
        assert due(city, now) == ["Requests"]
    assert asking.told(taken) == "Requests did not answer; it is asked again later."
    assert state(city, now).words == f"◆ no answer; again at {now:%H:%M}"
    with city.read() as read:
        assert wanted(read, DUE.date()).imports[0].title == "Requests did not answer"
    service.trouble = []
    service.rows.append({"month": "2022-02-01T00:00:00.000", "district": "South", "requests": "130"})
    assert [t.done.added for t in ask(city, secrets, now) if t.done] == [1]
    with city.read() as read:
        assert answers.outcomes(read)[made.id].why == ""
