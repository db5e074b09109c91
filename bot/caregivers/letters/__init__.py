"""What caregivers read. It is in the catalog of the safety wing, in all its languages."""
