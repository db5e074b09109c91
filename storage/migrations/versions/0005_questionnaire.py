"""Questionnaires, and who wants which."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("instrument", AutoString(), nullable=False),
        sa.Column("version", AutoString(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "done", "expired", name="checkinstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_questionnaire_person_id"), "questionnaire", ["person_id"])
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phq", AutoString(), nullable=True))
        batch_op.add_column(sa.Column("phq_since", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("phq_since")
        batch_op.drop_column("phq")
    op.drop_index(op.f("ix_questionnaire_person_id"), table_name="questionnaire")
    op.drop_table("questionnaire")
