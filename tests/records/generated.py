"""Service requests as a city's own system writes them, made anew for tests and benches: always the same from the same seed."""

from __future__ import annotations

from pathlib import Path

import duckdb


def requests(path: Path, rows: int, *, days: int = 1000, seed: int = 0) -> Path:
    """A CSV of `rows` requests: about 50 bytes each, US dates, 12 districts, 20 categories, one of 25 still open."""
    with duckdb.connect() as made:
        made.execute(f"""
COPY (
    SELECT printf('SR-%08d', i) AS "Request", strftime(opened, '%m/%d/%Y') AS "Opened",
        CASE WHEN hash(i + {seed}, 3) % 25 = 0 THEN '' ELSE strftime(opened + (days * days / 40)::INT, '%m/%d/%Y') END AS "Closed",
        'District ' || (1 + hash(i, 4) % 12) AS "District", 'Category ' || (1 + hash(i, 5) % 20) AS "Category",
        (hash(i, 6) % 100000) / 100 AS "Cost"
    FROM (SELECT i, DATE '2022-01-01' + (hash(i, 1) % {days})::INT AS opened, (hash(i + {seed}, 2) % 60)::INT AS days
          FROM range({rows}) AS r(i))
) TO '{path}' (HEADER, DELIMITER ',')""")
    return path
