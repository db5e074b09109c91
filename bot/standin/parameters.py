"""The parameters of a request, whichever way they came: JSON, a form, multipart, the query string."""

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from aiohttp import web

from bot.standin.errors import bad_request

TRUE = {"true", "1", "yes", "on", "y", "t"}


class Upload(NamedTuple):
    """A file inside a multipart request."""

    name: str
    mime: str
    content: bytes


class Parameters:
    """Reads parameters by name and type, as leniently as Telegram does."""

    __slots__ = ("uploads", "values")

    def __init__(self, values: dict[str, Any], uploads: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def text(self, name: str) -> str | None:
        """A text, or None when it was left out."""
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        return json.dumps(value) if isinstance(value, dict | list | bool) else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number, or the default when it is absent or not one."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError, OverflowError):
            return default

    def flag(self, name: str) -> bool:
        """A yes or no."""
        value = self.values.get(name)
        return value.lower() in TRUE if isinstance(value, str) else bool(value)

    def json(self, name: str) -> Any:
        """A structure: given as one, or as text that holds JSON. Empty counts as left out."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def shown(self) -> dict[str, Any]:
        """The parameters for the request log; files by name and size only."""
        if not self.uploads:
            return self.values
        files = {
            name: f"{upload.name} ({len(upload.content)} bytes)" for name, upload in self.uploads.items()
        }
        return self.values | files


async def read_parameters(request: web.Request) -> Parameters:
    """All parameters of a request."""
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return Parameters(values)
    kind = request.content_type
    if kind == "multipart/form-data":
        return await _read_multipart(request, values)
    body = await request.read()
    if kind == "application/json":
        return Parameters(values | _read_json(body))
    return Parameters(values | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse request JSON object") from None
    if not isinstance(given, dict):
        raise bad_request("object expected as request body")
    return given


async def _read_multipart(request: web.Request, values: dict[str, Any]) -> Parameters:
    uploads: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            values[name] = value
    return Parameters(values, uploads)
