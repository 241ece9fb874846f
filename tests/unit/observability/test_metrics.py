"""Figures that Prometheus reads, and the files that an operator takes from ops/."""

import logging
import re
from pathlib import Path
from typing import Final

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.observability.metrics import ErrorCounter, Metrics, PipelineStep, kind_of

ROOT: Final = Path(__file__).parents[3]


def told(metrics: Metrics) -> dict[str, float]:
    """Every sample by its name and labels."""
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ({"message": {"photo": [], "caption": "Ana"}}, "photo"),
        ({"message": {"document": {}}}, "document"),
        ({"message": {"text": "/start r_1"}}, "command"),
        ({"message": {"text": "my cheeks"}}, "text"),
        ({"message": {"text": {"not": "a text"}}}, "text"),
        ({"message": {"voice": {}}}, "other_message"),
        ({"message": "nothing"}, "other"),
        ({"callback_query": {"data": "x"}}, "callback_query"),
        ({"my_chat_member": {}}, "my_chat_member"),
        ({"something_new": {}}, "other"),
    ],
)
def test_an_updates_kind_is_one_of_a_few_words(raw: dict[str, object], kind: str) -> None:
    """Never what somebody wrote."""
    metrics = Metrics()
    metrics.taken([{"update_id": 1, **raw}])
    assert kind_of(raw) == kind
    assert told(metrics)[f"skinbot_updates_total kind={kind}"] == 1


def test_a_step_that_failed_has_no_duration() -> None:
    """A refusal within milliseconds would make the analysis look quick."""
    metrics = Metrics()
    with pytest.raises(ValueError, match="no"), metrics.step(PipelineStep.ANALYSE):
        raise ValueError("no")
    with metrics.step(PipelineStep.ANALYSE):
        pass
    assert told(metrics)["skinbot_step_seconds_count step=analyse"] == 1


def test_what_is_logged_as_an_error_is_counted() -> None:
    """By class and place; a warning is none."""
    metrics = Metrics()
    log = logging.getLogger("bot.somewhere")
    counter = ErrorCounter(metrics)
    log.addHandler(counter)
    try:
        log.warning("not yet")
        log.error("without an exception")
        try:
            raise KeyError("my cheeks")
        except KeyError:
            log.exception("with one")
    finally:
        log.removeHandler(counter)
    samples = told(metrics)
    assert samples["skinbot_errors_total type=KeyError where=bot.somewhere"] == 1
    assert samples["skinbot_errors_total type=none where=bot.somewhere"] == 1
    assert metrics.errors == {"none": 1, "KeyError": 1}


def test_two_bots_in_one_process_count_apart() -> None:
    """Nothing is global: tests, and two bots side by side, don't see each other."""
    one, other = Metrics(), Metrics()
    one.paid_call("answered")
    assert told(one)["skinbot_paid_calls_total outcome=answered"] == 1
    assert told(other)["skinbot_paid_calls_total outcome=answered"] == 0


def ours() -> set[str]:
    return {
        name
        for family in Metrics().registry.collect()
        for name in (family.name, f"{family.name}_total", f"{family.name}_bucket")
    }


@pytest.mark.parametrize("file", ["ops/alerts.yml", "docs/operating.md"])
def test_the_figures_that_are_spoken_of_exist(file: str) -> None:
    """An alert on a figure that was renamed would never ring."""
    spoken = set(re.findall(r"skinbot_[a-z_]+", (ROOT / file).read_text(encoding="utf-8")))
    assert len(spoken) > 5
    assert spoken - ours() == set()


def test_the_alert_rules_are_well_formed() -> None:
    """Each has what Prometheus wants, and a word in the handbook."""
    rules = [rule for group in _yaml("ops/alerts.yml")["groups"] for rule in group["rules"]]
    handbook = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    for rule in rules:
        assert {"alert", "expr", "labels", "annotations"} <= rule.keys()
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert rule["alert"] in handbook or rule["alert"] == "SkinbotLoopSlow"


def _yaml(file: str) -> dict:  # type: ignore[type-arg] # whatever the file holds
    found = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found
