"""A small picture for people to send: one calm colour."""

import struct
import zlib

SIDE = 64
COLOUR = bytes((120, 176, 168))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _picture() -> bytes:
    rows = (b"\0" + COLOUR * SIDE) * SIDE
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


SAMPLE_PICTURE = _picture()
