"""Pictures and pages of a person's own record. Pure and slow: call what is here in a worker thread."""

from bot.pictures.drawing import draw, draw_document

__all__ = ["draw", "draw_document"]
