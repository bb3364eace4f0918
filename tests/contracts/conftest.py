"""A small contract whose figures are known, so that every answer can be worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from contract_figures import BEGINS, Put, bring

from citystat.city import City
from citystat.contracts import edit
from citystat.measures.edit import save_measure


@pytest.fixture
def put(city: City) -> Put:
    """Make a measure and bring its values in, month by month from BEGINS; None leaves a gap; returns its id."""

    def put(code: str, values: Sequence[float | None], *, status: str = "final", **fields: object) -> int:
        frequency = str(fields.get("frequency", "month"))
        key = save_measure(city, None, code=code, name=str(fields.pop("name", code)), **fields)
        bring(city, key, values, frequency=frequency, status=status)
        return key

    return put


@pytest.fixture
def signed(city: City) -> int:
    """A contract of a year and a half, without standards."""
    vendor = edit.save_vendor(city, None, name="Acme")
    return edit.save_contract(
        city, None, number="C-1", title="Sweeping", vendor_id=vendor, service="Sweeping", amount=18_000, begins=BEGINS,
        ends=date(2026, 6, 30), notice_by=date(2026, 4, 1),
    )  # fmt: skip
