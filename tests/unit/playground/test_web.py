import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import aiohttp
import pytest

from bot.commands.playground import page_in
from bot.playground.page.web import mount, page_url
from handlers.miniapp.launch import launched
from tests.telegram import StagedTelegram

SECRET = "a-secret-of-the-page"


@pytest.fixture
async def telegram() -> AsyncIterator[StagedTelegram]:
    telegram = StagedTelegram()
    mount(telegram, secret=SECRET, words=page_in)
    async with telegram:
        yield telegram


@pytest.fixture
async def browser(telegram: StagedTelegram) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(telegram.url, headers={"Authorization": f"Bearer {SECRET}"}) as session:
        yield session


async def status(browser: aiohttp.ClientSession, path: str, **headers: str) -> int:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    async with browser.get(path, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/bot12345:loopback/getMe"])
async def test_requests_from_elsewhere_are_refused(
    telegram: StagedTelegram, browser: aiohttp.ClientSession, path: str
) -> None:
    """Another host's name, another site's page: forbidden, for the page and for the Bot API alike."""
    here = telegram.url.removeprefix("http://")
    assert await status(browser, path) == 200
    assert await status(browser, path, Origin=telegram.url, Sec_Fetch_Site="same-origin") == 200
    assert await status(browser, path, Host=here.replace("127.0.0.1", "localhost")) == 200
    assert await status(browser, path, Host="evil.example") == 403
    assert await status(browser, path, Host="127.0.0.1.evil.example") == 403
    assert await status(browser, path, Origin="https://evil.example") == 403
    assert await status(browser, path, Origin="null") == 403
    assert await status(browser, path, Sec_Fetch_Site="cross-site") == 403


async def test_page_may_load_nothing_from_outside(browser: aiohttp.ClientSession) -> None:
    """The content policy names this server only, and the page names no other address."""
    async with browser.get("/") as answer:
        policy, page = answer.headers["Content-Security-Policy"], await answer.text()
    assert "default-src 'none'" in policy
    assert policy.count("http") == policy.count("frame-src http://127.0.0.1:*; ") == 1  # a page of the bot's own
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize("path", ["/static/nothing.js", "/static/..%2Fweb.py", "/static/__init__.py", "/chat/files/x"])
async def test_only_known_files_are_served(browser: aiohttp.ClientSession, path: str) -> None:
    """Nothing outside the page's own folder has an address."""
    assert await status(browser, path) == 404


async def test_documents_are_never_opened_as_pages(telegram: StagedTelegram, browser: aiohttp.ClientSession) -> None:
    """A file of HTML comes as a download of plain bytes."""
    person = telegram.person(7)
    await person.send_file(b"<script>alert(1)</script>", name="x.html", mime="text/html")
    document = person.messages[0].document
    assert document is not None
    async with browser.get(f"/chat/files/{document.file_id}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/chat/people/9/text", {"text": "x"}, 404),
        ("/chat/people/7/text", {"text": " "}, 400),
        ("/chat/people/7/text", {"text": "x" * 4097}, 400),
        ("/chat/people/7/text", ["x"], 400),
        ("/chat/people/7/photo", {"no": "photo"}, 415),
        ("/chat/people/7/text", {"text": "x"}, 200),
        ("/chat/people/9/sample", {}, 404),
        ("/chat/people/7/location", {"latitude": 90.1, "longitude": 0}, 400),
        ("/chat/people/7/location", {"latitude": 0, "longitude": "0"}, 400),
        ("/chat/people/7/location", {"latitude": -90, "longitude": 180}, 200),
    ],
)
async def test_what_the_page_sends_is_checked(
    telegram: StagedTelegram, browser: aiohttp.ClientSession, path: str, body: object, expected: int
) -> None:
    """Unknown people, empty or endless texts and bytes that are no photo have their own status."""
    person = telegram.person(7)
    async with browser.post(path, json=body) as answer:
        assert answer.status == expected
    assert len(person.messages) == (expected == 200)


async def test_links_lead_only_where_links_may(telegram: StagedTelegram, browser: aiohttp.ClientSession) -> None:
    """A javascript: link that a bot sends as an entity is shown as words."""
    await telegram.person(7).send_text("/start")
    link = {"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"}
    message = {"chat_id": 7, "text": "here <b>", "entities": [link]}
    async with browser.post("/bot12345:loopback/sendMessage", json=message) as answer:
        assert answer.status == 200
    async with browser.get("/chat/events") as events:
        told = await events.content.readline()
    assert b"here &lt;b&gt;" in told
    assert b"javascript" not in told


@pytest.mark.parametrize("stay", [True, False])
async def test_page_says_where_photos_go(*, stay: bool) -> None:
    """Only where they are measured on this computer may the page say so."""
    telegram = StagedTelegram()
    mount(telegram, secret=SECRET, words=page_in, photos_stay_here=stay)
    known = {"Authorization": f"Bearer {SECRET}"}
    async with (
        telegram,
        aiohttp.ClientSession(telegram.url, headers=known) as browser,
        browser.get("/chat/events") as events,
    ):
        told = json.loads((await events.content.readline()).removeprefix(b"data: "))
    assert told["bot"]["photos_stay_here"] is stay


@pytest.mark.parametrize("path", ["/", "/?key=guessed", "/static/app.js", "/chat/events", "/chat/files/x", "/nothing"])
async def test_other_users_of_the_machine_are_refused(telegram: StagedTelegram, path: str) -> None:
    """Anybody here reaches the port; nothing opens without what was printed."""
    async with aiohttp.ClientSession(telegram.url) as stranger:
        assert await status(stranger, path) == 403
        assert await status(stranger, path, Authorization="Bearer guessed") == 403
        assert await status(stranger, path, Cookie="skinbot-chat-1=guessed") == 403
        async with stranger.post("/chat/people", json={"name": "Eve"}) as answer:
            assert answer.status == 403
        assert await status(stranger, "/bot12345:guessed/getMe") == 401
    assert telegram.people == ()


async def test_the_printed_address_opens_the_page(telegram: StagedTelegram) -> None:
    """It leaves a cookie that no script reads and no other site sends, and goes out of the address bar."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(page_url(telegram, SECRET)) as answer:
            assert (answer.status, str(answer.url)) == (200, f"{telegram.url}/")
            cookie = answer.history[0].headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        async with browser.post(f"{telegram.url}/chat/people", json={"name": "Ada"}) as answer:
            assert answer.status == 200


async def test_a_mini_app_is_opened_with_what_telegram_would_sign(
    telegram: StagedTelegram, browser: aiohttp.ClientSession
) -> None:
    """By the bot's own token, for that person, in the theme of the page; for no address beyond this machine."""
    telegram.person(7, first_name="Ada", language_code="es")
    asked = {"url": "http://127.0.0.1:9/skin/?at=report/3", "theme": "dark"}
    async with browser.post("/chat/people/7/launch", json=asked) as answer:
        url = str((await answer.json())["url"])
    page, _, told = url.partition("#")
    params = dict(parse_qsl(told))
    launch = launched(params["tgWebAppData"], telegram.token, now=datetime.now(UTC))
    assert page == asked["url"]
    assert (launch.telegram_id, launch.language_code) == (7, "es")
    assert json.loads(params["tgWebAppThemeParams"])["bg_color"] == "#212121"
    for wrong in ({**asked, "url": "https://evil.example/"}, {**asked, "theme": "blue"}, {"url": 7}):
        async with browser.post("/chat/people/7/launch", json=wrong) as answer:
            assert answer.status == 400


async def test_the_stand_in_for_telegrams_script_is_for_everybody_here(telegram: StagedTelegram) -> None:
    """A Mini App is of another port: it knows no secret of the chat's. Another host's name is refused all the same."""
    async with aiohttp.ClientSession(telegram.url) as stranger:
        async with stranger.get("/js/telegram-web-app.js", headers={"Sec-Fetch-Site": "same-site"}) as answer:
            assert answer.status == 200
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert "WebApp" in await answer.text()
        assert await status(stranger, "/js/telegram-web-app.js", Host="evil.example") == 403


async def test_the_bots_page_stands_beside_the_letters(
    telegram: StagedTelegram, browser: aiohttp.ClientSession
) -> None:
    """As the bot set it, for everybody or for one chat; without one there is none."""
    for user_id in (7, 8):
        await telegram.person(user_id).send_text("hello")

    async def pages() -> list[str | None]:
        async with browser.get("/chat/events") as events:
            told = json.loads((await events.content.readline()).removeprefix(b"data: "))
        return [chat["page"] and chat["page"]["text"] for chat in told["chats"]]

    async def set_button(label: str, **chat: int) -> None:
        button = {"type": "web_app", "text": label, "web_app": {"url": "http://127.0.0.1:9/skin/"}}
        asked = {"menu_button": button, **chat}
        async with browser.post(f"/bot{telegram.token}/setChatMenuButton", json=asked) as answer:
            assert answer.status == 200

    before = await pages()
    await set_button("Mi piel", chat_id=8)
    one = await pages()
    await set_button("My skin")
    assert (before, one, await pages()) == ([None, None], [None, "Mi piel"], ["My skin", "Mi piel"])
