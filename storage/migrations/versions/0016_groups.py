"""Groups that have posts, an outbox that writes to groups too."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = ("group", "supergroup", "channel")
_STATES = ("new", "active", "paused", "gone")
_TO_GROUPS = sa.text("group_id IS NOT NULL")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=20)


def upgrade() -> None:
    op.rename_table("support_group", "former_group")
    _make_groups()
    likeliest = "CASE WHEN ref LIKE '-100%' THEN 'supergroup' ELSE 'group' END"
    op.execute(
        sa.text(
            "INSERT INTO support_group (platform, account, ref, kind, state, country, language) "
            f"SELECT platform, account, ref, {likeliest}, 'new', country, 'en' FROM former_group"
        )
    )
    op.drop_table("former_group")
    _make_posts()
    with _outbox_made_anew() as batch_op:
        batch_op.alter_column("person_id", existing_type=_LONG, nullable=True)
        batch_op.add_column(sa.Column("group_id", _LONG, nullable=True))
        batch_op.create_foreign_key("outbox_group_id_fkey", "support_group", ["group_id"], ["id"])
    where = {"sqlite_where": _TO_GROUPS, "postgresql_where": _TO_GROUPS}
    op.create_index("outbox_by_group", "outbox", ["group_id"], **where)


def downgrade() -> None:
    """What the former shape has no place for is gone: posts, and what was under way to groups."""
    to_groups = "SELECT id FROM outbox WHERE group_id IS NOT NULL"
    op.execute(sa.text(f"UPDATE outbox SET target_row = NULL WHERE target_row IN ({to_groups})"))
    op.execute(sa.text("DELETE FROM outbox WHERE group_id IS NOT NULL"))
    op.drop_index("outbox_by_group", "outbox")
    with _outbox_made_anew() as batch_op:
        batch_op.drop_column("group_id")  # and the reference, whatever its name
        batch_op.alter_column("person_id", existing_type=_LONG, nullable=False)
    op.drop_table("group_post")
    op.execute(sa.text("DELETE FROM timer WHERE subject_kind = 'group'"))
    op.rename_table("support_group", "later_group")
    op.create_table(
        "support_group",
        *(sa.Column(name, AutoString(), nullable=False) for name in ("platform", "account", "ref")),
        sa.Column("country", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "account", "ref", name="group_of_before"),
    )
    op.execute(
        sa.text(
            "INSERT INTO support_group (platform, account, ref, country) "
            "SELECT platform, account, ref, country FROM later_group WHERE country IS NOT NULL"
        )
    )
    op.drop_table("later_group")


def _make_groups() -> None:
    flags = ("warns", "tells_moderators", "hears_all", "topic_lost")
    op.create_table(
        "support_group",
        sa.Column("id", _LONG, nullable=False),
        *(sa.Column(name, AutoString(), nullable=False) for name in ("platform", "account", "ref")),
        sa.Column("kind", _word("groupkind", *_KINDS), nullable=False),
        sa.Column("state", _word("groupstate", *_STATES), nullable=False),
        sa.Column("before", _word("groupstate", *_STATES), nullable=True),
        sa.Column("country", AutoString(), nullable=True),
        sa.Column("language", AutoString(), nullable=False),
        sa.Column("zone", AutoString(), nullable=True),
        sa.Column("topic", AutoString(), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()) for name in flags),
        sa.Column("noticed_at", UTCDateTime(), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="support_group_id_pkey"),
        sa.UniqueConstraint("platform", "account", "ref", name="group_address"),
        sqlite_autoincrement=True,
    )


def _make_posts() -> None:
    op.create_table(
        "group_post",
        sa.Column("id", _LONG, nullable=False),
        sa.Column("group_id", _LONG, nullable=False),
        sa.Column("subject", AutoString(), nullable=True),
        sa.Column("text_key", AutoString(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("timing", sa.JSON(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("shown", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("looked_until", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["support_group.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_group_post_group_id"), "group_post", ["group_id"])


@contextmanager
def _outbox_made_anew() -> Iterator[BatchOperations]:
    """A file writes the table anew; its numbers are never given again."""
    in_file = op.get_bind().dialect.name == "sqlite"
    last = None
    if in_file:
        counted = sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")
        last = op.get_bind().execute(counted).scalar_one_or_none()
    with op.batch_alter_table(
        "outbox",
        recreate="always" if in_file else "auto",
        table_kwargs={"sqlite_autoincrement": True},
    ) as batch_op:
        yield batch_op
    if last is not None:
        op.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'outbox'"))
        count_on = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', :last)")
        op.execute(count_on.bindparams(last=last))
