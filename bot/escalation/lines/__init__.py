"""Crisis lines by country: the data, how it is read and checked, and how a line is put into words."""
