"""The outbox: messages to send, edit, delete or unpin, and what became of them.

Whatever concerns many rows is one Core statement, set at a time. Claiming and settling, the courier's
half, is in `storage/leases.py`.
"""

from storage.outbox.edits import aim, void_older_edits
from storage.outbox.ends import expire, strand, strand_unreachable, supersede, supersede_in_group, withhold
from storage.outbox.line import CLAIMABLE
from storage.outbox.looks import (
    counts,
    last_said,
    never_left,
    said_in_group,
    settled_at,
)
from storage.outbox.moves import forget_group, forget_person, leave_behind, move, reap
from storage.outbox.posting import lease_to, post
from storage.outbox.rows import (
    HEAD_LANE,
    INSISTENT,
    LANES,
    OUTBOX,
    UNDER_WAY,
    Address,
    Ended,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Posting,
    Shown,
    row_,
    run,
)

__all__ = [
    "CLAIMABLE",
    "HEAD_LANE",
    "INSISTENT",
    "LANES",
    "OUTBOX",
    "UNDER_WAY",
    "Address",
    "Ended",
    "OutboxKind",
    "OutboxRow",
    "OutboxState",
    "Posting",
    "Shown",
    "aim",
    "counts",
    "expire",
    "forget_group",
    "forget_person",
    "last_said",
    "lease_to",
    "leave_behind",
    "move",
    "never_left",
    "post",
    "reap",
    "row_",
    "run",
    "said_in_group",
    "settled_at",
    "strand",
    "strand_unreachable",
    "supersede",
    "supersede_in_group",
    "void_older_edits",
    "withhold",
]
