"""The results chain of a goal or a program: inputs → activities → outputs → outcomes."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Base, Keyed


class ResultsChain(Keyed):
    """One chain: of a goal, or of a program (then goal_id is NULL and `name` is the program's)."""

    __tablename__ = "results_chain"
    name: Mapped[str]
    goal_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))


class ChainStep(Keyed):
    """One box. stage: "input", "activity", "output", "intermediate outcome" or "outcome"; measure_id: what shows it."""

    __tablename__ = "chain_step"
    chain_id: Mapped[int] = mapped_column(ForeignKey("results_chain.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str]
    text: Mapped[str]
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))
    position: Mapped[int] = mapped_column(default=0)


class ChainLink(Base):
    """One box leads to another."""

    __tablename__ = "chain_link"
    from_id: Mapped[int] = mapped_column(ForeignKey("chain_step.id", ondelete="CASCADE"), primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("chain_step.id", ondelete="CASCADE"), primary_key=True, index=True)
