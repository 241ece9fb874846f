"""Figures for Prometheus. No label says who: kinds, steps, outcomes and classes only."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from time import perf_counter
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

_STEP_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 90, 200)
_LAG_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
VENDOR_TROUBLES: Final = ("slow", "away")
_KINDS: Final = {"photo": "photo", "document": "document", "animation": "document", "text": "text"}
_ALL_KINDS: Final = (
    *("photo", "document", "text", "command", "other_message"),
    *("callback_query", "my_chat_member", "edited_message", "other"),
)


class PipelineStep(StrEnum):
    """Where a selfie's time goes."""

    FETCH = "fetch"
    INTAKE = "intake"
    ANALYSE = "analyse"
    DRAW = "draw"
    DELIVER = "deliver"


class Outcome(StrEnum):
    """What became of a report at the end of one piece of work on it; WAITING and HELD are not the end."""

    DELIVERED = "delivered"
    REJECTED = "rejected"
    HELD = "held"
    FAILED = "failed"
    WAITING = "waiting"
    UNREACHABLE = "unreachable"


class Metrics:
    """One process's figures, in a registry of its own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.errors: dict[str, int] = {}
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._make_counters()
        self._make_gauges()

    def _make_counters(self) -> None:
        registry = self.registry
        self._updates = Counter("skinbot_updates", "Updates taken from Telegram", ["kind"], registry=registry)
        self._reports = Counter("skinbot_reports", "Reports worked, by outcome", ["outcome"], registry=registry)
        self._calls = Counter("skinbot_paid_calls", "Calls to the paid API, by outcome", ["outcome"], registry=registry)
        self._errors = Counter("skinbot_errors", "Logged errors, by class", ["type", "where"], registry=registry)
        self._refusals = Counter("skinbot_telegram_refusals", "429s of Telegram", ["scope"], registry=registry)
        self._dropped = Counter("skinbot_status_edits_dropped", "Status edits a newer one replaced", registry=registry)
        self._steps = Histogram(
            "skinbot_step_seconds", "Seconds by step of a selfie", ["step"], buckets=_STEP_SECONDS, registry=registry
        )
        self._lag = Histogram(
            "skinbot_loop_lag_seconds", "How late the event loop was", buckets=_LAG_SECONDS, registry=registry
        )
        self._ended = Counter("skinbot_workers_ended", "Pixel workers that a task ended", ["how"], registry=registry)
        self._notices = Counter("skinbot_notices", "People a notice to all went to", ["outcome"], registry=registry)
        for became in ("told", "unreachable", "refused", "doubtful"):
            self._notices.labels(became)
        for kind in _ALL_KINDS:  # a rule over what was never counted would be silent
            self._updates.labels(kind)
        for paid in ("answered", "refused", "uncertain"):
            self._calls.labels(paid)
        for outcome in Outcome:
            self._reports.labels(outcome)
        for step in PipelineStep:
            self._steps.labels(step)

    def _make_gauges(self) -> None:
        registry = self.registry
        self._analyses_left = Gauge("skinbot_analyses_left", "Analyses that the credits pay for", registry=registry)
        self._analyses_left.set(float("nan"))
        self._depth = Gauge("skinbot_queue_depth", "What is due and not done", ["queue"], registry=registry)
        self._age = Gauge("skinbot_queue_age_seconds", "Age of the oldest that is due", ["queue"], registry=registry)
        self._heard = Gauge("skinbot_telegram_heard_seconds", "Seconds since Telegram was heard", registry=registry)
        self._expects = Gauge(
            "skinbot_expects_telegram",
            "1 where silence means trouble: it polls, or never got through",
            registry=registry,
        )
        self._refused = Gauge("skinbot_account_refused", "1 while the vendor refuses the account", registry=registry)
        self._vendor = Gauge("skinbot_vendor", "1 while the vendor does so", ["state"], registry=registry)
        for state in VENDOR_TROUBLES:
            self._vendor.labels(state)
        self._info = Gauge("skinbot_info", "This build", ["version", "provider"], registry=registry)

    def built(self, *, version: str, provider: str) -> None:
        self._info.labels(version, provider).set(1)

    def taken(self, updates: Sequence[Mapping[str, object]]) -> None:
        for raw in updates:
            self._updates.labels(kind_of(raw)).inc()

    def report(self, outcome: Outcome) -> None:
        self._reports.labels(outcome).inc()

    def paid_call(self, outcome: str) -> None:
        self._calls.labels(outcome).inc()

    def refused(self, *, everywhere: bool) -> None:
        self._refusals.labels("all" if everywhere else "chat").inc()

    def notice(self, outcome: str) -> None:
        self._notices.labels(outcome).inc()

    def status_dropped(self) -> None:
        self._dropped.inc()

    def worker_ended(self, how: str) -> None:
        self._ended.labels(how).inc()

    def analyses_left(self, analyses: int) -> None:
        self._analyses_left.set(analyses)

    def queue(self, name: str, *, depth: int, age_s: float) -> None:
        self._depth.labels(name).set(depth)
        self._age.labels(name).set(age_s)

    def heard(self, seconds_ago: float, *, expected: bool) -> None:
        self._heard.set(seconds_ago)
        self._expects.set(expected)

    def account(self, *, refused: bool) -> None:
        self._refused.set(refused)

    def vendor(self, state: Callable[[], str]) -> None:
        """`state` is asked at each scrape."""
        for trouble in VENDOR_TROUBLES:
            self._vendor.labels(trouble).set_function(partial(_is_now, state, trouble))

    def lag(self, seconds: float) -> None:
        self._lag.observe(seconds)

    def error(self, kind: str, where: str) -> None:
        self._errors.labels(kind, where).inc()
        self.errors[kind] = self.errors.get(kind, 0) + 1

    @contextmanager
    def step(self, step: PipelineStep) -> Iterator[None]:
        """Times a step that came to its end; one that failed is an error or an outcome, not a duration."""
        began = perf_counter()
        yield
        self._steps.labels(step).observe(perf_counter() - began)

    def exposition(self) -> bytes:
        """What a scrape gets, in Prometheus' text format."""
        return generate_latest(self.registry)


def _is_now(state: Callable[[], str], trouble: str) -> float:
    return float(state() == trouble)


class ErrorCounter(logging.Handler):
    """Counts what is logged as an error, so that no place that logs one has to count it too."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.ERROR)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "none"
        self._metrics.error(kind, record.name)


@contextmanager
def counting_errors(metrics: Metrics) -> Iterator[None]:
    counter = ErrorCounter(metrics)
    logging.getLogger().addHandler(counter)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(counter)


def kind_of(raw: Mapping[str, object]) -> str:
    """What an update is about, in one of a few words."""
    message = raw.get("message")
    if isinstance(message, Mapping):
        text = message.get("text")
        if isinstance(text, str) and text.startswith("/"):
            return "command"
        return next((kind for name, kind in _KINDS.items() if name in message), "other_message")
    return next((name for name in ("callback_query", "my_chat_member", "edited_message") if name in raw), "other")
