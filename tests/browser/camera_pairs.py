"""How alike the photos that the camera takes by itself are with the one before: a part of make camera-bench."""

import asyncio
import math
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Error, Route

from bot.analysis.local.faces import counted_faces, find_faces, settled
from bot.analysis.local.frame import FACE_SIDE
from bot.analysis.local.measure import measured
from bot.analysis.photo_look import looked_at
from bot.skin.photo import HINTS
from bot.skin.scene import Scene, differences, scene_of
from tests.browser.cameras import address, camera
from tests.browser.films import NEUTRAL, film, followed, frame, jpeg, off
from tests.journeys.stage import Stage, is_consent_question, is_report
from tests.telegram import Actor

_PATIENCE_MS: Final = 120_000  # of a busy machine
_UNGUIDED: Final = 3  # photos without guidance for each with it


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A photo: its scene, and its face in shares of the picture; `tilt`: degrees."""

    scene: Scene
    share: float
    x: float
    y: float
    tilt: float


@dataclass(frozen=True, kw_only=True)
class Alikeness:
    """`sizes`, `places`, `tilts`: of what was captured, off the ghost's. `why`: in what those differ that do."""

    tries: int
    captured: int
    alike: int
    unguided: int
    unguided_alike: int
    sizes: Sequence[float]
    places: Sequence[float]
    tilts: Sequence[float]
    why: Sequence[str]

    def __str__(self) -> str:
        size, place, tilt = (max(each, default=0.0) for each in (self.sizes, self.places, self.tilts))
        return (
            f"{self.captured} captured of {self.tries} tries: {self.alike} alike with the ghost {list(self.why)};"
            f" unguided {self.unguided_alike} of {self.unguided}; size off by at most {size:.2%}, eyes' middle by"
            f" {place:.2%} of the width, tilt by {tilt:.2f} degrees"
        )


def placed(data: bytes) -> Placed | None:
    """None where the server would not read it without asking."""
    photo = looked_at(data, can_see=True)
    if photo.issues - HINTS:
        return None
    image = photo.canvas.image
    [face] = counted_faces(find_faces(image))
    eyes = settled(image, face).eyes
    analysis = measured(photo.jpeg).analysis
    return Placed(
        scene=scene_of(analysis, conditions=photo.conditions, doubts=photo.issues, width_px=photo.width),
        share=eyes.apart * FACE_SIDE / image.width,
        x=eyes.middle[0] / image.width,
        y=eyes.middle[1] / image.width,
        tilt=math.degrees(eyes.roll),
    )


def alikeness(ghost: bytes, photos: Sequence[bytes], unguided: Sequence[bytes] = (), *, tries: int = 1) -> Alikeness:
    before = placed(ghost)
    assert before is not None
    after = [placed(photo) for photo in photos]
    found = [each for each in after if each is not None]
    differ = [None if each is None else differences(before.scene, each.scene) for each in after]
    others = [placed(photo) for photo in unguided]
    return Alikeness(
        tries=tries,
        captured=len(photos),
        alike=differ.count(frozenset()),
        unguided=len(unguided),
        unguided_alike=sum(each is not None and not differences(before.scene, each.scene) for each in others),
        sizes=[abs(each.share / before.share - 1) for each in found],
        places=[math.hypot(each.x - before.x, each.y - before.y) for each in found],
        tilts=[abs(each.tilt - before.tilt) for each in found],
        why=["not read" if each is None else "+".join(sorted(each)) for each in differ if each is None or each],
    )


async def met(stage: Stage, number: int, photo: bytes) -> Actor:
    """Somebody with one report: of that photo."""
    person, patience = stage.telegram.person(number), _PATIENCE_MS / 1000
    await person.send_file(photo, name="selfie.jpg")
    await person.press(await person.wait_for(is_consent_question, timeout=patience), "consent:yes", timeout=patience)
    await person.wait_for(is_report, timeout=patience)
    await stage.settled()
    return person


async def tell_pairs(stage: Stage, faces: Sequence[Image.Image], pairs: int, chance: random.Random) -> None:
    """At least so many tries, as many with each face; what is found so far is told after each face."""
    ghosts = [(face, photo) for face in faces if is_comparable(photo := jpeg(frame(face, NEUTRAL)))]
    sys.stdout.write(f"{len(ghosts)} of {len(faces)} pictures of faces compare with any other\n")
    found = []
    for number, (face, ghost) in enumerate(ghosts):
        person = await met(stage, 100 + number, ghost)
        for _ in range(-(-pairs // len(ghosts))):
            poses = followed(off(chance), NEUTRAL, chance)
            path = film(stage.folder / "followed.mjpeg", [frame(face, pose) for pose in poses])
            photos = await _captured(stage, person, path)
            unguided = [jpeg(frame(face, off(chance))) for _ in range(_UNGUIDED)]
            found.append(await asyncio.to_thread(alikeness, ghost, photos, unguided))
        sys.stdout.write(f"{_together(found)}\n")
        sys.stdout.flush()


def is_comparable(photo: bytes) -> bool:
    """With itself, at least: what is too dark, too yellow, turned or blurred compares with nothing."""
    found = placed(photo)
    return found is not None and not differences(found.scene, found.scene)


async def _captured(stage: Stage, person: Actor, path: Path) -> list[bytes]:
    """The photo that the camera took by itself, or none; it is not sent on."""
    photos: list[bytes] = []

    async def on_photo(route: Route) -> None:
        photos.append(route.request.post_data_buffer or b"")
        await route.fulfill(status=200, body="{}", content_type="application/json")

    async with camera(path) as window:
        await window.context.route("**/api/photo", on_photo)
        await window.page.goto(address(stage, person))
        await window.page.click("text=Open the camera")
        try:
            await window.page.click("text=Send it", timeout=_PATIENCE_MS)
            await window.page.wait_for_selector("text=Your photo is in the chat")
        except Error:
            sys.stdout.write(f"not taken; in the end it said: {await window.page.locator('.cue').all_inner_texts()}\n")
    return photos


def _together(found: Sequence[Alikeness]) -> Alikeness:
    return Alikeness(
        tries=sum(each.tries for each in found),
        captured=sum(each.captured for each in found),
        alike=sum(each.alike for each in found),
        unguided=sum(each.unguided for each in found),
        unguided_alike=sum(each.unguided_alike for each in found),
        sizes=[value for each in found for value in each.sizes],
        places=[value for each in found for value in each.places],
        tilts=[value for each in found for value in each.tilts],
        why=[value for each in found for value in each.why],
    )
