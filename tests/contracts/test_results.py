"""A month against its standard, the year behind it, and what the standards hold of a payment."""

from __future__ import annotations

from datetime import date

import pytest
from contract_figures import BEGINS, Put, bring

from citystat.city import City
from citystat.contracts import edit
from citystat.contracts.pay import working
from citystat.contracts.register import contract, payments
from citystat.contracts.results import Tally, Tracked, outcome, tally_words, tracked
from citystat.contracts.scorecard import scorecard
from citystat.errors import CityStatError

TODAY = date(2026, 1, 10)
DEC = date(2025, 12, 1)


def follow(city: City, key: int) -> list[Tracked]:
    with city.read() as read:
        return tracked(read, [contract(read, key)])[key]


def stand(city: City, key: int, measure: int, sense: str = "at least", value: float = 95, share: float = 0.0) -> int:
    return edit.save_standard(
        city, None, contract_id=key, measure_id=measure, sense=sense, value=value, pay_share=share
    )


def test_a_value_at_the_standard_meets_it() -> None:
    assert [outcome(v, "at least", 95) for v in (95, 94.999, float("nan"))] == ["met", "missed", "none"]
    assert [outcome(v, "at most", 6) for v in (6, 6.001)] == ["met", "missed"]


def test_the_year_counts_met_missed_and_missing_months(city: City, signed: int, put: Put) -> None:
    stand(city, signed, put("A", [96] * 6 + [None] + [94] * 2 + [97] * 3))
    (row,) = follow(city, signed)
    assert row.tally(DEC) == Tally(met=9, missed=2, without=1)
    assert tally_words(row.tally(DEC)) == "9 of 11 months met, 1 without a figure"
    assert row.tally(date(2025, 3, 1)) == Tally(met=3)


def test_months_before_the_contract_do_not_count(city: City, signed: int, put: Put) -> None:
    key = put("A", [])
    bring(city, key, [50] * 6 + [96] * 12, first=date(2024, 7, 1))
    stand(city, signed, key)
    assert follow(city, signed)[0].tally(DEC, 24) == Tally(met=12)


def test_a_quarter_is_judged_in_the_month_in_which_it_ends(city: City, signed: int, put: Put) -> None:
    stand(city, signed, put("Q", [96, 90, 97, 98], frequency="quarter", unit="percent"))
    (row,) = follow(city, signed)
    assert row.in_month(date(2025, 5, 1)) is None
    assert row.in_month(date(2025, 6, 1)).outcome == "missed"
    assert tally_words(row.tally(DEC), "quarter") == "3 of 4 quarters met"
    with city.read() as read:
        line = scorecard(read, signed, date(2025, 8, 1), today=TODAY).lines[0]
    assert (line.outcome, line.value, line.words) == ("", "90 %", "Q4 FY25: missed"), (
        "until the next one, the last is shown"
    )


def test_rounding_does_not_hide_on_which_side_a_value_lies(city: City, signed: int, put: Put) -> None:
    stand(city, signed, put("A", [94.96], unit="percent", decimals=1))
    (row,) = follow(city, signed)
    assert row.words(94.96) == "94.96 %"
    assert row.words(94.2) == "94.2 %"


def test_a_missed_standard_holds_its_share_of_what_is_due(city: City, signed: int, put: Put) -> None:
    stand(city, signed, put("A", [96] * 11 + [90], name="On time", unit="percent"), share=0.03)
    stand(city, signed, put("B", [1] * 12, name="Complaints"), "at most", 3, share=0.02)
    edit.save_payment(city, None, contract_id=signed, period=DEC, due=1_000)
    with city.read() as read:
        found = working(payments(read, [signed])[0], follow(city, signed))
    assert (found.by_rule, found.state) == (30, "open")
    assert found.holds[0].words == "On time: 90 %, at least 95 %: missed, holds 3 % of $1,000 = $30"
    assert found.holds[1].words == "Complaints: 1, at most 3: met, holds nothing"
    assert edit.pay(city, found.payment.id, TODAY) == 30
    with city.read() as read:
        paid = scorecard(read, signed, today=TODAY)
    assert (paid.payment.state, paid.year.held, paid.year.paid) == ("paid", 30, 970)


def test_a_payment_waits_for_a_figure_that_is_missing_or_preliminary(city: City, signed: int, put: Put) -> None:
    measure = put("A", [96] * 11, name="On time")
    stand(city, signed, measure, share=0.03)
    key = edit.save_payment(city, None, contract_id=signed, period=DEC, due=1_000)
    with pytest.raises(CityStatError, match="has not come: On time"):
        edit.pay(city, key, TODAY)
    bring(city, measure, [90], first=DEC, status="preliminary")
    with pytest.raises(CityStatError, match="has not come: On time"):
        edit.pay(city, key, TODAY)
    bring(city, measure, [90], first=DEC)
    assert edit.pay(city, key, TODAY) == 30


def test_whoever_holds_another_sum_says_why(city: City, signed: int, put: Put) -> None:
    stand(city, signed, put("A", [90] * 12), share=0.03)
    terms = {"contract_id": signed, "period": DEC, "due": 1_000.0, "held": 0.0, "paid_on": TODAY}
    with pytest.raises(CityStatError, match=r"hold \$30, and \$0 is written down"):
        edit.save_payment(city, None, **terms)
    edit.save_payment(city, None, **terms, note="Storm week, agreed with counsel")
    with city.read() as read:
        shown = scorecard(read, signed, today=TODAY).payment
    assert shown.differs
    assert shown.remark == "by today's figures $30 would be held · Storm week, agreed with counsel"


def test_a_revision_after_the_payment_is_told_and_changes_nothing_paid(city: City, signed: int, put: Put) -> None:
    measure = put("A", [96] * 12)
    stand(city, signed, measure, share=0.05)
    key = edit.save_payment(city, None, contract_id=signed, period=DEC, due=1_000)
    edit.pay(city, key, TODAY)
    bring(city, measure, [80], first=DEC)
    with city.read() as read:
        shown = scorecard(read, signed, today=TODAY).payment
    assert (shown.payment.held, shown.by_rule, shown.differs) == (0, 50, True)


def test_the_sentence_counts_what_was_judged(city: City, signed: int, put: Put) -> None:
    with city.read() as read:
        assert scorecard(read, signed, today=TODAY).headline == "No standard has been set for this contract"
    stand(city, signed, put("A", [96] * 11 + [90]))
    stand(city, signed, put("B", [96] * 12))
    with city.read() as read:
        assert scorecard(read, signed, today=TODAY).headline == "One of two standards was missed in Dec 2025"
        assert scorecard(read, "c-1", date(2025, 3, 9), today=TODAY).headline == "Both standards were met in Mar 2025"
        with pytest.raises(CityStatError, match="Choose a month from Jan 2025 to Dec 2025"):
            scorecard(read, signed, date(2024, 3, 1), today=TODAY)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sense": "about"}, "at least or at most"),
        ({"value": float("nan")}, "at least or at most"),
        ({"pay_share": 1.2}, "between 0 and 100"),
        ({"pay_share": 0.9}, "more than the whole payment"),
    ],
)
def test_a_standard_that_cannot_be_is_refused(
    city: City, signed: int, put: Put, fields: dict[str, object], said: str
) -> None:
    stand(city, signed, put("A", [96]), share=0.2)
    terms = {"contract_id": signed, "measure_id": put("B", [1]), "sense": "at least", "value": 1.0} | fields
    with pytest.raises(CityStatError, match=said):
        edit.save_standard(city, None, **terms)


def test_a_measure_by_week_is_no_standard_of_a_month(city: City, signed: int, put: Put) -> None:
    with pytest.raises(CityStatError, match="not reported by month"):
        stand(city, signed, put("W", [1, 2, 3], frequency="week"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"number": " "}, "a number and a title"),
        ({"vendor_id": None}, "is with a vendor"),
        ({"ends": date(2024, 1, 1)}, "end before it begins"),
        ({"notice_by": date(2027, 1, 1)}, "outside the term"),
        ({"amount": -1.0}, "from 0 up"),
        ({"number": "c-1"}, "c-1 already"),
    ],
)
def test_a_contract_that_cannot_be_is_refused_by_name(
    city: City, signed: int, fields: dict[str, object], said: str
) -> None:
    with city.read() as read:
        firm = contract(read, signed).vendor_id
    terms = {"number": "C-2", "title": "T", "vendor_id": firm, "begins": BEGINS, "ends": date(2026, 1, 1)} | fields
    with pytest.raises(CityStatError, match=said):
        edit.save_contract(city, None, **terms)


def test_payments_are_planned_for_the_months_that_have_none(city: City, signed: int) -> None:
    edit.save_payment(city, None, contract_id=signed, period=DEC, due=700)
    assert edit.plan_payments(city, signed, 1_000) == 17
    with pytest.raises(CityStatError, match="a payment for Dec 2025 already"):
        edit.save_payment(city, None, contract_id=signed, period=DEC, due=1)
    with pytest.raises(CityStatError, match="begins in Jan 2025"):
        edit.save_payment(city, None, contract_id=signed, period=date(2024, 12, 1), due=1)
    with pytest.raises(CityStatError, match="More is held than is due"):
        edit.save_payment(city, None, contract_id=signed, period=date(2026, 12, 1), due=1, held=2)


def test_a_vendor_with_a_contract_stays_until_the_contract_goes(city: City, signed: int) -> None:
    with city.read() as read:
        firm = contract(read, signed).vendor_id
    with pytest.raises(CityStatError, match="Acme has the contract C-1"):
        edit.remove_vendor(city, firm)
    edit.remove_contract(city, signed)
    edit.remove_vendor(city, firm)
    assert city.undo() == "Remove vendor Acme"
    assert city.undo() == "Remove contract C-1"
    with city.read() as read:
        assert contract(read, "C-1").vendor == "Acme"


def test_a_month_whose_figures_are_awaited_has_a_scorecard_that_waits(city: City, signed: int, put: Put) -> None:
    stand(city, signed, put("A", [96] * 10), share=0.03)
    edit.plan_payments(city, signed, 1_000)
    with city.read() as read:
        shown = scorecard(read, signed, today=TODAY)
        assert (shown.label, shown.last) == ("Oct 2025", DEC)
        waiting = scorecard(read, signed, DEC, today=TODAY)
    assert waiting.headline == "No figure has come for Dec 2025"
    assert waiting.payment.state == "waits" and waiting.lines[0].words == "no figure"
