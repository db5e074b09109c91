"""Declared facts, notices, the care team; which medicines are for the mood."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "declared_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_declared_fact_person_id"), "declared_fact", ["person_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notice_person_id"), "notice", ["person_id"])
    op.create_table(
        "care_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_care_contact_person_id"), "care_contact", ["person_id"])
    op.create_table(
        "care_file",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    with op.batch_alter_table("regimen", schema=None) as batch_op:
        batch_op.add_column(sa.Column("for_mood", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notices", sa.Boolean(), nullable=False, server_default=sa.true()))
    # Whoever was here before is looked at for the first time at once.
    op.execute(
        sa.text(
            "INSERT INTO timer (subject_kind, subject_id, room, fire_at) "
            "SELECT 'person', person.id, room.name, person.created_at FROM person "
            "CROSS JOIN (SELECT 'gaps' AS name UNION ALL SELECT 'care') AS room WHERE person.state <> 'new'"
        )
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM timer WHERE room IN ('notice', 'gaps', 'care')"))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("notices")
    with op.batch_alter_table("regimen", schema=None) as batch_op:
        batch_op.drop_column("for_mood")
    op.drop_table("care_file")
    op.drop_index(op.f("ix_care_contact_person_id"), table_name="care_contact")
    op.drop_table("care_contact")
    op.drop_index(op.f("ix_notice_person_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_declared_fact_person_id"), table_name="declared_fact")
    op.drop_table("declared_fact")
