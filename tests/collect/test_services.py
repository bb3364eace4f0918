"""Open-data services: read page by page, waited for when busy, asked again when the line drops, refused in words otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from bringing import NOW
from servers import ROWS, OpenData, Waits, open_data

from citystat.city import City
from citystat.collect import web
from citystat.collect.apply import apply
from citystat.collect.picking import pick
from citystat.collect.readers import Source
from citystat.collect.store import store
from citystat.collect.web import Service
from citystat.errors import Cancelled, CityStatError

KINDS = pytest.mark.parametrize("kind", ["socrata", "ckan"])


@pytest.fixture
def service() -> Iterator[OpenData]:
    with open_data() as server:
        yield server


def ask(service: OpenData, kind: str, wait: Waits | None = None, page: int = 10, **more: str) -> Source:
    named = Service("Requests", service.base, more.pop("dataset", "abcd-1234"), **more)
    return web.SERVICES[kind](named, None, Waits() if wait is None else wait, page)


@KINDS
def test_all_rows_come_page_by_page(service: OpenData, kind: str) -> None:
    sheet = ask(service, kind).sheets[0]
    assert len(service.asked) == 3
    assert sheet.rows[0] == ("month", "district", "requests")
    assert sheet.rows[1] == (date(2020, 1, 1), "South", "100")
    assert [row[2] for row in sheet.rows[1:]] == [r["requests"] for r in ROWS]


def test_a_soda_dataset_that_ends_with_a_full_page_is_whole(service: OpenData) -> None:
    service.rows = service.rows[:20]
    assert ask(service, "socrata").sheets[0].height == 21


@KINDS
def test_a_busy_service_is_waited_for_as_long_as_it_asks(service: OpenData, kind: str) -> None:
    service.trouble, wait = ["", "busy"], Waits()
    assert ask(service, kind, wait).sheets[0].height == 26
    assert sum(wait) == pytest.approx(3)
    assert max(wait) <= 0.25, "Cancel is heard while it waits"


@KINDS
def test_a_dropped_connection_is_tried_again_and_no_row_comes_twice(service: OpenData, kind: str) -> None:
    service.trouble = ["", "dropped", "failing"]
    assert ask(service, kind).sheets[0].height == 26


@KINDS
def test_a_service_that_stays_away_is_refused_in_words(service: OpenData, kind: str) -> None:
    service.trouble = ["busy"] * 9
    with pytest.raises(CityStatError, match=r"Requests: The service did not answer \(it answers 429\)"):
        ask(service, kind)
    assert len(service.asked) == web.TRIES


def test_nobody_there() -> None:
    with pytest.raises(CityStatError, match="The service did not answer"):
        web.socrata(Service("Requests", "http://127.0.0.1:1", "x"), None, Waits())


@KINDS
def test_columns_that_change_between_two_pages_bring_nothing(service: OpenData, kind: str) -> None:
    def change(page: int) -> None:
        if page == 2:
            service.rows = [
                {"month": r["month"], "ward": r["district"], "requests": r["requests"]} for r in service.rows
            ]

    service.before_page = change
    with pytest.raises(CityStatError, match="changed its columns while it was read"):
        ask(service, kind)


@KINDS
def test_a_schema_that_changed_since_last_month_is_asked_about(service: OpenData, kind: str, city: City) -> None:
    source = ask(service, kind)
    picked = pick(city, source)
    store(city, source, picked.recipe, apply(source, picked.recipe), now=NOW)
    service.rows = [{"month": r["month"], "council_district": r["district"], "requests": r["requests"]} for r in ROWS]
    found = pick(city, ask(service, kind), picked.recipe.name).changes
    assert [(d.kind, d.was, d.proposed) for d in found] == [("column", "district", "council_district")]


@KINDS
def test_what_a_service_refuses_is_said(service: OpenData, kind: str) -> None:
    with pytest.raises(CityStatError, match=r"The service refused \(404\): (Cannot find|Not found)"):
        ask(service, kind, dataset="nothing")
    service.trouble = ["html"]
    with pytest.raises(CityStatError, match="something else than rows"):
        ask(service, kind)
    service.rows = []
    with pytest.raises(CityStatError, match="has no rows"):
        ask(service, kind)


def test_a_condition_and_a_token_are_handed_on(service: OpenData) -> None:
    ask(service, "socrata", where="district='North'", token="t0ken")
    assert service.asked[0]["$where"] == "district='North'"
    assert set(service.tokens) == {"t0ken"}
    with pytest.raises(CityStatError, match="no-such-column"):
        ask(service, "socrata", where="bad")


def test_cancel_is_heard_between_pages_and_while_it_waits(service: OpenData) -> None:
    class Stopped:
        def report(self, share: float, words: str = "") -> None:
            raise Cancelled

    service.trouble = ["busy"]
    with pytest.raises(Cancelled):
        web.socrata(Service("Requests", service.base, "abcd-1234"), Stopped(), Waits(), 10)
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "address", ["data.example.gov", "ftp://x.gov", "file:///etc/passwd", "https://me:secret@x.gov", ""]
)
def test_what_is_no_address_is_refused_and_secrets_are_not_repeated(address: str) -> None:
    with pytest.raises(CityStatError) as refused:
        web.checked(address)
    assert "secret" not in str(refused.value)
