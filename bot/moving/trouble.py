"""What goes wrong on the way, told apart: the database itself, or what it was given to keep."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from storage.database import DatabaseUnusable, is_unavailable

# Some of it is raised before the database has a word in it.
_OF_DATA = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    SQLAlchemyError,
    TypeError,
    ValueError,
)
# PostgreSQL's class of what is larger than it can hold, for which its driver has no kind of its own.
_TOO_LARGE = "54"


def is_of_data(error: BaseException) -> bool:
    """True when the database, or the way there, does not take what it was given, and may well take other."""
    if str(getattr(getattr(error, "orig", None), "sqlstate", None)).startswith(_TOO_LARGE):
        return True
    return isinstance(error, _OF_DATA) and not is_unavailable(error)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Trouble of the database itself comes out as DatabaseUnusable, with a plain sentence."""
    try:
        yield
    except DatabaseUnusable:
        raise
    except Exception as error:
        if not is_unavailable(error):
            raise
        told = str(getattr(error, "orig", None) or error) or type(error).__name__
        reason = told.splitlines()[0].rstrip(".")
        words = f"The database is in trouble: {reason}. Run the command again when it is well."
        raise DatabaseUnusable(words) from error
