"""The page for a doctor: the person chooses what goes on it, and gets one side of A4 or a kind reason."""

import io
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import pytest
from PIL import Image

from bot.skin.feelings import Feeling
from tests.ailab import answer, says
from tests.journeys.stage import Calendar, Stage, asked, data_of, is_newer_than, is_report_number
from tests.pdf_page import PdfPage, read_page
from tests.pictures import lit, selfie
from tests.telegram import Actor, ChatMessage

SIDE: Final = 640
WEEK: Final = timedelta(days=7)
PHOTOS: Final = "⬜ Two photos of my face"


def dimmer(photo: bytes) -> bytes:
    """As an evening lamp would have lit it: it reads as well, and compares with no other."""
    buffer = io.BytesIO()
    lit(Image.open(io.BytesIO(photo)).convert("RGB"), (0.4, 0.4, 0.4)).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


async def weekly(
    stage: Stage, calendar: Calendar, photos: int, *, dim: Sequence[int] = (), language_code: str = "en"
) -> Actor:
    """Somebody with a report a week; those of the numbers in `dim` are of another light."""
    stage.ailab.will(*(says(answer(size=(SIDE, SIDE))) for _ in range(photos)))
    ada = await stage.consenting(1, language_code=language_code)
    for number in range(2, photos + 1):
        calendar.tear_off(WEEK)
        photo = selfie((SIDE, SIDE), seed=number)
        await ada.send_photo(dimmer(photo) if number in dim else photo)
        await ada.wait_for(is_report_number(number))
    await stage.settled()
    return ada


async def chooser(person: Actor) -> ChatMessage:
    screen = await asked(person, "/mydata")
    await person.press(screen, "sheet")
    return await person.wait_for(lambda now: now.message_id == screen.message_id and _makes(now) is not None)


async def toggled(person: Actor, screen: ChatMessage, label: str) -> ChatMessage:
    await person.press(screen, label)
    return await person.wait_for(
        lambda now: now.message_id == screen.message_id and label not in now.labels and _makes(now) is not None
    )


async def handed_over(person: Actor, screen: ChatMessage) -> ChatMessage:
    """The page, when the screen that it was made from is there again as it was."""
    make = _makes(screen)
    assert make is not None
    newest = max(person.messages, key=lambda each: each.message_id)
    await person.press(screen, make)
    sent = await person.wait_for(lambda now: now.document is not None and is_newer_than(newest)(now))
    await person.wait_for(lambda now: now.message_id == screen.message_id and now.labels == screen.labels)
    return sent


def page_of(message: ChatMessage) -> PdfPage:
    assert message.document is not None
    return read_page(message.document.data)


def told(page: PdfPage) -> str:
    return re.sub(r"\s+", " ", page.words)


def _makes(screen: ChatMessage) -> str | None:
    return next((data for data in data_of(screen) if data.startswith("sheet:make:")), None)


async def test_whoever_has_no_report_is_told_how_to_get_one(stage: Stage) -> None:
    async with stage.running():
        eva = stage.telegram.person(2)
        screen = await asked(eva, "/mydata")
        await eva.press(screen, "sheet")
        said = await eva.wait_for(is_newer_than(screen))

    assert "no reports yet" in said.text
    assert "guide" in data_of(said)


async def test_what_goes_on_the_page_is_chosen_by_taps(stage: Stage, calendar: Calendar) -> None:
    """A switch only for what there is; the photos are off until tapped; the screen remembers what was chosen."""
    async with stage.running():
        ada = await weekly(stage, calendar, 2)
        screen = await chooser(ada)
        assert screen.labels == [PHOTOS, "📄 Make the page", "◀ Back"]
        await ada.send_text("new cream", reply_to=(await ada.wait_for(is_report_number(2))).message_id)
        await ada.wait_for(lambda message: "unnote:2" in data_of(message))
        screen = await chooser(ada)
        assert screen.labels == [PHOTOS, "✅ My notes", "📄 Make the page", "◀ Back"]
        assert "show your face" not in screen.text
        with_notes = page_of(await handed_over(ada, screen))
        screen = await toggled(ada, screen, "✅ My notes")
        screen = await toggled(ada, screen, PHOTOS)
        assert "Whoever gets the file can see them" in screen.text
        sent = await handed_over(ada, screen)
        page = page_of(sent)

    assert (with_notes.pages, with_notes.pictures) == (1, 0)
    assert "new cream" in with_notes.words
    assert (page.pages, page.pictures) == (1, 2)
    assert "new cream" not in page.words
    assert "A · Mar 2, 2026" in page.words
    assert "B · Mar 9, 2026" in page.words
    assert "makes no diagnosis" in sent.caption


async def test_a_photo_of_another_light_is_marked_and_not_joined(stage: Stage, calendar: Calendar) -> None:
    """Hollow in both charts and in the key; the two photos that are shown are the outermost that compare."""
    async with stage.running():
        ada = await weekly(stage, calendar, 5, dim=(3, 5))
        screen = await toggled(ada, await chooser(ada), PHOTOS)
        page = page_of(await handed_over(ada, screen))

    assert "5 photos, 3 of them comparable." in screen.text
    assert "5 photos, 3 of them comparable. The others are drawn hollow and joined to nothing." in told(page)
    assert (page.rings, page.dots) == (2 * 2 + 1, 2 * 3 + 1)
    assert "A · Mar 2, 2026" in page.words
    assert "B · Mar 23, 2026" in page.words


async def test_how_it_felt_and_what_was_used_can_be_left_out(stage: Stage, calendar: Calendar) -> None:
    """Both are suggested where there is something of them, on the page with their dates, and off with a tap."""
    async with stage.running() as app:
        ada = await weekly(stage, calendar, 2)
        await app.store.feelings.tell(1, {Feeling.BURNING: 7}, now=calendar())
        await app.store.products.add(1, "Azelaic acid", started_on=date(2026, 3, 4))
        screen = await chooser(ada)
        whole = page_of(await handed_over(ada, screen))
        for label in ("✅ How it felt", "✅ Products and habits"):
            screen = await toggled(ada, screen, label)
        less = page_of(await handed_over(ada, screen))

    assert "Burning\nnewest 7, highest 7" in whole.words
    assert "Azelaic acid\nsince Mar 4, 2026" in whole.words
    assert not {"Burning", "Azelaic acid", "How it felt"} & set(less.words.splitlines())


async def test_photos_that_do_not_compare_are_not_shown(stage: Stage, calendar: Calendar) -> None:
    """The reason stands in the place of the switch, and on the page."""
    async with stage.running():
        ada = await weekly(stage, calendar, 2, dim=(2,))
        screen = await chooser(ada)
        page = page_of(await handed_over(ada, screen))

    assert PHOTOS not in screen.labels
    assert "no two from different days compare" in screen.text
    assert page.pictures == 0
    assert "no two from different days compare" in told(page)


async def test_pictures_that_are_not_kept_are_not_fetched(stage: Stage, calendar: Calendar) -> None:
    async with stage.running():
        ada = await weekly(stage, calendar, 2)
        settings = await asked(ada, "/settings")
        await ada.press(settings, "pictures")
        pictures = await ada.wait_for(lambda message: "settings:pictures" in data_of(message))
        await ada.press(pictures, "settings:pictures")
        await ada.wait_for(lambda message: any(label.startswith("⬜ Keep pictures") for label in message.labels))
        screen = await chooser(ada)
        page = page_of(await handed_over(ada, screen))

    assert PHOTOS not in screen.labels
    assert "pictures are not kept here" in told(page)


async def test_a_photo_that_telegram_lost_gives_way_to_the_next(stage: Stage, calendar: Calendar) -> None:
    """The outermost pair that can be had; with none left, page and caption say so."""
    async with stage.running():
        ada = await weekly(stage, calendar, 3)
        selfies = [str(each.photo_file_id) for each in ada.messages if not each.from_bot and each.photo_file_id]
        stage.telegram.world.files.lose(selfies[0])
        screen = await toggled(ada, await chooser(ada), PHOTOS)
        page = page_of(await handed_over(ada, screen))
        stage.telegram.world.files.lose(selfies[1])
        later = await handed_over(ada, screen)

    assert page.pictures == 2
    assert "A · Mar 9, 2026" in page.words
    assert "B · Mar 16, 2026" in page.words
    assert page_of(later).pictures == 0
    assert "can't be fetched any more" in told(page_of(later))
    assert "can't be fetched any more" in later.caption


async def test_whoever_took_their_permission_back_has_a_page_of_what_they_kept(
    stage: Stage, calendar: Calendar
) -> None:
    """Without photos, also by a button from before: none is looked at again."""
    async with stage.running():
        ada = await weekly(stage, calendar, 2)
        chosen = await toggled(ada, await chooser(ada), PHOTOS)
        screen = await asked(ada, "/mydata")
        for tap, expected in (("withdraw:ask", "withdraw:keep"), ("withdraw:keep", "delete:ask")):
            await ada.press(screen, tap)
            screen = await ada.wait_for(
                lambda now, expected=expected: expected in data_of(now) and is_newer_than(chosen)(now)  # type: ignore[misc]
            )
        make = _makes(chosen)
        assert make is not None
        await ada.press(chosen, make)
        sent = await ada.wait_for(lambda now: now.document is not None)
        again = await chooser(ada)

    assert page_of(sent).pictures == 0
    assert "the permission to look at photos was taken back" in told(page_of(sent))
    assert PHOTOS not in again.labels


async def test_an_erased_person_gets_no_page(stage: Stage, calendar: Calendar) -> None:
    """A button of before is answered as somebody new is."""
    async with stage.running():
        ada = await weekly(stage, calendar, 2)
        screen = await chooser(ada)
        confirm = await asked(ada, "/delete")
        await ada.press(confirm, "delete:yes")
        receipt = await ada.wait_for(lambda message: "are deleted" in message.text)
        await ada.forge(receipt.message_id, _makes(screen) or "").answer
        said = await ada.wait_for(lambda message: "no reports yet" in message.text)
        await stage.settled()

    assert said.document is None
    assert not any(message.document for message in ada.bot_messages)


async def test_nobodys_page_holds_anothers(stage: Stage, calendar: Calendar) -> None:
    """A forged button makes one's own page, whatever it carries."""
    async with stage.running():
        ada = await weekly(stage, calendar, 2)
        await ada.send_text("by ada", reply_to=(await ada.wait_for(is_report_number(2))).message_id)
        await ada.wait_for(lambda message: "unnote:2" in data_of(message))
        eva = await stage.consenting(2)
        screen = await asked(eva, "/mydata")
        await eva.forge(screen.message_id, "sheet:make:9999").answer
        sent = await eva.wait_for(lambda now: now.document is not None)

    assert "by ada" not in page_of(sent).words
    assert "1 photo." in page_of(sent).words


@pytest.mark.parametrize("analyzer", ["ailab", "local"])
async def test_the_page_in_spanish(stage: Stage, calendar: Calendar, analyzer: str) -> None:
    """By either analyzer; nothing in it is English."""
    stage.settings["ANALYZER"] = analyzer
    async with stage.running():
        ada = await weekly(stage, calendar, 2, language_code="es")
        screen = await toggled(ada, await chooser(ada), "⬜ Dos fotos de mi cara")
        page = page_of(await handed_over(ada, screen))

    assert "Una hoja para tu médico" in screen.text
    assert (page.pages, page.pictures) == (1, 2)
    assert "A · 2 mar 2026" in page.words
    assert "Muy pocas fotos para decirlo" in page.words
    assert not re.search(r"\b(the|photos?|and|light)\b", page.words)
