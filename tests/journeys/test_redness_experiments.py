"""Whole self-experiments by redness, measured on this device: drawn faces whose one cheek's blush fades, or stays."""

import io
from functools import cache
from typing import Final

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.skin.experiments.plan import Arm, FaceSide
from bot.storage.experiments.records import AgreedPlan
from tests.journeys.stage import Stage, asked, data_of, is_newer_than, is_report
from tests.journeys.test_experiments import DAY, NOON, DayClock, by_lamp, plan_of, says_week, turned
from tests.pictures import drawn_face
from tests.telegram import Actor, ChatMessage

STRONG: Final = 0.3
FADED: Final = 0.1
_CHEEKS: Final = ((225, 420, 345, 560), (455, 420, 575, 560))  # of the picture, left and right


@pytest.fixture(autouse=True)
def clock(stage: Stage) -> DayClock:
    stage.settings |= {"ANALYZER": "local", "DAILY_REPORTS_PER_USER": "0"}
    stage.clock = DayClock(NOON)
    return stage.clock


@cache
def blushing(left: float, right: float, seed: int) -> bytes:
    """A face with that much of a blush on the picture's left and right cheek; another `seed`, another photo."""
    face = drawn_face(seed=seed)
    for box, strength in zip(_CHEEKS, (left, right), strict=True):
        where = Image.new("L", face.size)
        ImageDraw.Draw(where).ellipse(box, fill=round(255 * strength))
        face = Image.composite(
            Image.new("RGB", face.size, (210, 84, 78)), face, where.filter(ImageFilter.GaussianBlur(18))
        )
    return as_photo(face)


def as_photo(face: Image.Image) -> bytes:
    buffer = io.BytesIO()
    face.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def lit_from_a_side(jpeg: bytes) -> bytes:
    face = Image.open(io.BytesIO(jpeg))
    shade = Image.linear_gradient("L").rotate(90).resize(face.size).point(lambda value: 165 + value * 90 // 255)
    return as_photo(ImageChops.multiply(face, shade.convert("RGB")))


class Blush:
    """How red each cheek is on a day: never quite the same, and less where and while what is tried works."""

    def __init__(self, stage: Stage, person: Actor, agreed: AgreedPlan, faded: float) -> None:
        self._stage = stage
        self._person = person
        self._faded = faded
        self._photos = 0
        self.plan = agreed.plan
        self._treats_the_left = (agreed.plan.treated is FaceSide.LEFT) == agreed.mirrored  # of the picture

    def photo(self, week: int) -> bytes:
        """One that was not sent yet; the days' ups and downs are alike in each four photos."""
        self._photos += 1
        treated = self._faded if self.plan.order[week] is Arm.WITH else STRONG
        other = STRONG if self.plan.treated else treated
        treated += (0.02, -0.02, 0.01, -0.01)[self._photos % 4]
        other += (-0.01, 0.02, 0.01, -0.02)[self._photos % 4]
        left, right = (treated, other) if self._treats_the_left else (other, treated)
        return blushing(round(left, 2), round(right, 2), self._photos)

    async def checked(self, jpeg: bytes) -> str:
        """What is said of it for the experiment."""
        sent = await self._person.send_photo(jpeg)
        made = await self._person.wait_for(lambda message: message.message_id > sent and is_report(message))
        await self._stage.settled()
        said = await self._person.wait_for(
            lambda message: message.reply_to == made.message_id and message.words.startswith("🧪")
        )
        return said.words


async def begun(person: Actor, design: str, side: str) -> ChatMessage:
    """The shortest plan of that design. `side`: whose cheek the marked one is, as the person says."""
    home = await asked(person, "/experiment")
    await person.press(home, "experiment:new")
    await person.wait_for(is_newer_than(home))
    choice = await turned(person, await asked(person, "azelaic cream"), "experiment:judged:redness")
    length = await turned(person, choice, f"experiment:design:{design}")
    await person.press(length, data_of(length)[0])
    if design == "half_face":
        question = await person.wait_for(lambda message: "experiment:side:left" in data_of(message))
        await person.press(question, f"experiment:side:{side}")
    look = await person.wait_for(lambda message: any(data.startswith("experiment:begin") for data in data_of(message)))
    assert "edness" in look.words
    return await turned(person, look, next(data for data in data_of(look) if data.startswith("experiment:begin")))


async def answered(
    stage: Stage, clock: DayClock, design: str, side: str, *, faded: float, missed: int = 0
) -> tuple[str, str]:
    """The whole of it, with a restart half way: its answer as the person reads it, and as it is kept.

    `missed`: photos of each week that were not sent; it counts all the same.
    """
    async with stage.running():
        ana = await stage.consenting()
        pinned = await begun(ana, design, side)
        agreed = await plan_of(stage)
        assert design == "on_off" or agreed.mirrored is (side == "left")  # the marked cheek is on the picture's left
        face = Blush(stage, ana, agreed, faded)
        half = agreed.plan.weeks // 2
        for week in range(half):
            await lived(ana, face, week, clock, missed)
    async with stage.running():
        for week in range(half, agreed.plan.weeks):
            await lived(ana, face, week, clock, missed)
        told = await ana.wait_for(lambda message: message.message_id == pinned.message_id and message.photo is not None)
        (ended,) = await stage.app.store.experiments.past(1)
    assert ended.answer is not None
    assert stage.ailab.calls == []
    return told.words, ended.answer.certainty


async def lived(ana: Actor, face: Blush, week: int, clock: DayClock, missed: int) -> None:
    """A week of the plan: what spoils a photo is told, and it is asked for again; nothing of the answer on the way."""
    plan = face.plan
    await ana.wait_for(says_week(week + 1))
    for nth in range(0 if plan.settles(week) else plan.photos_a_week - missed):
        clock.pass_by(DAY)
        taken = face.photo(week)
        if (week, nth) == (1, 0):
            assert "The light came from one side" in await face.checked(lit_from_a_side(taken))
        if (week, nth) == (1, 1):
            assert "light was different" in await face.checked(by_lamp(taken, (1.25, 1.0, 0.75)))
        said = await face.checked(taken)
        assert f"Photo {nth + 1} of {plan.photos_a_week}" in said
        assert "likely" not in said
    clock.pass_by(NOON + (week + 1) * 7 * DAY - clock())


@pytest.mark.parametrize("side", ["left", "right"])
async def test_a_blush_that_fades_on_one_cheek_is_found(stage: Stage, clock: DayClock, side: str) -> None:
    """Also where the phone saves selfies as a mirror shows them: the cheek that faded is the one that was treated."""
    words, certainty = await answered(stage, clock, "half_face", side, faded=FADED)
    assert certainty == "likely_helps"
    assert "It likely helps" in words


async def test_a_steady_blush_is_no_proof(stage: Stage, clock: DayClock) -> None:
    """Ups and downs of both cheeks are no benefit, however many photos there are."""
    words, certainty = await answered(stage, clock, "half_face", "right", faded=STRONG, missed=2)
    assert certainty in {"likely_not", "unclear"}
    assert "It likely helps" not in words


async def test_a_blush_that_comes_and_goes_with_it_is_found(stage: Stage, clock: DayClock) -> None:
    """On and off: redder in each week without it."""
    words, certainty = await answered(stage, clock, "on_off", "right", faded=FADED, missed=2)
    assert certainty == "likely_helps"
    assert "It likely helps" in words
