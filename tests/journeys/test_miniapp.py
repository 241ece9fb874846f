"""The Mini App: the same reports, settings and rights as in the chat, for nobody but whose they are."""

import io
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx
from PIL import Image

from bot.analysis.face_look import FaceLook
from bot.playground.server.launching import launch_data
from tests.journeys.stage import SELFIE, Calendar, Stage, asked, data_of, is_report, is_report_number
from tests.journeys.test_duties import duty
from tests.journeys.test_moving import code_of
from tests.journeys.test_progress import opened, weekly
from tests.journeys.window import Window, launch, shown, switches, window, with_page
from tests.pictures import selfie
from tests.telegram import ChatMessage

_TRIES: Final = 10_000
_WRITES: Final = ("w", "a", "x", "+")


async def test_the_page_tells_what_the_chat_tells(stage: Stage, calendar: Calendar) -> None:
    """The timeline, a report in its very words, its picture and kinds, the chart, and two photos."""
    with_page(stage)
    async with stage.running():
        ada = await weekly(stage, calendar, [3, 4, 5])
        async with window(stage, ada) as page:
            report = await page.told("reports/3")
            pictures = [await page.ask("reports/3/picture", card=card["key"]) for card in report["cards"]]
            chart = await page.told("chart")
            pair = await page.told("pair")
            sides = [await page.ask(f"pair/1/3/{side}") for side in ("before", "after")]
        in_chat = await asked(ada, "/report 3")

    assert [row["number"] for row in page.opening["timeline"]["rows"]] == [3, 2, 1]
    assert in_chat.text.split("\n")[-1] in report["html"]
    assert "Skin report 3" in report["title"]
    assert (report["earlier"], report["later"]) == (2, None)
    assert {card["key"] for card in report["cards"]} >= {"told", "acne"}
    assert [Image.open(io.BytesIO(each.content)).format for each in pictures] == ["JPEG"] * len(pictures)
    assert len({each.content for each in pictures}) > 1
    assert [point["number"] for point in chart["points"]] == [1, 2, 3]
    assert [point["label"] for point in chart["points"]] == ["3", "4", "5"]
    assert (pair["before"]["number"], pair["after"]["number"]) == (1, 3)
    assert "Report 1 and report 3" in pair["html"]
    assert len({Image.open(io.BytesIO(each.content)).size for each in sides}) == 1


async def test_what_was_used_stands_under_the_chart(stage: Stage, calendar: Calendar) -> None:
    """By its person's own words, from its day on."""
    with_page(stage)
    async with stage.running() as app:
        ada = await weekly(stage, calendar, [3, 4, 5])
        known = await app.store.people.known(ada.user_id)
        assert known is not None
        began = (calendar() - timedelta(days=7)).date()
        await app.store.products.add(known.id, "<b>Balm & Co</b>", started_on=began)
        async with window(stage, ada) as page:
            chart = await page.told("chart")

    (bar,) = chart["bars"]
    assert (bar["name"], bar["end"]) == ("<b>Balm & Co</b>", None)
    assert datetime.fromtimestamp(bar["start"], UTC).date() == began


async def test_what_is_none_of_theirs_is_switched_on_the_page(stage: Stage) -> None:
    """As in the chat, whose picture is drawn anew; the button that leads there is no switch."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting()
        async with window(stage, ada) as page:
            report = await page.told("reports/1")
            before = switches(await page.tap("dispute:1"))
            after = switches(await page.tap("dispute:1:acne"))

    leads = [button for row in report["rows"] for button in row if button["data"] == "dispute:1"]
    assert [each["on"] for each in leads] == [None]
    assert (before["dispute:1:acne"], after["dispute:1:acne"]) == (False, True)


async def test_a_note_is_written_on_the_page(stage: Stage) -> None:
    """It stands with the report in the chat, too; what asks for help is answered, and kept nowhere."""
    with_page(stage)
    async with stage.running() as app:
        ada = await stage.consenting()
        async with window(stage, ada) as page, window(stage, stage.telegram.person(2)) as stranger:
            kept = await page.note(1, "new cream, little sleep")
            await ada.press(await asked(ada, "/report 1"), "details:1")
            in_chat = await ada.wait_for(lambda message: "new cream, little sleep" in message.words)
            cry = await page.note(1, "I want to die")
            changed = await page.note(1, "only the cream")
            row = (await page.told("reports"))["rows"][0]
            removed = await page.note(1, " \u200b\n")
            after = (await page.told("reports/1"))["note"]
            none = [(await each.note(number, "x")).status_code for each, number in ((page, 2), (stranger, 1))]
        known = await app.store.people.known(ada.user_id)

    assert known is not None
    assert [each.status_code for each in (kept, cry, changed, removed)] == [200] * 4
    assert "unnote:1" in data_of(in_chat)
    assert kept.json()["screens"] == []
    assert "heard" in [screen["name"] for screen in cry.json()["screens"]]
    assert (row["note"], after, none) == ("only the cream", None, [404, 404])


async def test_two_photos_lie_eye_on_eye(stage: Stage, calendar: Calendar) -> None:
    """Within two pixels, also where the face stood elsewhere, and smaller, in one of them."""
    with_page(stage)
    moved = Image.new("RGB", (900, 1100), (196, 202, 208))
    moved.paste(Image.open(io.BytesIO(SELFIE)).resize((520, 520), Image.Resampling.LANCZOS), (310, 420))
    other = io.BytesIO()
    moved.save(other, "JPEG", quality=92)
    async with stage.running():
        ada = await stage.consenting()
        calendar.tear_off(timedelta(days=7))
        await ada.send_photo(other.getvalue())
        await ada.wait_for(lambda message: is_report(message) and "details:2" in data_of(message))
        await stage.settled()
        async with window(stage, ada) as page:
            before, after = [(await page.ask(f"pair/1/2/{side}")).content for side in ("before", "after")]

    seen = [FaceLook(picture, None).aligned.eyes for picture in (before, after)]
    apart = [abs(one - another) for pair in zip(*seen, strict=True) for one, another in zip(*pair, strict=True)]
    sys.stdout.write(f"eyes apart by at most {max(apart):.2f} px\n")
    assert max(apart) <= 2


async def test_settings_are_the_chats_own(stage: Stage) -> None:
    """What is switched on the page is switched in the chat, and the other way round; languages, too."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting()
        async with window(stage, ada) as page:
            before = switches(await page.tap("settings"))
            after = switches(await page.tap("settings:quiet"))
            spanish = await page.tap("settings:lang:es")
            speech = await page.told("speech")
            marks = switches(await page.tap("settings:mark:acne"))
        in_chat = await asked(ada, "/settings")

    assert (before["settings:quiet"], after["settings:quiet"]) == (False, True)
    assert "Ajustes" in shown(spanish)
    assert (speech["person"]["locale"], speech["words"]["tab_reports"]) == ("es", "Informes")
    assert marks["settings:mark:acne"] is False
    assert "Ajustes" in in_chat.text
    assert "✅ Modo tranquilo" in " ".join(label for row in in_chat.buttons for label, _ in row)


async def test_ones_data_is_taken_along_and_erased_by_the_same_ways(stage: Stage) -> None:
    """The file comes in the chat; after the last yes nobody is known by that page, and nothing is left."""
    with_page(stage)
    async with stage.running() as app:
        ada = await stage.consenting()
        async with window(stage, ada) as page:
            overview = await page.tap("mydata")
            packed = await page.tap("export")
            file = await ada.wait_for(lambda message: message.document is not None)
            picture = await page.ask("reports/1/picture")
            question = await page.tap("delete:ask")
            gone = await page.tap("delete:yes")
            after = [await page.ask(path) for path in ("reports", "reports/1", "reports/1/picture", "speech")]
        people = await app.store.people.known(ada.user_id)

    assert "Your data" in shown(overview)
    assert packed == {"screens": [], "gone": False, "in_chat": True}
    assert file.document is not None
    assert file.document.name.endswith(".zip")
    assert picture.status_code == 200
    assert "Delete everything?" in shown(question)
    assert gone["gone"]
    assert [each.status_code for each in after] == [401] * 4
    assert people is None


async def test_without_permission_there_is_no_picture(stage: Stage) -> None:
    """Whoever took it back and keeps the reports reads them; the page says what the chat would ask."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting()
        async with window(stage, ada) as page:
            await page.tap("withdraw:keep")
            speech = await page.told("speech")
            report = await page.ask("reports/1")
            picture = await page.ask("reports/1/picture")
            question = await page.tap("consent:ask")

    assert speech["person"]["agreed"] is False
    assert (report.status_code, picture.status_code) == (200, 404)
    assert "May I look at your skin?" in shown(question)


async def test_who_takes_permission_back_in_the_chat_has_no_picture_on_an_open_page(stage: Stage) -> None:
    """Nor a ghost for its camera, nor one side of two photos, each of which it had; with the reports all else goes."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(selfie(seed=8))
        await ada.wait_for(is_report_number(2))
        await stage.settled()
        paths = ("reports/1/picture", "ghost", "pair/1/2/after")
        async with window(stage, ada) as page:
            before = [(await page.ask(path)).status_code for path in paths]
            question = await opened(ada, await asked(ada, "/mydata"), "withdraw:ask")
            await opened(ada, question, "withdraw:erase")
            await stage.settled()
            after = [(await page.ask(path)).status_code for path in paths]
            timeline, speech = await page.told("reports"), await page.told("speech")

    assert (before, after) == ([200] * 3, [404] * 3)
    assert (timeline["rows"], speech["person"]["agreed"]) == ([], False)


async def test_a_page_ends_when_its_person_moves_to_another_account(stage: Stage) -> None:
    """Both accounts' pages: the old one's shows nothing more, the new one's is opened anew and shows all."""
    with_page(stage)
    paths = ("reports", "reports/1", "reports/1/picture", "ghost", "speech")
    async with stage.running():
        ada = await stage.consenting(1)
        other = stage.telegram.person(2)
        await asked(other, "/start")
        async with window(stage, ada) as hers, window(stage, other) as theirs:
            had = [(await hers.ask(path)).status_code for path in paths]
            await asked(other, await code_of(ada))
            await stage.settled()
            left = [(await page.ask(path)).status_code for page in (hers, theirs) for path in paths]
            photo = [await page.send(selfie(seed=9)) for page in (hers, theirs)]
            told = {**_bearer(hers), "Content-Type": "application/json"}
            tap = await hers.client.post("api/tap", content=b'{"data": "settings"}', headers=told)
        async with window(stage, other) as anew, window(stage, ada) as stranger:
            found = [(await anew.ask(path)).status_code for path in paths]
            nothing = [(await stranger.ask(path)).status_code for path in paths]
        await stage.settled()

    assert (had, left) == ([200] * 5, [401] * 10)
    assert (photo, tap.status_code) == ([401] * 2, 401)
    assert (found, nothing) == ([200] * 5, [200, 404, 404, 404, 200])
    assert len(stage.ailab.calls) == 1


def _bearer(page: Window) -> dict[str, str]:
    return {"Authorization": f"Bearer {page.session}"}


async def test_deleted_pictures_are_not_shown_from_memory(stage: Stage) -> None:
    """Deleted in the chat while the page had them."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting()
        async with window(stage, ada) as page:
            had = await page.ask("reports/1/picture")
            question = await opened(ada, await asked(ada, "/mydata"), "pictures:ask")
            await opened(ada, question, "pictures:yes")
            await stage.settled()
            after = await page.ask("reports/1/picture")
            report = await page.told("reports/1")

    assert (had.status_code, after.status_code) == (200, 404)
    assert report["picture"] == "none"


async def test_whoever_is_not_served_gets_no_page(stage: Stage) -> None:
    """They are told so, in the words of the chat; a page that is open already shows nothing more."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting(1)
        async with window(stage, ada) as page:
            refused = await duty(stage, "refuse", "1")
            answers = [
                await page.ask("reports"),
                await page.client.post("api/open", json={"launch": launch(stage, ada)}),
            ]

    assert refused.code == 0, refused.err
    assert [each.status_code for each in answers] == [403, 403]
    assert all(each.json()["name"] == "refused" for each in answers)


async def test_a_stranger_to_a_bot_for_named_people_leaves_no_trace(stage: Stage) -> None:
    """Also not by opening its page."""
    with_page(stage)
    stage.settings |= {"ACCESS": "named", "ALLOWED_IDS": "7"}
    async with stage.running() as app, httpx.AsyncClient(base_url=f"{stage.settings['WEBAPP_URL']}/") as client:
        eve = stage.telegram.person(66)
        answer = await client.post("api/open", json={"launch": launch(stage, eve)})
        known = await app.store.people.known(66)

    assert (answer.status_code, answer.json()["name"], known) == (403, "not_named", None)


async def test_the_chat_leads_to_the_page_where_there_is_one(stage: Stage, calendar: Calendar) -> None:
    """From the list, the chart and the two photos, each to its own place."""
    url = with_page(stage)
    async with stage.running():
        ada = await weekly(stage, calendar, [3, 4, 5])
        found = [_pages(await asked(ada, command)) for command in ("/history", "/progress", "/compare", "/start")]

    assert found == [[f"{url}/?at={place}"] for place in ("timeline", "chart/acne/all", "pair/1/3", "timeline")]


async def test_without_an_address_no_button_leads_there(stage: Stage) -> None:
    """The chat is as it was."""
    async with stage.running():
        ada = await stage.consenting()
        found = [_pages(await asked(ada, command)) for command in ("/history", "/start")]

    assert found == [[], []]
    assert stage.telegram.calls("setChatMenuButton") == []


def _pages(message: ChatMessage) -> list[str]:
    markup = message.raw.get("reply_markup")
    rows = markup["inline_keyboard"] if isinstance(markup, dict) else []
    return [button["web_app"]["url"] for row in rows for button in row if "web_app" in button]


async def test_another_persons_numbers_lead_nowhere(stage: Stage) -> None:
    """Whatever number, path or session Eve makes up: none of ten thousand shows anything of Ada's."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting(1)
        eve = stage.telegram.person(2)
        await eve.send_text("/start")
        await stage.settled()
        async with window(stage, ada) as hers, window(stage, eve) as page:
            assert (await hers.ask("reports/1")).status_code == 200
            draw, answers = random.Random(7), dict[int, int]()
            for turn in range(_TRIES):
                number = 1 if turn % 2 else draw.randrange(1, 50)
                path = draw.choice(
                    (f"reports/{number}", f"reports/{number}/picture", f"pair/{number}/2/before", f"reports/{number}/x")
                )
                session = page.session if turn % 3 else _tampered(draw, page.session, hers.session)
                answer = await page.client.get(f"api/{path}", headers={"Authorization": f"Bearer {session}"})
                answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
            timeline = await page.told("reports")

    sys.stdout.write(f"answers by status: {answers}\n")
    assert set(answers) <= {401, 404}
    assert timeline["rows"] == []


def _tampered(draw: random.Random, own: str, other: str) -> str:
    """Eve's session with parts of Ada's, or with something changed in it."""
    parts = [draw.choice(pair) for pair in zip(own.split("."), other.split("."), strict=True)]
    if parts in (own.split("."), other.split(".")):
        parts[draw.randrange(4)] += draw.choice("0123456789")
    return ".".join(parts)


async def test_nothing_of_a_photo_is_written_to_a_disk(stage: Stage, calendar: Calendar) -> None:
    """Shown, drawn, laid over each other, taken by its camera: no file is opened to write but the database's."""
    with_page(stage)
    async with stage.running():
        ada = await weekly(stage, calendar, [3, 4])
        async with window(stage, ada) as page:
            with _written() as written:
                for path in (
                    *("reports/1/picture", "reports/2/picture?card=acne", "pair/1/2/before", "pair/1/2/after"),
                    "ghost",
                ):
                    assert (await page.ask(path)).status_code == 200, path
                assert await page.send(selfie(seed=77)) == 200
                await ada.wait_for(is_report_number(3))
                await stage.settled()
        pictures = [message.photo for message in ada.messages if message.photo]
        kept = [path.read_bytes() for path in stage.folder.rglob("*") if path.is_file()]

    assert [path for path in written if "skinbot.db" not in path] == []
    assert not any(picture[600:664] in file for picture in pictures for file in kept)


_watching: list[list[str]] = []


def _on_event(event: str, values: tuple[object, ...]) -> None:
    if event == "open" and _watching and isinstance(values[1], str) and any(each in values[1] for each in _WRITES):
        _watching[-1].append(str(values[0]))


@contextmanager
def _written() -> Iterator[list[str]]:
    """The files that are opened to be written meanwhile. A hook of the interpreter stays for good, and sleeps."""
    if not getattr(_on_event, "is_set", False):
        sys.addaudithook(_on_event)
        _on_event.is_set = True  # type: ignore[attr-defined]
    _watching.append([])
    try:
        yield _watching[-1]
    finally:
        _watching.pop()


async def test_a_launch_opens_only_so_often_and_only_fresh(stage: Stage, calendar: Calendar) -> None:
    """A page may be loaded again; what was seen elsewhere opens it neither for ever nor without end."""
    url = with_page(stage)
    async with stage.running():
        ada = await stage.consenting()
        seen = launch(stage, ada)
        async with httpx.AsyncClient(base_url=f"{url}/") as client:
            often = [(await client.post("api/open", json={"launch": seen})).status_code for _ in range(25)]
            fresh = launch_data(stage.telegram.token, ada.card, at=calendar(), query_id="AAF")
            first = await client.post("api/open", json={"launch": fresh})
            calendar.tear_off(timedelta(minutes=61))
            late = await client.post("api/open", json={"launch": fresh})
            session = {"Authorization": f"Bearer {first.json()['session']}"}
            over = await client.get("api/reports", headers=session)

    assert (often[:20], set(often[20:])) == ([200] * 20, {403})
    assert (first.status_code, late.status_code, over.status_code) == (200, 403, 401)


async def test_the_page_is_framed_by_nobody_and_loads_from_nowhere_else(stage: Stage) -> None:
    """Its headers, its files that never change under a name, and what is none of its files."""
    url = with_page(stage)
    async with stage.running(), httpx.AsyncClient(base_url=f"{url}/") as client:
        page = await client.get("")
        script = page.text.partition('src="static/')[2].partition('"')[0]
        built = await client.get(f"static/{script}")
        others = [await client.get(f"static/{name}") for name in ("%2e%2e%2fpackage.json", "..%2f..%2fbot", "x.js")]
        bare = await client.get(url.removesuffix("/"))
        spanish = await client.get("", headers={"Accept-Language": "es-MX,es;q=0.9"})
        too_much = await client.post("api/open", content=b"x" * 70_000)
        no_json = await client.post("api/open", content=b"[" * 60_000)

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval' https://telegram.org/js/telegram-web-app.js" in policy
    assert "unsafe-inline" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert (built.status_code, "immutable" in built.headers["Cache-Control"]) == (200, True)
    assert [each.status_code for each in others] == [404] * 3
    assert (bare.status_code, bare.headers["Location"]) == (308, "/skin/")
    assert "Mi piel" in spanish.text
    assert (too_much.status_code, no_json.status_code) == (413, 403)


async def test_without_an_address_there_is_no_page(stage: Stage) -> None:
    """The port of health alone opens nothing."""
    stage.settings["PORT"] = "0"
    async with stage.running() as app, httpx.AsyncClient() as client:
        port = app.health.vitals.port
        found = [(await client.get(f"http://127.0.0.1:{port}{path}")).status_code for path in ("/", "/skin/", "/api/x")]
    assert found == [404] * 3


async def test_what_is_no_button_does_nothing(stage: Stage) -> None:
    """Made up, of a screen that the page has not, or of another kind."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting()
        async with window(stage, ada) as page:
            session = {"Authorization": f"Bearer {page.session}"}
            bodies: tuple[dict[str, object], ...] = (
                {"data": "report:1"},
                {"data": "stats"},
                {"data": 7},
                {},
                {"data": "x" * 65},
            )
            found = [(await page.client.post("api/tap", json=body, headers=session)).status_code for body in bodies]
            raw = await page.client.post("api/tap", content=b"\xff", headers=session)
    assert [*found, raw.status_code] == [404] * 6
