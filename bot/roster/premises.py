"""What all bots of a deployment share, and what a front may ask of the database."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.conversation.inbound import Inbound, Origin
from bot.conversation.router import Router
from bot.conversation.tokens import Signer
from bot.escalation.crisis.front import Alert, Home
from bot.escalation.crisis.homes import home_of
from bot.escalation.lines.helplines import Helplines
from bot.escalation.planning import plans
from bot.escalation.planning.plan import Plan
from bot.settings import Settings
from bot.telegram.webhook import Webhooks
from bot.vault import Vault
from scheduler.clock import Clock
from scheduler.courier import Courier
from scheduler.lanes import Lane
from scheduler.pacing import Pacing
from storage import groups, people, updates

CRISIS_ALONE_SECONDS = 3.0  # nothing else goes to a chat while its crisis card is on the way

# By account and update: crises that were answered and are not recorded yet.
Alerts = dict[str, dict[int, Alert]]


@dataclass(frozen=True, slots=True)
class Premises:
    """The shared parts. None of them knows which bot it works for, so every call says the account."""

    settings: Settings
    vault: Vault
    clock: Clock
    pacing: Pacing
    courier: Courier
    signer: Signer
    router: Router
    helplines: Helplines
    alerts: Alerts = field(default_factory=dict)
    webhooks: Webhooks = field(default_factory=Webhooks)

    @property
    def clear_the_way(self) -> Callable[[Origin], None]:
        """Makes whatever else goes to a chat wait for the crisis card."""

        def clear(origin: Origin) -> None:
            now = self.clock.monotonic()
            self.pacing.reserve(origin.account, origin.chat, Lane.CRISIS, now)
            self.pacing.hold(origin.account, origin.chat, now + CRISIS_ALONE_SECONDS)

        return clear

    async def look_up(self, origin: Origin) -> Home | None:
        """The country and language of a person or a group."""
        async with self.vault.database.reading() as session:
            place = (session, origin.platform, origin.account, origin.chat)
            if not origin.private:
                return home_of(await groups.manner_at(*place))
            person = await people.by_address(*place)
        return Home(person.country, person.language) if person is not None else None

    async def was_seen(self, inbound: Inbound) -> bool:
        """Whether an update was handled before."""
        async with self.vault.database.reading() as session:
            return await updates.seen(session, inbound.origin.account, inbound.update_id)

    async def open_plan(self, origin: Origin) -> Plan | None:
        """A person's safety plan."""
        async with self.vault.database.reading() as session:
            place = (origin.platform, origin.account, origin.chat)
            known = await people.with_sealer(session, self.vault.master, *place)
            if known is None:
                return Plan()
            person, sealer = known
            return await plans.read(session, sealer, person.key)
