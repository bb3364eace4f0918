"""Whatever file comes, it comes in whole, is asked about, or is refused with place and reason; never anything else.

500 spoilt files in the ordinary run; `make fuzz` tries 10,000 of them and of Hypothesis' own many more. A file is made from its number:
`trying.py 1234 1235` tries one again. What failed once is kept in words, in tests/collect.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citystat.collect.apply import apply
from citystat.collect.guess import guess
from citystat.collect.readers import read
from citystat.collect.recipe import MEASURE, RECIPE, from_json, load
from citystat.errors import CityStatError

HERE = Path(__file__).parent
ORDINARY, LONG, AT_ONCE = 500, 10_000, 1_000


def tried(first: int, last: int) -> None:
    """Try files in a process of their own: one that kills it, hangs or fills the memory is named, too."""
    done = subprocess.run(
        [sys.executable, str(HERE / "trying.py"), str(first), str(last)], capture_output=True, text=True, errors="replace", check=False,
        env=os.environ | {"PYTHONPATH": str(HERE.parents[1])},
    )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if not line.startswith("at ")]
    assert done.returncode == 0, "\n".join([*told, done.stdout.splitlines()[-1], done.stderr[-3000:]])
    print(told[-1])
    for what in ("brought in", "asked", "refused"):
        assert f"'{what}'" in told[-1], "the files are too good, or too bad, to try anything"


def test_spoilt_files() -> None:
    tried(0, ORDINARY)


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("first", range(ORDINARY, LONG, AT_ONCE))
def test_many_spoilt_files(first: int) -> None:
    tried(first, min(first + AT_ONCE, LONG))


def read_or_refused(path: Path, how: Any = None) -> None:
    """The file is read or a sentence says why not."""
    try:
        source = read(path)
        apply(source, guess(source) if how is None else from_json(how, "map.json"))
    except CityStatError as error:
        assert error.what and "\n" not in error.what and (error.where or how is None)


SIGNS = st.text(st.sampled_from('01259.,;\t|"\n\r-/ \x00aé€FYQ=#'), max_size=300)
CELLS = st.one_of(
    st.sampled_from(("2025-01", "2025-02", "Jan 2025", "FY25", "Total", "period", "value", "=1+1", "#N/A", "")),
    st.text(max_size=12), st.floats().map(str), st.integers().map(str), st.dates().map(str), st.datetimes().map(str),
)  # fmt: skip
PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.sampled_from(("period", "value", "long", "wide"))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip
MAPS = st.fixed_dictionaries(
    {}, optional={k: st.one_of(PLAIN, st.just("period"), st.just(["value"])) for k in RECIPE if k != "measures"}
    | {"measures": st.lists(st.fixed_dictionaries({"code": st.just("V")}, optional={k: PLAIN for k in MEASURE if k != "code"}), max_size=3)},
)  # fmt: skip


def checked(test: Any, examples: int) -> Any:
    """A property with so many examples; the folder is the same for all of them."""
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))(test)


def any_bytes(tmp_path: Path, data: bytes, kind: str) -> None:
    """Bytes of any kind, called a table or a workbook."""
    (tmp_path / f"f.{kind}").write_bytes(data)
    read_or_refused(tmp_path / f"f.{kind}")


def any_table(tmp_path: Path, rows: list[list[str]], mark: str) -> None:
    """Cells of any kind in rows of any length."""
    content = "\n".join(mark.join(row) for row in rows)
    (tmp_path / "f.csv").write_text(content, encoding="utf-8", errors="surrogatepass")
    read_or_refused(tmp_path / "f.csv")


def any_map(tmp_path: Path, how: Any) -> None:
    """Plain values of any kind as a map, as they are and through a file."""
    (tmp_path / "t.csv").write_text("period,value,ward\n2025-01,1,N\n2025-02,2,S\n", encoding="utf-8")
    read_or_refused(tmp_path / "t.csv", how)
    (tmp_path / "map.json").write_text(json.dumps(how), encoding="utf-8")
    try:
        load(tmp_path / "map.json")
    except CityStatError as error:
        assert error.what and error.where


BYTES = given(
    data=st.one_of(st.binary(max_size=400), SIGNS.map(str.encode)), kind=st.sampled_from(("csv", "xlsx", "xls", "ods"))
)
TABLES = given(rows=st.lists(st.lists(CELLS, max_size=6), max_size=12), mark=st.sampled_from(",;\t|"))
MAPPED = given(how=st.one_of(PLAIN.filter(lambda plain: plain is not None), MAPS))

test_any_bytes = checked(BYTES(any_bytes), 150)
test_any_table = checked(TABLES(any_table), 120)
test_any_map = checked(MAPPED(any_map), 200)
test_many_bytes = pytest.mark.fuzz(checked(BYTES(any_bytes), 5_000))
test_many_tables = pytest.mark.fuzz(checked(TABLES(any_table), 5_000))
test_many_maps = pytest.mark.fuzz(checked(MAPPED(any_map), 5_000))
