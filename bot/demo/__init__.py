"""The demo: the unchanged bot in a process of its own, the stand-in, and one time that can be moved."""
