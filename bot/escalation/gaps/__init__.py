"""Gaps: days in a row without a dose, and too few check-ins to see anything. Told gently, by themselves."""
