"""/report: the visit summary as a text, as a picture and as a file."""

from bot.conversation.message import Action, Choice, Document, Message, Picture
from bot.conversation.room import Command, Room
from bot.conversation.visit import Visit
from bot.reports import page, record, rules, twin, wording

ROOM_NAME = "report"
_NAMED, _UNNAMED = "names", "plain"


async def report(visit: Visit, _words: str) -> None:
    """Send the summary; in discreet mode ask first whether it may name the medicines."""
    _ = visit.gettext
    if not visit.person.discreet:
        await _send(visit, named=True)
        return
    choices = (
        Choice(wording.with_names(_), Action(ROOM_NAME, "show", _NAMED)),
        Choice(wording.without_names(_), Action(ROOM_NAME, "show", _UNNAMED)),
    )
    visit.say(Message(wording.ask_names(_), (choices,)))


async def show(visit: Visit, argument: str) -> None:
    """A button: of another room, which says nothing of names, or the answer to our question."""
    if argument in (_NAMED, _UNNAMED):
        await _send(visit, named=argument == _NAMED)
    else:
        await report(visit, "")


async def _send(visit: Visit, *, named: bool) -> None:
    _ = visit.gettext
    summary = rules.summary(await record.read(visit), named=named)
    drawn = Picture(page.KIND, page.data(_, summary, visit.person.language))
    file = f"visit-summary-{visit.today:%Y-%m-%d}.pdf"
    visit.say(Message(twin.text(_, summary)))
    visit.say(Message(wording.as_picture(_, visit.today), picture=drawn))
    visit.say(Message(wording.as_file(_, visit.today), document=Document(file, drawn=drawn)))


ROOM = Room(
    name=ROOM_NAME,
    commands={"report": Command(report, wording.summary)},
    buttons={"show": show},
)
