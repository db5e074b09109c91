"""The questions about a group's place: its time zone and its country."""

from bot.conversation import zones
from bot.conversation.countries import country_named, country_names
from bot.conversation.dialogs import Again, Answers, Context, Dialog, Got, Option, Prompt, Read, Reply, Step
from bot.groups.setup import wording
from scheduler.localtime import local, zone

_NONE = "none"


def ask_zone(context: Context, _answers: Answers) -> Prompt:
    return Prompt(wording.ask_zone(context.gettext))


def read_zone(context: Context, _answers: Answers, reply: Reply) -> Read:
    """A city, or what the clock there shows."""
    keys = zones.zones_meant(reply.text or "", context.now)
    if not keys:
        return Again(wording.zone_not_found(context.gettext))
    if len(keys) == 1:
        return Got({"zone": keys[0]})
    return Got({"zones": list(keys)}, then="which")


def ask_which_zone(context: Context, answers: Answers) -> Prompt:
    _ = context.gettext
    rows = [
        (Option(wording.zone_option(_, key, local(context.now, zone(key)).time()), str(number)),)
        for number, key in enumerate(answers["zones"])
    ]
    return Prompt(wording.which_zone(_), (*rows, (Option(wording.none_of_these(_), _NONE),)))


def read_which_zone(context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.option == _NONE:
        return Got({}, then="zone")
    if reply.option is not None and reply.option.isdigit() and int(reply.option) < len(answers["zones"]):
        return Got({"zone": answers["zones"][int(reply.option)]})
    return read_zone(context, answers, reply)


def ask_country(context: Context, answers: Answers) -> Prompt:
    names = country_names("en")
    suggested = zones.country_of_zone(answers.get("zone") or "")
    rows = [(Option(names[suggested], suggested, "primary"),)] if suggested in names else []
    return Prompt(wording.ask_country(context.gettext), tuple(rows))


def read_country(context: Context, _answers: Answers, reply: Reply) -> Read:
    names = country_names("en")
    if reply.option in names:
        return Got({"country": reply.option})
    found = country_named(reply.text or "", names)
    if found.exact is not None:
        return Got({"country": found.exact})
    if not found.near:
        return Again(wording.country_not_found(context.gettext))
    return Got({"countries": list(found.near)}, then="which")


def ask_which_country(context: Context, answers: Answers) -> Prompt:
    names = country_names("en")
    rows = tuple((Option(names[code], code),) for code in answers["countries"])
    return Prompt(wording.which_country(context.gettext), rows)


ZONE = Dialog("gzone", (Step("zone", ask_zone, read_zone), Step("which", ask_which_zone, read_which_zone)))
COUNTRY = Dialog(
    "gcountry",
    (Step("country", ask_country, read_country), Step("which", ask_which_country, read_country)),
)
