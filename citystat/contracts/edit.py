"""Changing vendors, contracts, standards and payments; each change is a named act."""

from __future__ import annotations

import math
import re
from datetime import date

from sqlalchemy import func, select

from citystat import periods
from citystat.city import Change, City
from citystat.contracts.pay import Working, working
from citystat.contracts.register import contract, money, payments
from citystat.contracts.results import tracked
from citystat.errors import CityStatError
from citystat.models import Contract, ContractPayment, ContractStandard, Measure, Vendor
from citystat.printable import one_line
from citystat.texts import tr

SENSES = ("at least", "at most")
MOST = 1e15  # of an amount
FINER = ("day", "week")  # measures that no month's standard can be read from


def save_vendor(
    city: City, vendor_id: int | None, *, name: str, contact: str = "", email: str = "", note: str = ""
) -> int:
    """Add or change a vendor; returns the id. CityStatError for a name that is missing or taken, or no e-mail address."""
    name, email = one_line(name), one_line(email)
    if not name:
        raise CityStatError(tr("A vendor needs a name"), do=tr("Type it"))
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise CityStatError(tr("“{email}” is no e-mail address", email=email), do=tr("Correct it, or leave it empty"))
    with city.change(tr("Save vendor {name}", name=name)) as change:
        same = select(Vendor.id).where(func.lower(Vendor.name) == name.lower(), Vendor.id != (vendor_id or 0))
        if change.scalar(same) is not None:
            raise CityStatError(tr("There is a vendor {name} already", name=name), do=tr("Choose another name"))
        row = change.get(Vendor, vendor_id) if vendor_id else None
        if row is None:
            row = Vendor(name=name)
            change.add(row)
        row.name, row.contact, row.email, row.note = name, one_line(contact), email, note.strip()
        change.flush()
        return row.id


def remove_vendor(city: City, vendor_id: int) -> None:
    """Take a vendor away; CityStatError while it has contracts."""
    with city.change(tr("Remove vendor")) as change:
        row = change.get(Vendor, vendor_id)
        if row is None:
            return
        number = change.scalar(select(Contract.number).where(Contract.vendor_id == vendor_id).limit(1))
        if number is not None:
            raise CityStatError(
                tr("{name} has the contract {number}", name=row.name, number=number),
                do=tr("Remove the contract first, or give it to another vendor"),
            )
        change.act = tr("Remove vendor {name}", name=row.name)
        change.delete(row)


def save_contract(
    city: City,
    contract_id: int | None,
    *,
    number: str,
    title: str,
    vendor_id: int | None,
    begins: date,
    ends: date,
    department_id: int | None = None,
    owner_id: int | None = None,
    service: str = "",
    amount: float | None = None,
    notice_by: date | None = None,
    renews: bool = False,
    note: str = "",
) -> int:
    """Add or change a contract; returns its id. CityStatError says which field is missing or contradicts another."""
    number, title, service = one_line(number), one_line(title), one_line(service)
    if not number or not title:
        raise CityStatError(tr("A contract needs a number and a title"), do=tr("Fill both fields"))
    if vendor_id is None:
        raise CityStatError(tr("A contract is with a vendor"), do=tr("Choose one, or add it first"))
    _term(begins, ends, notice_by)
    _amount(amount, tr("Amount"))
    with city.change(tr("Save contract {number}", number=number)) as change:
        same = select(Contract.id).where(func.lower(Contract.number) == number.lower())
        if change.scalar(same.where(Contract.id != (contract_id or 0))) is not None:
            raise CityStatError(
                tr("There is a contract {number} already", number=number), do=tr("Choose another number")
            )
        row = change.get(Contract, contract_id) if contract_id else None
        if row is None:
            row = Contract(number=number, title=title, vendor_id=vendor_id, begins=begins, ends=ends)
            change.add(row)
        row.number, row.title, row.vendor_id, row.service, row.note = number, title, vendor_id, service, note.strip()
        row.begins, row.ends, row.notice_by, row.renews = begins, ends, notice_by, renews
        row.department_id, row.owner_id, row.amount = department_id, owner_id, amount
        change.flush()
        return row.id


def remove_contract(city: City, contract_id: int) -> None:
    """Take a contract away with its standards and payments; measures and figures stay."""
    with city.change(tr("Remove contract")) as change:
        row = change.get(Contract, contract_id)
        if row is None:
            return
        change.act = tr("Remove contract {number}", number=row.number)
        for table in (ContractStandard, ContractPayment):
            for part in change.scalars(select(table).where(table.contract_id == contract_id)):
                change.delete(part)
        change.flush()
        change.delete(row)


def save_standard(
    city: City, standard_id: int | None, *, contract_id: int, measure_id: int, sense: str, value: float,
    pay_share: float = 0.0,
) -> int:  # fmt: skip
    """Say what a measure must reach in this contract, and which part of a month's payment hangs on it; returns the id.

    CityStatError for a measure finer than a month or named twice, a share outside 0 to 1, shares above 1 together.
    """
    if sense not in SENSES or not math.isfinite(value):
        raise CityStatError(tr("A standard is at least or at most a number"), do=tr("Correct it"))
    if not 0 <= pay_share <= 1:
        raise CityStatError(tr("The share of the payment lies between 0 and 100 %"), do=tr("Correct it"))
    with city.change(tr("Save standard")) as change:
        measure = change.get(Measure, measure_id)
        if measure is None:
            raise CityStatError(tr("This measure is gone"), do=tr("Choose another"))
        if measure.frequency in FINER:
            raise CityStatError(
                tr("{code} is not reported by month: a contract is judged by month", code=measure.code),
                do=tr("Choose a measure by month, quarter or year"),
            )
        others = _others(change, contract_id, standard_id)
        if any(o.measure_id == measure_id for o in others):
            raise CityStatError(
                tr("{code} has a standard in this contract already", code=measure.code), do=tr("Change that one")
            )
        if sum(o.pay_share for o in others) + pay_share > 1 + 1e-9:
            raise CityStatError(
                tr("Together the standards would hold more than the whole payment"), do=tr("Make the shares smaller")
            )
        row = change.get(ContractStandard, standard_id) if standard_id else None
        if row is None:
            row = ContractStandard(contract_id=contract_id, measure_id=measure_id, value=value)
            change.add(row)
        row.measure_id, row.sense, row.value, row.pay_share = measure_id, sense, value, pay_share
        change.act = tr("Save standard for {code}", code=measure.code)
        change.flush()
        return row.id


def remove_standard(city: City, standard_id: int) -> None:
    """Take a standard away; payments that were held stay as they are."""
    with city.change(tr("Remove standard")) as change:
        row = change.get(ContractStandard, standard_id)
        if row is not None:
            change.delete(row)


def save_payment(
    city: City, payment_id: int | None, *, contract_id: int, period: date, due: float, held: float = 0.0,
    paid_on: date | None = None, note: str = "",
) -> int:  # fmt: skip
    """Write down what is due for a month, held of it and paid; returns the id.

    Whoever pays and holds another sum than the standards say writes why. CityStatError for amounts that contradict
    each other, or a month that has a payment already.
    """
    _amount(due, tr("Due"))
    _amount(held, tr("Held"))
    if held > due:
        raise CityStatError(tr("More is held than is due"), do=tr("Correct one of the two"))
    period = period.replace(day=1)
    with city.change(tr("Save payment")) as change:
        found = contract(change, contract_id)
        month = periods.label(period, "month")
        if period < found.first_month:
            raise CityStatError(
                tr("The contract begins in {month}", month=periods.label(found.begins, "month")),
                do=tr("Choose a month of its term"),
            )
        other = select(ContractPayment.id).where(
            ContractPayment.contract_id == contract_id, ContractPayment.period == period
        )
        if change.scalar(other.where(ContractPayment.id != (payment_id or 0))) is not None:
            raise CityStatError(tr("There is a payment for {month} already", month=month), do=tr("Change that one"))
        row = change.get(ContractPayment, payment_id) if payment_id else None
        if row is None:
            row = ContractPayment(contract_id=contract_id, period=period, due=due)
            change.add(row)
        row.period, row.due, row.held, row.paid_on, row.note = period, due, held, paid_on, note.strip()
        change.flush()
        _reasoned(change, row)
        change.act = tr("Save payment for {month}", month=month)
        return row.id


def remove_payment(city: City, payment_id: int) -> None:
    """Take a payment away."""
    with city.change(tr("Remove payment")) as change:
        row = change.get(ContractPayment, payment_id)
        if row is not None:
            change.act = tr("Remove payment for {month}", month=periods.label(row.period, "month"))
            change.delete(row)


def plan_payments(city: City, contract_id: int, due: float) -> int:
    """The same sum due for every month of the term that has no payment yet; returns how many were made."""
    _amount(due, tr("Due"))
    with city.change(tr("Plan monthly payments")) as change:
        found = contract(change, contract_id)
        known = {p.period for p in payments(change, [contract_id])}
        months = periods.run(found.first_month, found.ends.replace(day=1), "month")
        fresh = [m for m in months if m not in known]
        change.add_all(ContractPayment(contract_id=contract_id, period=m, due=due) for m in fresh)
        return len(fresh)


def pay(city: City, payment_id: int, paid_on: date) -> float:
    """Pay what is due less what the missed standards hold; returns what was held.

    CityStatError where a figure that decides has not come, or where it is paid already.
    """
    with city.change(tr("Pay")) as change:
        row = change.get(ContractPayment, payment_id)
        if row is None:
            raise CityStatError(tr("This payment is gone"), do=tr("Look at the list again"))
        month = periods.label(row.period, "month")
        if row.paid_on is not None:
            raise CityStatError(tr("{month} was paid already", month=month), do=tr("Change the payment instead"))
        shown = _working(change, row)
        if shown.waits:
            raise CityStatError(
                tr(
                    "A figure that decides about {month} has not come: {names}",
                    month=month,
                    names=", ".join(shown.waits),
                ),
                do=tr("Bring it in first, or change the payment and say why"),
            )
        row.held, row.paid_on = shown.by_rule, paid_on
        change.act = tr("Pay {month}", month=month)
        return shown.by_rule


def _working(change: Change, row: ContractPayment) -> Working:
    """The working of one payment as the figures stand."""
    found = contract(change, row.contract_id)
    payment = next(p for p in payments(change, [row.contract_id]) if p.id == row.id)
    return working(payment, tracked(change, [found])[found.id])


def _reasoned(change: Change, row: ContractPayment) -> None:
    """Another sum than the standards say needs a reason, once it is paid."""
    if row.paid_on is None or row.note:
        return
    shown = _working(change, row)
    if shown.waits or abs(shown.by_rule - row.held) >= 0.005:
        said = tr("not known yet") if shown.waits else money(shown.by_rule)
        raise CityStatError(
            tr("The standards hold {rule}, and {held} is written down", rule=said, held=money(row.held)),
            do=tr("Say why under Note, or hold what the standards say"),
        )


def _others(change: Change, contract_id: int, standard_id: int | None) -> list[ContractStandard]:
    query = select(ContractStandard).where(ContractStandard.contract_id == contract_id)
    return list(change.scalars(query.where(ContractStandard.id != (standard_id or 0))))


def _term(begins: date, ends: date, notice_by: date | None) -> None:
    if ends < begins:
        raise CityStatError(tr("The contract would end before it begins"), do=tr("Correct one of the two days"))
    if notice_by is not None and not begins <= notice_by <= ends:
        raise CityStatError(tr("The last day to give notice lies outside the term"), do=tr("Correct it"))
    for day in (begins, ends):
        if not periods.EARLIEST <= day <= periods.LATEST:
            raise CityStatError(tr("{day} is too far away", day=periods.day_label(day)), do=tr("Correct it"))


def _amount(value: float | None, field: str) -> None:
    if value is not None and not 0 <= value < MOST:
        raise CityStatError(tr("An amount is a number from 0 up"), where=field, do=tr("Correct it"))
