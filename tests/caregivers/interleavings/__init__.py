"""What people, caregivers, crashes and backups do to consent, in any order."""
