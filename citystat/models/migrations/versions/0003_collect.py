"""Sources and recipes, checks, contracted services; fuller definitions."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables of collecting and contracts, and columns to measures and imports."""
    op.create_table(
        "vendor",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor")),
        sa.UniqueConstraint("name", name=op.f("uq_vendor_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "source",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("name", name=op.f("uq_source_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "contract",
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=True),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("notice_by", sa.Date(), nullable=True),
        sa.Column("renews", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_contract_department_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_contract_owner_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_contract_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("number", name=op.f("uq_contract_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contract_vendor_id"), "contract", ["vendor_id"], unique=False)
    op.create_table(
        "recipe",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_recipe_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipe")),
        sa.UniqueConstraint("name", name=op.f("uq_recipe_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_recipe_source_id"), "recipe", ["source_id"], unique=False)
    op.create_table(
        "check_finding",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_check_finding_cell_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_check_finding_measure_id")),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_check_finding_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_finding")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_check_finding_measure_id_period", "check_finding", ["measure_id", "period"], unique=False)
    op.create_index(op.f("ix_check_finding_run_id"), "check_finding", ["run_id"], unique=False)
    op.create_table(
        "check_rule",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_check_rule_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_rule")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_check_rule_measure_id_rule", "check_rule", ["measure_id", "rule"], unique=True)
    op.create_table(
        "contract_payment",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("due", sa.Double(), nullable=False),
        sa.Column("held", sa.Double(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_payment_contract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_payment")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contract_payment_contract_id"), "contract_payment", ["contract_id"], unique=False)
    op.create_table(
        "contract_standard",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("sense", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("pay_share", sa.Double(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_standard_contract_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_contract_standard_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_standard")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contract_standard_contract_id"), "contract_standard", ["contract_id"], unique=False)
    op.create_table(
        "recipe_version",
        sa.Column("recipe_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recipe_id"], ["recipe.id"], name=op.f("fk_recipe_version_recipe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipe_version")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_recipe_version_recipe_id_number", "recipe_version", ["recipe_id", "number"], unique=True)
    op.add_column("import_run", sa.Column("source_id", sa.Integer(), nullable=True))
    op.add_column("import_run", sa.Column("recipe_version_id", sa.Integer(), nullable=True))
    op.add_column("measure", sa.Column("not_measured", sa.String(), server_default="", nullable=False))
    op.add_column("measure", sa.Column("limits", sa.String(), server_default="", nullable=False))
    op.add_column("measure", sa.Column("over_time", sa.String(), server_default="", nullable=False))
    op.add_column("measure", sa.Column("formula", sa.String(), server_default="", nullable=False))
    op.add_column("measure", sa.Column("fiscal", sa.Boolean(), server_default="1", nullable=False))
    take_over_recipes(op.get_bind())


def take_over_recipes(connection: sa.Connection) -> None:
    """Recipes stood in their imports only: each name becomes a recipe, each change of what it said a version."""
    runs = connection.execute(sa.text("SELECT id, at, who, recipe FROM import_run ORDER BY id")).all()
    known: dict[str, tuple[int, int, str, int]] = {}  # name → recipe, number and contents of its newest version, its id
    for run, at, who, recipe in runs:
        data = json.loads(recipe or "{}")
        name = str(data.pop("name", "") if isinstance(data, dict) else "").strip()
        if not name or not data.get("measures"):
            continue
        said = json.dumps(data, sort_keys=True)
        at_recipe, number, before, version = known.get(name, (0, 0, "", 0))
        if not at_recipe:
            insert = sa.text("INSERT INTO recipe (name, retired) VALUES (:name, 0) RETURNING id")
            at_recipe = connection.execute(insert, {"name": name}).scalar_one()
        if said != before:
            number += 1
            insert = sa.text(
                "INSERT INTO recipe_version (recipe_id, number, at, who, why, data)"
                " VALUES (:recipe, :number, :at, :who, '', :data) RETURNING id"
            )
            values = {"recipe": at_recipe, "number": number, "at": at, "who": who, "data": json.dumps(data)}
            version = connection.execute(insert, values).scalar_one()
        known[name] = (at_recipe, number, said, version)
        used = sa.text("UPDATE import_run SET recipe_version_id = :version WHERE id = :run")
        connection.execute(used, {"version": version, "run": run})
