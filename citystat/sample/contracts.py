"""Riverton's contracts: two haulers, one of them failing, a street sweeper, a shelter; their measures come with the returns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from citystat import periods
from citystat.city import Change
from citystat.city import observations as store
from citystat.contracts.results import outcome
from citystat.models import Contract, ContractPayment, ContractStandard, Measure, Person, Vendor
from citystat.sample.stories import STORIES, Calendar
from citystat.sample.tables import DOWN, UP, M

SEED = 36
PAID_AFTER = 25  # days after a month's end
COUNT, PERCENT, RATE = "count", "percent", "per 10,000 stops"

VENDORS = (
    ("Riverbend Hauling", "Carla Mendes", "carla.mendes@riverbend.example"),
    ("Kestrel Disposal", "Ian Boyd", "ian.boyd@kestrel.example"),
    ("Harbor Light Services", "Naomi Adler", "naomi.adler@harborlight.example"),
)


class C(NamedTuple):
    """A contract. months: of its term; ends: months after the last figures in which it ends; notice: days from today;

    due: a month. A notice in the past went by."""

    number: str
    title: str
    vendor: str
    owner: str
    service: str
    due: float
    months: int
    ends: int
    notice: int
    renews: bool = False


CONTRACTS = (
    C("PW-2023-10", "Solid waste collection, north", "Riverbend Hauling", "ad", "Solid waste collection", 212_000, 36, 6, 76),
    C("PW-2023-11", "Solid waste collection, south", "Kestrel Disposal", "ad", "Solid waste collection", 184_000, 36, 4, 24),
    C("PW-2024-07", "Street sweeping", "Riverbend Hauling", "is", "Street sweeping", 46_500, 36, 16, 402, True),
    C("HS-2022-03", "Night shelter, Canal Street", "Harbor Light Services", "dm", "Shelter operation", 128_000, 48, 2, -20, True),
)  # fmt: skip


class S(NamedTuple):
    """A measure that a contract is judged by, and its standard. size: of a ratio, 0 for a sum."""

    contract: str
    code: str
    name: str
    definition: str
    unit: str
    direction: str
    kind: str
    level: float
    noise: float
    size: int
    multiplier: float
    standard: float
    share: float = 0.0
    frequency: str = "month"


N, K, SWEEP, SHELTER = (c.number for c in CONTRACTS)
MISSED = "Stops that were not served on their day, of all stops on the route."
GOOD = "Missed stops that were served within one day after, of all missed stops."
CALLS = "Complaints about collection that reached 311, each address once a week."
WEIGHT, LOADS = (
    "Weight of what does not belong in recycling, in sampled carts.",
    "Loads of recycling that the plant sent back.",
)

STANDARDS = (
    S(N, "PW-14", "Missed collections, north", MISSED, RATE, DOWN, "quality", 4.1, 0.5, 372_000, 10_000, 6, 0.03),
    S(N, "PW-15", "Misses made good in a day, north", GOOD, PERCENT, UP, "quality", 97.0, 0.9, 150, 100, 95, 0.02),
    S(N, "PW-16", "Complaints about collection, north", CALLS, COUNT, DOWN, "outcome", 57, 6, 0, 1, 80),
    S(N, "PW-17", "Contamination of recycling, north", WEIGHT, PERCENT, DOWN, "outcome", 10.4, 0.7, 900, 100, 13),
    S(K, "PW-18", "Missed collections, south", MISSED, RATE, DOWN, "quality", 4.6, 0.6, 318_000, 10_000, 6, 0.03),
    S(K, "PW-19", "Misses made good in a day, south", GOOD, PERCENT, UP, "quality", 96.6, 1.1, 240, 100, 95, 0.02),
    S(K, "PW-20", "Complaints about collection, south", CALLS, COUNT, DOWN, "outcome", 61, 6, 0, 1, 80),
    S(K, "PW-21", "Contamination of recycling, south", LOADS, PERCENT, DOWN, "outcome", 8.2, 0.8, 400, 100, 13),
    S(SWEEP, "PW-22", "Streets swept on schedule", "Street miles swept in the week of the schedule, of all street miles on it.", PERCENT, UP, "quality", 96.9, 0.7, 1_880, 100, 95, 0.05),
    S(SWEEP, "PW-23", "Debris picked up, tons", "Weight over the scale at the transfer station.", COUNT, UP, "output", 318, 14, 0, 1, 270),
    S(SWEEP, "PW-24", "Residents content with clean streets", "Answers “content” or “very content” in the quarterly survey.", PERCENT, UP, "outcome", 74.0, 1.2, 620, 100, 70, 0.0, "quarter"),
    S(SHELTER, "HS-10", "Guests who move to stable housing", "Guests who leave for a lease or a family, of all who leave.", PERCENT, UP, "outcome", 37.5, 2.0, 118, 100, 30, 0.04),
    S(SHELTER, "HS-11", "Shelter beds filled", "Beds slept in, of beds offered, over all nights.", PERCENT, UP, "output", 95.4, 0.8, 4_260, 100, 92),
    S(SHELTER, "HS-12", "Safety incidents per 1,000 bed nights", "Incidents that staff must report, for each 1,000 bed nights.", "per 1,000 nights", DOWN, "quality", 1.5, 0.2, 4_060, 1_000, 2.5, 0.02),
)  # fmt: skip


def term(c: C, calendar: Calendar) -> tuple[date, date]:
    """First and last day."""
    last = periods.add_months(calendar.last, c.ends)
    return periods.add_months(last, 1 - c.months), periods.end_of(last, "month")


def measures(departments: dict[str, int], people: dict[str, int]) -> dict[str, Measure]:
    """The contracts' measures, by code."""
    owners = {c.number: people[c.owner] for c in CONTRACTS}
    return {
        s.code: Measure(
            code=s.code, name=s.name, definition=s.definition, unit=s.unit, decimals=1 if s.size else 0,
            direction=s.direction, kind=s.kind, frequency=s.frequency, aggregation="ratio" if s.size else "sum",
            multiplier=s.multiplier, department_id=departments[s.code[:2]], owner_id=owners[s.contract],
            source="Contractor's monthly return, checked by the department",
        )
        for s in STANDARDS
    }  # fmt: skip


def rows(ids: dict[str, int], calendar: Calendar) -> Iterator[tuple[M, store.Incoming]]:
    """Their figures from the beginning of each contract on, drawn from the newest period backwards."""
    terms = {c.number: term(c, calendar) for c in CONTRACTS}
    for at, s in enumerate(STANDARDS):
        rng = np.random.default_rng([SEED, at])
        m = M(s.code, s.name, s.unit, 1, s.direction, s.kind, "", s.level, s.noise, frequency=s.frequency)
        first = periods.start_of(
            periods.add_months(terms[s.contract][0], 2 if s.frequency == "quarter" else 0), s.frequency
        )
        last = periods.start_of(calendar.last, s.frequency)
        if periods.end_of(last, s.frequency) >= periods.add_months(calendar.last, 1):
            last = periods.move(last, s.frequency, -1)
        for period in reversed(periods.run(first, last, s.frequency)):
            turn = sum(t.shift for t in STORIES if t.code == s.code and period >= calendar.moved(t.since))
            value = s.level + float(np.clip(rng.normal(0, 1), -2, 2)) * s.noise + turn
            yield m, _row(s, ids[s.code], period, value, rng)


def _row(s: S, measure: int, period: date, value: float, rng: np.random.Generator) -> store.Incoming:
    source = f"Contractor's return, {s.code}"
    if not s.size:
        return store.Incoming(measure, period, 1, float(round(value)), None, None, "final", "", source)
    size = max(1, round(s.size * (1 + rng.normal(0, 0.02))))
    top = float(min(size, round(value / s.multiplier * size)))
    return store.Incoming(measure, period, 1, s.multiplier * top / size, top, float(size), "final", "", source)


def sign(change: Change, people: dict[str, int], ids: dict[str, int], calendar: Calendar) -> None:
    """Vendors, contracts, standards, and payments up to the month that is due now."""
    vendors = {name: Vendor(name=name, contact=contact, email=email) for name, contact, email in VENDORS}
    change.add_all(vendors.values())
    change.flush()
    figures = {(row.measure_id, row.period): row.value for _, row in rows(ids, calendar)}
    for c in CONTRACTS:
        begins, ends = term(c, calendar)
        owner = change.get(Person, people[c.owner])
        made = Contract(
            vendor_id=vendors[c.vendor].id, department_id=owner.department_id if owner else None,
            owner_id=people[c.owner], number=c.number, title=c.title, service=c.service, amount=c.due * c.months,
            begins=begins, ends=ends, notice_by=calendar.today + timedelta(days=c.notice), renews=c.renews,
        )  # fmt: skip
        change.add(made)
        change.flush()
        mine = [s for s in STANDARDS if s.contract == c.number]
        change.add_all(
            ContractStandard(
                contract_id=made.id, measure_id=ids[s.code], sense="at most" if s.direction == DOWN else "at least",
                value=s.standard, pay_share=s.share,
            )
            for s in mine
        )  # fmt: skip
        for month in periods.run(begins, calendar.last, "month"):
            paid = month < calendar.last
            held = sum(_held(s, figures.get((ids[s.code], month)), c.due) for s in mine) if paid else 0.0
            paid_on = periods.end_of(month, "month") + timedelta(days=PAID_AFTER) if paid else None
            if paid_on and paid_on > calendar.today:
                held, paid_on = 0.0, None
            change.add(ContractPayment(contract_id=made.id, period=month, due=c.due, held=held, paid_on=paid_on))


def _held(s: S, value: float | None, due: float) -> float:
    sense = "at most" if s.direction == DOWN else "at least"
    missed = value is not None and outcome(value, sense, s.standard) == "missed"
    return round(s.share * due, 2) if missed else 0.0
