"""From what visits said to rows of the outbox, in the visits' own transaction."""

from collections.abc import Sequence

from bot.conversation import wording
from bot.conversation.collecting import Collecting, Order
from bot.conversation.message import Action
from bot.conversation.sheet import to_sheet
from bot.conversation.tokens import Signer
from bot.conversation.visit import Visit
from bot.groups.visit import GroupVisit
from scheduler.breath import unhurried
from storage import outbox, timers
from storage.outbox import Posting


async def supersede(visits: Sequence[Visit]) -> None:
    """Hold back what is still pending about things of which something newer is said."""
    things = {(visit.person.key, thing) for visit in visits for thing in visit.superseded}
    if things:
        await outbox.supersede(visits[0].session, things, visits[0].now)


async def rows_of(visits: Sequence[Collecting], signer: Signer) -> list[Posting]:
    """The rows of several people's or groups' messages, sealed, in the order in which they were said."""
    said = [(visit, order) for visit in visits for order in visit.orders]
    return [_row(visit, order, signer) async for visit, order in unhurried(said)]


async def set_timers(visits: Sequence[Visit | GroupVisit]) -> None:
    """Set the timers that the visits wished for."""
    settings = [setting for visit in visits for setting in visit.settings]
    if settings:
        await timers.put(visits[0].session, settings)


def _row(visit: Collecting, order: Order, signer: Signer) -> Posting:
    whom, message = visit.addressee, order.message

    def sign(action: Action) -> str:
        return signer.sign(action, whom.owner)

    body = to_sheet(message, sign, again_line=wording.sent_again(visit.gettext))
    return Posting(
        person_id=whom.person_id,
        group_id=whom.group_id,
        platform=whom.platform,
        account=whom.account,
        ref=whom.ref,
        lane=message.lane,
        kind=order.kind,
        about=message.about,
        target=order.target,
        target_row=order.target_row,
        body_sealed=visit.sealer.seal("outbox", "body_sealed", body),
        created_at=visit.now,
        not_before=message.not_before or visit.now,
        not_after=message.not_after,
        dedupe_key=message.dedupe_key,
    )
