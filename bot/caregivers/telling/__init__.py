"""What caregivers are told: when each kind of notice is due, how it leaves, and the person's log of it."""
