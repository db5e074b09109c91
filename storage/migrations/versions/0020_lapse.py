"""What was undone when a backup was put back, until the person was told."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SCOPES = (
    *("dose_not_recorded", "weekly_count", "pattern_noticed", "low_mood", "need_you"),
    *("may_record", "may_tell"),
)


def upgrade() -> None:
    op.create_table(
        "lapse",
        sa.Column("id", _LONG, nullable=False),
        sa.Column("person_id", _LONG, nullable=False),
        sa.Column("bond_id", _LONG, nullable=True),
        sa.Column("scope", sa.Enum(*_SCOPES, name="scope", native_enum=False, length=20), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["bond_id"], ["bond.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    for column in ("person_id", "bond_id"):
        op.create_index(op.f(f"ix_lapse_{column}"), "lapse", [column])


def downgrade() -> None:
    op.drop_table("lapse")
