"""The three networks in `models/`: LiteRT runs them. The interpreter lets other threads run meanwhile."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, Protocol, cast

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from bot.analysis.local.planes import Plane

_MODELS: Final = Path(__file__).with_name("models")
_GREATEST_LOGIT: Final = 80.0  # beyond it `exp` overflows
_CORES_A_PHOTO: Final = 1
_STDERR: Final = 2  # its file descriptor
_GREETING: Final = b"INFO: Created TensorFlow Lite XNNPACK delegate"
_ONE_AT_A_TIME: Final = threading.Lock()


class _Interpreter(Protocol):
    """What is used of LiteRT's, which has no types."""

    def allocate_tensors(self) -> None: ...
    def get_input_details(self) -> Sequence[dict[str, int]]: ...
    def get_output_details(self) -> Sequence[dict[str, int]]: ...
    def set_tensor(self, index: int, value: NDArray[np.float32], /) -> None: ...
    def invoke(self) -> None: ...
    def get_tensor(self, index: int, /) -> NDArray[np.float32]: ...


class Network(threading.local):
    """One model, read once; each thread has its own working memory (2 to 10 MB), from its first picture on."""

    def __init__(self, name: str) -> None:
        model = cast("_Interpreter", Interpreter(model_content=_model(name), num_threads=_CORES_A_PHOTO))
        with _without_the_greeting():
            model.allocate_tensors()
        self._model = model
        self._input = model.get_input_details()[0]["index"]
        self._outputs = [output["index"] for output in model.get_output_details()]

    def __call__(self, pixels: NDArray[np.float32]) -> list[Plane]:
        """`pixels`: side × side × 3, scaled as the model wants them. What it answers, each without the batch's axis."""
        self._model.set_tensor(self._input, pixels[np.newaxis])
        self._model.invoke()
        return [self._model.get_tensor(index)[0] for index in self._outputs]


def share_of(logits: Plane) -> Plane:
    """0..1: the logistic function, which such networks leave to their reader."""
    return (1 / (1 + np.exp(-np.clip(logits, -_GREATEST_LOGIT, _GREATEST_LOGIT)))).astype(np.float32)


@contextmanager
def _without_the_greeting() -> Iterator[None]:
    """LiteRT writes a line past Python's `sys.stderr` and has no switch for it. What others write meanwhile stays."""
    with _ONE_AT_A_TIME, ExitStack() as stack:
        try:
            held = stack.enter_context(TemporaryFile())
            own = os.dup(_STDERR)
        except OSError:  # nobody listens, or nothing can be written: then it greets
            yield
            return
        os.dup2(held.fileno(), _STDERR)
        try:
            yield
        finally:
            os.dup2(own, _STDERR)
            os.close(own)
            held.seek(0)
            with suppress(OSError):  # nobody listens any more
                os.write(_STDERR, b"".join(line for line in held if not line.startswith(_GREETING)))


@cache
def _model(name: str) -> bytes:
    return (_MODELS / f"{name}.tflite").read_bytes()
