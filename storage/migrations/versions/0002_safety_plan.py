"""Safety plans, and what follows a crisis."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "safety_plan",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("steps_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contacts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
    )
    # Cards of before were all shown in English, and none of them asks for a follow-up now.
    with op.batch_alter_table("crisis_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outlook", AutoString(), nullable=False, server_default="own"))
        batch_op.add_column(sa.Column("language", AutoString(), nullable=False, server_default="en"))
        batch_op.add_column(sa.Column("follow_up_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("followed_up_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("crisis_event", schema=None) as batch_op:
        batch_op.alter_column("outlook", server_default=None)
        batch_op.alter_column("language", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("crisis_event", schema=None) as batch_op:
        batch_op.drop_column("followed_up_at")
        batch_op.drop_column("follow_up_at")
        batch_op.drop_column("language")
        batch_op.drop_column("outlook")
    op.drop_table("safety_plan")
