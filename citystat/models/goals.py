"""Priority → goal → measure."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Base, Keyed


class Priority(Keyed):
    """One of the mayor's few priorities."""

    __tablename__ = "priority"
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class Goal(Keyed):
    """What shall be reached under a priority."""

    __tablename__ = "goal"
    priority_id: Mapped[int] = mapped_column(ForeignKey("priority.id"), index=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    position: Mapped[int] = mapped_column(default=0)


class GoalMeasure(Base):
    """A measure that shows progress towards a goal. weight: how much it counts beside the goal's other measures."""

    __tablename__ = "goal_measure"
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    weight: Mapped[float] = mapped_column(default=1.0, server_default="1")


class GoalContributor(Keyed):
    """Who else a goal needs: a department, a program, or a department by its program."""

    __tablename__ = "goal_contributor"
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    program: Mapped[str] = mapped_column(default="")
