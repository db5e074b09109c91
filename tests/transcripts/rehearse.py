"""Writes down how the transcripts are really played now. Read the difference before you keep it.

.venv/bin/python -m tests.transcripts.rehearse [name ...]
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.transcripts.stage import perform

FOLDER = Path(__file__).parent


def main(names: list[str]) -> None:
    """Rewrite the named transcripts, or all."""
    for file in sorted(FOLDER.glob("*.txt")):
        if names and file.stem not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            played = asyncio.run(perform(file.read_text(encoding="utf-8"), Path(folder)))
        file.write_text("\n".join(played.lines).rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
