"""Decoding behind walls: a child process with limited memory and CPU, for formats whose readers can't be bounded.

A thread can't be stopped. JPEG, PNG, WebP and HEIC, which phones send, are bounded by their headers and decoded in a
thread; the others are rare, and a child costs them some 60 ms.
"""

import contextlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Final

from PIL import Image

from bot.imaging.decoding import Decoded, decode
from bot.imaging.rejection import PhotoRejected
from bot.skin.photo import RejectReason

_MAX_MEMORY_BYTES: Final = 340_000_000
_MAX_CPU_SECONDS: Final = 3
_MAX_SECONDS: Final = 20
_ROOT: Final = Path(__file__).resolve().parents[2]
_TOO_MUCH: Final = frozenset({-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM})


def decode_enclosed(data: bytes, name: str) -> Decoded:
    """As `decode`, and PhotoRejected for all that goes wrong in the child."""
    command = [sys.executable, "-c", "from bot.imaging.enclosure import serve; serve()", name]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module; `name` is from our list of formats
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        if child.stdin is None or child.stdout is None:
            raise TypeError("a child with pipes has pipes")
        with contextlib.suppress(BrokenPipeError), child.stdin:
            child.stdin.write(data)
        decoded = _received(child.stdout)
    if decoded is not None:
        return decoded
    raise PhotoRejected(RejectReason.TOO_MANY_PIXELS if child.returncode in _TOO_MUCH else RejectReason.DAMAGED)


def _received(answers: IO[bytes]) -> Decoded | None:
    """None when the child ended without an answer, or in the middle of one."""
    head = answers.readline()
    if not head.endswith(b"\n"):
        return None
    facts = json.loads(head)
    if "rejected" in facts:
        raise PhotoRejected(RejectReason(facts["rejected"]))
    width, height = facts["size"]
    pixels = answers.read(width * height * 3)
    if len(pixels) < width * height * 3:
        return None
    image = Image.frombytes("RGB", (width, height), pixels)
    return Decoded(image=image, source_width=facts["source"][0], source_height=facts["source"][1])


def serve() -> None:
    """The child's whole life: limits, one file in, one picture or reason out."""
    _wall_in()
    Image.core.set_blocks_max(0)  # type: ignore[attr-defined]  # there is no next picture to keep memory for
    try:
        decoded = decode(sys.stdin.buffer.read(), sys.argv[1])
    except PhotoRejected as rejected:
        _answer({"rejected": rejected.reason})
    except MemoryError:
        _answer({"rejected": RejectReason.TOO_MANY_PIXELS})
    else:
        image = decoded.image
        _answer({"size": image.size, "source": (decoded.source_width, decoded.source_height)})
        sys.stdout.buffer.write(image.tobytes())


def _answer(facts: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n")


def _wall_in() -> None:
    """Where the system has such limits."""
    with contextlib.suppress(ImportError, AttributeError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_DATA, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (_MAX_CPU_SECONDS, _MAX_CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(_MAX_SECONDS)
