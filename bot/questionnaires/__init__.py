"""Questionnaires: the PHQ, every two weeks for whoever wants it."""
