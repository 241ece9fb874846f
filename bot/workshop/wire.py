"""How the bot and a worker process talk: orders are pickles, an answer is its length and a pickle of plain things."""

from typing import Final

READY: Final = b"ready\n"
LENGTH_BYTES: Final = 8
OUT_OF_MEMORY: Final = 70  # a worker's exit code
