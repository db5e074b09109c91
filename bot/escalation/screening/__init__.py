"""The crisis screen: what a text calls for. Pure; nothing here reads a clock, a file at run time or the network."""
