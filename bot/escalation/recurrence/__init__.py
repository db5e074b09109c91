"""Recurrence patterns: does it look as if the depression is coming back, and in what circumstances? Pure."""
