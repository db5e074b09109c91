"""What the caregivers' room offers to the house."""

from bot.caregivers import caring, circle, inviting, opening, wake, wording
from bot.caregivers.dialogs import AGREEMENT
from bot.caregivers.helping import hearing, permitting, recording, telling
from bot.caregivers.helping.dialogs import TELLING
from bot.caregivers.helping.wording import tell_summary
from bot.conversation.links import INVITATION
from bot.conversation.room import Command, Conversation, Room
from storage.bonds import ROOM as NAME

ROOM = Room(
    name=NAME,
    commands={
        "caregivers": Command(circle.caregivers, wording.caregivers_summary),
        "caring": Command(caring.show, wording.caring_summary, for_guests=True),
        "tell": Command(telling.begin, tell_summary, for_guests=True),
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
        "may": permitting.show,
        "permit": permitting.explain,
        "permitted": permitting.permit,
        "forbid": permitting.forbid,
        "keep": hearing.keep,
        "discard": hearing.discard,
        "tell": telling.press,
        "open": recording.look,
        "give": recording.give,
    },
    guest_buttons=frozenset({"leave", "tell", "open", "give"}),
    conversations=(Conversation(AGREEMENT, opening.agree), Conversation(TELLING, telling.tell)),
    wake=wake.wake,
)
