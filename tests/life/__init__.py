"""One person's life in the real rooms: any order of deeds, and the promises about a dose."""
