"""Files that were sent: kept in memory, found again by id."""

import hashlib
import struct
from dataclasses import dataclass
from typing import Any

from bot.standin.errors import bad_request

PHOTO_LIMIT = 10_000_000
DOWNLOAD_LIMIT = 20_000_000
UPLOAD_LIMIT = 50_000_000
THUMBNAIL = 320


@dataclass(frozen=True, slots=True)
class File:
    """One file, with the ids that Telegram gives it."""

    file_id: str
    unique_id: str
    name: str
    mime: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """Where the bot downloads it from, below its token."""
        folder = "photos" if self.width else "documents"
        return (
            f"{folder}/{self.unique_id}_{self.name}" if not self.width else f"{folder}/{self.unique_id}.jpg"
        )

    def as_photo(self) -> list[dict[str, Any]]:
        """The sizes of a photo, small to large."""
        scale = min(1.0, THUMBNAIL / max(self.width, self.height))
        sizes = [(round(self.width * scale), round(self.height * scale)), (self.width, self.height)]
        return [
            {
                "file_id": self.file_id if size == sizes[-1] else f"{self.file_id}-s",
                "file_unique_id": self.unique_id if size == sizes[-1] else f"{self.unique_id}s",
                "file_size": len(self.content),
                "width": size[0],
                "height": size[1],
            }
            for size in dict.fromkeys(sizes)
        ]

    def as_document(self) -> dict[str, Any]:
        """The file as the document of a message."""
        return {
            "file_name": self.name,
            "mime_type": self.mime,
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }


class Shelf:
    """Every file of this world."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}

    def keep_photo(self, content: bytes) -> File:
        """Keep a picture; what is not one is refused."""
        if len(content) > PHOTO_LIMIT:
            raise bad_request("file is too big")
        size = picture_size(content)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        mime = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
        return self._keep("photo.jpg", mime, content, *size)

    def keep_document(self, name: str, mime: str, content: bytes) -> File:
        """Keep any file under its name."""
        if not content:
            raise bad_request("file must be non-empty")
        return self._keep(name or "file", mime, content)

    def _keep(self, name: str, mime: str, content: bytes, width: int = 0, height: int = 0) -> File:
        number = len(self._files) + 1
        unique = "AQAD" + hashlib.sha256(content + name.encode()).hexdigest()[:12]
        safe = name.replace("/", "_").replace("\\", "_")
        file = File(f"AgACAgIAAxkDAAI{number:06d}{unique}", unique, safe, mime, content, width, height)
        self._files[file.file_id] = file
        return file

    def by_id(self, file_id: str) -> File:
        """The file with this id, as a bot names it."""
        file = self._files.get(file_id.removesuffix("-s"))
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return file

    def by_path(self, path: str) -> File | None:
        """The file that is downloaded from this path."""
        return next((file for file in self._files.values() if file.path == path), None)


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, or None when it is neither."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk from segment to segment until the one that holds the size."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
