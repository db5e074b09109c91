"""The ear of a worker that sends: what another worker posted is looked at when it is committed."""

import asyncio
from collections.abc import Callable

import structlog

from scheduler.mishap import traits
from storage import bell
from storage.database import Database, is_unavailable

WAIT_FIRST, WAIT_MOST = 0.25, 15.0
CALM_SECONDS = 60.0  # who listened for so long was not merely let in to be thrown out again

_log = structlog.get_logger(__name__)


class Ear:
    """Listens, however often the server goes away. Who hears nothing meanwhile still looks by themselves."""

    def __init__(self, database: Database, stir: Callable[[], None]) -> None:
        """`stir` is called at each ring, and whenever it listens anew: something may have been missed."""
        self._database, self._stir = database, stir
        self._wait = WAIT_FIRST
        self._told = self._deaf = False

    async def run(self) -> None:
        """Never ends. Raises what is no trouble with the database."""
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await bell.listen(self._database, self._hear)
            except Exception as error:
                if not is_unavailable(error):
                    raise
                self._lose(error, asyncio.get_running_loop().time() - began)
            await asyncio.sleep(self._wait)
            self._wait = min(self._wait * 2, WAIT_MOST)

    def _hear(self) -> None:
        if self._deaf:
            _log.info("bell_heard_again")
        self._deaf = False
        self._stir()

    def _lose(self, error: Exception, listened: float) -> None:
        """A server that lets us in and throws us out is told of once, and asked ever more rarely."""
        if listened >= CALM_SECONDS:
            self._wait, self._told = WAIT_FIRST, False
        if not self._told:
            _log.warning("bell_not_heard", **traits(error))
            self._told = self._deaf = True
