"""Hostile people through the whole bot, and everything that is logged at DEBUG, in both formats."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.observability.logs import configure_logging
from tests.ailab import drop, error
from tests.journeys.stage import SELFIE, Stage, data_of, is_consent_question, is_report_number
from tests.keys import KEY
from tests.pictures import selfie
from tests.telegram import DropAfter, Garbage, Refuse

NAME = "Esperanza <b>{{7*7}}</b>"
SAID = "my cheeks are sore \u202e ${jndi:x} %s %(message)s {0}"
CAPTION = "after the beach with Renate"
FILE_NAME = "passport-of-renate.png"
DEEP_LINK = "r_secret-of-renate"
PERSON_ID = 7_130_246_855


@pytest.fixture(params=["console", "json"])
def log(request: pytest.FixtureRequest, stage: Stage) -> Iterator[io.StringIO]:
    """Everything at DEBUG, libraries too: their own level is asked for as low as it goes."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stage.settings |= {"LOG_FORMAT": request.param, "LOG_LEVEL": "DEBUG"}
    configure_logging(stage.config)
    written = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    for room in ("bot", "handlers"):
        logging.getLogger(room).setLevel(logging.NOTSET)


async def test_nothing_of_a_person_reaches_the_log(stage: Stage, log: io.StringIO) -> None:
    """Names, texts, captions, file names, file ids, numbers, keys: through reports, errors and broken handlers."""
    eve = stage.telegram.person(PERSON_ID, first_name=NAME)
    async with stage.running() as app:
        await eve.send_text(SAID)
        await eve.send_photo(SELFIE, caption=CAPTION)
        question = await eve.wait_for(is_consent_question)
        await eve.press(question, "consent:yes")
        await eve.wait_for(is_report_number(1))
        stage.ailab.will(drop(), error("ERROR_POOR_FACE_QUALITY", status=422))
        stage.telegram.fail_next("editMessageText", Garbage(), DropAfter())
        stage.telegram.fail_next("getFile", Refuse(status=500, description=f"Internal: {SAID}"))
        await eve.send_file(selfie((500, 600)), name=FILE_NAME, mime="image/png", caption=CAPTION)
        await eve.wait_for(lambda message: "anyway:-1" in data_of(message), timeout=30)
        stage.telegram.fail_next("sendMessage", Refuse(status=400, description=f"Bad Request: can't parse {SAID}"))
        await eve.send_text(f"/start {DEEP_LINK}")
        await eve.forge(1, f"report:{SAID[:40]}").answer
        await app.intake.take([_poison(PERSON_ID)])
        await stage.settled()
        _fail_as_a_library_would()
    written = log.getvalue()

    files = [file.file_id for files in (stage.telegram.world.files._files,) for file in files.values()]
    secrets = [NAME, "Esperanza", "cheeks", "jndi", "Renate", "renate", FILE_NAME, str(PERSON_ID), stage.ailab.key]
    secrets += [stage.telegram.token, stage.telegram.token.partition(":")[2], KEY, *files]
    assert [secret for secret in secrets if secret in written] == []
    assert len(files) > 2
    assert "update=" in written or '"update"' in written
    assert "request_id=" in written
    assert "Traceback" not in written or "File" in written
    if written.startswith("{"):
        assert all("message" in json.loads(line) for line in written.splitlines())


def _poison(chat_id: int) -> dict[str, object]:
    """An update that no library reads."""
    return {"update_id": 5, "message": {"message_id": "x", "chat": {"id": chat_id, "type": 7}, "text": {"a": SAID}}}


def _fail_as_a_library_would() -> None:
    """With the person's own words as the error's words."""
    try:
        raise RuntimeError(SAID)
    except RuntimeError:
        logging.getLogger("telegram.ext.Application").exception("No error handlers are registered")
