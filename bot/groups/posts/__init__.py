"""What goes out in a group by a timing: texts of the reviewed library, or an admin's own words."""
