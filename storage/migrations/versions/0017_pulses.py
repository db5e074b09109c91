"""Check-ins of groups, and when a group was last pointed to the private chat."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STATE = sa.Enum("open", "closed", name="pulsestate", native_enum=False, length=20)


def upgrade() -> None:
    op.add_column("support_group", sa.Column("pointed_at", UTCDateTime(), nullable=True))
    op.create_table(
        "pulse_plan",
        sa.Column("group_id", _LONG, nullable=False),
        sa.Column("question", AutoString(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=False, server_default="12"),
        sa.Column("timing", sa.JSON(), nullable=True),
        sa.Column("picture_timing", sa.JSON(), nullable=True),
        sa.Column("wanted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("asked", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("looked_until", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["support_group.id"]),
        sa.PrimaryKeyConstraint("group_id"),
    )
    op.create_table(
        "pulse",
        sa.Column("id", _LONG, nullable=False),
        sa.Column("group_id", _LONG, nullable=False),
        sa.Column("question", AutoString(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("closes_at", UTCDateTime(), nullable=False),
        sa.Column("state", _STATE, nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("shown", sa.JSON(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("lost", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["group_id"], ["support_group.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pulse_group_id"), "pulse", ["group_id"])
    op.create_table(
        "pulse_answer",
        sa.Column("pulse_id", _LONG, nullable=False),
        sa.Column("member_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pulse_id"], ["pulse.id"]),
        sa.PrimaryKeyConstraint("pulse_id", "member_hash"),
    )


def downgrade() -> None:
    op.drop_table("pulse_answer")
    op.drop_table("pulse")
    op.drop_table("pulse_plan")
    with op.batch_alter_table("support_group", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_column("pointed_at")
