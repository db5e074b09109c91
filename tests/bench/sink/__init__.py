"""What stands in for Telegram while speed is measured: a process of its own that does as little as it can.

It takes every method at once, remembers what came, and hands out updates to whoever polls. The stand-in of
the demo checks and shows everything, and would be what is measured.
"""
