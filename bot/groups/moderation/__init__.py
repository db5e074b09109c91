"""What admins set for the good of those who are there: quiet hours, warnings, who is told, what is heard."""
