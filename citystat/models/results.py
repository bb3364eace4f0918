"""The results chain: inputs → activities → outputs → outcomes."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Base, Keyed


class ChainStep(Keyed):
    """One box of a goal's results chain. stage: "input", "activity", "output", "intermediate outcome" or "outcome"."""

    __tablename__ = "chain_step"
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str]
    text: Mapped[str]
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))
    position: Mapped[int] = mapped_column(default=0)


class ChainLink(Base):
    """One box leads to another."""

    __tablename__ = "chain_link"
    from_id: Mapped[int] = mapped_column(ForeignKey("chain_step.id", ondelete="CASCADE"), primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("chain_step.id", ondelete="CASCADE"), primary_key=True, index=True)
