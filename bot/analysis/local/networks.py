"""The three networks in `models/`: LiteRT runs them."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, Protocol, cast

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from bot.analysis.local.planes import Plane

_MODELS: Final = Path(__file__).with_name("models")
_GREATEST_LOGIT: Final = 80.0  # beyond it `exp` overflows
_CORES_A_PHOTO: Final = 1


class _Interpreter(Protocol):
    """What is used of LiteRT's, which has no types."""

    def allocate_tensors(self) -> None: ...
    def get_input_details(self) -> Sequence[dict[str, int]]: ...
    def get_output_details(self) -> Sequence[dict[str, int]]: ...
    def set_tensor(self, index: int, value: NDArray[np.float32], /) -> None: ...
    def invoke(self) -> None: ...
    def get_tensor(self, index: int, /) -> NDArray[np.float32]: ...


class Network:
    """One model with its working memory (2 to 10 MB); not for several threads."""

    def __init__(self, name: str) -> None:
        model = cast("_Interpreter", Interpreter(model_content=_model(name), num_threads=_CORES_A_PHOTO))
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


@cache
def _model(name: str) -> bytes:
    return (_MODELS / f"{name}.tflite").read_bytes()
