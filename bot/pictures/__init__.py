"""Pictures of a person's own record, drawn with Pillow. Pure and slow: call `draw` in a worker thread."""

from bot.pictures.drawing import draw

__all__ = ["draw"]
