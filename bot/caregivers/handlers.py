"""What the caregivers' room offers to the house."""

from bot.caregivers import caring, circle, inviting, opening, wake, wording
from bot.caregivers.dialogs import AGREEMENT
from bot.conversation.links import INVITATION
from bot.conversation.room import Command, Conversation, Room
from storage.bonds import ROOM as NAME

ROOM = Room(
    name=NAME,
    commands={
        "caregivers": Command(circle.caregivers, wording.caregivers_summary),
        "caring": Command(caring.show, wording.caring_summary, for_guests=True),
    },
    links={INVITATION: opening.opened},
    buttons={
        "invite": inviting.invite,
        "yes": circle.confirm,
        "no": circle.deny,
        "pause": circle.pause,
        "goon": circle.go_on,
        "end": circle.end,
        "renew": circle.renew,
        "leave": caring.leave,
    },
    guest_buttons=frozenset({"leave"}),
    conversations=(Conversation(AGREEMENT, opening.agree),),
    wake=wake.wake,
)
