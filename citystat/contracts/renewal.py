"""Contracts whose notice date comes near, and what is known of each on that day: facts for renew, renegotiate or rebid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from citystat import periods
from citystat.contracts.pay import Sums, Working, sums, working
from citystat.contracts.register import ContractRow, contract, contracts, payments
from citystat.contracts.results import YEAR, Tally, Tracked, all_in, latest_month, tracked
from citystat.texts import plural, tr

NEAR = (30, 60, 90)  # days before the last day to give notice


@dataclass(frozen=True)
class Notice:
    """How urgent a contract is. days: until the day that decides, None where none lies ahead · level: 30, 60, 90 or 0;

    words: "notice by 3 Apr 2026, in 24 days" · short: "in 24 days" · concern: it wants somebody now.
    """

    contract: ContractRow
    day: date | None
    days: int | None
    level: int
    words: str
    short: str
    concern: bool


@dataclass(frozen=True)
class Standing:
    """A contract in the list. months: all its standards in each of the twelve months up to `month`, oldest first."""

    contract: ContractRow
    notice: Notice
    month: date
    standards: int
    now: Tally
    year: Tally
    months: tuple[Tally, ...]
    money: Sums


@dataclass(frozen=True)
class Performance:
    """One standard over the term: the newest twelve months, those before, and the whole."""

    tracked: Tracked
    year: Tally
    before: Tally
    term: Tally


@dataclass(frozen=True)
class Renewal:
    """What is known of a contract on the day somebody decides about it. workings: of the whole term, oldest first."""

    contract: ContractRow
    notice: Notice
    month: date
    performance: tuple[Performance, ...]
    year: Sums
    term: Sums
    left: float | None  # of the amount, after everything due so far
    workings: tuple[Working, ...]
    peers: tuple[ContractRow, ...]  # other contracts for the same service


def notice(c: ContractRow, today: date) -> Notice:
    """The day that decides about the contract next: the last one to give notice, or its end."""
    by, ends = c.notice_by, c.ends
    if ends < today:
        words = tr("its term ended {day}", day=periods.day_label(ends))
        if c.renews:
            words += ", " + tr("and it renewed by itself")
        return Notice(c, None, None, 0, words, tr("ended"), c.renews)
    if by is not None and by >= today:
        return _ahead(c, by, today, tr("notice by {day}", day=periods.day_label(by)))
    if c.renews:
        gone = (
            tr("the day for notice went by, {day}", day=periods.day_label(by)) if by else tr("no day for notice is set")
        )
        words = f"{gone}; {tr('it renews by itself after {day}', day=periods.day_label(ends))}"
        return Notice(c, None, None, 0, words, tr("renews by itself"), by is None)
    return _ahead(c, ends, today, tr("it ends {day}", day=periods.day_label(ends)))


def _ahead(c: ContractRow, day: date, today: date, words: str) -> Notice:
    days = (day - today).days
    level = next((n for n in NEAR if days <= n), 0)
    short = tr("today") if days == 0 else plural(days, "in {n} day", "in {n} days")
    return Notice(c, day, days, level, f"{words}, {short}", short, level > 0)


def urgency(found: Notice) -> tuple[int, int, str]:
    """What to sort by: days ahead, then those that renewed or renew by themselves, then what has ended."""
    if found.days is not None:
        return 0, found.days, found.contract.number
    return (1 if found.concern else 2), 0, found.contract.number


def standings(read: Session, today: date) -> list[Standing]:
    """Every contract, the most urgent first."""
    return _standings(read, contracts(read), today)


def warnings(read: Session, today: date) -> list[Standing]:
    """Contracts that want somebody within 90 days, the nearest first."""
    return _standings(read, [c for c in contracts(read) if notice(c, today).concern], today)


def _standings(read: Session, found: Sequence[ContractRow], today: date) -> list[Standing]:
    rows = tracked(read, found)
    months = {c.id: latest_month(c, rows[c.id], today) for c in found}
    first = {key: periods.add_months(month, 1 - YEAR) for key, month in months.items()}
    money: dict[int, list[Working]] = {c.id: [] for c in found}
    for p in payments(read, money, since=min(first.values(), default=None)):
        if first[p.contract_id] <= p.period <= months[p.contract_id]:
            money[p.contract_id].append(working(p, rows[p.contract_id]))
    made = [_standing(c, rows[c.id], money[c.id], months[c.id], today) for c in found]
    return sorted(made, key=lambda s: urgency(s.notice))


def renewal(read: Session, key: int | str, *, today: date) -> Renewal:
    """The facts about one contract, by id or number."""
    c = contract(read, key)
    rows = tracked(read, [c])[c.id]
    month = latest_month(c, rows, today)
    workings = [working(p, rows) for p in payments(read, [c.id]) if p.period <= month]
    since = periods.add_months(month, 1 - YEAR)
    term = sums(workings)
    return Renewal(
        c, notice(c, today), month,
        tuple(_performance(t, month) for t in rows),
        sums(w for w in workings if w.payment.period >= since),
        term,
        None if c.amount is None else c.amount - term.due,
        tuple(workings),
        peers(read, c),
    )  # fmt: skip


def peers(read: Session, c: ContractRow) -> tuple[ContractRow, ...]:
    """Other contracts for the same service."""
    same = c.service.lower()
    return tuple(p for p in contracts(read) if p.id != c.id and same and p.service.lower() == same)


def _performance(t: Tracked, month: date) -> Performance:
    whole = periods.between(t.first, month, "month") + 1
    before = t.tally(periods.add_months(month, -YEAR))
    return Performance(t, t.tally(month), before, t.tally(month, max(whole, 1)))


def _standing(c: ContractRow, rows: Sequence[Tracked], year: Sequence[Working], month: date, today: date) -> Standing:
    months = tuple(all_in(rows, periods.add_months(month, i)) for i in range(1 - YEAR, 1))
    tally = sum((t.tally(month) for t in rows), Tally())
    return Standing(c, notice(c, today), month, len(rows), months[-1], tally, months, sums(year))


def notice_default(ends: date) -> date:
    """The day that is proposed for notice: ninety days before the end."""
    return ends - timedelta(days=max(NEAR))
