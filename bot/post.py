"""From what visits said to rows of the outbox, in the visits' own transaction."""

from collections.abc import Sequence

from bot.conversation import wording
from bot.conversation.collecting import Collecting, Order
from bot.conversation.letters import Letter, Receiver
from bot.conversation.message import Action, Message
from bot.conversation.sheet import to_sheet
from bot.conversation.tokens import Signer
from bot.conversation.visit import Visit
from bot.groups.visit import GroupVisit
from scheduler.breath import unhurried
from scheduler.lanes import Lane
from storage import outbox, timers
from storage.outbox import OutboxKind, Posting


async def supersede(visits: Sequence[Visit]) -> None:
    """Hold back what is still pending about things of which something newer is said."""
    things = {(visit.person.key, thing) for visit in visits for thing in visit.superseded}
    if things:
        await outbox.supersede(visits[0].session, things, visits[0].now)


async def rows_of(visits: Sequence[Collecting], signer: Signer) -> list[Posting]:
    """The rows of several people's or groups' messages, sealed, in the order in which they were said."""
    said = [(visit, order) for visit in visits for order in visit.orders]
    return [_row(visit, order, signer) async for visit, order in unhurried(said)]


async def post_letters(visits: Sequence[Visit], signer: Signer) -> list[Posting]:
    """Post what was said to others: sealed with their keys, pending until the claim has asked for consent.

    What was posted before stays out, and out of the person's log.
    """
    written = [(visit, letter) for visit in visits for letter in visit.letters]
    rows = [_letter(visit, letter, signer) async for visit, letter in unhurried(written)]
    if not rows:
        return []
    session = visits[0].session
    await outbox.post(session, rows)
    for (_visit, letter), row in zip(written, rows, strict=True):
        if letter.told is not None and row.id is not None:
            letter.told.outbox_id = row.id
            session.add(letter.told)
    await session.flush()
    return [row for row in rows if row.id is not None]


async def set_timers(visits: Sequence[Visit | GroupVisit]) -> None:
    """Set the timers that the visits wished for."""
    settings = [setting for visit in visits for setting in visit.settings]
    if settings:
        await timers.put(visits[0].session, settings)


def _row(visit: Collecting, order: Order, signer: Signer) -> Posting:
    row = _sealed(visit, visit, order.message, signer)
    row.kind, row.target, row.target_row = order.kind, order.target, order.target_row
    row.copies = order.sends
    if order.grant is not None:
        row.consent_id, row.scope = order.grant
    return row


def _letter(visit: Visit, letter: Letter, signer: Signer) -> Posting:
    row = _sealed(visit, letter.to, letter.message, signer)
    row.lane, row.kind = Lane.CAREGIVER, OutboxKind.SEND
    row.consent_id, row.scope = letter.grant
    return row


def _sealed(visit: Collecting, to: Collecting | Receiver, message: Message, signer: Signer) -> Posting:
    whom = to.addressee

    def sign(action: Action) -> str:
        return signer.sign(action, whom.owner)

    body = to_sheet(message, sign, again_line=wording.sent_again(to.gettext))
    return Posting(
        person_id=whom.person_id,
        group_id=whom.group_id,
        platform=whom.platform,
        account=whom.account,
        ref=whom.ref,
        lane=message.lane,
        about=message.about,
        body_sealed=to.sealer.seal("outbox", "body_sealed", body),
        created_at=visit.now,
        not_before=message.not_before or visit.now,
        not_after=message.not_after,
        dedupe_key=message.dedupe_key,
    )
