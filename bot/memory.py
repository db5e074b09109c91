"""What the garbage collector has to look at."""

import gc

# New objects between two looks at the youngest. By default it looks after 700, which is one message.
YOUNGEST = 20_000


def look_seldom() -> None:
    """Look for garbage less often, from the first line on: while the program loads there is none.

    Looking for it all the same takes an eighth of that time.
    """
    gc.set_threshold(YOUNGEST, 20, 50)


def settle_memory() -> None:
    """Everything that was loaded at the start stays; nobody need look at it again.

    A full look takes a tenth of a second otherwise, and comes in the middle of a herd.
    """
    gc.collect()
    gc.freeze()
    look_seldom()
