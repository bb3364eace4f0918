"""citystat contracts and contract: what they print, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_commands import Out, asked, run

from citystat.sample.contracts import CONTRACTS


def test_the_list_as_json_holds_every_contract(sample_file: Path, capsys: Out) -> None:
    found = asked(capsys, "contracts", "--city", sample_file)["contracts"]
    assert {c["number"] for c in found} == {c.number for c in CONTRACTS}
    south = next(c for c in found if c["number"] == "PW-2023-11")
    assert south["now"] == {"met": 1, "missed": 3, "without": 0}
    assert south["money"]["held"] == 71_760


def test_a_scorecard_of_a_month_as_json(sample_file: Path, capsys: Out) -> None:
    found = asked(capsys, "contract", "scorecard", "PW-2023-11", "--month", "2026-02", "--city", sample_file)
    assert (found["month"], found["headline"]) == ("2026-02", "Three of four standards were missed in Feb 2026")
    assert [s["outcome"] for s in found["standards"]] == ["missed", "missed", "missed", "met"]
    assert found["payment"]["held"] == 9_200 == sum(h["amount"] for h in found["payment"]["holds"])


def test_for_people_it_says_the_same_in_words(sample_file: Path, capsys: Out) -> None:
    status, out, _ = run(capsys, "contract", "scorecard", "pw-2023-11", "--month", "2025-06", "--city", sample_file)
    assert status == 0
    assert "One of four standards was missed in Jun 2025." in out
    assert "missed, holds 2 % of $184,000 = $3,680" in out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("show", "NONE"), 1, "There is no contract NONE"),
        (("scorecard", "PW-2023-11", "--month", "2019-01"), 1, "Choose a month from Jul 2023"),
        (("scorecard", "PW-2023-11", "--month", "2026-13"), 2, "not a month"),
        (("scorecard", "PW-2023-11", "--month", ""), 2, "not a month"),
        (("compare", "Street sweeping"), 1, "There are not two contracts"),
        (("scorecard", "PW-2023-11", "--out", "card.pdf"), 1, "ending .docx"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    words: tuple[str, ...], status: int, said: str, sample_file: Path, capsys: Out
) -> None:
    got, out, err = run(capsys, "contract", *words, "--city", sample_file)
    assert (got, out) == (status, "") and said in err and "Traceback" not in err


def test_a_scorecard_does_not_write_over_the_city(sample_file: Path, tmp_path: Path, capsys: Out) -> None:
    link = tmp_path / "city.docx"
    link.symlink_to(sample_file)
    got, _, err = run(capsys, "contract", "scorecard", "PW-2023-11", "--out", link, "--city", sample_file)
    assert got == 1 and "overwrite the city" in err
