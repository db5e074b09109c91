"""Plans in steps, doses of other kinds, notes, stock, adherence by day, outlooks of zones, outages."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SLOT = ["regimen_id", "slot_date", "slot_time"]
# What the first migration left without a name, as the server has called it.
_UNNAMED = {"uq": "%(table_name)s_%(column_0_N_name)s_key"}
_FORMER = "dose_regimen_id_slot_date_slot_time_key"
# An instant in whole microseconds.
_MICROSECONDS = {
    "postgresql": "(extract(epoch FROM {0}) * 1000000)",
    "sqlite": "(CAST(strftime('%s', {0}) AS INTEGER) * 1000000 + CAST(substr({0}, 21, 6) AS INTEGER))",
}


def upgrade() -> None:
    _add_columns()
    _tell_doses_apart()
    _add_what_is_said()
    _add_what_is_counted()
    _count_what_was()
    _add_what_happened()


@contextmanager
def _made_anew(table: str) -> Iterator[BatchOperations]:
    """A table that a file writes anew; its numbers are never given again.

    Left alone a rebuilt table forgets that, as did those that earlier migrations have rebuilt.
    """
    in_file = op.get_bind().dialect.name == "sqlite"
    counted = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name").bindparams(name=table)
    last = op.get_bind().execute(counted).scalar_one_or_none() if in_file else None
    with op.batch_alter_table(
        table,
        recreate="always" if in_file else "auto",
        naming_convention=_UNNAMED,
        table_kwargs={"sqlite_autoincrement": True},
    ) as batch_op:
        yield batch_op
    if last is not None:
        op.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name").bindparams(name=table))
        count_on = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
        op.execute(count_on.bindparams(name=table, last=last))


def _add_columns() -> None:
    with _made_anew("person") as batch_op:
        batch_op.add_column(sa.Column("day_ends_at", sa.Time(), nullable=False, server_default="00:00:00"))
        batch_op.add_column(sa.Column("zone_news", sa.JSON(none_as_null=True), nullable=True))
    with _made_anew("regimen") as batch_op:
        batch_op.add_column(sa.Column("last_taken_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("paused_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("step_told_for", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("step_ask_at", UTCDateTime(), nullable=True))
    with _made_anew("ledger"):
        pass  # nothing but that its numbers are not given again
    with op.batch_alter_table("regimen_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alive_at", UTCDateTime(), nullable=True))


def _tell_doses_apart() -> None:
    """What was taken beyond the plan must not stand in the place of a planned dose."""
    kind = sa.Enum("planned", "as_needed", "extra", name="dosekind", native_enum=False, length=20)
    with _made_anew("dose") as batch_op:
        batch_op.add_column(sa.Column("kind", kind, nullable=False, server_default="planned"))
        batch_op.add_column(sa.Column("step", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("turn", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("moved_from", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("time_said", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_constraint(_FORMER, type_="unique")
        batch_op.create_unique_constraint("dose_of_slot", [*_SLOT, "kind"])


def _add_what_is_said() -> None:
    op.create_table(
        "regimen_step",
        sa.Column("id", _LONG, nullable=False),
        sa.Column("version_id", _LONG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("timing", sa.JSON(), nullable=False),
        sa.Column("amounts_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["regimen_version.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("version_id", "number"),
    )
    kind = sa.Enum("note", "side_effect", name="notekind", native_enum=False, length=20)
    op.create_table(
        "dose_note",
        sa.Column("id", _LONG, nullable=False),
        sa.Column("person_id", _LONG, nullable=False),
        sa.Column("dose_id", _LONG, nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["dose_id"], ["dose.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_dose_note_person_id"), "dose_note", ["person_id"])
    op.create_index(op.f("ix_dose_note_dose_id"), "dose_note", ["dose_id"])


def _add_what_is_counted() -> None:
    op.create_table(
        "stock",
        sa.Column("regimen_id", _LONG, nullable=False),
        sa.Column("person_id", _LONG, nullable=False),
        sa.Column("counted_at", UTCDateTime(), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.Column("per_dose", sa.BigInteger(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("told_for", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["regimen_id"], ["regimen.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("regimen_id"),
    )
    op.create_index(op.f("ix_stock_person_id"), "stock", ["person_id"])
    counts = ("due", "taken", "in_time", "untimed", "skipped", "advised", "unknown", "missed", "open")
    op.create_table(
        "adherence_day",
        sa.Column("person_id", _LONG, nullable=False),
        sa.Column("regimen_id", _LONG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*counts, "as_needed", "extra")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["regimen_id"], ["regimen.id"]),
        sa.PrimaryKeyConstraint("person_id", "regimen_id", "day"),
    )


def _count_what_was() -> None:
    """Every day until now, from its doses, of which each was a planned one."""
    micro = _MICROSECONDS[op.get_bind().dialect.name].format
    due_at, window_end, taken_at = micro("due_at"), micro("window_end"), micro("taken_at")
    in_time = (
        f"{taken_at} <= {window_end} AND {taken_at} >= {due_at} - 7200000000 "
        f"AND {taken_at} + {window_end} >= 2 * {due_at}"
    )
    counts = {
        "due": "state IN ('taken', 'missed') OR (state = 'skipped' AND coalesce(reason, '') <> 'advised')",
        "taken": "state = 'taken'",
        "in_time": f"state = 'taken' AND {in_time}",
        "untimed": "state = 'taken' AND taken_at IS NULL",
        "skipped": "state = 'skipped' AND coalesce(reason, '') <> 'advised'",
        "advised": "state = 'skipped' AND reason = 'advised'",
        "unknown": "state = 'unknown'",
        "missed": "state = 'missed'",
        "open": "state = 'open'",
    }
    sums = ", ".join(f"sum(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in counts.values())
    op.execute(
        sa.text(
            f"INSERT INTO adherence_day (person_id, regimen_id, day, {', '.join(counts)}, as_needed, extra) "
            f"SELECT person_id, regimen_id, slot_date, {sums}, 0, 0 FROM dose WHERE state <> 'withdrawn' "
            "GROUP BY person_id, regimen_id, slot_date"
        )
    )


def _add_what_happened() -> None:
    op.create_table(
        "zone_outlook",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("tzdata", AutoString(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "outage",
        sa.Column("id", _LONG, nullable=False),
        sa.Column("began", UTCDateTime(), nullable=False),
        sa.Column("ended", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_outage_ended"), "outage", ["ended"])


def downgrade() -> None:
    """What the former shape has no place for is gone."""
    for table in ("outage", "zone_outlook", "adherence_day", "stock", "dose_note", "regimen_step"):
        op.drop_table(table)
    op.execute(
        sa.text("DELETE FROM dose_event WHERE dose_id IN (SELECT id FROM dose WHERE kind <> 'planned')")
    )
    op.execute(sa.text("DELETE FROM dose WHERE kind <> 'planned'"))
    with _made_anew("dose") as batch_op:
        batch_op.drop_constraint("dose_of_slot", type_="unique")
        batch_op.create_unique_constraint(_FORMER, _SLOT)
        for column in ("time_said", "moved_from", "turn", "step", "kind"):
            batch_op.drop_column(column)
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.drop_column("alive_at")
    with op.batch_alter_table("regimen_version", schema=None) as batch_op:
        batch_op.drop_column("ends_on")
        batch_op.drop_column("starts_on")
    with _made_anew("regimen") as batch_op:
        batch_op.drop_column("step_ask_at")
        batch_op.drop_column("step_told_for")
        batch_op.drop_column("paused_at")
        batch_op.drop_column("last_taken_at")
    with _made_anew("person") as batch_op:
        batch_op.drop_column("zone_news")
        batch_op.drop_column("day_ends_at")
