"""The safety wing: what is said and shown when somebody may be in danger."""
