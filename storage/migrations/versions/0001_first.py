"""The first shape of the tables."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deployment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_check", sa.LargeBinary(), nullable=False),
        sa.Column("tzdata", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", AutoString(), nullable=False),
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("ref", AutoString(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("new", "active", "paused", name="personstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("language", AutoString(), nullable=False),
        sa.Column("country", AutoString(), nullable=True),
        sa.Column("zone", AutoString(), nullable=True),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("nudges", sa.Integer(), nullable=False),
        sa.Column("nudge_minutes", sa.Integer(), nullable=False),
        sa.Column("checkin_at", sa.Time(), nullable=True),
        sa.Column("checkin_since", UTCDateTime(), nullable=True),
        sa.Column("streak_shown", sa.Boolean(), nullable=False),
        sa.Column("calm_until", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("platform", "account", "ref"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "seen_update",
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", "update_id"),
    )
    with op.batch_alter_table("seen_update", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_update_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "timer",
        sa.Column("subject_kind", AutoString(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("room", AutoString(), nullable=False),
        sa.Column("fire_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject_kind", "subject_id", "room"),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index("timer_by_instant", ["fire_at"], unique=False)

    op.create_table(
        "checkin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "form", sa.Enum("full", "short", name="checkinform", native_enum=False, length=20), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum("open", "done", "expired", name="checkinstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("earlier_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "day"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", AutoString(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_person_id"), ["person_id"], unique=False)

    op.create_table(
        "crisis_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("tier", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("crisis_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crisis_event_person_id"), ["person_id"], unique=False)

    op.create_table(
        "dose_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("dose_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dose_card_person_id"), ["person_id"], unique=False)

    op.create_table(
        "open_dialog",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("step", AutoString(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("moved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("platform", AutoString(), nullable=False),
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("ref", AutoString(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("send", "edit", "delete", name="outboxkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("about", AutoString(), nullable=True),
        sa.Column("target", AutoString(), nullable=True),
        sa.Column("target_row", sa.Integer(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.Column("not_after", UTCDateTime(), nullable=True),
        sa.Column("dedupe_key", AutoString(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "leased",
                "delivered",
                "unsure",
                "expired",
                "superseded",
                "withheld",
                "unreachable",
                "refused",
                name="outboxstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("lease_token", AutoString(), nullable=True),
        sa.Column("message_ref", AutoString(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["target_row"],
            ["outbox.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dedupe_key"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("outbox_by_about", ["person_id", "about"], unique=False)
        batch_op.create_index("outbox_by_address", ["platform", "account", "ref", "state"], unique=False)
        batch_op.create_index("outbox_by_end", ["settled_at"], unique=False)
        batch_op.create_index(
            "outbox_by_target_row",
            ["target_row"],
            unique=False,
            sqlite_where=sa.text("target_row IS NOT NULL"),
            postgresql_where=sa.text("target_row IS NOT NULL"),
        )
        batch_op.create_index("outbox_to_claim", ["state", "lane", "not_before"], unique=False)

    op.create_table(
        "person_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "regimen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "paused", "stopped", name="regimenstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("home_zone", AutoString(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("planned_through", UTCDateTime(), nullable=False),
        sa.Column("stopped_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("regimen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regimen_person_id"), ["person_id"], unique=False)

    op.create_table(
        "regimen_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regimen_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("timing", sa.JSON(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("amount_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["regimen_id"],
            ["regimen.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("regimen_id", "number"),
    )
    op.create_table(
        "dose",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("regimen_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("slot_date", sa.Date(), nullable=False),
        sa.Column("slot_time", sa.Time(), nullable=False),
        sa.Column("zone", AutoString(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("window_end", UTCDateTime(), nullable=False),
        sa.Column("snooze_limit", UTCDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "taken",
                "skipped",
                "missed",
                "unknown",
                "withdrawn",
                name="dosestate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("taken_at", UTCDateTime(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "side_effects",
                "ran_out",
                "felt_well",
                "advised",
                "other",
                name="skipreason",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("next_ask_at", UTCDateTime(), nullable=True),
        sa.Column("snoozed_until", UTCDateTime(), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["dose_card.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["regimen_id"],
            ["regimen.id"],
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["regimen_version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("regimen_id", "slot_date", "slot_time"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("dose", schema=None) as batch_op:
        batch_op.create_index("dose_of_person_by_day", ["person_id", "slot_date"], unique=False)
        batch_op.create_index("dose_of_person_by_state", ["person_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_dose_card_id"), ["card_id"], unique=False)

    op.create_table(
        "dose_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dose_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("detail", AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dose_id"],
            ["dose.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("dose_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dose_event_dose_id"), ["dose_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dose_event_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("dose_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dose_event_person_id"))
        batch_op.drop_index(batch_op.f("ix_dose_event_dose_id"))

    op.drop_table("dose_event")
    with op.batch_alter_table("dose", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dose_card_id"))
        batch_op.drop_index("dose_of_person_by_state")
        batch_op.drop_index("dose_of_person_by_day")

    op.drop_table("dose")
    op.drop_table("regimen_version")
    with op.batch_alter_table("regimen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regimen_person_id"))

    op.drop_table("regimen")
    op.drop_table("person_key")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("outbox_to_claim")
        batch_op.drop_index(
            "outbox_by_target_row",
            sqlite_where=sa.text("target_row IS NOT NULL"),
            postgresql_where=sa.text("target_row IS NOT NULL"),
        )
        batch_op.drop_index("outbox_by_end")
        batch_op.drop_index("outbox_by_address")
        batch_op.drop_index("outbox_by_about")

    op.drop_table("outbox")
    op.drop_table("open_dialog")
    with op.batch_alter_table("dose_card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dose_card_person_id"))

    op.drop_table("dose_card")
    with op.batch_alter_table("crisis_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crisis_event_person_id"))

    op.drop_table("crisis_event")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_person_id"))

    op.drop_table("consent")
    op.drop_table("checkin")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index("timer_by_instant")

    op.drop_table("timer")
    with op.batch_alter_table("seen_update", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seen_update_seen_at"))

    op.drop_table("seen_update")
    op.drop_table("person")
    op.drop_table("deployment")
