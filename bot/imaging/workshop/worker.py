"""A worker process: orders come in by standard input, answers go out by standard output, one at a time.

It ends when its input does: a bot that is killed leaves none behind.
"""

import contextlib
import importlib
import io
import os
import pickle
import select
import sys
import traceback
from typing import IO, Final, cast

from PIL import Image

from bot.imaging.workshop import walls
from bot.imaging.workshop.wire import LENGTH_BYTES, OUT_OF_MEMORY, READY, Tasks

_PAUSE_SECONDS: Final = 0.05
_BLOCKS_KEPT: Final = 4  # of at most 16 MB each, a 12 MP photo: to have them anew costs a fifth of its work


def main() -> None:
    orders, answers = sys.stdin.buffer, _own_output()
    tasks = cast("Tasks", importlib.import_module(sys.argv[1]))
    walls.step_back()
    tasks.load()
    Image.core.set_blocks_max(_BLOCKS_KEPT)  # type: ignore[attr-defined]  # as below
    walls.close()
    answers.write(READY)
    answers.flush()
    with contextlib.suppress(EOFError, BrokenPipeError):  # the bot has gone, or wants no more
        while True:
            _rest(orders)
            answer = pickle.dumps(_answered(orders, tasks), protocol=pickle.HIGHEST_PROTOCOL)
            answers.write(len(answer).to_bytes(LENGTH_BYTES, "big"))
            answers.write(answer)
            answers.flush()


def _answered(orders: IO[bytes], tasks: Tasks) -> tuple[str, object]:
    """ "done" with what came of it, "raised" with a task's own error, "failed" with the story of any other."""
    name, args, kwargs = pickle.load(orders)  # noqa: S301 - the bot's own words
    try:
        with walls.bounded_time():
            return "done", tasks.TASKS[name](*args, **kwargs)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except tasks.ERRORS as error:
        return "raised", error
    except Exception:  # noqa: BLE001 - the last line: the bot logs it
        return "failed", traceback.format_exc()


def _rest(orders: IO[bytes]) -> None:
    """When nothing follows at once, the memory that Pillow keeps is given back: no photo's pixels outlive the work."""
    if sys.platform != "win32" and not select.select([orders], [], [], _PAUSE_SECONDS)[0]:
        Image.core.clear_cache()  # type: ignore[attr-defined]  # Pillow's documented way, untyped


def _own_output() -> IO[bytes]:
    """Where answers go; what a library prints goes elsewhere."""
    own = os.fdopen(os.dup(1), "wb", buffering=io.DEFAULT_BUFFER_SIZE)
    os.dup2(2, 1)
    return own


if __name__ == "__main__":
    main()
