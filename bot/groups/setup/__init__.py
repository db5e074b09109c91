"""How an admin sets a group up in a private chat, and what is kept about it."""
