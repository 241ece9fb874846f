"""Where the loop has no signal handlers, as on Windows, the local chat comes up all the same (`fcntl`: test_fences)."""

import os
import signal
import sys
from asyncio import create_subprocess_exec, timeout
from pathlib import Path

from tests.commands import ROOT

_WITHOUT = """
import sys
if sys.argv[:1] != ["-c"]:
    import asyncio.unix_events
    def refuse(*_): raise NotImplementedError
    asyncio.unix_events._UnixSelectorEventLoop.add_signal_handler = refuse
"""


async def test_the_local_chat_comes_up_and_ends_where_the_loop_takes_no_signal_handlers(tmp_path: Path) -> None:
    """SIGINT ends it in order all the same."""
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "sitecustomize.py").write_text(_WITHOUT)
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{tmp_path / 'first'}:{ROOT}", "AILAB_API_KEY": "k"}
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "bot", "playground", "--no-browser", "--port", "0"),
        cwd=tmp_path,
        env=environ,
        stdout=-1,
    )
    assert process.stdout is not None
    async with timeout(60):
        while b"http://" not in (line := await process.stdout.readline()):
            assert line, "it ended"
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
