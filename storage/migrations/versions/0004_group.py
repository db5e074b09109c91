"""The country of a group."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "support_group",
        sa.Column("platform", AutoString(), nullable=False),
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("ref", AutoString(), nullable=False),
        sa.Column("country", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "account", "ref"),
    )


def downgrade() -> None:
    op.drop_table("support_group")
