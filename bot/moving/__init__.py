"""Moving house: everybody's data into a file of lines, and out of one, in bulk."""
