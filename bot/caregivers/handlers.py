"""What the caregivers' room offers to the house."""

from bot.caregivers import calling, caring, circle, inviting, opening, wake, wording
from bot.caregivers.dialogs import AGREEMENT
from bot.caregivers.helping import hearing, permitting, recording
from bot.caregivers.helping import telling as saying
from bot.caregivers.helping.dialogs import TELLING as SAYING
from bot.caregivers.helping.wording import tell_summary
from bot.caregivers.scoping import page, typing
from bot.caregivers.scoping.dialogs import SETTING
from bot.caregivers.telling import answering, log
from bot.caregivers.telling import wake as telling
from bot.caregivers.telling import wording as telling_wording
from bot.conversation.links import INVITATION
from bot.conversation.room import Command, Conversation, Room
from storage.bonds import ROOM as NAME

ROOM = Room(
    name=NAME,
    commands={
        "caregivers": Command(circle.caregivers, wording.caregivers_summary),
        "needyou": Command(calling.offer, telling_wording.call_summary),
        "caring": Command(caring.show, wording.caring_summary, for_guests=True),
        "tell": Command(saying.begin, tell_summary, for_guests=True),
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
        "tell": saying.press,
        "open": recording.look,
        "give": recording.give,
        "circle": circle.show_again,
        "of": page.show,
        "scope": page.scope,
        "type": typing.ask,
        "on": page.turn_on,
        "off": page.turn_off,
        "review": page.review,
        "told": log.show,
        "older": log.show_older,
        "seen": answering.seen,
        "send": answering.send,
        "drop": answering.drop,
        "moodyes": answering.moods_go_on,
        "moodno": answering.moods_end,
        "needyou": calling.offer,
        "call": calling.call,
        "enough": calling.enough,
    },
    guest_buttons=frozenset({"leave", "tell", "open", "give", "seen"}),
    conversations=(
        Conversation(AGREEMENT, opening.agree),
        Conversation(SETTING, typing.typed),
        Conversation(SAYING, saying.tell),
    ),
    wake=wake.wake,
)

# A room of its own, because it is woken at times of its own.
TELLING = Room(name=telling.ROOM, wake=telling.wake)
