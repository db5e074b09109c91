"""The visit summary: one page for the appointment with the care team."""
