"""The rules for Prometheus, by its own tool: what ought to wake somebody does, and a quiet night does not."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.clock import now
from bot.observability.metrics import Metrics
from bot.operations.health import NOT_CONNECTED, Vitals

OPS = Path(__file__).parents[2] / "ops"


def test_rules_ring_when_they_should() -> None:
    """ops/alerts_test.yml: silent from the start, a revoked key, no credits; not in a webhook's quiet night."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: it is in Debian's package `prometheus`")
    command = [promtool, "test", "rules", str(OPS / "alerts_test.yml")]
    ended = subprocess.run(command, text=True, capture_output=True, check=False, timeout=60)  # noqa: S603
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_every_figure_that_a_rule_asks_for_is_there_before_anything_happened() -> None:
    """A rule over a figure that is not there yet is silent: labels are made at the start."""
    asked = set(re.findall(r"skinbot_\w+", (OPS / "alerts.yml").read_text()))
    metrics = Metrics()
    for queue in ("reports", "updates"):  # made by the first scrape
        metrics.queue(queue, depth=0, age_s=0.0)
    there = metrics.exposition().decode()
    missing = {name for name in asked if not re.search(rf"^{name}[{{ ]", there, re.MULTILINE)}
    assert missing == {"skinbot_errors_total"}  # whose classes nobody knows beforehand


def test_silence_is_trouble_where_telegram_is_expected() -> None:
    """Before the first contact, and while this process polls; not for a stand-by or a webhook."""
    connecting = Vitals(metrics=Metrics(), now=now)
    connecting.waits_for = NOT_CONNECTED
    assert connecting.expects_telegram
    assert not Vitals(metrics=Metrics(), now=now).expects_telegram
    polling = Vitals(metrics=Metrics(), now=now)
    polling.polling()
    assert polling.expects_telegram
