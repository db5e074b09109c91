"""Who fell silent after a backup, how each scope was set, and the styles of what the person is shown first."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_REVIEW = sa.Enum("off", "send", "hold", name="review", native_enum=False, length=20)


def upgrade() -> None:
    """New columns only: a file need not write its tables anew for them."""
    op.add_column("person", sa.Column("silent_since", UTCDateTime(), nullable=True))
    op.add_column("told", sa.Column("marks_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("scope_change", sa.Column("delay", sa.Integer(), nullable=True))
    op.add_column("scope_change", sa.Column("threshold", sa.Integer(), nullable=True))
    op.add_column("scope_change", sa.Column("names_told", sa.Boolean(), nullable=True))
    op.add_column("scope_change", sa.Column("review", _REVIEW, nullable=True))


def downgrade() -> None:
    for column in ("review", "names_told", "threshold", "delay"):
        op.drop_column("scope_change", column)
    op.drop_column("told", "marks_sealed")
    op.drop_column("person", "silent_since")
