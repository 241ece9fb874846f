"""The fences of pyproject.toml: no room of the house stands beside them unseen."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LIBRARIES: Final = {
    "telegram": {"bot.app", "bot.commands", "bot.telegram", "handlers"},
    "PIL": {"bot.analysis", "bot.imaging", "bot.playground"},
    "pillow_heif": {"bot.analysis", "bot.imaging", "bot.playground"},
    "numpy": {"bot.analysis"},
    "ai_edge_litert": {"bot.analysis"},
    "httpx": {"bot.analysis", "bot.outgoing"},
    "httpx_aiohttp": {"bot.outgoing"},
    "aiohttp": {"bot.analysis", "bot.operations", "bot.outgoing", "bot.playground", "bot.telegram"},
    "jinja2": {"bot.rendering"},
    "babel": {"bot.rendering"},
    "sqlalchemy": {"bot.storage"},
    "alembic": {"bot.storage"},
    "psycopg": {"bot.storage"},
    "procrastinate": {"bot.jobs", "bot.storage"},
    "cryptography": {"bot.storage"},
    "fpdf": {"bot.own_data"},
    "prometheus_client": {"bot.observability", "bot.operations"},
}

OF_UNIX: Final = {"crypt", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}


def test_a_fenced_library_is_used_in_its_rooms_and_no_others() -> None:
    used: dict[str, set[str]] = {library: set() for library in LIBRARIES}
    for room, library in _imports():
        if library in used:
            used[library].add(room)
    assert used == LIBRARIES


def test_bot_loads_nothing_at_its_start_that_can_wait() -> None:
    """The first question to Telegram needs no template, no PDF, no web server and no local chat."""
    needless = {"jinja2", "babel", "fpdf", "aiohttp.web", "bot.operations.http", "bot.playground", "bot.commands.check"}
    program = f"import sys, bot.commands.cli, bot.app; print({needless} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert run.stdout.strip() == "set()"


def test_no_module_needs_unix() -> None:
    """Elsewhere they can't even be loaded: what is of one system is loaded where it is used, and done without."""
    needy = {
        str(path.relative_to(ROOT))
        for folder in ("bot", "handlers")
        for path in (ROOT / folder).rglob("*.py")
        for name in _loaded_with_it(ast.parse(path.read_text(encoding="utf-8")))
        if name in OF_UNIX
    }
    assert needy == set()


def test_a_fence_names_every_room_that_does_not_use_its_library() -> None:
    """A new room, or one that was renamed, is missed by no fence."""
    fences = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    fenced: dict[str, set[str]] = {library: set() for library in LIBRARIES}
    for fence in fences:
        for library in set(fence.get("forbidden_modules", ())) & set(LIBRARIES):
            fenced[library] |= set(fence["source_modules"])
    rooms = set(_rooms())
    for library, users in LIBRARIES.items():
        assert rooms - fenced[library] <= _allowed(library) | {"bot", "bot.__main__"}, library
        assert users.isdisjoint(fenced[library]), library


def _allowed(library: str) -> set[str]:
    """One fence may hold several libraries: who may use one of them may stand beside all of them."""
    together = ({"PIL", "pillow_heif", "numpy", "ai_edge_litert"}, {"httpx", "httpx_aiohttp"}, {"jinja2", "babel"})
    group = next((group for group in together if library in group), {library})
    return set().union(*(LIBRARIES[each] for each in group))


def _rooms() -> Iterator[str]:
    yield "handlers"
    for path in (ROOT / "bot").iterdir():
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            yield "bot" if path.stem == "__init__" else f"bot.{path.stem}"


def _loaded_with_it(module: ast.Module) -> Iterator[str]:
    """What a module imports whenever it is loaded itself: everything but what stands in a function."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _names(node)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)


def _names(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif node.module and not node.level:
        yield node.module.partition(".")[0]


def _imports() -> Iterator[tuple[str, str]]:
    """(room, the library's name), of every import anywhere in a module."""
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            room = ".".join(parts[: 2 if folder == "bot" else 1])
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield from ((room, name) for name in _names(node))
