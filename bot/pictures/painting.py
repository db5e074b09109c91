"""The two painters of a page: pixels with Pillow, and a PDF with real letters with reportlab."""

import re
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from threading import Lock
from typing import Final, assert_never

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from bot.pictures import lettering
from bot.pictures.canvas import PAPER, Point
from bot.pictures.paper import HEIGHT, WIDTH, Box, Disc, Line, Page, Shape, Words

# Pixels for a point: legible on a phone after what Telegram does to it. Drawn larger for smooth edges.
_PIXELS: Final = 2
_FINER: Final = 2
_SCALE: Final = _PIXELS * _FINER
_BEFORE: Final = {"left": 0.0, "middle": 0.5, "right": 1.0}
# A letter with the marks upon it.
_LETTER: Final = re.compile(r"\S[\u0300-\u036f\u0591-\u05c7\u064b-\u0652]*")

# reportlab keeps its fonts for the whole program.
_one_at_a_time = Lock()


def png(page: Page) -> bytes:
    """The page as pixels."""
    image = Image.new("RGB", (round(WIDTH * _SCALE), round(HEIGHT * _SCALE)), PAPER)
    pen = ImageDraw.Draw(image)
    for shape in page.shapes:
        _draw(pen, shape)
    small = image.resize((round(WIDTH * _PIXELS), round(HEIGHT * _PIXELS)), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "PNG")
    return out.getvalue()


def pdf(page: Page, *, compressed: bool = True) -> bytes:
    """The page as a PDF of one page. The same page is the same file, byte for byte."""
    out = BytesIO()
    with _one_at_a_time:
        for bold in lettering.FILES:
            pdfmetrics.registerFont(lettering.font(bold))
        canvas = Canvas(
            out, (WIDTH, HEIGHT), pageCompression=int(compressed), invariant=1, lang=page.language
        )
        canvas.setTitle(page.title)
        for shape in page.shapes:
            _write(canvas, shape)
        canvas.showPage()
        canvas.save()
    return out.getvalue()


def _draw(pen: ImageDraw.ImageDraw, shape: Shape) -> None:
    match shape:
        case Words():
            _letter(pen, shape)
        case Line():
            pen.line(
                [_fine(shape.start), _fine(shape.end)], shape.colour, max(1, round(shape.width * _SCALE))
            )
        case Disc(at=(x, y), radius=radius):
            corners = (_fine((x - radius, y - radius)), _fine((x + radius, y + radius)))
            pen.ellipse(corners, fill=shape.colour)
        case Box(at=(x, y)):
            pen.rectangle((_fine((x, y)), _fine((x + shape.width, y + shape.height))), fill=shape.colour)
        case _:
            assert_never(shape)


def _letter(pen: ImageDraw.ImageDraw, words: Words) -> None:
    """Words letter by letter, each where it stands in the PDF: whole pixels for each would add up."""
    font = _font(words.bold, words.size * _SCALE)
    x, y = words.at
    x -= _BEFORE[words.align] * lettering.width(words.text, words.size, words.bold)
    for letter in _LETTER.finditer(words.text):
        before = lettering.width(words.text[: letter.start()], words.size, words.bold)
        pen.text(_fine((x + before, y)), letter[0], words.colour, font, "ls")


def _write(canvas: Canvas, shape: Shape) -> None:
    colour = HexColor(shape.colour)
    match shape:
        case Words(at=(x, y)):
            canvas.setFillColor(colour)
            canvas.setFont(lettering.font(shape.bold).fontName, shape.size)
            write = {"left": canvas.drawString, "middle": canvas.drawCentredString}
            write.get(shape.align, canvas.drawRightString)(x, HEIGHT - y, shape.text)
        case Line(start=(x, y), end=(to_x, to_y)):
            canvas.setStrokeColor(colour)
            canvas.setLineWidth(shape.width)
            canvas.line(x, HEIGHT - y, to_x, HEIGHT - to_y)
        case Disc(at=(x, y)):
            canvas.setFillColor(colour)
            canvas.circle(x, HEIGHT - y, shape.radius, stroke=0, fill=1)
        case Box(at=(x, y)):
            canvas.setFillColor(colour)
            canvas.rect(x, HEIGHT - y - shape.height, shape.width, shape.height, stroke=0, fill=1)
        case _:
            assert_never(shape)


@cache
def _font(bold: bool, size: float) -> ImageFont.FreeTypeFont:
    with as_file(files("bot.pictures") / "fonts" / lettering.FILES[bold]) as path:
        return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _fine(point: Point) -> Point:
    return point[0] * _SCALE, point[1] * _SCALE
