"""The journal: every act with its rows before and after."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class Act(Keyed):
    """One named act of a person, one transaction, one step of undo.

    run_id: the import run, for acts that brought observations. undoes: the act that this one took back
    (or brought back). state: "done", "undone" or "final" (an undo itself, or an act that cannot be taken back).
    """

    __tablename__ = "act"
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    undoes: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="done", index=True)


class ActRow(Keyed):
    """One row that an act touched; before is NULL for a new row, after for a deleted one."""

    __tablename__ = "act_row"
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"), index=True)
    table: Mapped[str]
    key: Mapped[str]
    before: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
