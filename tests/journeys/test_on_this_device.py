"""The whole bot with the on-device analyzer: no key, no call, and the photo goes nowhere."""

import io

import pytest
from PIL import Image, ImageChops, ImageDraw

from tests.journeys.stage import SELFIE, Stage, data_of, is_consent_question, is_report, is_report_number
from tests.pictures import drawn_face, masked, selfie


async def test_a_selfie_becomes_a_report_without_a_key(stage: Stage) -> None:
    """The same report as any other: picture, words, details and redness; the vendor is never called."""
    stage.settings |= {"ANALYZER": "local"}
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        assert is_report(report)
        assert "I looked for redness, red spots and dark spots." in report.caption
        assert report.photo is not None

        await ada.press(report, "redness:1")
        await ada.wait_for(lambda message: message.photo is not None and message.message_id > report.message_id)
        await ada.press(report, "details:1")
        details = await ada.wait_for(lambda message: "In this bot I look at redness" in message.text)

    assert "The reddest part" in details.text
    assert stage.ailab.calls == []


async def test_the_consent_says_that_the_photo_stays_here(stage: Stage) -> None:
    """Who sees the photo differs with the analyzer, and is told before the first one."""
    stage.settings |= {"ANALYZER": "local"}
    async with stage.running():
        ada = stage.telegram.person(1)
        await ada.send_photo(SELFIE)
        question = await ada.wait_for(is_consent_question)

    assert "AILabTools" not in question.text
    assert "own server" in question.text


async def test_a_picture_without_a_face_is_asked_about_before_it_is_paid_for(stage: Stage) -> None:
    """With the vendor as analyzer: a doubt, a way to use it anyway, and no call."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(landscape())
        doubt = await ada.wait_for(lambda message: "anyway:-1" in data_of(message))

    assert doubt.photo is None
    assert len(stage.ailab.calls) == 1  # the first selfie's


async def test_a_covered_face_is_asked_about_before_it_is_paid_for(stage: Stage) -> None:
    """With the vendor as analyzer: what is covered by name, and no call before the person wants it anyway."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(masked_selfie())
        doubt = await ada.wait_for(lambda message: "anyway:-1" in data_of(message))
        assert "cover your nose and cheeks" in doubt.text
        assert len(stage.ailab.calls) == 1  # the first selfie's
        await ada.press(doubt, "anyway:-1")
        await ada.wait_for(is_report_number(2))

    assert len(stage.ailab.calls) == 2


@pytest.mark.parametrize("analyzer", ["ailab", "local"])
async def test_a_selfie_that_moved_is_asked_about_and_read_anyway(stage: Stage, analyzer: str) -> None:
    """Whoever reads it: the reason first and no call; then by one tap a report, and one call at most."""
    stage.settings |= {"ANALYZER": analyzer}
    async with stage.running():
        ada = await stage.consenting()
        before = len(stage.ailab.calls)
        await ada.send_photo(moved_selfie())
        doubt = await ada.wait_for(lambda message: "anyway:-1" in data_of(message))
        assert "a bit blurred" in doubt.text
        assert len(stage.ailab.calls) == before
        await ada.press(doubt, "anyway:-1")
        await ada.wait_for(is_report_number(2))

    assert len(stage.ailab.calls) - before == (1 if analyzer == "ailab" else 0)


async def test_of_a_covered_face_what_is_bare_is_read_on_this_device(stage: Stage) -> None:
    """By one tap: what is hidden is named, and neither redness nor the lack of it is told of a forehead alone."""
    stage.settings |= {"ANALYZER": "local"}
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(masked_selfie())
        doubt = await ada.wait_for(lambda message: "anyway:-1" in data_of(message))
        await ada.press(doubt, "anyway:-1")
        report = await ada.wait_for(is_report_number(2))

    assert "Not visible (covered or in shadow): nose, cheeks" in report.caption
    assert "Redness" not in report.caption
    assert "Nothing stands out" not in report.caption


async def test_a_picture_without_a_face_has_no_report_on_this_device(stage: Stage) -> None:
    """Nothing could be read, so there is nothing to use anyway."""
    stage.settings |= {"ANALYZER": "local"}
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(landscape())
        refused = await ada.wait_for(lambda message: "can't find a face" in message.text)

    assert "anyway:-1" not in data_of(refused)


async def test_a_sideways_selfie_reaches_the_vendor_upright(stage: Stage) -> None:
    """Turned before it is sent: boxes then fit what is drawn on."""
    sideways = io.BytesIO()
    Image.open(io.BytesIO(selfie((480, 640)))).transpose(Image.Transpose.ROTATE_90).save(sideways, "JPEG", quality=95)
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(sideways.getvalue())
        await ada.wait_for(is_report_number(2))

    assert Image.open(io.BytesIO(stage.ailab.calls[-1].image)).size == (480, 640)


def landscape() -> bytes:
    picture = Image.linear_gradient("L").resize((800, 600)).convert("RGB")
    ImageDraw.Draw(picture).polygon([(0, 600), (300, 200), (600, 600)], fill=(60, 90, 60))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    return buffer.getvalue()


def moved_selfie() -> bytes:
    """By a tenth of the eyes' distance to the side."""
    face = drawn_face()
    moved = face
    for number in range(1, 19):
        moved = Image.blend(moved, ImageChops.offset(face, number, 0), 1 / (number + 1))
    buffer = io.BytesIO()
    moved.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def masked_selfie() -> bytes:
    buffer = io.BytesIO()
    masked(drawn_face(), (150, 190, 215)).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


async def test_light_from_a_side_is_told_and_not_asked_about(stage: Stage) -> None:
    """A hint: the report comes at once and says so."""
    face = drawn_face()
    shade = Image.linear_gradient("L").rotate(90).resize(face.size).point(lambda value: 165 + value * 90 // 255)
    lit = io.BytesIO()
    ImageChops.multiply(face, shade.convert("RGB")).save(lit, "JPEG", quality=95)
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(lit.getvalue())
        report = await ada.wait_for(is_report_number(2))

    assert "from one side" in report.caption
