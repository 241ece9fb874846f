"""The Mini App's camera, as the server sees it: a photo from the page takes the way of every selfie."""

import io
from datetime import timedelta

from PIL import Image

from tests.journeys.stage import Calendar, Stage, asked, data_of, is_consent_question, is_report
from tests.journeys.window import window, with_page
from tests.pictures import selfie


async def test_a_photo_from_the_page_becomes_a_report(stage: Stage, calendar: Calendar) -> None:
    """It stands in the chat as a file, byte for byte, its report answers it, and it is the next one's ghost."""
    with_page(stage)
    photo = selfie(seed=7)
    async with stage.running():
        ada = await stage.consenting()
        calendar.tear_off(timedelta(days=7))
        async with window(stage, ada) as page:
            before = await page.ask("ghost")
            assert await page.send(photo) == 200
            report = await ada.wait_for(lambda message: is_report(message) and "details:2" in data_of(message))
            await stage.settled()
            after = await page.ask("ghost")
        [message] = [message for message in ada.messages if "taken with the camera" in message.words]
        async with window(stage, await stage.consenting(2)) as hers:
            ghost_of_another = (await hers.ask("ghost")).content

    assert message.document is not None
    kept = stage.telegram.world.files.find(message.document.file_id)
    assert kept is not None
    assert kept.data == photo
    assert report.message_id > message.message_id
    assert [Image.open(io.BytesIO(each.content)).size for each in (before, after)] == [(640, 640)] * 2
    assert len({before.content, after.content, ghost_of_another}) >= 2


async def test_without_a_photo_there_is_no_ghost(stage: Stage) -> None:
    """Nor for somebody who keeps no pictures here, or whose permission is gone."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting()
        await ada.press(await asked(ada, "/mydata"), "pictures:ask")
        await ada.press(await ada.wait_for(lambda message: "pictures:yes" in data_of(message)), "pictures:yes")
        async with window(stage, ada) as page, window(stage, stage.telegram.person(2)) as stranger:
            assert [(await each.ask("ghost")).status_code for each in (page, stranger)] == [404, 404]


async def test_permission_is_asked_before_a_photo_is_looked_at(stage: Stage) -> None:
    """Also where the page was passed by: the photo waits in the chat, the question stands under it."""
    with_page(stage)
    async with stage.running():
        ada = stage.telegram.person(3)
        await asked(ada, "/start")
        async with window(stage, ada) as page:
            assert page.opening["speech"]["person"]["agreed"] is False
            assert await page.send(selfie()) == 200
            question = await ada.wait_for(is_consent_question)
            await stage.settled()
            assert stage.ailab.calls == []
            await ada.press(question, "consent:yes")
            await ada.wait_for(is_report)
    assert len(stage.ailab.calls) == 1


async def test_what_is_no_photo_or_nobodys_is_not_taken(stage: Stage) -> None:
    """Too large, no picture, or from nobody who is known: nothing comes into a chat, and nothing is looked at."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting()
        said = len(ada.messages)
        async with window(stage, ada) as page:
            assert await page.send(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == 415
            assert await page.send(b"\xff\xd8\xff" + bytes(12 * 1024 * 1024)) == 413
            page.session = page.session[:-1] + ("0" if page.session[-1] != "0" else "1")
            assert await page.send(selfie()) == 401
        await stage.settled()
    assert len(ada.messages) == said
    assert len(stage.ailab.calls) == 1


async def test_the_same_photo_twice_is_told_so(stage: Stage) -> None:
    """As in the chat: a page that asks again after a lost answer costs nothing."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting()
        async with window(stage, ada) as page:
            for _ in range(2):
                assert await page.send(selfie(seed=9)) == 200
                await stage.settled()
    assert len(stage.ailab.calls) == 2
