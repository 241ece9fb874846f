"""The body of a request to the API."""

import httpx
import pytest

from bot.analysis.ailab.wire import CountedUpload, order_of

JPEG = bytes(range(256)) * 1000  # four chunks


async def sent(upload: CountedUpload) -> bytes:
    return b"".join([chunk async for chunk in upload])


async def test_the_photo_in_a_body_is_the_callers_own() -> None:
    """200 selfies may wait for the API at once: a copy of each in its request would double what they take."""
    order = order_of(JPEG, check_quality=True)

    assert any(part is JPEG for part in order.parts)
    assert order.length == len(await sent(CountedUpload(order)))


async def test_a_body_is_the_form_that_httpx_would_send() -> None:
    order = order_of(JPEG, check_quality=False)
    boundary = order.content_type.partition("boundary=")[2].encode()
    fields = {"face_quality_control": "0", "return_rect_confidence": "1", "return_maps": "red_area"}
    form = httpx.Request(
        "POST",
        "http://form",
        data=fields,
        files={"image": ("image.jpg", JPEG, "image/jpeg")},
        headers={"content-type": order.content_type},
    )

    assert boundary
    assert await sent(CountedUpload(order)) == form.read()


@pytest.mark.parametrize("taken", [1, 3])
async def test_a_body_is_handed_over_with_its_last_chunk(taken: int) -> None:
    """Until then the call can't have been charged; a second try begins anew."""
    upload = CountedUpload(order_of(JPEG, check_quality=True))
    chunks = aiter(upload)
    for _ in range(taken):
        await anext(chunks)
    assert not upload.handed_over

    await sent(upload)
    assert upload.handed_over
