"""The crisis screen: what a text calls for. Pure: no clock, no network, and no file after the start."""
