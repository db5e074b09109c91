"""What people, caregivers, the courier and bad luck can do, one file for each kind of move."""
