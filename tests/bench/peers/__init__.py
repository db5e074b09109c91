"""What others use for the same work, as it comes, one script for each."""
