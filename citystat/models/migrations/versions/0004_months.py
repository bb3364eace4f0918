"""The collection calendar, the results chain, records; departments of sources, reasons of corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables of the calendar and the results chain, and columns to sources, recipes and imports."""
    _drop_what_was_never_used()
    op.create_table(
        "closed_period",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_closed_period_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_period")),
        sa.UniqueConstraint("measure_id", name=op.f("uq_closed_period_measure_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reminder",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_reminder_measure_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reminder_measure_id"), "reminder", ["measure_id"], unique=False)
    op.create_table(
        "results_chain",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_results_chain_goal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_results_chain_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results_chain")),
        sa.UniqueConstraint("goal_id", name=op.f("uq_results_chain_goal_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "chain_step",
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["results_chain.id"], name=op.f("fk_chain_step_chain_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_chain_step_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_step")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_chain_step_chain_id"), "chain_step", ["chain_id"], unique=False)
    op.create_table(
        "chain_link",
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["chain_step.id"], name=op.f("fk_chain_link_from_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["to_id"], ["chain_step.id"], name=op.f("fk_chain_link_to_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("from_id", "to_id", name=op.f("pk_chain_link")),
    )
    op.create_index(op.f("ix_chain_link_to_id"), "chain_link", ["to_id"], unique=False)
    with op.batch_alter_table("source") as source:
        source.add_column(sa.Column("department_id", sa.Integer(), nullable=True))
        source.create_foreign_key(op.f("fk_source_department_id"), "department", ["department_id"], ["id"])
    op.add_column("recipe", sa.Column("kind", sa.String(), server_default="figures", nullable=False))
    op.add_column("import_run", sa.Column("reason", sa.String(), server_default="", nullable=False))
    op.add_column("import_run", sa.Column("records", sa.String(), server_default="", nullable=False))
    op.add_column("city_settings", sa.Column("uid", sa.String(), server_default="", nullable=False))
    op.execute("UPDATE city_settings SET uid = lower(hex(randomblob(16)))")
    op.add_column("check_finding", sa.Column("facts", sa.JSON(), server_default="{}", nullable=False))


def _drop_what_was_never_used() -> None:
    """For one day version 3 had these tables and columns already; nothing wrote to them, so they are made anew."""
    there = sa.inspect(op.get_bind())
    for table in ("chain_link", "chain_step", "closed_period", "reminder"):
        if there.has_table(table):
            op.drop_table(table)
    if "reason" in {c["name"] for c in there.get_columns("import_run")}:
        op.drop_column("import_run", "reason")
    if "department_id" in {c["name"] for c in there.get_columns("source")}:
        with op.batch_alter_table("source") as source:
            source.drop_column("department_id")
