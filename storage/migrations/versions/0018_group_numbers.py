"""Groups know the message of theirs that shows the crisis numbers."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_NEW = ("resources_ref", "resources_shown")


def upgrade() -> None:
    with op.batch_alter_table("support_group") as batch_op:
        for name in _NEW:
            batch_op.add_column(sa.Column(name, AutoString(), nullable=True))


def downgrade() -> None:
    kept = {"sqlite_autoincrement": True}  # a file writes the table anew; its numbers are never given again
    with op.batch_alter_table("support_group", table_kwargs=kept) as batch_op:
        for name in _NEW:
            batch_op.drop_column(name)
