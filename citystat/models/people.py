"""The city itself, its departments and its people."""

from uuid import uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class CitySettings(Keyed):
    """One row: what holds for the whole city. fiscal_year_start: month 1 to 12 · uid: by which its papers know it again."""

    __tablename__ = "city_settings"
    name: Mapped[str]
    office: Mapped[str] = mapped_column(default="Office of Performance")
    fiscal_year_start: Mapped[int] = mapped_column(default=7)
    population: Mapped[int | None]
    sample: Mapped[bool] = mapped_column(default=False)
    uid: Mapped[str] = mapped_column(default=lambda: uuid4().hex, server_default="")


class Department(Keyed):
    """A department of the city. code: a few letters ("EC"), the beginning of its measures' codes."""

    __tablename__ = "department"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)


class Person(Keyed):
    """Somebody who can owe an answer. initials: how they are called in the capture line ("dw")."""

    __tablename__ = "person"
    name: Mapped[str]
    initials: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    heads_department: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
