"""What the sentence above a chart says, case by case."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from cases import chart, noise

FLAT = np.tile([50.0, 51.0, 49.0, 50.5, 49.5], 5)
UP = np.r_[np.tile([86.0, 87.0, 86.5], 8), np.tile([93.0, 93.5, 92.5], 4)]
DIP = np.r_[FLAT[:20], [46.0, 46.5, 46.2] * 2, 46.4, FLAT[:7]]
PLAN = ((24, "rebase", "New shift plan"),)


@pytest.mark.parametrize(
    ("said", "values", "told"),
    [
        ("No data yet", [np.nan] * 3, {}),
        ("No data yet", [], {}),
        ("Too few points to judge: only one month of data", [5.0], {}),
        ("Too few points to judge: only five months of data", [5.0, 6, 5, 7, 6], {}),
        ("Above target in Mar 2023; too few points to judge", [5.0], {"target": 4}),
        ("Above target for three months; too few points to judge", [5.0, 6, 5], {"target": 4}),
        ("Only preliminary figures so far", [5.0], {"hollow": (0,)}),
        ("Always 100 %, above target", [100.0] * 14, {"target": 98}),
        ("Always 7; nothing has varied, so there is nothing to judge", [7.0] * 14, {"unit": "count", "decimals": 0}),
        ("No sign of change", FLAT, {}),
        ("Below target for 25 months; no sign yet of improvement", FLAT, {"target": 60}),
        ("Above target for 25 months; no sign yet of improvement", FLAT, {"target": 40, "direction": "lower"}),
        ("Above target for 25 months; no sign of change", FLAT, {"target": 40}),
        ("Within the target range for 25 months; no sign of change", FLAT,
         {"target": 40, "upper": 60, "direction": "range"}),
        ("Above the target range for 25 months; no sign yet of improvement", FLAT,
         {"target": 40, "upper": 45, "direction": "range"}),
        ("Above target for twelve months, since the new shift plan", UP, {"target": 90, "flags": PLAN}),
        ("Above target in eight of the twelve months since the new shift plan", UP, {"target": 92.9, "flags": PLAN}),
        ("Below target for 36 months, but improved since the new shift plan", UP, {"target": 95, "flags": PLAN}),
        ("Improved since the new shift plan", UP, {"flags": PLAN}),
        ("Improved since Mar 2025 (“Counter moved online”)", UP, {"flags": ((24, "rebase", "Counter moved online"),)}),
        ("Above target for 24 months, and worse since the new shift plan", UP[12:],
         {"target": 80, "direction": "lower", "flags": ((12, "rebase", "New shift plan"),)}),
        ("Higher since Mar 2025: averaged 93 %, before 86.5 %", UP, {"direction": "none"}),
        ("Lower since Mar 2025: averaged 86.5 %, before 93 %", np.r_[UP[24:], UP[24:], UP[:12]], {"direction": "none"}),
        ("Below target for 36 months; higher since Mar 2025", UP, {"direction": "none", "target": 95}),
        ("Higher since the new shift plan: averaged 93 %, before 86.5 %", UP, {"direction": "none", "flags": PLAN}),
        ("Mar 2025 was unusually high", np.r_[FLAT[:24], 80], {"direction": "none"}),
        ("Rising since Jul 2024", np.r_[FLAT[:16], 47, 48, 49.2, 50.1, 51, 52, 53.0], {"direction": "none"}),
        ("No sign of change since Jun 2025", DIP, {}),
        ("Below target for 34 months; no sign yet of improvement", DIP, {"target": 60}),
        ("Above target for 34 months; no sign of improvement since Jun 2025", DIP, {"target": 40, "direction": "lower"}),
        ("No new sign of change", DIP[:28], {}),
        ("Above target in Mar 2025; Mar 2025 was unusually good", np.r_[FLAT[:24], 80], {"target": 60}),
    ],
)  # fmt: skip
def test_the_sentence(said: str, values: object, told: dict[str, object]) -> None:
    assert chart(values, **told).headline == said  # type: ignore[arg-type]


def test_a_preliminary_value_is_not_spoken_of() -> None:
    final = chart(FLAT, target=45)
    with_preliminary = chart(np.r_[FLAT, 10.0], target=45, hollow=(-1,))
    assert with_preliminary.headline == final.headline
    assert with_preliminary.lines[0].marks[-1].hollow


def test_a_sign_in_the_last_final_value_stands_while_a_preliminary_one_waits() -> None:
    assert chart(np.r_[UP, 90.0], hollow=(-1,)).headline == chart(UP).headline == "Improved since Mar 2025"


def test_six_points_after_a_restart_do_not_hold_yet() -> None:
    early = chart(UP[:30], target=90, flags=PLAN)
    assert "since the new shift plan" not in early.headline
    assert early.headline.endswith("too few points to judge")


@pytest.mark.parametrize(
    ("frequency", "first", "words"),
    [
        ("day", date(2026, 3, 1), "Above target for three days"),
        ("week", date(2026, 3, 2), "Above target for three weeks"),
        ("quarter", date(2025, 7, 1), "Above target for three quarters"),
        ("half-year", date(2024, 7, 1), "Above target for three half-years"),
        ("year", date(2023, 7, 1), "Above target for three years"),
    ],
)
def test_periods_are_called_by_their_name(frequency: str, first: date, words: str) -> None:
    said = chart([5.0, 6, 5], frequency=frequency, first=first, target=4).headline
    assert said == words + "; too few points to judge"


def test_no_sentence_has_holes() -> None:
    """Many random series: every sentence is whole, begins with a capital and ends without a stop."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        made = chart(
            noise(int(rng.integers(1, 60)), 50, 3, seed), target=float(rng.choice([45, 50, 55])),
            direction=str(rng.choice(["higher", "lower", "none"])),
            flags=((int(rng.integers(1, 60)), "rebase", "New plan"),) if seed % 2 and seed > 59 else (),
        )  # fmt: skip
        said = made.headline
        assert said[0].isupper() and not said.endswith((".", ";", ",")), said
        assert "  " not in said and "{" not in said and "None" not in said, said
