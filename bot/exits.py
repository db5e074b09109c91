"""What the process tells its caller when it ends."""

# The bot said in one line why it cannot start; starting it again would not help.
REFUSED = 2

# Somebody broke it off, as a shell says it: what was to be done is not done.
BROKEN_OFF = 130
