"""The Mini App's built files: the sources' own, with what was promised of their size, words and licences."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from bot.operations.miniapp import NETWORKS
from bot.rendering.renderer import Renderer
from tests.commands import ROOT

HERE: Final = ROOT / "templates" / "miniapp"
BUILT: Final = HERE / "built"
MANIFEST: Final = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))


def _all_of(folder: Path) -> dict[str, bytes]:
    """What is packed as it is unpacked: another zlib packs otherwise."""
    return {path.name: _whole(path) for path in folder.iterdir()}


def _whole(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def test_what_is_built_is_what_is_committed(tmp_path: Path) -> None:
    """Anew, from the sources and the locked packages, byte for byte."""
    if shutil.which("node") is None or not (HERE / "node_modules" / "esbuild").exists():
        pytest.skip("no Node here, or `make miniapp` was not run")
    made = subprocess.run(  # noqa: S603 - our own build
        ["node", "build.mjs", str(tmp_path)],  # noqa: S607 - wherever it is
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert _all_of(tmp_path) == _all_of(BUILT)


def test_the_manifest_tells_each_file_and_its_hash() -> None:
    """Nothing else lies there, and nothing was changed by hand."""
    found = {name: data for name, data in _all_of(BUILT).items() if name != "manifest.json"}
    told = {name: (about["bytes"], about["sha256"]) for name, about in MANIFEST["files"].items()}
    assert told == {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in found.items()}
    assert set(MANIFEST["entries"].values()) | set(MANIFEST["preload"]) <= set(found)


def test_our_own_script_is_small() -> None:
    """What is from no package; and nothing of the camera's is needed before somebody opens it."""
    assert MANIFEST["script"] <= 120 * 1024
    first = [MANIFEST["entries"]["main"], *MANIFEST["preload"]]
    assert sum(MANIFEST["files"][name]["bytes"] for name in first) <= 20 * 1024


def test_what_the_camera_needs_once_is_bounded() -> None:
    """As it is served: packed. The networks are the server's own files, under names that tell what is in them."""
    packed = {name: len(path.read_bytes()) for name in MANIFEST["files"] if (path := BUILT / name).suffix == ".gz"}
    plain = [name for name in MANIFEST["files"] if name not in packed and not name.endswith(".txt")]
    of_networks = 0
    for name, source in MANIFEST["networks"].items():
        data = (NETWORKS / source).read_bytes()
        assert hashlib.sha256(data).hexdigest()[:8] in name
        of_networks += len(gzip.compress(data))
    whole = sum(packed.values()) + of_networks + sum(len(gzip.compress((BUILT / name).read_bytes())) for name in plain)
    assert whole <= 6_600_000


def test_what_ships_of_others_is_named_with_its_licence() -> None:
    """Of the version that is locked."""
    locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    licences = (BUILT / "LICENSES.txt").read_text(encoding="utf-8")
    for name in json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]:
        package = locked[f"node_modules/{name}"]
        assert f"{name} {package['version']} ({package['license']})" in licences
        assert package["integrity"].startswith("sha512-")


def test_the_page_has_each_word_that_it_says_and_says_each_that_it_has() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (HERE / "src").rglob("*.js"))
    said = set(re.findall(r"\bwords\.([a-z_0-9]+)", source)) | set(re.findall(r'"(tab_[a-z]+)"', source))
    of_a_chart = {"title", "verdict", "photo", "spread", "hollow", "lately", "note", "tried", "used"}
    words = Renderer().parts("miniapp", "en", None)
    assert said - set(words) <= of_a_chart
    assert set(words) - said == set()


def test_no_source_holds_a_sentence() -> None:
    """What a person reads stands in the templates' catalogs: in the sources there is no text of several words."""
    for path in (HERE / "src").rglob("*.js"):
        code = re.sub(r"^\s*//.*$|\s// .*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for text in re.findall(r'"([^"\n]*)"', code):
            assert not re.fullmatch(r"[A-Z][a-z]+(?: [a-z]+){2,}.*", text), (path.name, text)
