"""What the standards hold of a payment, with the working: share × due for each standard that was missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from citystat.contracts.register import PaymentRow, money
from citystat.contracts.results import Result, Tracked
from citystat.numbers import brief
from citystat.texts import tr


@dataclass(frozen=True)
class Hold:
    """What hangs on one standard. share: 0 to 1; amount: what it holds (0 when it was met); result: None without a figure."""

    tracked: Tracked
    result: Result
    share: float
    amount: float

    @property
    def waits(self) -> bool:
        """Whether its figure has not come, or may still change."""
        return self.result.outcome == "none" or self.result.preliminary

    @property
    def why(self) -> str:
        """ "7.2, at most 6: missed, holds 3 %"."""
        t, r = self.tracked, self.result
        if self.waits:
            return tr("the final figure has not come")
        said = {"value": t.words(r.value), "standard": t.standard_words}
        if r.outcome == "met":
            return tr("{value}, {standard}: met, holds nothing", **said)
        return tr("{value}, {standard}: missed, holds {share}", **said, share=share_words(self.share))

    @property
    def words(self) -> str:
        """ "Missed collections: 7.2, at most 6: missed, holds 3 % of $184,000 = $5,520"."""
        said = f"{self.tracked.measure.name}: {self.why}"
        due = money(self.amount / self.share)
        return (
            said if not self.amount else tr("{said} of {due} = {amount}", said=said, due=due, amount=money(self.amount))
        )


@dataclass(frozen=True)
class Working:
    """A payment, and what each standard that money hangs on says about it.

    by_rule: what the missed standards hold as the figures stand now · waits: names of measures whose figure has not come.
    """

    payment: PaymentRow
    holds: tuple[Hold, ...]
    by_rule: float
    waits: tuple[str, ...]

    @property
    def state(self) -> str:
        """paid, waits (for a figure) or open."""
        if self.payment.paid_on is not None:
            return "paid"
        return "waits" if self.waits else "open"

    @property
    def held(self) -> float:
        """What was held; of an open payment what would be."""
        return self.payment.held if self.state == "paid" else self.by_rule

    @property
    def differs(self) -> bool:
        """Whether something else was held than the figures say today."""
        return self.state == "paid" and not self.waits and abs(self.payment.held - self.by_rule) >= 0.005

    @property
    def remark(self) -> str:
        """What else is to be said: the reason that was written, or that the figures changed since."""
        rule = tr("by today's figures {amount} would be held", amount=money(self.by_rule)) if self.differs else ""
        return " · ".join(filter(None, (rule, self.payment.note)))


@dataclass(frozen=True)
class Sums:
    """Money over some payments. open: due and not paid."""

    due: float
    held: float
    paid: float
    open: float


def share_words(share: float) -> str:
    """ "3 %"."""
    return brief(share * 100, "percent", 2)


def working(payment: PaymentRow, rows: Sequence[Tracked]) -> Working:
    """What the standards say about one payment. A quarter's standard decides about the month in which it ends."""
    holds = []
    for t in (t for t in rows if t.standard.pay_share > 0):
        result = t.in_month(payment.period)
        if result is not None:
            missed = result.outcome == "missed" and not result.preliminary
            amount = round(t.standard.pay_share * payment.due, 2) if missed else 0.0
            holds.append(Hold(t, result, t.standard.pay_share, amount))
    waits = tuple(h.tracked.measure.name for h in holds if h.waits)
    return Working(payment, tuple(holds), min(payment.due, sum(h.amount for h in holds)), waits)


def sums(workings: Iterable[Working]) -> Sums:
    """Together; what an open payment would hold counts as held only when it is paid."""
    found = list(workings)
    paid = [w for w in found if w.state == "paid"]
    return Sums(
        sum(w.payment.due for w in found),
        sum(w.payment.held for w in paid),
        sum(w.payment.due - w.payment.held for w in paid),
        sum(w.payment.due for w in found if w.state != "paid"),
    )
