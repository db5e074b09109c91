"""Ids as long on a server as they are in a file: what is counted for ever must not end at 2 ** 31."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COUNTED = (
    *("person", "consent", "regimen", "regimen_version", "dose", "dose_card", "dose_event", "outbox"),
    *("checkin", "questionnaire", "crisis_event", "declared_fact", "notice", "care_contact"),
)
LONG = {
    "person": ("id",),
    "person_key": ("person_id",),
    "consent": ("id", "person_id"),
    "open_dialog": ("person_id",),
    "regimen": ("id", "person_id"),
    "regimen_version": ("id", "regimen_id"),
    "dose_card": ("id", "person_id"),
    "dose": ("id", "person_id", "regimen_id", "version_id", "card_id"),
    "dose_event": ("id", "dose_id", "person_id"),
    "outbox": ("id", "person_id", "target_row"),
    "timer": ("subject_id",),
    "seen_update": ("update_id",),
    "checkin": ("id", "person_id"),
    "questionnaire": ("id", "person_id"),
    "crisis_event": ("id", "person_id"),
    "safety_plan": ("person_id",),
    "declared_fact": ("id", "person_id"),
    "notice": ("id", "person_id"),
    "care_contact": ("id", "person_id"),
    "care_file": ("person_id",),
}


def upgrade() -> None:
    _make("BIGINT")


def downgrade() -> None:
    _make("INTEGER")


def _make(kind: str) -> None:
    """On SQLite every integer is long. One statement a table, so that each is written anew once."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in LONG.items():
        op.execute(f"ALTER TABLE {table} " + ", ".join(f"ALTER {column} TYPE {kind}" for column in columns))
    for table in COUNTED:
        # A serial number has a kind of its own, and would stop where that ends.
        op.execute(f"ALTER SEQUENCE {table}_id_seq AS {kind}")
