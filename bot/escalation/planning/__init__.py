"""The safety plan and the people in it: made on a good day, opened with one tap on a bad one."""
