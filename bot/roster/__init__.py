"""The bots of a deployment: who is here, what each has to itself, and how one comes and goes."""
