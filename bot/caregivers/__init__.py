"""Caregivers: who was invited, what they may learn, and how either side leaves."""
