"""Groups: where the bot was added to talk with many. Nothing personal is ever said there."""
