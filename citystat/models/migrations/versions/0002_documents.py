"""The office's own document templates, and what a chart on the wall knew of targets and remarks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add two tables and two columns."""
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "document_template",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name=op.f("fk_document_template_sha256")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_document_template")),
    )
    op.add_column("shown", sa.Column("act_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("minutes") as minutes:
        minutes.add_column(sa.Column("template_sha256", sa.String(), nullable=True))
        minutes.create_foreign_key(op.f("fk_minutes_template_sha256"), "stored_file", ["template_sha256"], ["sha256"])
