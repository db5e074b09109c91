"""The doors from a group to a private chat: for whoever wants one, and for what was said there by mistake."""
