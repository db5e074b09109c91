"""Rows asked for by combinations of columns: so many addresses, so many things of people."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, tuple_

from storage.outbox.rows import row_

PLACE = ("platform", "account", "ref")
THING = ("person_id", "about")


def one_of(names: Sequence[str]) -> ColumnElement[bool]:
    """These columns together are one of several combinations, which `wanted` gives.

    Each column is asked for by itself too: SQLite finds no index by combinations.
    """
    columns = [row_[name] for name in names]
    alone = [column.in_(bindparam(f"every_{column.name}", expanding=True)) for column in columns]
    return and_(*alone, tuple_(*columns).in_(bindparam("combinations", expanding=True)))


def wanted(names: Sequence[str], combinations: Collection[tuple[Any, ...]]) -> dict[str, Any]:
    """The parameters of `one_of`; there has to be a combination."""
    every = zip(names, zip(*combinations, strict=True), strict=True)
    found: dict[str, Any] = {f"every_{name}": list(dict.fromkeys(values)) for name, values in every}
    return found | {"combinations": [tuple(each) for each in combinations]}
