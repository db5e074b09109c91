"""Evenkeel remembers: tables, sessions, migrations, sealing, and the queries by noun."""
