"""A line to the server that can fall silent, as when something on the way forgets a connection."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

_SOCKET = ".s.PGSQL.5432"


class Line:
    """Passes everything on between whoever calls `url` and the server at another."""

    def __init__(self, server_url: str, folder: Path) -> None:
        """The server listens in a folder, and so do we in another."""
        there = make_url(server_url)
        self.url = there.set(query={"host": str(folder)}).render_as_string(hide_password=False)
        self._server = Path(str(there.query["host"])) / _SOCKET
        self._passing: list[asyncio.Task[None]] = []

    def fall_silent(self) -> None:
        """Nothing is passed on any more, either way, and nobody is told. Whoever calls anew gets through."""
        for passing in self._passing:
            passing.cancel()

    async def called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody is there."""
        its_reader, its_writer = await asyncio.open_unix_connection(self._server)
        both = (_pass(reader, its_writer), _pass(its_reader, writer))
        self._passing += [asyncio.create_task(way) for way in both]


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while said := await reader.read(65_536):
            writer.write(said)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def line_to(server_url: str) -> AsyncIterator[Line]:
    """A line to the server with this URL."""
    with tempfile.TemporaryDirectory(prefix="evenkeel-line-") as folder:
        line = Line(server_url, Path(folder))
        serving = await asyncio.start_unix_server(line.called, Path(folder) / _SOCKET)
        try:
            yield line
        finally:
            serving.close()
            line.fall_silent()
