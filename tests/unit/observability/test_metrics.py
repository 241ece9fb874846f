"""Figures that Prometheus reads, and the files that an operator takes from ops/."""

import logging
import re
from pathlib import Path
from typing import Final

import pytest
import yaml  # type: ignore[import-untyped] # its stubs are one dependency more
from prometheus_client.parser import text_string_to_metric_families

from bot.config import read_config
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


def test_compose_is_two_bots_a_database_and_prometheus() -> None:
    """Both bots are scraped, secrets come from .env alone, and a stop is waited for."""
    compose = _yaml("compose.yaml")
    services = compose["services"]
    assert set(services) == {"bot-1", "bot-2", "database", "prometheus", "alertmanager"}
    targets = _yaml("ops/prometheus.yml")["scrape_configs"][0]["static_configs"][0]["targets"]
    assert targets == ["bot-1:8080", "bot-2:8080"]
    for bot in (services["bot-1"], services["bot-2"]):
        assert bot["env_file"] == [".env"]
        assert int(bot["stop_grace_period"].removesuffix("s")) > 20
        assert bot["depends_on"] == {"database": {"condition": "service_healthy"}}
        named = {
            key: value.replace("${POSTGRES_PASSWORD:?see ops/env.example}", "secret")
            for key, value in bot["environment"].items()
        }
        config = read_config(named)
        assert (config.port, config.host) == (8080, "0.0.0.0")  # noqa: S104 - inside of the container
        assert config.database_url == "postgresql://skinbot:secret@database/skinbot"
    mounted = {volume.split(":")[0] for volume in services["prometheus"]["volumes"]}
    assert all((ROOT / file).exists() for file in mounted if file.startswith("./"))
    assert set(compose["volumes"]) == {"database", "prometheus"}


def test_the_example_settings_are_settings() -> None:
    """A name that the bot does not read would be a setting that does nothing."""
    lines = (ROOT / "ops/env.example").read_text(encoding="utf-8").splitlines()
    names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    known = set(re.findall(r'env\.\w+\("([A-Z_]+)"', (ROOT / "bot/config/__init__.py").read_text(encoding="utf-8")))
    assert names - known == {"POSTGRES_PASSWORD"}
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_kubernetes_example_is_well_formed() -> None:
    """Secret, Deployment, Service, Ingress; probes on our paths; more patience than the bot needs."""
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    parts = {part["kind"]: part for part in yaml.safe_load_all(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0])}
    assert set(parts) == {"Secret", "Deployment", "Service", "Ingress"}
    pod = parts["Deployment"]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert pod["terminationGracePeriodSeconds"] > 20
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    read_config(
        {one["name"]: one["value"] for one in container["env"]}
        | parts["Secret"]["stringData"]
        | {"TELEGRAM_TOKEN": "1:x"}
    )


def _yaml(file: str) -> dict:  # type: ignore[type-arg] # whatever the file holds
    found = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found
