"""Which contract wants somebody, when, and what is known of it then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from citystat.city import City
from citystat.contracts.register import ContractRow, contract
from citystat.contracts.renewal import notice, renewal, standings, urgency, warnings
from citystat.today.wanted import from_data


@pytest.fixture
def row(city: City, signed: int) -> ContractRow:
    """Ends 30 Jun 2026, notice by 1 Apr 2026."""
    with city.read() as read:
        return contract(read, signed)


@pytest.mark.parametrize(
    ("today", "level", "words"),
    [
        (date(2025, 12, 1), 0, "notice by 1 Apr 2026, in 121 days"),
        (date(2026, 1, 5), 90, "notice by 1 Apr 2026, in 86 days"),
        (date(2026, 2, 10), 60, "notice by 1 Apr 2026, in 50 days"),
        (date(2026, 3, 31), 30, "notice by 1 Apr 2026, in 1 day"),
        (date(2026, 4, 1), 30, "notice by 1 Apr 2026, today"),
        (date(2026, 4, 2), 90, "it ends 30 Jun 2026, in 89 days"),
        (date(2026, 7, 1), 0, "its term ended 30 Jun 2026"),
    ],
)
def test_the_warning_comes_90_60_and_30_days_before(row: ContractRow, today: date, level: int, words: str) -> None:
    found = notice(row, today)
    assert (found.level, found.words, found.concern) == (level, words, level > 0)


def test_after_the_day_for_notice_one_that_renews_by_itself_warns_no_more(row: ContractRow) -> None:
    found = notice(replace(row, renews=True), date(2026, 4, 2))
    assert found.words == "the day for notice went by, 1 Apr 2026; it renews by itself after 30 Jun 2026"
    assert not found.concern


def test_one_that_renews_by_itself_with_no_day_for_notice_is_a_concern(row: ContractRow) -> None:
    found = notice(replace(row, renews=True, notice_by=None), date(2026, 1, 5))
    assert found.words.startswith("no day for notice is set") and found.concern
    over = notice(replace(row, renews=True), date(2026, 8, 1))
    assert over.words == "its term ended 30 Jun 2026, and it renewed by itself"


def test_the_nearest_day_comes_first_and_what_has_ended_last(row: ContractRow) -> None:
    today = date(2026, 1, 5)
    late, soon = replace(row, notice_by=date(2026, 5, 1)), replace(row, notice_by=date(2026, 1, 20))
    ended = replace(row, ends=date(2025, 12, 31), notice_by=None)
    forgotten = replace(row, notice_by=None, renews=True)
    found = [notice(c, today) for c in (ended, late, forgotten, soon)]
    assert sorted(found, key=urgency) == [found[3], found[1], found[2], found[0]]


def test_the_sample_city_warns_of_two_and_says_how_they_did(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        assert [s.contract.number for s in warnings(read, today)] == ["PW-2023-11", "PW-2023-10"]
        rows = standings(read, today)
        lines = from_data(read, today).contracts
        facts = renewal(read, "PW-2023-11", today=today)
    assert [s.contract.number for s in rows] == ["PW-2023-11", "PW-2023-10", "PW-2024-07", "HS-2022-03"]
    assert sum(t.missed > 0 for t in rows[0].months) == 10 and not any(t.missed for t in rows[1].months)
    assert lines[0].title == "Solid waste collection, south: renew, renegotiate or rebid"
    assert lines[0].words.startswith("Kestrel Disposal · notice by 3 Apr 2026, in 24 days · 22 of 48 results met")
    assert (lines[0].mark, lines[1].mark) == ("concern", "")
    assert lines[0].address == f"renewal:{rows[0].contract.id}"
    missed = facts.performance[0]
    assert (missed.before.missed, missed.year.missed, missed.term.missed) == (0, 8, 8)
    assert facts.left == 736_000 and [p.vendor for p in facts.peers] == ["Riverbend Hauling"]


def test_what_was_held_is_what_the_standards_say(sample_city: City, today: date) -> None:
    from citystat.contracts.scorecard import scorecard

    with sample_city.read() as read:
        cards = [scorecard(read, s.contract.id, today=today) for s in standings(read, today)]
    assert [w.payment.period for card in cards for w in card.workings if w.differs] == []
    assert all(card.payment.state == "open" for card in cards)
