"""Baselines and trajectories, weights and contributors of goals; answers to findings, benchmarks, memos."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add what goals, screening, benchmarks and memos keep."""
    op.add_column("measure", sa.Column("baseline", sa.Double(), nullable=True))
    op.add_column("measure", sa.Column("baseline_period", sa.Date(), nullable=True))
    op.add_column("measure", sa.Column("chart", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("target", sa.Column("kind", sa.String(), server_default="hold", nullable=False))
    op.add_column("target", sa.Column("tolerance", sa.Double(), nullable=True))
    op.add_column("target", sa.Column("agreed_by", sa.String(), server_default="", nullable=False))
    op.add_column("target", sa.Column("agreed_on", sa.Date(), nullable=True))
    op.add_column("goal_measure", sa.Column("weight", sa.Double(), server_default="1", nullable=False))
    op.create_table(
        "goal_contributor",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_goal_contributor_department_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_contributor_goal_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_contributor")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_goal_contributor_goal_id"), "goal_contributor", ["goal_id"], unique=False)
    op.create_table(
        "finding_answer",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_finding_answer_cell_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_finding_answer_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_answer")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_finding_answer_finding"), "finding_answer", ["measure_id", "cell_id", "kind", "period"], unique=True
    )
    op.create_table(
        "peer",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("population", sa.Double(), nullable=True),
        sa.Column("population_year", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer")),
        sa.UniqueConstraint("name", name=op.f("uq_peer_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "benchmark",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_benchmark_measure_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["peer.id"], name=op.f("fk_benchmark_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benchmark")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_benchmark_peer_id"), "benchmark", ["peer_id"], unique=False)
    op.create_index(
        op.f("ix_benchmark_measure_id_peer_id_period"), "benchmark", ["measure_id", "peer_id", "period"], unique=True
    )
    op.create_table(
        "memo",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_memo_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memo")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "memo_edit",
        sa.Column("memo_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["memo_id"], ["memo.id"], name=op.f("fk_memo_edit_memo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memo_edit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_memo_edit_memo_id_key"), "memo_edit", ["memo_id", "key"], unique=True)
