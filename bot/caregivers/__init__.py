"""Whom a person invited to care for them, and who cares for whom."""
