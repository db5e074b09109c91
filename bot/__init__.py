"""Evenkeel talks: one room per subject, the conversation kit, the platforms, the wiring."""
