"""The workers, and who works for them next: one queue, the first to come is the first to be served."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from types import TracebackType
from typing import Final, ParamSpec, Self, TypeVar, cast

from bot.imaging.workshop.cores import usual_workers
from bot.imaging.workshop.member import STILL_SECONDS, Death, Worker, WorkerDied
from bot.imaging.workshop.wire import Tasks

_P = ParamSpec("_P")
_T = TypeVar("_T")

_log = logging.getLogger(__name__)

# How often a task is tried. Who is slow would be so again; a kill says more about the machine than the task.
_TRIES: Final = {Death.SLOW: 1, Death.HUNG: 2, Death.GREW: 2, Death.CRASHED: 2, Death.KILLED: 5}
_REPLACED_AFTER: Final = 500  # tasks or a few more: what leaks in a library does not add up
_LONGEST_PAUSE_SECONDS: Final = 5.0
_LOOK_EVERY_SECONDS: Final = 0.25
_STANDING_STILL_SECONDS: Final = 30.0
_BEGIN_AFTER_SECONDS: Final = 0.75  # what workers load would delay the bot's own start


class TaskLost(Exception):
    """The task ended its worker, each time it was tried."""

    def __init__(self, death: Death) -> None:
        super().__init__(death)
        self.death = death


class TaskFailed(Exception):
    """An error that no task should raise; the message is its story."""


@dataclass(frozen=True, kw_only=True)
class _Order:
    name: str
    args: tuple[object, ...]
    kwargs: dict[str, object]
    done: Future[object] = field(default_factory=Future)


class Workshop:
    """A small pool of worker processes; `run` is all that one needs. Threads only wait for them.

    They start in the background, soon or with the first task, and again whenever one has ended. `on_death` is told
    how, from another thread.
    """

    def __init__(
        self,
        tasks: Tasks,
        *,
        workers: int | None = None,
        still_s: float = STILL_SECONDS,
        on_death: Callable[[Death], None] | None = None,
    ) -> None:
        """`still_s`: how long nothing may stir in a worker that is at work and awake."""
        self._tasks = tasks
        self._still_s = still_s
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self._on_death = on_death or (lambda _: None)
        self._workers: set[Worker] = set()
        self._lock = threading.Lock()
        self._replacing = threading.Lock()
        self._closing = threading.Event()
        self._wanted = threading.Event()
        self._under_way = 0
        self._moved = time.monotonic()
        hands = [threading.Thread(target=self._serve, name="workshop") for _ in range(workers or usual_workers())]
        self._threads = [*hands, threading.Thread(target=self._watch, name="workshop-watch")]

    def pids(self) -> list[int]:
        """Of the processes that are there now."""
        with self._lock:
            return [worker.pid for worker in self._workers]

    def stands_still(self) -> bool:
        """Somebody waits, and nothing has come to an end for long."""
        return self._under_way > 0 and time.monotonic() - self._moved > _STANDING_STILL_SECONDS

    async def run(self, task: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """`task`: one of `tasks`. Raises what that raises, TaskLost, and TaskFailed for a bug."""
        order = _Order(name=task.__name__, args=args, kwargs=kwargs)
        if not self._under_way:
            self._moved = time.monotonic()
        self._under_way += 1
        self._orders.put(order)
        self._wanted.set()
        try:
            return cast("_T", await asyncio.wrap_future(order.done))
        finally:
            self._under_way -= 1
            self._moved = time.monotonic()

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._wanted.set()
        with self._lock:
            self._closing.set()
            for worker in self._workers:
                worker.kill()
        for _ in self._threads:
            self._orders.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        """A thread's whole life: one worker after the other, one order after the other."""
        self._wanted.wait(_BEGIN_AFTER_SECONDS)
        worker = self._fresh()
        while worker is not None and (order := self._orders.get()) is not None:
            if not order.done.set_running_or_notify_cancel():
                continue  # nobody waits for it any more
            worker = self._worked(order, worker)
            if worker is not None and worker.asked > _REPLACED_AFTER:
                worker = self._replaced(worker)
        if worker is not None:
            self._end(worker)

    def _worked(self, order: _Order, worker: Worker | None) -> Worker | None:
        """The worker to go on with; None when the workshop closes."""
        tried = 0
        while worker is not None:
            if not worker.is_well:  # it ended while it had nothing to do
                self._end(worker)
                worker = self._fresh(awaited=True)
                continue
            tried += 1
            try:
                _settle(order, *worker.ask(order.name, order.args, order.kwargs))
            except WorkerDied as died:
                self._bury(worker, died.death)
                worker = self._fresh(awaited=True)
                if tried >= _TRIES[died.death]:
                    order.done.set_exception(TaskLost(died.death))
                    return worker
            except Exception as error:  # noqa: BLE001 - what can't be sent is a bug of ours, and its caller's to hear
                order.done.set_exception(error)
                return worker
            else:
                return worker
        order.done.set_exception(TaskLost(Death.KILLED))
        return None

    def _replaced(self, worker: Worker) -> Worker | None:
        """One at a time: while it loads, the others serve."""
        if not self._replacing.acquire(blocking=False):
            return worker
        try:
            self._end(worker)
            return self._fresh()
        finally:
            self._replacing.release()

    def _fresh(self, *, awaited: bool = False) -> Worker | None:
        """A worker that is ready; tried until there is one, or the workshop closes."""
        pause = 0.1
        while not self._closing.is_set():
            try:
                worker = self._started(awaited=awaited)
            except (WorkerDied, OSError) as error:
                if not self._closing.is_set():
                    _log.warning("a worker for pictures did not start: %s", error)
            else:
                return worker
            self._closing.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        return None

    def _started(self, *, awaited: bool) -> Worker:
        """Raises WorkerDied, OSError."""
        worker = Worker(self._tasks, still_s=self._still_s, awaited=awaited)
        with self._lock:
            self._workers.add(worker)
            if self._closing.is_set():
                worker.kill()
        try:
            worker.get_ready()
        except WorkerDied:
            self._forget(worker)  # it has ended
            raise
        return worker

    def _bury(self, worker: Worker, death: Death) -> None:
        self._forget(worker)
        if not self._closing.is_set():
            _log.warning("a worker for pictures ended: %s", death)
            self._on_death(death)

    def _end(self, worker: Worker) -> None:
        self._forget(worker)
        worker.end()

    def _forget(self, worker: Worker) -> None:
        with self._lock:
            self._workers.discard(worker)

    def _watch(self) -> None:
        while not self._closing.wait(_LOOK_EVERY_SECONDS):
            with self._lock:
                workers = list(self._workers)
            for worker in workers:
                worker.look_after()


def _settle(order: _Order, kind: str, value: object) -> None:
    if kind == "done":
        order.done.set_result(value)
    elif kind == "raised" and isinstance(value, Exception):
        order.done.set_exception(value)
    else:
        order.done.set_exception(TaskFailed(str(value)))
