"""When the crisis path was last drilled, and how that ended."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("drilled_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("drill_well", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.drop_column("drill_well")
        batch_op.drop_column("drilled_at")
