"""Where data comes from, and how each source is read."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class Source(Keyed):
    """A place from which figures come again and again.

    kind: "file", "folder", "database", "socrata" or "ckan" · location: path, URL of the service, or SQLAlchemy URL without
    its password (that stands in the system's keyring under the source's name) · options: what the kind needs besides, such
    as {"pattern": "*.csv"}, {"sql": "select …"} or {"dataset": "h9gi-nx95"} · watched: looked at by itself.
    """

    __tablename__ = "source"
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    location: Mapped[str]
    options: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    watched: Mapped[bool] = mapped_column(default=False)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))


class NamedRecipe(Keyed):
    """A recipe under its name; what it says stands in its versions.

    kind: "figures" (a table whose cells are figures) or "records" (rows that are counted, averaged …: citystat.records).
    """

    __tablename__ = "recipe"
    name: Mapped[str] = mapped_column(unique=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    retired: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(default="figures", server_default="figures")


class RecipeVersion(Keyed):
    """What a recipe said from `at` on. number: 1, 2, 3 … · why: in a person's words, or what the file had changed."""

    __tablename__ = "recipe_version"
    recipe_id: Mapped[int] = mapped_column(ForeignKey("recipe.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    who: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, object]] = mapped_column(JSON)


Index("ix_recipe_version_recipe_id_number", RecipeVersion.recipe_id, RecipeVersion.number, unique=True)
