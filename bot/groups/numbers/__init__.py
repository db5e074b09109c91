"""The numbers for a crisis, as they stand in a group day and night."""
