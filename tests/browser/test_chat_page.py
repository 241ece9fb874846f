import io

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect
from telegram import ForceReply, InputMediaPhoto, KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.playground.page.web import page_url
from tests.browser.conftest import SECRET
from tests.browser.echo_bot import EchoBot
from tests.telegram import StagedTelegram

pytestmark = pytest.mark.asyncio(loop_scope="session")


def picture(width: int = 600, height: int = 800) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


async def attach(page: Page, data: bytes, *, as_file: bool = False, caption: str = "") -> None:
    await page.set_input_files(".attach input", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": data})
    await page.locator(".preview").get_by_text("File" if as_file else "Photo", exact=True).click()
    await page.fill(".preview .caption", caption)
    await page.click(".preview .main")


async def test_photo_becomes_a_report(page: Page, telegram: StagedTelegram) -> None:
    """Start, agree, send a photo with words: the status message turns into the picture with its report."""
    await page.click("text=Start")
    await page.click("text=I agree, and I am 18 or over")
    await expect(page.locator(".toasts")).to_have_text("Thank you!")
    await expect(page.locator(".theirs .words")).to_have_text("✅ Agreed. Send me a selfie now.")
    await attach(page, picture(), caption="this morning")
    report = page.locator(".message.theirs.has-photo")
    await expect(report.locator(".words")).to_contain_text("Red spots (3 marked)")
    await expect(report.locator(".edited")).to_be_visible()
    await expect(page.locator(".mine.has-photo .words")).to_have_text("this morning")
    (person,) = telegram.people
    said = telegram.person(person.user_id).last
    assert (said.photo, said.history[0]) == (picture(), "🔎 Checking your photo …")


async def test_file_is_sent_untouched(page: Page, telegram: StagedTelegram) -> None:
    """As a file the bytes arrive as they are, under their name."""
    await page.click("text=Start")
    await attach(page, picture(2000, 1500), as_file=True)
    await expect(page.locator(".mine .file:visible b")).to_have_text("me.jpg")
    document = next(m.document for m in telegram.people[0].messages if m.document)
    assert (document.data, document.name, document.mime) == (picture(2000, 1500), "me.jpg", "image/jpeg")


async def test_camera_takes_a_photo(page: Page, telegram: StagedTelegram) -> None:
    """Where there is a camera, its picture goes through the same preview."""
    await page.click("text=Start")
    await page.click(".composer .camera")
    await page.click(".shutter")
    await page.click(".preview .main")
    await expect(page.locator(".mine .photo:visible")).to_have_count(1)
    photo = telegram.people[0].messages[2].photo
    assert photo is not None
    with Image.open(io.BytesIO(photo)) as image:
        assert image.format == "JPEG"
        assert len(image.getcolors(1 << 24) or []) > 3


async def test_dropped_photo_is_sent(page: Page, telegram: StagedTelegram) -> None:
    """A drop on the lower half sends a file, on the upper one a photo."""
    await page.click("text=Start")
    await page.evaluate(
        """async () => {
            const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 400 });
            const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
            const carried = new DataTransfer();
            carried.items.add(new File([blob], "dropped.jpg", { type: "image/jpeg" }));
            const on = (type, target) =>
                target.dispatchEvent(new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }));
            on("dragenter", document.querySelector(".pane"));
            on("drop", document.querySelector('.drop [data-as="file"]'));
            on("dragenter", document.querySelector(".pane"));
            on("drop", document.querySelector('.drop [data-as="photo"]'));
        }"""
    )
    await expect(page.locator(".mine .file:visible b")).to_have_text("dropped.jpg")
    await expect(page.locator(".mine .photo:visible")).to_have_count(1)
    assert len([m for m in telegram.people[0].messages if m.photo and not m.from_bot]) == 1


async def test_spinner_stands_until_the_alert(page: Page, echo: EchoBot) -> None:
    """A pressed button waits visibly; then the bot's alert comes up, and the report is gone."""
    await page.click("text=Start")
    await attach(page, picture())
    button = page.locator("text=Delete this report")
    await button.wait_for()
    echo._pause = 0.3  # the fixture's own bot, made slow for this press
    await button.click()
    await expect(button).to_have_class("waiting")
    await expect(page.locator("dialog.alert p")).to_have_text("Deleted for good. It can't be brought back.")
    await page.click("dialog.alert .main")
    await expect(page.locator(".theirs.has-photo")).to_have_count(0)


async def test_menu_shows_the_bots_commands(page: Page) -> None:
    """The menu lists what the bot has set; a typed slash narrows it; a click sends it."""
    await page.click("text=Start")
    await page.click(".composer .menu")
    await expect(page.locator(".commands b")).to_have_text(["/history", "/settings", "/privacy", "/help"])
    await page.fill("textarea", "/se")
    await expect(page.locator(".commands b")).to_have_text(["/settings"])
    await page.click(".commands button")
    await expect(page.locator(".theirs .words").last).to_have_text("You said: /settings")
    await page.click(".theirs [data-command='/privacy']")
    await expect(page.locator(".theirs .words").last).to_have_text("You said: /privacy")


async def test_page_catches_up_after_the_bot_was_silent(page: Page, telegram: StagedTelegram) -> None:
    """A page that is loaded again shows the chat as it stands."""
    await page.click("text=Start")
    await page.locator(".theirs").wait_for()
    await telegram.people[0].send_text("written elsewhere")
    await page.reload()
    await expect(page.locator(".words")).to_contain_text(["/start", "Hello!", "written elsewhere", "You said"])


async def test_long_quotes_unfold(page: Page) -> None:
    """An expandable quote is folded until it is tapped."""
    await page.click("text=Start")
    await attach(page, picture())
    quote = page.locator("blockquote[expandable]")
    height = "quote => quote.offsetHeight"
    folded = await quote.evaluate(height)
    await quote.click()
    assert await quote.evaluate(height) > folded + 40


async def test_picture_opens_large(page: Page) -> None:
    """A tap shows the picture over the whole window; Escape closes it."""
    await page.click("text=Start")
    await attach(page, picture())
    await page.locator(".theirs .photo:visible").click()
    await expect(page.locator("dialog.large")).to_be_visible()
    box = await page.locator("dialog.large img").bounding_box()
    assert box is not None
    assert box["width"] >= 380
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog.large")).to_be_hidden()


async def test_people_are_apart(page: Page, telegram: StagedTelegram) -> None:
    """A second person has an own empty chat in their language; on a wide window both stand side by side."""
    await page.click("text=Start")
    await page.locator(".theirs").wait_for()
    await page.click(".add")
    await page.fill("[name=name]", "Lucía <b>")
    await page.select_option(".new-person select", "es")
    await page.click(".new-person .main")
    await expect(page.locator(".pane .me .name")).to_have_text("Lucía <b>")
    await expect(page.locator(".message")).to_have_count(0)
    await page.click("text=Start")
    await page.locator(".theirs").wait_for()
    assert [(p.first_name, p.language_code, len(p.messages)) for p in telegram.people] == [
        ("Ada", "en-GB", 2),
        ("Lucía <b>", "es", 2),
    ]
    await page.set_viewport_size({"width": 1300, "height": 800})
    await expect(page.locator(".pane")).to_have_count(2)


async def test_markup_of_people_is_only_text(page: Page) -> None:
    """What people write is shown as they wrote it and never runs."""
    await page.click("text=Start")
    await page.fill("textarea", "<img src=x onerror=alert(1)> & <b>bold</b>")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .words").last).to_have_text("<img src=x onerror=alert(1)> & <b>bold</b>")
    await expect(page.locator(".theirs .words").last).to_contain_text("You said: <img src=x")


async def test_page_is_light_or_dark(browser: Browser, telegram: StagedTelegram) -> None:
    """It follows the system, and the switch turns it over and is remembered."""
    context = await browser.new_context(color_scheme="dark")
    page = await context.new_page()
    await page.goto(page_url(telegram, SECRET))
    scheme = "getComputedStyle(document.documentElement).colorScheme"
    assert await page.evaluate(scheme) == "dark"
    await page.click(".theme")
    assert await page.evaluate(scheme) == "light"
    await page.reload()
    assert await page.evaluate(scheme) == "light"
    await context.close()


async def test_keyboard_of_the_bot_asks_for_a_place(page: Page, telegram: StagedTelegram, echo: EchoBot) -> None:
    """Its keys stand below the box: one sends its words, one a place of the person's choice; then it is taken away."""
    await page.click("text=Start")
    await page.locator(".theirs").wait_for()
    (ada,) = telegram.people
    keys: list[list[str | KeyboardButton]] = [
        [KeyboardButton("Share my place", request_location=True)],
        ["Vienna", "Cancel"],
    ]
    await echo.bot.send_message(ada.user_id, "Where are you?", reply_markup=ReplyKeyboardMarkup(keys))
    await page.click(".keys >> text=Share my place")
    await page.select_option("dialog.place select", label="Kathmandu")
    await page.click("dialog.place .main")
    await expect(page.locator(".mine .other:visible")).to_have_text("📍 A place")
    assert ada.messages[-2].raw["location"] == {"latitude": 27.7172, "longitude": 85.324}
    await page.click(".keys >> text=Vienna")
    await expect(page.locator(".theirs .words").last).to_have_text("You said: Vienna")
    await echo.bot.send_message(ada.user_id, "Thank you", reply_markup=ReplyKeyboardRemove())
    await expect(page.locator(".keys")).to_be_hidden()


async def test_answers_to_a_message_carry_it(page: Page, telegram: StagedTelegram, echo: EchoBot) -> None:
    """What a bot wants answered stands above the box, and the next words answer it; a double click does the same."""
    await page.click("text=Start")
    await page.locator(".theirs").wait_for()
    (ada,) = telegram.people
    asked = await echo.bot.send_message(ada.user_id, "Which note?", reply_markup=ForceReply())
    await expect(page.locator(".answer q")).to_have_text("Which note?")
    await page.fill("textarea", "new cream")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .reply:visible q")).to_have_text("Which note?")
    assert [m.reply_to for m in ada.messages if m.text == "new cream"] == [asked.message_id]
    await page.locator(".theirs .words").last.dblclick()
    await expect(page.locator(".answer q")).to_have_text("You said: new cream")
    await page.click(".answer .icon")
    await expect(page.locator(".answer")).to_be_hidden()


async def test_album_stands_together(page: Page, telegram: StagedTelegram, echo: EchoBot) -> None:
    """Pictures that were sent together are one block."""
    await page.click("text=Start")
    await page.locator(".theirs").wait_for()
    media = [InputMediaPhoto(picture(300, 300 + number)) for number in range(3)]
    await echo.bot.send_media_group(telegram.people[0].user_id, media)
    await expect(page.locator(".album")).to_have_count(1)
    await expect(page.locator(".album .photo:visible")).to_have_count(3)


async def test_files_of_the_bot_can_be_saved(page: Page, telegram: StagedTelegram, echo: EchoBot) -> None:
    """A click on an export saves it under its name, byte for byte."""
    await page.click("text=Start")
    await page.locator(".theirs").wait_for()
    await echo.bot.send_document(telegram.people[0].user_id, b"PK export", filename="my-data.zip")
    async with page.expect_download() as download:
        await page.click(".theirs .file:visible")
    saved = await download.value
    assert saved.suggested_filename == "my-data.zip"
    assert (await saved.path()).read_bytes() == b"PK export"


async def test_drawn_face_is_labelled(page: Page, telegram: StagedTelegram) -> None:
    """Who has no selfie at hand sends a drawn one, which says so; the next one is another day of it."""
    await page.click("text=Try with a drawn face")
    await expect(page.locator(".mine .drawn:visible")).to_have_text("drawn, nobody real")
    await page.locator(".theirs.has-photo").wait_for()
    await page.click(".composer .menu")
    await page.click(".commands .extra button")
    await expect(page.locator(".mine .drawn:visible")).to_have_count(2)
    first, second = (m.photo for m in telegram.people[0].messages if not m.from_bot)
    assert first != second


@pytest.mark.parametrize("kind", ["voice", "sticker", "video", "contact"])
async def test_what_is_no_selfie_can_be_sent(page: Page, telegram: StagedTelegram, kind: str) -> None:
    """So that every answer of the bot can be tried by hand."""
    await page.click("text=Start")
    await page.locator(".more").click()
    await page.locator(f'[data-kind="{kind}"]').click()
    await expect(page.locator(".mine .other:visible")).to_have_count(1)
    assert any(kind in message.raw for message in telegram.people[0].messages if not message.from_bot)


async def test_a_place_can_be_sent_unasked(page: Page, telegram: StagedTelegram) -> None:
    """Without a keyboard of the bot's."""
    await page.click("text=Start")
    await page.locator(".more").click()
    await page.locator('[data-kind="location"]').click()
    await page.locator("dialog.place [value=send]").click()
    await expect(page.locator(".mine .other:visible")).to_have_count(1)
    assert any("location" in message.raw for message in telegram.people[0].messages if not message.from_bot)


async def test_page_speaks_the_persons_language(page: Page) -> None:
    """As soon as who is here speaks another one."""
    await page.locator("header select").select_option("es")
    await expect(page.locator("html")).to_have_attribute("lang", "es")
    await expect(page.locator("aside h1")).to_have_text("Personas")
