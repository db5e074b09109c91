"""The methods of the Bot API that the stand-in knows, one module per family."""

from bot.standin.methods.account import METHODS as ACCOUNT
from bot.standin.methods.callbacks import METHODS as CALLBACKS
from bot.standin.methods.chats import METHODS as CHATS
from bot.standin.methods.commands import METHODS as COMMANDS
from bot.standin.methods.deleting import METHODS as DELETING
from bot.standin.methods.editing import METHODS as EDITING
from bot.standin.methods.fetching import METHODS as FETCHING
from bot.standin.methods.marks import METHODS as MARKS
from bot.standin.methods.method import Method
from bot.standin.methods.sending import METHODS as SENDING

FAMILIES = (ACCOUNT, CALLBACKS, CHATS, COMMANDS, DELETING, EDITING, FETCHING, MARKS, SENDING)

# Telegram does not mind the case of a method's name.
METHODS: dict[str, Method] = {name.lower(): method for family in FAMILIES for name, method in family.items()}
