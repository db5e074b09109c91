"""Evenkeel wakes and delivers: clock, local time, timings, wakes, the outbox courier."""
