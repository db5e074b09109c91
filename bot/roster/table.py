"""The register in words, for the command line. Pure."""

from collections.abc import Sequence

from bot.roster.register import Entry

_HEAD = ("NUMBER", "NAME", "PEOPLE", "SINCE")


def as_table(entries: Sequence[Entry]) -> str:
    """A line for each bot."""
    if not entries:
        return "There is no bot here yet. `evenkeel bots add` adds one."
    rows = [_HEAD, *((each.account, _name(each), str(each.people), _since(each)) for each in entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"{number:<{widths[0]}}  {name:<{widths[1]}}  {people:>{widths[2]}}  {since}"
        for number, name, people, since in rows
    )


def farewell(entry: Entry, *, erase: bool) -> str:
    """What a removal means, before it is done."""
    who = f"{_name(entry)} ({entry.account})" if entry.name else f"Bot {entry.account}"
    people = "1 person" if entry.people == 1 else f"{entry.people} people"
    sentences = [f"{who} has {people} here."]
    if entry.since is None:
        sentences.append("Be sure that no running deployment has its token in EVENKEEL_TELEGRAM_TOKEN.")
    else:
        sentences.append("Nothing more is sent or heard for it, and what still waits to be sent is dropped.")
    if erase:
        sentences.append("Everything that is kept about its people is erased, for good.")
    elif entry.people:
        sentences.append(
            "What is kept about its people stays, and goes on when the bot is added again. "
            "--erase would erase it."
        )
    return " ".join(sentences)


def _name(entry: Entry) -> str:
    return f"@{entry.name}" if entry.name else "–"


def _since(entry: Entry) -> str:
    if entry.of_settings:
        since = "set in EVENKEEL_TELEGRAM_TOKEN"
    elif entry.since is None:
        since = "removed, or no token is set; its people are still here"
    else:
        since = entry.since.date().isoformat()
    return f"{since}; REFUSED by Telegram: it needs its current token" if entry.refused else since
