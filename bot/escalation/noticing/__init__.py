"""Noticing: the detector's findings, told to the person it is about, and what they answer."""
