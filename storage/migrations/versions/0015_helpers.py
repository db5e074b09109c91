"""Helpers: who recorded a dose for somebody, when a word was shown, and how often somebody told something."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New columns only: a file need not write its tables anew for them."""
    for table in ("dose", "dose_event"):
        op.add_column(table, sa.Column("recorded_by_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("caregiver_word", sa.Column("shown_at", UTCDateTime(), nullable=True))
    op.add_column("caring", sa.Column("telling_since", UTCDateTime(), nullable=True))
    op.add_column("caring", sa.Column("tellings", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("caring", "tellings")
    op.drop_column("caring", "telling_since")
    op.drop_column("caregiver_word", "shown_at")
    for table in ("dose_event", "dose"):
        op.drop_column(table, "recorded_by_sealed")
