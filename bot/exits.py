"""What the process tells its caller when it ends."""

# The bot said in one line why it cannot start; starting it again would not help.
REFUSED = 2
