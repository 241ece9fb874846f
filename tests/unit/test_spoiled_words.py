"""Why a photo does not count for an experiment is said in one line of its own, in every language."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from bot.rendering.renderer import Renderer
from bot.skin.experiments.photo import Spoiled

TEMPLATES = Path(__file__).parents[2] / "templates"
PROBE = """{% block text %}{% from "components/experiment_photo.html.j2" import spoiled %}
{{ spoiled(view.key) }}{% endblock %}"""


@dataclass(frozen=True, kw_only=True)
class Probe:
    template: ClassVar[str] = "probe"

    key: str


@pytest.fixture
def renderer(tmp_path: Path) -> Renderer:
    """With one message that says nothing else."""
    for name in ("components", "locale"):
        (tmp_path / name).symlink_to(TEMPLATES / name)
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "probe.html.j2").write_text(PROBE, encoding="utf-8")
    return Renderer(tmp_path)


def test_every_reason_has_a_line_in_every_language(renderer: Renderer) -> None:
    """What was different, then what to do; no two alike, none left untranslated."""
    lines = {
        (locale, key): renderer.render(Probe(key=key), locale).text.strip()
        for locale in renderer.locales
        for key in Spoiled
    }
    assert len(set(lines.values())) == len(lines)
    for line in lines.values():
        assert line.count(". ") == 1
        assert line.endswith(".")
        assert "\n" not in line
