"""A source in the city's own PostgreSQL: it counts there, only figures travel, and a number opens into its records there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from counting import MEASURES, NOW, REQUESTS, month, values
from servers import postgres
from sqlalchemy import create_engine, text
from test_three_engines import Passwords

from citystat.city import City
from citystat.collect import recipes, sources
from citystat.collect.sources import SourceRow
from citystat.errors import Cancelled, CityStatError
from citystat.records import kept
from citystat.records.bring import ask
from citystat.records.count import Unread
from citystat.records.open import Number, records
from citystat.records.recipe import RECORDS

THERE = replace(REQUESTS, keep=False, titles={"request_no": "Request", "area": "District"})
SQL = 'SELECT request_no, opened AS "Opened", closed AS "Closed", area, kind AS "Category", cost AS "Cost" FROM request'


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    with postgres() as address:
        engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            connection.execute(
                text(
                    "CREATE TABLE request (request_no int, opened timestamptz, closed date, area text, kind text, cost numeric)"
                )
            )
            connection.execute(
                text("""
                INSERT INTO request VALUES
                (1, '2026-01-05 12:00Z', '2026-01-07', 'North', 'Garbage', 10), (2, '2026-01-09 12:00Z', '2026-01-19', 'North', 'Garbage', 20),
                (3, '2026-01-20 12:00Z', '2026-02-03', 'South', 'Graffiti', 30), (4, '2026-02-02 12:00Z', '2026-02-03', 'North', 'Graffiti', 40),
                (5, '2026-02-11 12:00Z', NULL, 'South', 'Garbage', 50), (6, '2026-03-01 02:00Z', '2026-03-02', 'South', 'Garbage', NULL)""")
            )
        engine.dispose()
        yield address


def source(city: City, cluster: str, passwords: Passwords, sql: str = SQL) -> SourceRow:
    with city.read() as read:
        known = [s.name for s in sources.sources(read)]
    if "Desk" in known:
        sources.remove(city, "Desk", passwords)
    return sources.save(city, "Desk", "database", cluster, {"sql": sql}, secrets=passwords)


def test_a_warehouse_counts_and_only_figures_are_stored(cluster: str, city: City) -> None:
    passwords = Passwords()
    row = source(city, cluster, passwords)
    done = ask(city, row, replace(THERE, zone="America/Chicago"), secrets=passwords, now=NOW)
    assert done.rows_read == 6
    assert values(city, "N") == {
        "": {"2026-01": 3, "2026-02": 3, "2026-03": 0}
    }  # the last was opened in the evening of 28 February
    assert values(city, "DAYS")[""] == {"2026-01": 10, "2026-02": 1.5}
    assert values(city, "N", "District")["South"] == {"2026-01": 1, "2026-02": 2, "2026-03": 0}
    assert not kept.folder(city.path).exists()
    assert ask(city, row, replace(THERE, zone="America/Chicago"), secrets=passwords, now=NOW).imported.added == 0
    with city.read() as read:
        assert recipes.named_as(read, "Requests", RECORDS).source_id == row.id


def test_a_number_opens_into_the_records_of_the_warehouse(cluster: str, city: City) -> None:
    passwords = Passwords()
    ask(city, source(city, cluster, passwords), THERE, secrets=passwords, now=NOW)
    with records(city, Number("DAYS", month(1)), secrets=passwords) as found:
        assert found.count == 3 and found.columns[:2] == ("Request", "Opened")
        assert [(row[0], row[-1]) for row in found.page(0, 2, sort="Request", descending=True)] == [(3, 14), (2, 10)]
        assert found.count_of("graff") == 1 and [row[0] for row in found.page(like="graff")] == [3]
    with records(city, Number("OPEN", month(2), (("District", "South"),)), secrets=passwords) as found:
        assert [row[0] for row in found.page()] == [5]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        (SQL.replace("FROM request", "FROM nothing"), "The database refused.*does not exist"), (SQL.replace("request_no", "cost"), "There is no column “Request”"),
        ("DELETE FROM request", "does not begin with SELECT"), (SQL + " WHERE area = 'East'", "There are no records"),
        ("WITH gone AS (DELETE FROM request RETURNING *) SELECT * FROM gone", "The database refused"),
    ],
)  # fmt: skip
def test_what_a_warehouse_refuses_is_said(sql: str, says: str, cluster: str, city: City) -> None:
    passwords = Passwords()
    with pytest.raises(CityStatError, match=says) as refused:
        ask(city, source(city, cluster, passwords, sql), THERE, secrets=passwords, now=NOW)
    assert "s3cret" not in str(refused.value)


def test_text_that_is_no_date_is_named_by_its_key(cluster: str, city: City) -> None:
    passwords = Passwords()
    odd = SQL.replace(
        'opened AS "Opened"',
        """CASE WHEN request_no = 4 THEN 'soon' ELSE to_char(opened, 'MM/DD/YYYY') END AS "Opened" """,
    )
    with pytest.raises(Unread) as refused:
        ask(city, source(city, cluster, passwords, odd), THERE, secrets=passwords, now=NOW)
    assert [(r.place, r.reason) for r in refused.value.remarks] == [("Request 4, Opened", "“soon” is not a date")]


def test_a_filter_that_leaves_nothing_says_what_there_is(cluster: str, city: City) -> None:
    passwords = Passwords()
    with pytest.raises(CityStatError, match="“District” says: North, South"):
        ask(
            city,
            source(city, cluster, passwords),
            replace(THERE, where={"District": "East"}),
            secrets=passwords,
            now=NOW,
        )


def test_a_long_query_is_stopped_and_does_not_run_to_its_end(cluster: str, city: City) -> None:
    passwords, stop = Passwords(), threading.Event()
    slow = SQL + ", (SELECT pg_sleep(20)) AS s"

    class Waits:
        def report(self, share: float, words: str = "") -> None:
            if stop.is_set():
                raise Cancelled

    threading.Timer(0.5, stop.set).start()
    row = source(city, cluster, passwords, slow)
    with pytest.raises(Cancelled):
        ask(city, row, replace(THERE, measures=MEASURES[:1]), secrets=passwords, now=NOW, progress=Waits())
    engine = create_engine(cluster.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:  # the server has stopped, too: it would sleep for twenty seconds a row
        going_on = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%%pg_sleep(20)%%' AND pid <> pg_backend_pid()"
        ).scalar()
    engine.dispose()
    assert going_on == 0
