"""Every table of the house: importing this module completes `metadata`."""

from sqlmodel import SQLModel

import storage.adherence_days
import storage.bonds
import storage.bots
import storage.care
import storage.caring
import storage.checkins
import storage.crises
import storage.declarations
import storage.deployment
import storage.dialogs
import storage.dose_cards
import storage.dose_events
import storage.doses
import storage.group_posts
import storage.groups
import storage.inbox
import storage.invites
import storage.lapses
import storage.ledger
import storage.notes
import storage.notices
import storage.outages
import storage.outbox.rows
import storage.people
import storage.plans
import storage.pulses
import storage.questionnaires
import storage.regimens
import storage.safety_plans
import storage.scopes
import storage.stock
import storage.timers
import storage.told
import storage.tombstones
import storage.updates
import storage.words
import storage.wrong_links
import storage.zones  # noqa: F401 - imported for its table, like all of these

metadata = SQLModel.metadata
