"""Vendors, contracts, their standards and payments, as the city keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from citystat.errors import CityStatError
from citystat.models import Contract, ContractPayment, ContractStandard, Department, Person, Vendor
from citystat.numbers import quantity
from citystat.texts import tr

CURRENCY = "USD"


@dataclass(frozen=True)
class VendorRow:
    """Who renders services. contracts: how many."""

    id: int
    name: str
    contact: str
    email: str
    note: str
    contracts: int


@dataclass(frozen=True)
class ContractRow:
    """One contract; amount: in all, None where it is not said; notice_by: the last day to give notice."""

    id: int
    number: str
    title: str
    vendor_id: int
    vendor: str
    contact: str
    email: str
    department_id: int | None
    department: str
    owner_id: int | None
    owner: str
    service: str
    amount: float | None
    begins: date
    ends: date
    notice_by: date | None
    renews: bool
    note: str

    @property
    def first_month(self) -> date:
        """First day of the month in which it begins."""
        return self.begins.replace(day=1)


@dataclass(frozen=True)
class StandardRow:
    """What a measure must reach. sense: "at least" or "at most"; pay_share: 0 to 1 of a month's payment."""

    id: int
    contract_id: int
    measure_id: int
    sense: str
    value: float
    pay_share: float


@dataclass(frozen=True)
class PaymentRow:
    """What is due for a month (period: its first day), what was held of it, when the rest was paid."""

    id: int
    contract_id: int
    period: date
    due: float
    held: float
    paid_on: date | None
    note: str


def money(value: float | None) -> str:
    """ "$212,000"; cents only where there are some."""
    whole = value is None or abs(value - round(value)) < 0.005
    return quantity(value, CURRENCY, 0 if whole else 2)


def vendors(read: Session) -> list[VendorRow]:
    """Every vendor by name."""
    counted = select(Contract.vendor_id, func.count().label("n")).group_by(Contract.vendor_id).subquery()
    query = select(Vendor, counted.c.n).outerjoin(counted, counted.c.vendor_id == Vendor.id).order_by(Vendor.name)
    return [VendorRow(v.id, v.name, v.contact, v.email, v.note, n or 0) for v, n in read.execute(query)]


def contracts(read: Session) -> list[ContractRow]:
    """Every contract by number."""
    return _contracts(read, Contract.id.is_not(None))


def contract(read: Session, key: int | str) -> ContractRow:
    """The contract with this id, or with this number; CityStatError where there is none."""
    named = or_(Contract.number == key, func.lower(Contract.number) == str(key).lower())
    found = _contracts(read, Contract.id == key if isinstance(key, int) else named)
    if not found:
        raise CityStatError(
            tr("There is no contract {number}", number=key),
            do=tr("The page Contracts and “citystat contracts” list them"),
        )
    return found[0]


def standards(read: Session, contract_ids: Iterable[int]) -> list[StandardRow]:
    """The standards of these contracts, as they were entered."""
    s = ContractStandard
    query = select(s).where(s.contract_id.in_(list(contract_ids))).order_by(s.contract_id, s.id)
    return [StandardRow(r.id, r.contract_id, r.measure_id, r.sense, r.value, r.pay_share) for r in read.scalars(query)]


def payments(read: Session, contract_ids: Iterable[int], *, since: date | None = None) -> list[PaymentRow]:
    """The payments of these contracts, oldest first; since: from this month on."""
    p = ContractPayment
    query = select(p.id, p.contract_id, p.period, p.due, p.held, p.paid_on, p.note)
    query = query.where(p.contract_id.in_(list(contract_ids))).order_by(p.contract_id, p.period)
    if since is not None:
        query = query.where(p.period >= since)
    return [PaymentRow(*row) for row in read.execute(query)]


def _contracts(read: Session, where: ColumnElement[bool]) -> list[ContractRow]:
    query = (
        select(Contract, Vendor, Department.name, Person.name)
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .outerjoin(Department, Department.id == Contract.department_id)
        .outerjoin(Person, Person.id == Contract.owner_id)
        .where(where)
        .order_by(Contract.number)
    )
    return [
        ContractRow(
            c.id, c.number, c.title, v.id, v.name, v.contact, v.email, c.department_id, department or "", c.owner_id,
            owner or "", c.service, c.amount, c.begins, c.ends, c.notice_by, c.renews, c.note,
        )
        for c, v, department, owner in read.execute(query)
    ]  # fmt: skip
