"""Services that others render for the city, what they must reach, and what they are paid for it."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class Vendor(Keyed):
    """Who renders contracted services."""

    __tablename__ = "vendor"
    name: Mapped[str] = mapped_column(unique=True)
    contact: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class Contract(Keyed):
    """One contract. amount: in all, in the city's currency · notice_by: the last day to give notice · renews: by itself."""

    __tablename__ = "contract"
    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendor.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    service: Mapped[str] = mapped_column(default="")
    amount: Mapped[float | None]
    begins: Mapped[date]
    ends: Mapped[date]
    notice_by: Mapped[date | None]
    renews: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")


class ContractStandard(Keyed):
    """What a contract's measure must reach. sense: "at least" or "at most" · pay_share: the part of a period's payment
    (0 to 1) that hangs on it."""

    __tablename__ = "contract_standard"
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), index=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    sense: Mapped[str] = mapped_column(default="at least")
    value: Mapped[float]
    pay_share: Mapped[float] = mapped_column(default=0.0)


class ContractPayment(Keyed):
    """What was due and paid for a period; held: kept back because a standard was missed."""

    __tablename__ = "contract_payment"
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), index=True)
    period: Mapped[date]
    due: Mapped[float]
    held: Mapped[float] = mapped_column(default=0.0)
    paid_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
