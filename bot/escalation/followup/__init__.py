"""The question on the day after."""
