"""Hypothesis plays one person's life in the real rooms, in any order it likes.

Longer: EVENKEEL_LIVES=500 .venv/bin/python -m pytest tests/life
"""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.life.machine import Life

LIVES = int(os.environ.get("EVENKEEL_LIVES", "4"))

Life.TestCase.settings = settings(
    max_examples=LIVES,
    stateful_step_count=15,
    suppress_health_check=[HealthCheck.too_slow],
)
test_a_life_in_any_order_breaks_no_promise = pytest.mark.timeout(60 * LIVES)(Life.TestCase)
