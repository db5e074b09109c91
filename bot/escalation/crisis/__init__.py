"""The first step of every update: a cry is answered from memory, whatever else is broken."""
