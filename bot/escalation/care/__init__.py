"""The care team: who belongs to it, reaching them, appointments, what came of it. The bot writes to none."""
