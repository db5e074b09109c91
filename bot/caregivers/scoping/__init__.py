"""What a person lets a caregiver learn: each scope with its preview, its settings and its switch."""
