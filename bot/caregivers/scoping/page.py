"""The pages of one caregiver: what is on, and each scope with its preview before it is switched on."""

from bot.caregivers.scoping import choices, wording
from bot.caregivers.scoping.choices import Draft
from bot.caregivers.scoping.preview import previews, recording_buttons
from bot.caregivers.scoping.watching import watch
from bot.caregivers.telling.moods import CONFIRMED_FOR
from bot.caregivers.telling.wake import wake
from bot.caregivers.telling.wording import back, caregiver
from bot.conversation.letters import Receiver
from bot.conversation.message import Action, Choice, ChoiceStyle, Message
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from storage import bonds, scopes
from storage.bonds import ROOM, Bond
from storage.scopes import BondScope
from storage.vocabulary import BondState, Review, Scope

_OPEN = (BondState.LIVE, BondState.PAUSED)


async def owned(visit: Visit, key: str) -> Bond | None:
    """A bond of this person whose scopes can be set."""
    bond = await bonds.owned(visit.session, visit.person.key, int(key)) if key.isdecimal() else None
    there = bond is not None and bond.state in _OPEN and bond.expires_at > visit.now
    return bond if there else None


async def show(visit: Visit, argument: str) -> None:
    """Everything that one caregiver may get."""
    bond = await owned(visit, argument)
    if bond is None:
        visit.toast = wording.no_longer(visit.gettext)
        return
    visit.show(await _page(visit, bond))


async def _page(visit: Visit, bond: Bond) -> Message:
    _, key = visit.gettext, str(bond.key)
    on = {row.kind: row for row in (await scopes.of_bonds(visit.session, [bond.key]))[bond.key]}
    lines = [wording.on_line(_, _as_set(bond, on[kind])) for kind in choices.TELLING if kind in on]
    rows: list[tuple[Choice, ...]] = [
        (
            Choice(
                wording.scope_button(_, kind, on=kind in on), Action(ROOM, "scope", _opening(bond, on, kind))
            ),
        )
        for kind in choices.TELLING
    ]
    rows += [
        (Choice(wording.review_button(_, bond.review), Action(ROOM, "review", key)),),
        (Choice(wording.log_button(_), Action(ROOM, "told", key)), Choice(back(_), Action(ROOM, "circle"))),
    ]
    return Message(wording.page(_, _name(visit, bond), lines), tuple(rows))


def _opening(bond: Bond, on: dict[Scope, BondScope], kind: Scope) -> str:
    return (_as_set(bond, on[kind]) if kind in on else choices.usual(bond.key, kind)).argument()


def _as_set(bond: Bond, row: BondScope) -> Draft:
    names = bond.names_told and row.kind is Scope.DOSE_NOT_RECORDED
    return Draft(bond.key, row.kind, row.delay, row.threshold, names)


def _name(visit: Visit, bond: Bond) -> Text:
    return caregiver(visit.gettext, bonds.open_name(visit.sealer, bond))


async def scope(visit: Visit, argument: str) -> None:
    """One scope as it would be set: the words first, then the choices, then the switch."""
    draft = choices.read(argument)
    bond = await owned(visit, str(draft.bond)) if draft is not None else None
    to = await _receiver(visit, bond) if bond is not None else None
    if draft is None or bond is None or to is None:
        visit.toast = wording.no_longer(visit.gettext)
        return
    visit.show(await _scope_page(visit, bond, to, draft))


async def _receiver(visit: Visit, bond: Bond) -> Receiver | None:
    found = await visit.receivers([bond.caregiver_id]) if bond.caregiver_id is not None else {}
    return found.get(bond.caregiver_id or 0)


async def _scope_page(visit: Visit, bond: Bond, to: Receiver, draft: Draft) -> Message:
    _ = visit.gettext
    row = await scopes.one(visit.session, bond.key, draft.kind)
    set_now = _as_set(bond, row) if row is not None else None
    words, buttons = await previews(visit, draft, to), await _buttons_under(visit, bond, to, draft)
    text = wording.scope_page(_, _name(visit, bond), draft, words, buttons, on=row is not None)
    rows = [*_delays(visit, draft), *_thresholds(visit, draft), *_names_row(visit, draft)]
    switch: list[tuple[Choice, ...]] = []
    if set_now is None:
        switch.append((_button(wording.switch_on(_), "on", draft, "success"),))
    elif set_now != draft:
        switch.append((_button(wording.keep_so(_), "on", draft, "success"),))
    if set_now is not None:
        switch.append((_button(wording.switch_off(_), "off", draft),))
    last = (Choice(back(_), Action(ROOM, "of", str(bond.key))),)
    return Message(text, (*rows, *switch, last))


async def _buttons_under(visit: Visit, bond: Bond, to: Receiver, draft: Draft) -> list[str]:
    """What can be tapped under it besides that it was seen."""
    if draft.kind is not Scope.DOSE_NOT_RECORDED:
        return []
    records = await scopes.one(visit.session, bond.key, Scope.MAY_RECORD) is not None
    return recording_buttons(visit, to) if records else []


def _delays(visit: Visit, draft: Draft) -> list[tuple[Choice, ...]]:
    _, offered = visit.gettext, choices.DELAYS.get(draft.kind, ())
    shown = list(offered)
    if draft.delay is not None and draft.delay not in shown:
        shown = sorted([*shown, draft.delay])
    buttons = tuple(
        _button(
            wording.delay(_, draft.kind, each, chosen=each == draft.delay), "scope", draft.with_delay(each)
        )
        for each in shown
    )
    rows = [buttons] if buttons else []
    if draft.kind in (Scope.DOSE_NOT_RECORDED, Scope.WEEKLY_COUNT):
        rows.append((_button(wording.another(_, draft.kind), "type", draft),))
    return rows


def _thresholds(visit: Visit, draft: Draft) -> list[tuple[Choice, ...]]:
    _, offered = visit.gettext, choices.THRESHOLDS.get(draft.kind, ())
    buttons = tuple(
        _button(
            wording.threshold(_, draft.kind, each, chosen=each == draft.threshold),
            "scope",
            draft.with_threshold(each),
        )
        for each in offered
    )
    return [row for row in (buttons[:4], buttons[4:]) if row]


def _names_row(visit: Visit, draft: Draft) -> list[tuple[Choice, ...]]:
    if draft.kind is not Scope.DOSE_NOT_RECORDED:
        return []
    other = Draft(draft.bond, draft.kind, draft.delay, draft.threshold, not draft.names)
    return [(_button(wording.names_button(visit.gettext, on=draft.names), "scope", other),)]


def _button(label: str, verb: str, draft: Draft, style: ChoiceStyle | None = None) -> Choice:
    return Choice(label, Action(ROOM, verb, draft.argument()), style)


async def turn_on(visit: Visit, argument: str) -> None:
    """Switch it on as it was shown, or keep it as it is shown now."""
    draft = choices.read(argument)
    bond = await owned(visit, str(draft.bond)) if draft is not None else None
    if draft is None or bond is None:
        visit.toast = wording.no_longer(visit.gettext)
        return
    until = visit.now + CONFIRMED_FOR if draft.kind is Scope.LOW_MOOD else None
    if draft.kind is Scope.DOSE_NOT_RECORDED:
        bond.names_told = draft.names
    new = await scopes.switch_on(
        visit.session,
        bond,
        draft.kind,
        visit.now,
        delay=draft.delay,
        threshold=draft.threshold,
        confirmed_until=until,
    )
    await visit.means.tombstones.lay_for_settings(visit.session, bond, [draft.kind] if new else [], visit.now)
    visit.toast = wording.is_on(visit.gettext)
    await _changed(visit, bond)


async def turn_off(visit: Visit, argument: str) -> None:
    """It takes effect at once: what is on its way does not leave."""
    draft = choices.read(argument)
    bond = await owned(visit, str(draft.bond)) if draft is not None else None
    if draft is None or bond is None:
        visit.toast = wording.no_longer(visit.gettext)
        return
    await visit.means.tombstones.lay_for_scope(visit.session, bond, draft.kind, visit.now)
    await scopes.switch_off(visit.session, bond, draft.kind, visit.now)
    visit.toast = wording.is_off(visit.gettext)
    await _changed(visit, bond)


async def _changed(visit: Visit, bond: Bond) -> None:
    await watch(visit, bond)
    await wake([visit])
    visit.show(await _page(visit, bond))


async def review(visit: Visit, argument: str) -> None:
    """ "12": whether the person is asked first; "12.hold": as they want it now."""
    key, _dot, wanted = argument.partition(".")
    bond = await owned(visit, key)
    if bond is None:
        visit.toast = wording.no_longer(visit.gettext)
        return
    if wanted in {each.value for each in Review}:
        bond.review = Review(wanted)
        new = await scopes.log_all(visit.session, bond, visit.now)
        await visit.means.tombstones.lay_for_settings(visit.session, bond, new, visit.now)
        visit.show(await _page(visit, bond))
        return
    _ = visit.gettext
    rows = [
        (
            Choice(
                wording.review_choice(_, each, chosen=each is bond.review),
                Action(ROOM, "review", f"{key}.{each.value}"),
            ),
        )
        for each in Review
    ]
    last = (Choice(back(_), Action(ROOM, "of", key)),)
    visit.show(Message(wording.review_page(_, _name(visit, bond)), (*rows, last)))
