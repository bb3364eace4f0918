"""Whatever table a method is given: an answer in whole JSON, or one sentence and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_commands import Out, asked, run

SERIES = ("--period", "t", "--value", "v")
METHODS = {
    "fdr": ("--id", "t", "--p", "v"),
    "contribution": ("--period", "t", "--part", "v", "--value", "w", "--from", "a", "--to", "b"),
    "changepoints": SERIES,
    "seasonal": (*SERIES, "--season-length", "4"),
    "funnel": ("--unit", "t", "--numerator", "v", "--denominator", "w"),
    "forecast": SERIES,
}
LONG = [f"{n},{n % 5 + 1}" for n in range(1, 31)]


def refused(capsys: Out, path: Path, method: str, *words: str, status: int = 1) -> str:
    got, out, err = run(capsys, "analyse", method, path, *(words or METHODS[method]), "--json")
    assert (got, out) == (status, ""), (out, err)
    assert "Traceback" not in err
    assert status == 2 or (err.startswith("citystat: ") and err.count("\n") == 1)
    return err


def table(folder: Path, *rows: str, head: str = "t,v") -> Path:
    path = folder / "t.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("method", METHODS)
def test_a_table_without_rows_or_columns(method: str, tmp_path: Path, capsys: Out) -> None:
    assert "empty" in refused(capsys, table(tmp_path), method)
    assert "There is no column" in refused(capsys, table(tmp_path, "1,2", head="x,y"), method)


@pytest.mark.parametrize("method", ["changepoints", "seasonal", "forecast"])
def test_series_that_cannot_be_judged(method: str, tmp_path: Path, capsys: Out) -> None:
    assert "too few" in refused(capsys, table(tmp_path, "1,5"), method)
    assert "twice" in refused(capsys, table(tmp_path, *LONG, "7,3"), method)
    assert "infinite" in refused(capsys, table(tmp_path, *LONG, "31,inf"), method)
    assert "not a number" in refused(capsys, table(tmp_path, *LONG, "31,x"), method)
    assert "Period 31 is left out" in refused(capsys, table(tmp_path, *LONG, "32,1"), method)
    assert "Period 2020-03 is left out" in refused(
        capsys, table(tmp_path, "2020-02,1", "2020-04,2", "2020-05,2"), method
    )
    empty = [f"{n}," for n in range(40)]
    said = refused(capsys, table(tmp_path, *empty), method)
    assert "too few" in said or "missing" in said


@pytest.mark.parametrize("method", ["changepoints", "seasonal", "forecast"])
@pytest.mark.parametrize("value", ["0", "100", "-3.5", "1e14"])
def test_a_constant_is_answered(method: str, value: str, tmp_path: Path, capsys: Out) -> None:
    path = table(tmp_path, *(f"{n},{value}" for n in range(1, 31)))
    found = asked(capsys, "analyse", method, path, *METHODS[method])
    if method == "changepoints":
        assert found["count"] == 0
    elif method == "seasonal":
        assert {round(p["adjusted"] / float(value or 1), 9) if value != "0" else 1 for p in found["points"]} == {1}
    else:
        assert {p["upper95"] for p in found["points"]} == {float(value)} and found["warnings"]


@pytest.mark.parametrize(("last", "then"), [
    ("12", ["13", "14"]), ("2020-12", ["2021-01", "2021-02"]), ("2020-12-01", ["2021-01-01", "2021-02-01"]),
    ("2020-Q4", ["2021-Q1", "2021-Q2"]), ("2020-02-28", ["2020-02-29", "2020-03-01"]), ("week 12", ["+1", "+2"]),
])  # fmt: skip
def test_the_next_periods_are_written_as_the_file_writes_them(
    last: str, then: list[str], tmp_path: Path, capsys: Out
) -> None:
    names = {
        "12": [str(n) for n in range(1, 13)],
        "2020-12": [f"2020-{n:02d}" for n in range(1, 13)],
        "2020-12-01": [f"2020-{n:02d}-01" for n in range(1, 13)],
        "2020-Q4": [f"{y}-Q{q}" for y in (2018, 2019, 2020) for q in (1, 2, 3, 4)],
        "2020-02-28": [f"2020-02-{n}" for n in range(17, 29)],
        "week 12": [f"week {n}" for n in range(1, 13)],
    }[last]
    path = table(tmp_path, *(f"{name},{n * n % 7}" for n, name in enumerate(names)))
    found = asked(capsys, "analyse", "forecast", path, *SERIES, "--model", "naive", "--horizon", "2")
    assert [p["period"] for p in found["points"]] == then


def test_gaps_are_told(tmp_path: Path, capsys: Out) -> None:
    path = table(tmp_path, *LONG, "31,", *(f"{n},{n % 4}" for n in range(32, 52)))
    for method, n in (("changepoints", 50), ("seasonal", 50), ("forecast", 20)):
        found = asked(capsys, "analyse", method, path, *METHODS[method])
        assert found["n"] == n and len(found["warnings"]) == 1
    assert found["test"] is None and found["options"]["model"] == "auto"


def test_few_seasons_are_told(tmp_path: Path, capsys: Out) -> None:
    path = table(tmp_path, *(f"{2023 + n // 12}-{n % 12 + 1:02d},{n % 12}" for n in range(30)))
    assert "three seasons" in asked(capsys, "analyse", "forecast", path, *SERIES)["warnings"][0]


def test_forecasts_that_cannot_be_made(tmp_path: Path, capsys: Out) -> None:
    path = table(tmp_path, *LONG)
    assert "cannot be held back" in refused(capsys, path, "forecast", *SERIES, "--holdout", "30")
    zeros = table(tmp_path, *(f"{n},{n % 3}" for n in range(40)))
    assert "above zero" in refused(capsys, zeros, "forecast", *SERIES, "--model", "ets:M,N,N")


@pytest.mark.parametrize("words", [
    ("forecast", "--model", "ets:X,N,N"), ("forecast", "--model", "arima"), ("forecast", "--model", "ets:A,N,A"),
    ("forecast", "--model", "seasonal-naive"), ("forecast", "--horizon", "0"), ("forecast", "--horizon", "5000"),
    ("seasonal",), ("seasonal", "--season-length", "4", "--seasonal-window", "1"), ("changepoints", "--penalty", "-1"),
    ("changepoints", "--max", "x"),
])  # fmt: skip
def test_wrong_usage(words: tuple[str, ...], tmp_path: Path, capsys: Out) -> None:
    method, *options = words
    refused(capsys, table(tmp_path, *LONG), method, *SERIES, *options, status=2)


def test_findings_that_are_none(tmp_path: Path, capsys: Out) -> None:
    assert "outside 0 to 1" in refused(capsys, table(tmp_path, "a,1.5"), "fdr")
    assert "twice" in refused(capsys, table(tmp_path, "a,0.5", "a,0.1"), "fdr")
    found = asked(capsys, "analyse", "fdr", table(tmp_path, "a,0.001", "b,", "001,NaN"), *METHODS["fdr"])
    assert (found["n"], found["rejected"], found["adjusted"]["001"]) == (1, ["a"], None)
    refused(capsys, table(tmp_path, "a,0.5"), "fdr", *METHODS["fdr"], "--rate", "1", status=2)


def test_changes_that_cannot_be_taken_apart(tmp_path: Path, capsys: Out) -> None:
    head = "t,v,w,z"
    words = ("--period", "t", "--part", "v", "--from", "a", "--to", "b")
    value, ratio = (*words, "--value", "w"), (*words, "--numerator", "w", "--denominator", "z")
    assert "There is no period b" in refused(capsys, table(tmp_path, "a,N,1,2", head=head), "contribution", *value)
    twice = table(tmp_path, "a,N,1,2", "b,N,1,2", "b,N,3,4", head=head)
    assert "twice" in refused(capsys, twice, "contribution", *value)
    empty = table(tmp_path, "a,N,,2", "b,N,1,2", head=head)
    assert "“N” has no w in a" in refused(capsys, empty, "contribution", *value)
    zero = table(tmp_path, "a,N,1,0", "b,N,1,2", head=head)
    assert "denominator" in refused(capsys, zero, "contribution", *ratio)
    for wrong in (words, (*value, "--numerator", "w"), (*words, "--numerator", "w")):
        refused(capsys, zero, "contribution", *wrong, status=2)
    alone = table(tmp_path, "a,N,1,2", "b,N,1,2", "b,S,0,0", head=head)
    found = asked(capsys, "analyse", "contribution", alone, *value)
    assert (
        found["change_percent"] == 0 and found["parts"]["S"]["share_of_change"] is None and len(found["warnings"]) == 1
    )


def test_units_that_cannot_be_compared(tmp_path: Path, capsys: Out) -> None:
    head = "t,v,w"
    assert "negative" in refused(capsys, table(tmp_path, "a,-1,2", head=head), "funnel")
    assert "empty" in refused(capsys, table(tmp_path, "a,1,", head=head), "funnel")
    assert "zero" in refused(capsys, table(tmp_path, "a,1,0", head=head), "funnel")
    refused(
        capsys, table(tmp_path, "a,1,2", head=head), "funnel", *METHODS["funnel"], "--transform", "arcsine", status=2
    )
    one = asked(capsys, "analyse", "funnel", table(tmp_path, "007,3,5", "b,0,0", head=head), *METHODS["funnel"])
    assert one["n"] == 1 and one["phi"] is None and one["count_998_adjusted"] is None and len(one["warnings"]) == 2
    assert [p["unit"] for p in one["points"]] == ["007", "b"] and one["points"][1]["ratio"] is None
