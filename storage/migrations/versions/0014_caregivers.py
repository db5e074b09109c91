"""Caregivers: invitations, bonds, scopes, what was told, and on whose consent a message rests."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SCOPES = ("dose_not_recorded", "weekly_count", "pattern_noticed", "low_mood", "need_you", "may_record")
_STATES = (
    *("pending", "leased", "delivered", "unsure", "expired"),
    *("superseded", "withheld", "unreachable", "refused"),
)
# Children first.
_TABLES = (
    *("told", "caregiver_word", "scope_change", "scope", "caring", "bond", "invite", "wrong_link"),
    "owed_stone",
)


def upgrade() -> None:
    _add_bonds()
    _add_scopes()
    _add_what_is_told()
    _add_links()
    _make("owed_stone", _words("stonekind", "kind", "erased", "ended", "paused", "off"), _at("at"), _text("digest"))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("consent_id", _LONG, nullable=True))
        batch_op.add_column(_words("scope", "scope", *_SCOPES, nullable=True))


def _add_bonds() -> None:
    ways = ("person", "denied", "caregiver", "gone", "expired", "replaced")
    _make(
        "bond",
        _ref("person_id", "person.id"),
        _ref("caregiver_id", "person.id", nullable=True),
        _words("bondstate", "state", "agreed", "live", "paused", "ended"),
        _at("state_since"),
        _sealed("name_sealed"),
        _at("agreed_at"),
        _text("agreed_text"),
        _at("confirmed_at", nullable=True),
        _text("confirmed_text", nullable=True),
        _at("expires_at"),
        _at("asked_at", nullable=True),
        _at("renew_ask_at", nullable=True),
        _at("renew_asked_at", nullable=True),
        _at("renewed_at", nullable=True),
        sa.Column("names_told", sa.Boolean(), server_default=sa.false(), nullable=False),
        _words("review", "review", "off", "send", "hold", server_default="off"),
        _at("ended_at", nullable=True),
        _words("ending", "ended_by", *ways, nullable=True),
        sa.Column("end_told", sa.Boolean(), server_default=sa.false(), nullable=False),
        counted=True,
    )
    _make(
        "caring",
        _ref("caregiver_id", "person.id"),
        _ref("bond_id", "bond.id", nullable=True),
        _sealed("name_sealed"),
        _at("since"),
        _at("ended_at", nullable=True),
        counted=True,
    )


def _add_scopes() -> None:
    op.create_table(
        "scope",
        sa.Column("bond_id", _LONG, sa.ForeignKey("bond.id"), nullable=False),
        _words("scope", "kind", *_SCOPES),
        _ref("person_id", "person.id"),
        _at("since"),
        sa.Column("delay", sa.Integer(), nullable=True),
        sa.Column("threshold", sa.Integer(), nullable=True),
        _at("confirmed_until", nullable=True),
        sa.PrimaryKeyConstraint("bond_id", "kind"),
    )
    _make(
        "scope_change",
        _ref("bond_id", "bond.id"),
        _ref("person_id", "person.id"),
        _words("scope", "kind", *_SCOPES),
        sa.Column("turned_on", sa.Boolean(), nullable=False),
        _at("at"),
        counted=True,
    )


def _add_what_is_told() -> None:
    _make(
        "told",
        _ref("bond_id", "bond.id"),
        _ref("person_id", "person.id"),
        _words("scope", "kind", *_SCOPES),
        _text("about", nullable=True),
        _sealed("text_sealed"),
        _at("made_at"),
        _words("reviewstate", "review", "waiting", "sent", "dropped", nullable=True),
        _at("review_until", nullable=True),
        sa.Column("outbox_id", _LONG, nullable=True, index=True),
        _words("outboxstate", "outcome", *_STATES, nullable=True),
        _at("acknowledged_at", nullable=True),
        counted=True,
    )
    _make(
        "caregiver_word",
        _ref("person_id", "person.id"),
        _ref("bond_id", "bond.id"),
        _sealed("text_sealed"),
        _at("at"),
        _words("wordstate", "state", "new", "kept", "discarded"),
        counted=True,
    )


def _add_links() -> None:
    _make(
        "invite",
        _ref("person_id", "person.id"),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, unique=True),
        _at("made_at"),
        _at("expires_at"),
        _at("used_at", nullable=True),
        _ref("opened_by", "person.id", nullable=True),
        _at("agreed_at", nullable=True),
        counted=True,
    )
    _make("wrong_link", _ref("person_id", "person.id"), _at("at"))


def _make(name: str, *columns: sa.Column[object], counted: bool = False) -> None:
    """A table whose rows have numbers; those that are `counted` are never given again."""
    key = sa.Column("id", _LONG, nullable=False)
    op.create_table(name, key, *columns, sa.PrimaryKeyConstraint("id"), sqlite_autoincrement=counted)


def _ref(name: str, to: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, _LONG, sa.ForeignKey(to), nullable=nullable, index=True)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, AutoString(), nullable=nullable)


def _sealed(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _words(
    kind: str, name: str, *words: str, nullable: bool = False, server_default: str | None = None
) -> sa.Column[object]:
    closed = sa.Enum(*words, name=kind, native_enum=False, length=20)
    return sa.Column(name, closed, nullable=nullable, server_default=server_default)


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("scope")
        batch_op.drop_column("consent_id")
    for table in _TABLES:
        op.drop_table(table)
