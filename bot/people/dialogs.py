"""The dialogs of this room as data: beginning, time zone, country, quiet hours, repeats."""

from bot.conversation import zones
from bot.conversation.catalogs import LANGUAGE_NAMES
from bot.conversation.countries import country_named, country_names
from bot.conversation.dialogs import (
    Again,
    Answers,
    Context,
    Dialog,
    Got,
    Option,
    Prompt,
    Read,
    Reply,
    Step,
    Stop,
)
from bot.conversation.hourspan import read_hours
from bot.conversation.times import Ambiguous, Understood, read_clock
from bot.people import privacy_wording, rules, settings_wording, wording
from bot.people.places import zone_of_place
from scheduler.localtime import local, zone

# In the answers of a caregiver who is reminded of nothing.
GUEST = "guest"
_YES, _NO, _MORE, _LANGUAGE, _NONE = "yes", "no", "more", "language", "none"


def ask_consent(context: Context, answers: Answers) -> Prompt:
    _ = context.gettext
    language = LANGUAGE_NAMES[answers.get("language", "en")]
    more = Option(wording.more_privacy(_), _MORE)
    speak = Option(wording.language_button(_, language), _LANGUAGE)
    in_full = answers.get("shown") == "privacy"
    rows = (
        (Option(wording.agree(_), _YES, "success"),),
        (speak,) if in_full else (more, speak),
        (Option(wording.disagree(_), _NO),),
    )
    return Prompt(privacy_wording.privacy_and_question(_) if in_full else wording.welcome(_), rows)


def read_consent(context: Context, _answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "yes":
            return Got({"consent": rules.CONSENT_VERSION}, then="zone")
        case "more":
            return Got({"shown": "privacy"}, then="consent")
        case "language":
            return Got({}, then="language")
        case "no":
            return Stop(wording.not_agreed(context.gettext))
    return Again(wording.tap_one(context.gettext))


def ask_language(context: Context, _answers: Answers) -> Prompt:
    rows = tuple((Option(name, code),) for code, name in LANGUAGE_NAMES.items())
    return Prompt(wording.ask_language(context.gettext), rows)


def read_language(context: Context, _answers: Answers, reply: Reply) -> Read:
    if reply.option not in LANGUAGE_NAMES:
        return Again(wording.tap_one(context.gettext))
    return Got({"language": reply.option, "shown": ""})


def ask_zone(context: Context, _answers: Answers) -> Prompt:
    return Prompt(wording.ask_zone(context.gettext), keyboard="share_location")


def read_zone(context: Context, _answers: Answers, reply: Reply) -> Read:
    """A shared location, a city, a zone's own name, or what the clock shows."""
    if reply.place is not None:
        found = zone_of_place(*reply.place)
        return _zone_options((found,) if found else (), context)
    return _zone_options(zones.zones_meant(reply.text or "", context.now), context)


def _zone_options(keys: tuple[str, ...], context: Context) -> Read:
    if not keys:
        return Again(wording.zone_not_found(context.gettext))
    if len(keys) == 1:
        return Got({"zone": keys[0]}, then="country")
    return Got({"zones": list(keys)}, then="which")


def ask_which_zone(context: Context, answers: Answers) -> Prompt:
    _ = context.gettext
    rows = [
        (Option(wording.zone_option(_, key, local(context.now, zone(key)).time()), str(number)),)
        for number, key in enumerate(answers["zones"])
    ]
    rows.append((Option(wording.none_of_these(_), _NONE),))
    return Prompt(wording.which_zone(_), tuple(rows), keyboard="remove")


def read_which_zone(context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.option == _NONE:
        return Got({}, then="zone")
    if reply.option is not None and reply.option.isdigit() and int(reply.option) < len(answers["zones"]):
        return Got({"zone": answers["zones"][int(reply.option)]}, then="country")
    return read_zone(context, answers, reply)


def ask_country(context: Context, answers: Answers) -> Prompt:
    _, names = context.gettext, country_names("en")
    suggested = zones.country_of_zone(answers.get("zone") or context.zone or "")
    rows = [(Option(names[suggested], suggested, "primary"),)] if suggested in names else []
    rows.append((Option(wording.no_country(_), _NONE),))
    return Prompt(wording.ask_country(_), tuple(rows), keyboard="remove")


def read_country(context: Context, answers: Answers, reply: Reply) -> Read:
    names = country_names("en")
    if reply.option == _NONE:
        return Got({"country": None})
    if reply.option in names:
        return Got({"country": reply.option})
    found = country_named(reply.text or "", names)
    if found.exact is not None:
        return Got({"country": found.exact})
    if not found.near:
        return Again(wording.country_not_found(context.gettext))
    return Got({"countries": list(found.near)}, then="whichcountry")


def ask_which_country(context: Context, answers: Answers) -> Prompt:
    names = country_names("en")
    rows = tuple((Option(names[code], code),) for code in answers["countries"])
    return Prompt(wording.which_country(context.gettext), rows)


def ask_quiet(context: Context, answers: Answers) -> Prompt:
    return Prompt(
        settings_wording.ask_quiet(context.gettext, guest=answers.get(GUEST, False)),
        ((Option(settings_wording.quiet_off(context.gettext), _NONE),),),
    )


def read_quiet(context: Context, _answers: Answers, reply: Reply) -> Read:
    if reply.option == _NONE:
        return Got({"from": None, "until": None})
    hours = read_hours(reply.text or "")
    if hours is None:
        return Again(settings_wording.quiet_refused(context.gettext))
    return Got({"from": hours[0].isoformat(), "until": hours[1].isoformat()})


def ask_nudge_count(context: Context, _answers: Answers) -> Prompt:
    row = tuple(Option(str(count), str(count)) for count in rules.NUDGE_COUNTS)
    return Prompt(settings_wording.ask_nudge_count(context.gettext), (row,))


def read_nudge_count(context: Context, _answers: Answers, reply: Reply) -> Read:
    said = (reply.option or reply.text or "").strip()
    if said not in {str(count) for count in rules.NUDGE_COUNTS}:
        return Again(wording.tap_one(context.gettext))
    return Got({"count": int(said)}, then="minutes") if said != "0" else Got({"count": 0, "minutes": 20})


def ask_nudge_minutes(context: Context, _answers: Answers) -> Prompt:
    row = tuple(Option(str(minutes), str(minutes)) for minutes in rules.NUDGE_MINUTES)
    return Prompt(settings_wording.ask_nudge_minutes(context.gettext), (row,))


def read_nudge_minutes(context: Context, _answers: Answers, reply: Reply) -> Read:
    said = (reply.option or reply.text or "").strip()
    if said not in {str(minutes) for minutes in rules.NUDGE_MINUTES}:
        return Again(wording.tap_one(context.gettext))
    return Got({"minutes": int(said)})


def ask_spread(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    rows = tuple(
        (Option(settings_wording.spread_choice(_, most), str(most)),) for most in rules.SPREAD_MINUTES
    )
    return Prompt(settings_wording.ask_spread(_), rows)


def read_spread(context: Context, _answers: Answers, reply: Reply) -> Read:
    said = (reply.option or reply.text or "").strip()
    if said not in {str(most) for most in rules.SPREAD_MINUTES}:
        return Again(wording.tap_one(context.gettext))
    return Got({"minutes": int(said)})


def ask_day_end(context: Context, _answers: Answers) -> Prompt:
    ends = [
        Option(settings_wording.day_end_option(context.gettext, at), f"{at:%H:%M}") for at in rules.DAY_ENDS
    ]
    return Prompt(
        settings_wording.ask_day_end(context.gettext), tuple(tuple(ends[i : i + 4]) for i in (0, 4))
    )


def read_day_end(context: Context, _answers: Answers, reply: Reply) -> Read:
    match read_clock(reply.option or reply.text or ""):
        case Understood(value=at):
            ends = rules.day_end_of([at])
        case Ambiguous(options=options):
            ends = rules.day_end_of(options)
        case _:
            ends = None
    if ends is None:
        return Again(settings_wording.day_end_refused(context.gettext))
    return Got({"ends": f"{ends:%H:%M}"})


_ZONE = (Step("zone", ask_zone, read_zone), Step("which", ask_which_zone, read_which_zone))
_COUNTRY = (
    Step("country", ask_country, read_country),
    Step("whichcountry", ask_which_country, read_country),
)

START = Dialog(
    "start",
    (
        Step("consent", ask_consent, read_consent),
        Step("language", ask_language, read_language, then="consent"),
        *_ZONE,
        *_COUNTRY,
    ),
    apart=True,
)
TRAVEL = Dialog("zone", (*_ZONE, *_COUNTRY), apart=True)
COUNTRY = Dialog("country", _COUNTRY, apart=True)
QUIET = Dialog("quiet", (Step("quiet", ask_quiet, read_quiet),))
DAY_END = Dialog("day_end", (Step("ends", ask_day_end, read_day_end),))
SPREAD = Dialog("spread", (Step("minutes", ask_spread, read_spread),))
NUDGES = Dialog(
    "nudges",
    (
        Step("count", ask_nudge_count, read_nudge_count),
        Step("minutes", ask_nudge_minutes, read_nudge_minutes),
    ),
)
