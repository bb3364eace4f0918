"""Observations: never overwritten; a correction is a new row that supersedes the old one."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Base, Keyed

WHOLE = 1  # the cell of an observation without a breakdown
GONE = -1  # superseded_by of a mark that a computed value ended with its run; it is never shown
WITHDRAWN = 0  # superseded_by of an observation whose import was undone


class ImportRun(Keyed):
    """One import, or one value typed by hand: where observations came from. counts as the person was told."""

    __tablename__ = "import_run"
    at: Mapped[datetime]
    who: Mapped[str]
    source: Mapped[str]
    sha256: Mapped[str] = mapped_column(default="")
    recipe: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    rows_read: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    revised: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    made: Mapped[list[int]] = mapped_column(JSON, default=list)  # ids of measures that did not exist before
    remarks: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    undone_at: Mapped[datetime | None]
    source_id: Mapped[int | None]  # both plain numbers: a source or a recipe may be let go, its imports stay
    recipe_version_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")  # of a correction to a closed period
    records: Mapped[str] = mapped_column(default="", server_default="")  # its Parquet beside the city


class Cell(Keyed):
    """A place in the breakdowns ("District=3|Type=1"); cell 1 is the whole, with an empty label."""

    __tablename__ = "cell"
    label: Mapped[str] = mapped_column(unique=True)


class CellPart(Base):
    """One dimension of a cell: ("District", "3")."""

    __tablename__ = "cell_part"
    __table_args__ = (Index("ix_cell_part_dimension_category", "dimension", "category"),)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cell.id"), primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str]


class Observation(Base):
    """A value of a measure, for a period and a cell, as one import run brought it.

    superseded_by: the run that brought a newer value; NULL while current; WITHDRAWN when its own run was undone; GONE of a mark that a computed value ended.
    status: "final" or "preliminary". revision: 0 for the first value.
    """

    __tablename__ = "observation"
    # naming postgresql_where here would load that dialect at every start (25 ms): its door has to add it
    __table_args__ = (
        Index(
            "ix_observation_current", "measure_id", "period", "cell_id",
            unique=True,
            sqlite_where=text("superseded_by IS NULL"),
        ),
        Index("ix_observation_run_id", "run_id", "measure_id"),
        Index(
            "ix_observation_superseded_by", "superseded_by",
            sqlite_where=text("superseded_by IS NOT NULL"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    period: Mapped[date]
    cell_id: Mapped[int] = mapped_column(ForeignKey("cell.id"), default=WHOLE)
    value: Mapped[float | None]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    status: Mapped[str] = mapped_column(default="final")
    note: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    superseded_by: Mapped[int | None]


class Total(Base):
    """A measure's current value over all cells, kept so that lists and walls need not add up observations.

    Written only by citystat.city.observations.
    """

    __tablename__ = "total"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[float | None]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    status: Mapped[str]
    note: Mapped[str]
    revision: Mapped[int]
