"""What a caregiver may do besides hearing: tell the person's record something, record a dose for them."""
