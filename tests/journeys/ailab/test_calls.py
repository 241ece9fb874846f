"""What goes to AILab and what becomes of its answers, over real HTTP."""

import asyncio
import logging

import httpx
import pytest
from httpx_aiohttp import AiohttpTransport

from bot.analysis import AccountBlocked, Answer, CreditsExhausted, PhotoRefused
from bot.analysis.ailab.client import AILab, Credits
from bot.analysis.ailab.errors import CODES, Fate
from bot.analysis.answer_format import parse_analysis
from bot.skin.analysis import MarkKind
from bot.skin.photo import RefusalReason
from tests.ailab import (
    ANALYSIS_PATH,
    BRISK,
    KEY,
    Envelope,
    LoopbackAILab,
    answer,
    drop,
    error,
    late,
    portrait,
    red_map,
    says,
)


async def measure(ailab: AILab) -> Answer:
    return await ailab.analyze(portrait(), check_quality=True)


async def test_the_request_is_the_documented_one(ailab: AILab, vendor: LoopbackAILab) -> None:
    """Path, key, fields, file name and type as documented; the photo arrives byte for byte."""
    photo = portrait((800, 600))
    await ailab.analyze(photo, check_quality=True)
    (call,) = vendor.calls
    assert call.path == ANALYSIS_PATH
    assert call.headers["ailabapi-api-key"] == KEY
    assert call.fields == {"face_quality_control": "1", "return_rect_confidence": "1", "return_maps": "red_area"}
    assert (call.filename, call.content_type) == ("image.jpg", "image/jpeg")
    assert call.image == photo
    assert int(call.headers["Content-Length"]) > len(photo)


async def test_the_quality_check_can_be_left_out(ailab: AILab, vendor: LoopbackAILab) -> None:
    """ "Use it anyway" turns the vendor's face quality control off."""
    await ailab.analyze(portrait(), check_quality=False)
    assert vendor.calls[0].fields["face_quality_control"] == "0"


async def test_an_answer_comes_whole(ailab: AILab, vendor: LoopbackAILab) -> None:
    """Text, map and analysis of one answer agree."""
    body = answer(size=(640, 640))
    vendor.will(says(body))
    measured = await measure(ailab)
    assert measured.analysis == parse_analysis(body)
    assert measured.red_map == red_map((640, 640))
    assert "face_maps" not in measured.raw
    assert len(measured.analysis.marks[MarkKind.ACNE]) == 2


@pytest.mark.parametrize("code", list(CODES))
async def test_every_code_ends_in_its_class(vendor: LoopbackAILab, code: str) -> None:
    """Each of the 126 in each envelope; only what may pass by itself is called again."""
    fate = CODES[code]
    async with httpx.AsyncClient(transport=AiohttpTransport(verify=False)) as client:
        ailab = AILab(client=client, api_key=KEY, url=vendor.url, patience=BRISK)
        for envelope in Envelope:
            vendor.calls.clear()
            vendor.will(error(code, status=422, envelope=envelope))
            if fate is Fate.LATER:
                assert (await measure(ailab)).analysis.skin_age == 34
                assert len(vendor.calls) == 2
                continue
            with pytest.raises((PhotoRefused, AccountBlocked)) as told:
                await measure(ailab)
            assert told.value.args == (fate if isinstance(fate, RefusalReason) else code,)
            assert isinstance(told.value, CreditsExhausted) == (fate is Fate.CREDITS)
            assert isinstance(told.value, PhotoRefused) == isinstance(fate, RefusalReason)
            assert len(vendor.calls) == 1


async def test_two_faces_are_told_from_none(ailab: AILab, vendor: LoopbackAILab) -> None:
    """The message is read where the code is not enough."""
    vendor.will(error("ERROR_NO_FACE_IN_FILE", message="Multiple faces detected."))
    with pytest.raises(PhotoRefused) as refused:
        await measure(ailab)
    assert refused.value.reason == RefusalReason.SEVERAL_FACES


async def test_an_error_inside_200_is_an_error(ailab: AILab, vendor: LoopbackAILab) -> None:
    """The status alone does not make a success."""
    vendor.will(error("ERROR_BLURRY_FACE", status=200))
    with pytest.raises(PhotoRefused) as refused:
        await measure(ailab)
    assert refused.value.reason == RefusalReason.BLURRED


async def test_each_call_is_announced_before_it_is_made(ailab: AILab, vendor: LoopbackAILab) -> None:
    """The ledger knows of every call that may be charged, in time, and of the one before whether it cost nothing."""
    seen: list[tuple[int, bool]] = []

    async def on_attempt(before_was_free: bool) -> None:  # noqa: FBT001 - as an Analyzer calls it
        seen.append((len(vendor.calls), before_was_free))

    vendor.will(error("EXCEEDING_LIMITS", status=429), drop())
    await ailab.analyze(portrait(), check_quality=True, on_attempt=on_attempt)
    assert seen == [(0, False), (1, True), (2, False)]


@pytest.mark.parametrize("kind", [TimeoutError, ValueError, OSError])
async def test_what_the_ledger_raises_passes_through(
    ailab: AILab, vendor: LoopbackAILab, kind: type[Exception]
) -> None:
    """A call that can't be written down is not made, and its error keeps its name."""

    async def on_attempt(_: bool) -> None:  # noqa: FBT001 - as an Analyzer calls it
        raise kind("the ledger is full")

    with pytest.raises(kind, match="the ledger is full"):
        await ailab.analyze(portrait(), check_quality=True, on_attempt=on_attempt)
    assert vendor.calls == []


async def test_several_photos_at_once(ailab: AILab, vendor: LoopbackAILab) -> None:
    """One client carries them side by side; each gets its own answer."""
    ages = [20, 30, 40, 50]
    vendor.will(*(late(says(answer(skin_age={"value": age})), seconds=0.05) for age in ages))
    answers = await asyncio.gather(*(measure(ailab) for _ in ages))
    assert sorted(measured.analysis.skin_age or 0 for measured in answers) == ages
    assert vendor.most_in_flight > 1


@pytest.mark.parametrize("size", [(300, 200), (5000, 300)])
async def test_a_photo_the_vendor_would_not_take(ailab: AILab, vendor: LoopbackAILab, size: tuple[int, int]) -> None:
    """The loopback vendor keeps the real one's limits."""
    with pytest.raises(PhotoRefused):
        await ailab.analyze(portrait(size), check_quality=True)
    assert len(vendor.calls) == 1


async def test_a_wrong_key_is_the_operators_matter(vendor: LoopbackAILab, client: httpx.AsyncClient) -> None:
    """One call, and an error with a code for the operator."""
    ailab = AILab(client=client, api_key="wrong", url=vendor.url, patience=BRISK)
    for asked in (measure(ailab), ailab.credits()):
        with pytest.raises(AccountBlocked) as blocked:
            await asked
        assert blocked.value.code == "ERROR_APPLICATIONS_NOT_EXISTS"
    assert (len(vendor.calls), len(vendor.balance_calls)) == (1, 1)


@pytest.mark.parametrize("key", ["", "   ", "with\nbreak", "ключ", "a\x00b"])
async def test_a_key_that_no_header_can_carry(vendor: LoopbackAILab, client: httpx.AsyncClient, key: str) -> None:
    """It is said before any library tries, whose error would print it."""
    with pytest.raises(AccountBlocked) as blocked:
        await measure(AILab(client=client, api_key=key, url=vendor.url, patience=BRISK))
    assert blocked.value.code == "API_KEY_NOT_SENDABLE"
    assert vendor.calls == []


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1", "http://127.0.0.1:port"])
async def test_an_address_that_is_none(client: httpx.AsyncClient, url: str) -> None:
    """A wrong address is a wrong set-up, not bad luck."""
    with pytest.raises(AccountBlocked) as blocked:
        await measure(AILab(client=client, api_key=KEY, url=url, patience=BRISK))
    assert blocked.value.code == "API_URL_WRONG"


async def test_the_balance_is_asked_with_the_same_key(ailab: AILab, vendor: LoopbackAILab) -> None:
    """Both pools that pay for our calls."""
    vendor.balances = {"portrait_skin_analysis_advanced": 5000, "common": "120", "other": 7}
    assert await ailab.credits() == Credits(own=5000, common=120)
    assert vendor.balance_calls[0].headers["ailabapi-api-key"] == KEY


async def test_the_vendors_ids_are_logged(
    ailab: AILab, caplog: pytest.LogCaptureFixture, vendor: LoopbackAILab
) -> None:
    """Support asks for request_id and log_id, of answers and of errors; the answer itself is not logged."""
    caplog.set_level(logging.INFO, logger="bot")
    vendor.will(error("ERROR_BLURRY_FACE"))
    with pytest.raises(PhotoRefused):
        await measure(ailab)
    await measure(ailab)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("bot")] == [
        "ailab refused: HTTP 422 ERROR_BLURRY_FACE request_id=req-1 log_id=log-1",
        "ailab answered: request_id=20261122-req log_id=20261122-log",
    ]
