"""The dashboard of ops/grafana asks for figures that a running bot has, in words that Prometheus understands."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.journeys.stage import Stage
from tests.journeys.test_operating import ask

DASHBOARD: Final = json.loads((Path(__file__).parents[2] / "ops/grafana/skinbot.json").read_text())
_NAME: Final = re.compile(r"\b(?:skinbot|process)_\w+|\bup\b")
_LABELS: Final = re.compile(r"by \(([^)]*)\)")


def expressions() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (mark["expr"] for mark in DASHBOARD["annotations"]["list"])


async def test_every_figure_is_there(stage: Stage) -> None:
    """From the first scrape on, but for errors, whose classes nobody knows beforehand, and a worker's end."""
    stage.settings["PORT"] = "0"
    async with stage.running() as app:
        scrape = (await ask(app, "/metrics")).text
    asked = set(_NAME.findall(" ".join(expressions()))) - {"up"}  # which Prometheus makes
    declared = set(re.findall(r"^# TYPE (\S+) ", scrape, re.MULTILINE))
    assert asked
    assert {name for name in asked if name not in declared and name.removesuffix("_bucket") not in declared} == set()


async def test_every_label_is_there(stage: Stage) -> None:
    """A sum by a label that does not exist is one nameless line."""
    stage.settings["PORT"] = "0"
    async with stage.running() as app:
        await ask(app, "/metrics")  # the first scrape makes the queues' labels
        registry = app.health.vitals.metrics.registry
        labels = [set(sample.labels) for family in registry.collect() for sample in family.samples]
    known = set().union(*labels) | {"instance", "job"} | {"type", "where"} | {"how"} | {"scope"}
    asked = {label.strip() for each in expressions() for found in _LABELS.findall(each) for label in found.split(",")}
    assert asked <= known


def test_prometheus_understands_every_query(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: it is in Debian's package `prometheus`")
    rules = [{"record": f"panel:{number}", "expr": each} for number, each in enumerate(expressions())]
    (tmp_path / "panels.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    command = [promtool, "check", "rules", "--lint=none", str(tmp_path / "panels.yml")]
    ended = subprocess.run(command, text=True, capture_output=True, check=False, timeout=60)  # noqa: S603
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_every_panel_says_what_it_shows() -> None:
    """And none lies over another."""
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        assert panel["title"]
        assert panel["description"]
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert taken.isdisjoint(cells)
        taken |= cells
