"""When AILab is busy, broken, silent, or not there."""

import asyncio
import logging
import socket
import traceback

import httpx
import pytest

from bot.analysis import AccountBlocked, AnalysisUnavailable, Answer
from bot.analysis.ailab.client import AILab, Patience
from tests.ailab import (
    ANALYSIS_PATH,
    HASTY,
    KEY,
    Behaviour,
    Envelope,
    LoopbackAILab,
    answer,
    drop,
    drop_midway,
    empty,
    error,
    garbage,
    hang,
    html,
    huge,
    late,
    not_http,
    portrait,
    redirect,
    says,
    slow,
    truncated,
)


async def measure(ailab: AILab) -> Answer:
    return await ailab.analyze(portrait(), check_quality=True)


BOX = {"left": 100, "top": 100, "width": 10, "height": 10}
PASSING = {
    "busy": error("EXCEEDING_LIMITS", status=429),
    "restricted": error("AI_SERVICE_FLOW_RESTRICTION", status=503, envelope=Envelope.FLAT),
    "html 502": html(),
    "html 404 of a gateway": html(status=404),
    "empty 503": empty(status=503),
    "redirect": redirect("http://127.0.0.1:9/elsewhere"),
}
UNCERTAIN = {
    "garbage": garbage(),
    "empty": empty(),
    "truncated": truncated(),
    "html 200": html(status=200),
    "no result": says({"error_code": 0, "result": {}}),
    "80 MB": huge(80),
    "60,000 boxes": says({"error_code": 0, "result": {"acne": {"rectangle": [BOX] * 60_000}}}),
    "dropped": drop(),
    "dropped midway": drop_midway(),
    "not HTTP": not_http(),
}
SILENT = {"hangs": hang(5), "a byte now and then": slow()}


@pytest.mark.parametrize("trouble", [*PASSING.values(), *UNCERTAIN.values()], ids=[*PASSING, *UNCERTAIN])
async def test_one_trouble_ends_in_an_answer(ailab: AILab, vendor: LoopbackAILab, trouble: Behaviour) -> None:
    """The second call brings the report."""
    vendor.will(trouble)
    assert (await measure(ailab)).analysis.skin_age == 34
    assert len(vendor.calls) == 2


async def test_a_refusal_that_comes_late_ends_in_an_answer(ailab: AILab, vendor: LoopbackAILab) -> None:
    """As all of them do on a machine that is busy."""
    vendor.will(late(empty(status=503), seconds=0.5))
    assert (await measure(ailab)).analysis.skin_age == 34
    assert len(vendor.calls) == 2


@pytest.mark.parametrize("trouble", PASSING.values(), ids=PASSING)
async def test_a_passing_trouble_is_tried_until_time_is_up(
    hasty: AILab, vendor: LoopbackAILab, trouble: Behaviour
) -> None:
    """What is surely not charged is repeated with pauses, and has an end."""
    vendor.default = trouble
    with pytest.raises(AnalysisUnavailable):
        await measure(hasty)
    assert 3 <= len(vendor.calls) <= 30


@pytest.mark.parametrize("trouble", UNCERTAIN.values(), ids=UNCERTAIN)
async def test_what_may_be_charged_is_tried_twice_at_most(
    ailab: AILab, vendor: LoopbackAILab, trouble: Behaviour
) -> None:
    """A photo that was sent whole is sent once more, never a third time."""
    vendor.default = trouble
    with pytest.raises(AnalysisUnavailable):
        await measure(ailab)
    assert len(vendor.calls) == 2


@pytest.mark.parametrize("silence", SILENT.values(), ids=SILENT)
async def test_silence_is_broken_by_one_more_call(curt: AILab, vendor: LoopbackAILab, silence: Behaviour) -> None:
    """Neither a silent vendor nor one that trickles keeps the photo for itself."""
    vendor.will(silence)
    assert (await measure(curt)).analysis.skin_age == 34
    assert len(vendor.calls) == 2


@pytest.mark.parametrize("silence", SILENT.values(), ids=SILENT)
async def test_silence_is_tried_twice_at_most(curt: AILab, vendor: LoopbackAILab, silence: Behaviour) -> None:
    """A call that we gave up on may have been charged."""
    vendor.default = silence
    with pytest.raises(AnalysisUnavailable):
        await measure(curt)
    assert len(vendor.calls) == 2


async def test_one_more_try_is_for_all_uncertain_calls_together(curt: AILab, vendor: LoopbackAILab) -> None:
    """A drop and then silence are two calls that may be charged; between them a busy answer costs nothing."""
    vendor.will(drop(), error("EXCEEDING_LIMITS", status=429), hang(5))
    with pytest.raises(AnalysisUnavailable):
        await measure(curt)
    assert len(vendor.calls) == 3


async def test_nobody_listening_is_tried_freely(client: httpx.AsyncClient) -> None:
    """A connection that never came about can't have been charged."""
    attempts = 0

    async def on_attempt(_: bool) -> None:  # noqa: FBT001 - as an Analyzer calls it
        nonlocal attempts
        attempts += 1

    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        ailab = AILab(client=client, api_key=KEY, url=f"http://127.0.0.1:{unused.getsockname()[1]}", patience=HASTY)
        with pytest.raises(AnalysisUnavailable):
            await ailab.analyze(portrait(), check_quality=True, on_attempt=on_attempt)
    assert attempts >= 3


async def test_a_long_answer_is_cut_off_early(ailab: AILab, vendor: LoopbackAILab) -> None:
    """The client hangs up in the middle of 80 MB; it does not read them to the end."""
    vendor.will(huge(80), huge(80))
    with pytest.raises(AnalysisUnavailable):
        await measure(ailab)
    await vendor.idle.wait()
    assert vendor.closed_early == 2


async def test_an_answer_of_some_megabytes_is_read(ailab: AILab, vendor: LoopbackAILab) -> None:
    """A large map is an answer, not an excess."""
    vendor.will(says(answer(note="x" * 20_000_000)))
    assert (await measure(ailab)).analysis.skin_age == 34


async def test_everything_ends_by_the_deadline(vendor: LoopbackAILab, client: httpx.AsyncClient) -> None:
    """The total holds whatever the single calls are allowed."""
    patience = Patience(read=60, call=60, total=0.3, first_wait=0.01)
    vendor.default = slow()
    with pytest.raises(AnalysisUnavailable):
        await measure(AILab(client=client, api_key=KEY, url=vendor.url, patience=patience))
    assert len(vendor.calls) == 1


async def test_retry_after_is_waited_for(vendor: LoopbackAILab, client: httpx.AsyncClient) -> None:
    """The vendor's own pause takes the place of ours."""
    patience = Patience(first_wait=0.01, longest_wait=0.05, jitter=0.0)
    ailab = AILab(client=client, api_key=KEY, url=vendor.url, patience=patience)
    vendor.will(error("EXCEEDING_LIMITS", status=429, retry_after="1"))
    began = asyncio.get_running_loop().time()
    await measure(ailab)
    assert asyncio.get_running_loop().time() - began >= 1


async def test_a_retry_after_beyond_our_patience_is_not_waited_for(ailab: AILab, vendor: LoopbackAILab) -> None:
    """Nobody is kept waiting for an hour: the person may try again later."""
    vendor.default = error("EXCEEDING_LIMITS", status=429, retry_after="3600")
    with pytest.raises(AnalysisUnavailable):
        await measure(ailab)
    assert len(vendor.calls) == 1


async def test_the_key_follows_no_redirect(hasty: AILab, vendor: LoopbackAILab) -> None:
    """Another host never sees the key or the photo, even with a client that follows redirects."""
    async with LoopbackAILab() as elsewhere:
        vendor.default = redirect(elsewhere.url + ANALYSIS_PATH)
        with pytest.raises(AnalysisUnavailable):
            await measure(hasty)
        assert elsewhere.calls == []


async def test_a_cancelled_analysis_ends_at_once(ailab: AILab, vendor: LoopbackAILab) -> None:
    """Shutting down does not wait for the vendor, and the client serves on."""
    vendor.will(hang(5))
    task = asyncio.create_task(measure(ailab))
    await vendor.called.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await measure(ailab)).analysis.skin_age == 34


@pytest.mark.parametrize(
    "trouble", [*PASSING.values(), *UNCERTAIN.values(), hang(5)], ids=[*PASSING, *UNCERTAIN, "hangs"]
)
async def test_the_key_and_the_photo_are_in_no_log(
    curt: AILab, vendor: LoopbackAILab, caplog: pytest.LogCaptureFixture, trouble: Behaviour
) -> None:
    """At DEBUG, from every library, with tracebacks: neither the key nor the answer's body shows."""
    caplog.set_level(logging.DEBUG)
    vendor.will(trouble, error("ERROR_USER_LOCKED", status=403, message=f"the key {KEY} is locked"))
    with pytest.raises(AccountBlocked) as blocked:
        await measure(curt)
    told = "".join(traceback.format_exception(blocked.value))
    logged = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert KEY not in told + logged
    assert "ERROR_USER_LOCKED" in logged  # the code tells enough; the words are the vendor's
    assert "is locked" not in logged
    assert "image.jpg" not in logged
