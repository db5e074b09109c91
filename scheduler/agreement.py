"""The agreement of the workers on the time: now and then each looks at the clock of their server."""

from datetime import timedelta

import structlog

from scheduler.clock import AgreedClock
from scheduler.mishap import traits
from storage.database import Database, is_unavailable

SLOW_SECONDS = 1.0
FIRST_LOOKS = 3
SKEW_SECONDS = 2.0  # more than this between two machines is worth a line in the log

_log = structlog.get_logger(__name__)


class Agreement:
    """Compares a clock with that of the server, whenever it is in doubt."""

    def __init__(self, database: Database, clock: AgreedClock) -> None:
        self._database, self._clock = database, clock
        self._in_trouble = False

    async def begin(self) -> None:
        """Compare before anything goes by the clock. The first look may have to wait for a connection."""
        for _ in range(FIRST_LOOKS):
            await self.beat()
            if self._in_trouble:
                return

    async def beat(self) -> None:
        """Look whether it is in doubt. While the server is away it goes on as it went."""
        if not self._clock.doubtful:
            return
        try:
            await self._compare()
        except Exception as error:
            if not is_unavailable(error):
                raise
            if not self._in_trouble:
                _log.warning("clock_not_compared", **traits(error))
            self._in_trouble = True
        else:
            self._in_trouble = False

    async def _compare(self) -> None:
        began = self._clock.monotonic()
        shown = await self._database.now()
        took = self._clock.monotonic() - began
        if took > SLOW_SECONDS:
            return  # nobody knows when in this time the server looked at its clock
        ahead = self._clock.agree(shown + timedelta(seconds=took / 2))
        if abs(ahead) > SKEW_SECONDS:
            _log.warning("clocks_differ", server_ahead_s=round(ahead, 1))
