"""The check-in of a group: a question, answers that nobody sees, and in the end only what tells of nobody."""
