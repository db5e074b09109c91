"""What this room offers to the house."""

from bot.conversation.room import Command, Conversation, Room
from bot.escalation.care import (
    appointments,
    card,
    contacts,
    dialogs,
    followthrough,
    letters,
    questions,
    wake,
    wording,
)

ROOM = Room(
    name=wording.ROOM,
    commands={"care": Command(card.show, wording.care_summary)},
    buttons={
        "show": card.show,
        "talked": followthrough.talked,
        "team": contacts.show,
        "add": contacts.add,
        "change": contacts.change,
        "remove": contacts.remove,
        "write": letters.write,
        "own": letters.own_words,
        "ready": letters.ready_words,
        "visit": appointments.show,
        "date": appointments.ask,
        "unvisit": appointments.remove,
        "questions": questions.show,
        "ask": questions.add,
        "unask": questions.remove,
        "notyet": followthrough.not_yet,
        "unsaid": followthrough.unsaid,
    },
    conversations=(
        Conversation(dialogs.CARER, contacts.end),
        Conversation(dialogs.DRAFT, letters.end),
        Conversation(dialogs.QUESTION, questions.end),
        Conversation(dialogs.APPOINTMENT, appointments.end),
        Conversation(dialogs.OUTCOME, followthrough.end_talk),
    ),
    wake=wake.wake,
)
