"""make camera-bench: how well the camera's eyes agree with the server's, how many times a second they look, and how

alike the photos are that it takes.

`python -m tests.browser.camera_bench [--frames N] [--seconds N] [--pairs N] [--faces DIR]`: with faces drawn here, or
of a folder that is none of the project's. Prints figures; keeps nothing.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PIL import Image

from bot.analysis.local.faces import counted_faces, find_faces, settled
from bot.analysis.local.frame import FACE_SIDE
from bot.analysis.photo_look import looked_at
from bot.imaging.intake.photo import DrawablePhoto
from bot.skin.photo import HINTS
from tests.browser.camera_pairs import is_comparable, met, tell_pairs
from tests.browser.cameras import Camera, address, camera, staged
from tests.browser.films import NEUTRAL, film, followed, frame, jpeg, odd, off, raw_film
from tests.journeys.stage import Stage
from tests.pictures import drawn_face

_SKINS: Final = ((208, 164, 140), (150, 105, 80), (236, 200, 180))
_FILM_FRAMES: Final = 90  # Chromium plays it over and over: other moments of it are seen each time
_ROUNDS: Final = 5  # of the speed's measuring
_CORE: Final = 0
_ASKEW: Final = 6.0  # degrees: all is looked at, and nothing is taken


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """`followed`: of the frames, in how many the face of the one before was followed."""

    frames: int
    followed: int
    accepted_alike: int
    reasons_alike: int
    apart: float
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"{self.frames} frames, {self.followed} of them followed: accepted or not alike in {self.accepted_alike},"
            f" the very same reasons in {self.reasons_alike}; face at most {self.apart:.5f} of the width apart;"
            f" {self.milliseconds:.0f} ms a look in the middle ({1000 / self.milliseconds:.1f} a second)"
        )


async def agreement(camera_: Camera, frames: int, *, follow: bool = False) -> Agreement:
    """Frames as the camera gives them: the same pixels before both pairs of eyes. `follow`: see Camera.grab."""
    again, accepted, reasons, apart, times = 0, 0, 0, 0.0, []
    for _ in range(frames):
        told, png, milliseconds = await camera_.grab(follow=follow)
        again += bool(told.get("followed"))
        photo = await asyncio.to_thread(looked_at, png, can_see=True)
        issues = {issue.value for issue in photo.issues}
        reasons += set(told["issues"]) == issues
        accepted += (not set(told["issues"]) - HINTS) == (not photo.issues - HINTS)
        times.append(milliseconds)
        if told["face"] and not told["turn"]:
            apart = max(apart, _apart(told["face"], photo))
    return Agreement(
        frames=frames,
        followed=again,
        accepted_alike=accepted,
        reasons_alike=reasons,
        apart=apart,
        milliseconds=sorted(times)[len(times) // 2],
    )


def _apart(seen: dict[str, float], photo: DrawablePhoto) -> float:
    image = photo.canvas.image
    found = counted_faces(find_faces(image))
    if len(found) != 1:
        return 0.0
    eyes = settled(image, found[0]).eyes
    told = seen["x"], seen["share"]
    return max(
        abs(one - other)
        for one, other in zip(told, (eyes.middle[0] / image.width, eyes.apart * FACE_SIDE / image.width), strict=True)
    )


def odd_film(path: Path, faces: Sequence[Image.Image], chance: random.Random) -> Path:
    return film(path, [frame(chance.choice(faces), odd(chance)) for _ in range(_FILM_FRAMES)])


def guided_film(path: Path, faces: Sequence[Image.Image], chance: random.Random) -> Path:
    """Three of them, one after the other, each doing what they are told."""
    shown = [(face, off(chance)) for face in chance.choices(faces, k=3)]
    return film(path, [frame(face, pose) for face, start in shown for pose in followed(start, NEUTRAL, chance)])


def faces_in(folder: Path | None) -> list[Image.Image]:
    """Square pictures of one face each."""
    if folder is None:
        return [drawn_face(seed=seed, skin=skin) for seed, skin in enumerate(_SKINS)]
    found = []
    for path in sorted((*folder.glob("*.jpg"), *folder.glob("*.png"))):
        image = Image.open(path).convert("RGB")
        side = min(image.size)
        left, top = (image.width - side) // 2, max(0, (image.height - side) // 4)
        found.append(image.crop((left, top, left + side, top + side)).resize((800, 800), Image.Resampling.LANCZOS))
    return found


async def main(told: argparse.Namespace) -> None:
    chance, faces = random.Random(11), faces_in(told.faces)
    with tempfile.TemporaryDirectory() as place:
        async with staged(Path(place)) as stage:
            if told.frames:
                await _tell_agreement(stage, faces, told.frames, chance)
            if told.seconds:
                await _tell_speed(stage, faces, told.seconds, chance)
            if told.pairs:
                await tell_pairs(stage, faces, told.pairs, chance)


async def _tell_agreement(stage: Stage, faces: Sequence[Image.Image], frames: int, chance: random.Random) -> None:
    person = await stage.consenting()
    anyhow = await asyncio.to_thread(odd_film, stage.folder / "odd.mjpeg", faces, chance)
    guided = await asyncio.to_thread(guided_film, stage.folder / "guided.mjpeg", faces, chance)
    for path, follow in ((anyhow, False), (guided, False), (guided, True)):
        async with camera(path) as window:
            await window.page.goto(address(stage, person))
            await window.open_eyes()
            sys.stdout.write(f"{path.name}: {await agreement(window, frames, follow=follow)}\n")
            sys.stdout.write(f"asked elsewhere for: {sorted(set(window.elsewhere))}\n")
            sys.stdout.flush()


async def _tell_speed(stage: Stage, faces: Sequence[Image.Image], seconds: float, chance: random.Random) -> None:
    """The whole page as it runs with a ghost in it: all of Chromium, the film's decoding too, on one core."""
    face, ghost = next((face, photo) for face in faces if is_comparable(photo := jpeg(frame(face, NEUTRAL))))
    person = await met(stage, 99, ghost)
    poses = followed(off(chance), replace(NEUTRAL, tilt=_ASKEW), chance)
    path = raw_film(stage.folder / "askew.y4m", (frame(face, pose) for pose in poses))
    async with AsyncExitStack() as stack:
        with _on_one_core():
            window = await stack.enter_async_context(camera(path))
        await window.page.goto(address(stage, person))
        await window.page.click("text=Open the camera")
        await window.page.wait_for_selector(".ghost:not([hidden])", state="attached")
        for _ in range(_ROUNDS):
            began, looks, used = time.monotonic(), await _looks(window), _of_chromium()
            await asyncio.sleep(seconds)
            took, looks, used = time.monotonic() - began, await _looks(window) - looks, _of_chromium() - used
            sys.stdout.write(
                f"{looks / took:.1f} looks a second on one core, of which Chromium got {used / took:.0%};"
                f" {looks / used:.1f} for each second of it; load {os.getloadavg()[0]:.1f}\n"
            )
            sys.stdout.flush()


async def _looks(window: Camera) -> int:
    return int(await window.page.locator(".stage").get_attribute("data-looks") or 0)


@contextmanager
def _on_one_core() -> Iterator[None]:
    """What is started within stays there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {_CORE})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _of_chromium() -> float:
    """Seconds of a processor that the Chromium of this program has used."""
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = path.read_text()
        except OSError:
            continue  # it has just ended
        number, name = int(path.parent.name), told[told.index("(") + 1 : told.rindex(")")]
        fields = told[told.rindex(")") + 2 :].split()
        parents[number] = int(fields[1])
        if name.startswith("chrom"):
            used[number] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return sum(seconds for number, seconds in used.items() if os.getpid() in _line_of(number, parents))


def _line_of(number: int, parents: dict[int, int]) -> Iterator[int]:
    while number in parents:
        number = parents[number]
        yield number


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--faces", type=Path)
    asyncio.run(main(parser.parse_args()))
