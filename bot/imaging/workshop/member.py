"""One worker process, as the bot sees it: started fresh, without the bot's secrets, asked one thing at a time."""

import io
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from bot.imaging.workshop.wire import LENGTH_BYTES, OUT_OF_MEMORY, READY, Records, Tasks

_ROOT: Final = Path(__file__).resolve().parents[3]
_HANDED_ON: Final = frozenset({"PATH", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "SYSTEMROOT"})
_ONE_CORE: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
_LONGEST_ANSWER_BYTES: Final = 64_000_000
STILL_SECONDS: Final = 10.0
_ASLEEP_SECONDS: Final = 1.5  # no task sleeps: behind the walls there is nothing to wait for but a core, and that awake
_LONGEST_LOOK_SECONDS: Final = 0.5  # a look that comes later proves no more: the bot itself may have stood still
_ASLEEP: Final = frozenset("StT")  # sleeping, traced, stopped
_NICENESS: Final = 15  # above the bot's
_LONGEST_SECONDS: Final = 60.0


class Death(StrEnum):
    """How a worker ended that was not told to."""

    SLOW = "slow"  # the task used up its CPU
    HUNG = "hung"  # nothing stirred any more, or for much too long
    GREW = "grew"  # past its memory
    KILLED = "killed"  # by somebody else, or for want of memory
    CRASHED = "crashed"


class WorkerDied(Exception):
    def __init__(self, death: Death) -> None:
        super().__init__(death)
        self.death = death


@dataclass(frozen=True, kw_only=True)
class _Traces:
    """`times` change while a process does anything; always the same where the system does not tell them."""

    times: str
    asleep: bool


@dataclass(kw_only=True)
class _Watch:
    """What was seen of a worker that is at work.

    `asleep_s`: how long nothing may stir while it sleeps. `still_s`: for how long all looks have seen the same.
    """

    began: float
    looked: float
    traces: _Traces
    asleep_s: float
    still_s: float = 0.0


class Worker:
    """For one thread, but for `look_after` and `kill`, which any may call."""

    def __init__(self, tasks: Tasks, *, still_s: float, awaited: bool) -> None:
        """`awaited`: one has died, and photos wait: it is nicer than the bot when it is ready, not before."""
        self.asked = 0
        self._records = tasks.RECORDS
        self._still_s = still_s
        self._watch: _Watch | None = None
        self._hung = False
        self._lock = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603 - our own module, named by us
            [sys.executable, "-m", "bot.imaging.workshop.worker", tasks.__name__],
            cwd=_ROOT,
            env={name: value for name, value in os.environ.items() if name in _HANDED_ON} | _ONE_CORE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,  # Ctrl+C is for the bot; a session of its own would have a share of the CPU of its own
        )
        self._orders, self._answers = _there(self._process.stdin), _there(self._process.stdout)
        if not awaited:  # from its first moment: what it loads must not delay the bot's own start
            self._be_nice()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_well(self) -> bool:
        return not self._hung and self._process.poll() is None

    def get_ready(self) -> None:
        """Wait until everything is loaded. Raises WorkerDied."""
        with self._watched(asleep_s=self._still_s):  # some disks are waited for asleep
            if self._answers.readline() != READY:
                raise EOFError
        self._be_nice()

    def ask(self, name: str, args: tuple[object, ...], kwargs: Mapping[str, object]) -> tuple[str, object]:
        """What `worker` answers. Raises WorkerDied."""
        order = pickle.dumps((name, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)
        self.asked += 1
        with self._watched(asleep_s=min(_ASLEEP_SECONDS, self._still_s)):
            self._orders.write(order)
            self._orders.flush()
            return read_answer(self._answers, self._records)

    def look_after(self) -> None:
        """End it when nothing has stirred in it for long, or it takes for ever. To be called a few times a second."""
        with self._lock:
            watch, now = self._watch, time.monotonic()
            if watch is None:
                return
            traces, looked_s = self._traces(), min(now - watch.looked, _LONGEST_LOOK_SECONDS)
            watch.still_s = watch.still_s + looked_s if traces == watch.traces else 0.0
            watch.looked, watch.traces = now, traces
            may_be_still_s = watch.asleep_s if traces.asleep else self._still_s
            if watch.still_s >= may_be_still_s or now - watch.began > _LONGEST_SECONDS:
                self._hung = True
                self._process.kill()

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        """Whether it is well or not; waits until it has gone."""
        self._process.kill()
        for pipe in (self._orders, self._answers):
            with suppress(OSError):  # what was left to say to it
                pipe.close()
        self._process.wait()

    def _be_nice(self) -> None:
        if hasattr(os, "setpriority"):
            with suppress(OSError):  # where it may not be: a worker that is not nicer is better than one that is lost
                os.setpriority(os.PRIO_PROCESS, self.pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + _NICENESS))

    @contextmanager
    def _watched(self, *, asleep_s: float) -> Iterator[None]:
        now = time.monotonic()
        with self._lock:
            self._watch = _Watch(began=now, looked=now, traces=self._traces(), asleep_s=asleep_s)
        try:
            yield
        except (OSError, EOFError, pickle.UnpicklingError, MemoryError) as error:
            raise self._died() from error
        finally:
            with self._lock:
                self._watch = None

    def _died(self) -> WorkerDied:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)  # its pipe may be closed a moment before its end
        ended = self._process.poll()
        self.end()
        if self._hung:
            return WorkerDied(Death.HUNG)
        if ended == OUT_OF_MEMORY:
            return WorkerDied(Death.GREW)
        if ended is not None and ended == -getattr(signal, "SIGPROF", 0):
            return WorkerDied(Death.SLOW)
        return WorkerDied(Death.KILLED if ended is not None and ended == -signal.SIGKILL else Death.CRASHED)

    def _traces(self) -> _Traces:
        times, states = [], set()
        for thread in sorted(Path(f"/proc/{self.pid}/task").glob("*")):
            with suppress(OSError):  # one that has just ended
                times.append((thread / "schedstat").read_text())
                states.add((thread / "stat").read_text().rpartition(")")[2].split()[0])
        return _Traces(times="".join(times), asleep=bool(states) and states <= _ASLEEP)


def _there(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise TypeError("a process with pipes has pipes")
    return pipe


def read_answer(answers: IO[bytes], records: Records) -> tuple[str, object]:
    """Raises EOFError, UnpicklingError."""
    length = int.from_bytes(_exactly(answers, LENGTH_BYTES), "big")
    if length > _LONGEST_ANSWER_BYTES:
        raise pickle.UnpicklingError("longer than any answer")
    answer = _PlainThings(io.BytesIO(_exactly(answers, length)), records).load()
    match answer:
        case (str(kind), value):
            return kind, value
    raise pickle.UnpicklingError("no answer")


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    read = pipe.read(length)
    if len(read) < length:
        raise EOFError
    return read


class _PlainThings(pickle.Unpickler):
    """A worker that was taken over can't make the bot call anything: it may name our records and nothing else."""

    def __init__(self, answer: IO[bytes], records: Records) -> None:
        super().__init__(answer)
        self._records = records

    def find_class(self, module_name: str, global_name: str, /) -> type:
        try:
            return self._records[module_name, global_name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is no answer") from None
