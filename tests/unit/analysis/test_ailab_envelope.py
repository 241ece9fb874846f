"""What stands around a result: success, errors in three generations, and bodies that are neither."""

import base64
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.analysis.ailab.envelope import Reply, read_reply, red_map_of, seconds_to_wait, without_maps
from bot.analysis.answer_format import Unreadable, parse_analysis, read_back, read_object
from tests.ailab import Envelope, Json, answer, error_body, red_map


def reply(body: object, *, status: int = 200) -> Reply:
    return read_reply(status, json.dumps(body).encode(), None)


@pytest.mark.parametrize(
    "around",
    [
        {},
        {"error_code": 0},
        {"error_code": "0"},
        {"error_code": 0, "error_detail": {"code": "", "status_code": 200}},
        {"error_detail": []},
        {"error_detail": None},
    ],
)
def test_success_in_every_generation(around: Json) -> None:
    """HTTP 200 with no error inside is a success, however the vendor writes that there is none."""
    assert reply({**around, "result": {"acne": {}}}).succeeded


@pytest.mark.parametrize(
    "around",
    [
        {"error_code": 422},
        {"error_code": "1"},
        {"error_detail": {"code": "ERROR_BLURRY_FACE"}},
        {"error_detail": {"code": "a code in other letters"}},
    ],
)
def test_200_with_an_error_inside_is_an_error(around: Json) -> None:
    """The status alone does not make a success."""
    assert not reply({**around, "result": {"acne": {}}}).succeeded


@pytest.mark.parametrize("status", [201, 302, 400, 502])
def test_only_200_is_success(status: int) -> None:
    """A good body under another status is not trusted."""
    assert not reply(answer(), status=status).succeeded


@pytest.mark.parametrize("envelope", list(Envelope))
def test_code_and_text_of_every_generation(envelope: Envelope) -> None:
    """Code and human text are found wherever that generation keeps them."""
    body = error_body("ERROR_NO_FACE_IN_FILE", status=422, message="Multiple faces detected.", envelope=envelope)
    read = reply(body, status=422)
    assert read.code == "ERROR_NO_FACE_IN_FILE"
    assert "Multiple faces detected." in read.text


def test_the_detail_beats_the_old_code() -> None:
    """`error_detail.code` comes before `error_code_str`."""
    assert reply({"error_code_str": "OLD_CODE", "error_detail": {"code": "NEW_CODE"}}, status=422).code == "NEW_CODE"


def test_what_does_not_look_like_a_code_is_none() -> None:
    """A code reaches alerts and logs: markup and line breaks do not."""
    for code in ("<b>x</b>", "A\nB", "x" * 500, 7, None, ["A"]):
        assert reply({"error_code_str": code}, status=400).code == ""


def test_texts_for_the_log_are_short_and_printable() -> None:
    """Nobody writes lines of their own into the log."""
    read = reply(
        {"error_msg": "a\nFAKE LOG LINE\x1b[31m" + "x" * 9000, "request_id": "r\r\n1", "log_id": 77}, status=400
    )
    assert "\n" not in read.text
    assert "\x1b" not in read.text
    assert len(read.text) <= 200
    assert read.ids == "request_id= log_id=77"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>502 Bad Gateway</html>",
        bytes(range(256)),
        b'{"result": {"acne": ',
        b"[1, 2]",
        b"null",
        b'"text"',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
    ],
    ids=["empty", "html", "garbage", "cut", "list", "null", "string", "deep list", "deep object", "long number"],
)
def test_what_is_not_an_object_is_an_empty_body(content: bytes) -> None:
    """No body, however odd, gets out as another error."""
    read = read_reply(200, content, None)
    assert read.body == {}
    assert not read.succeeded
    with pytest.raises(Unreadable):
        read_object(content)


def test_numbers_that_json_does_not_have_become_null() -> None:
    """The stored text is real JSON again: no NaN, no Infinity."""
    body = read_object('{"result": {"a": NaN, "b": -Infinity, "c": 1e999, "d": 0.5}}')
    assert json.loads(without_maps(body)) == {"result": {"a": None, "b": None, "c": None, "d": 0.5}}


def test_the_stored_text_holds_everything_but_the_map() -> None:
    """Unknown fields are kept too; the text reads back to the same analysis."""
    body = answer(of_tomorrow={"value": 3})
    stored = without_maps(body)
    assert "face_maps" not in stored
    expected = json.loads(json.dumps(body))
    del expected["result"]["face_maps"]
    assert json.loads(stored) == expected
    assert read_back(stored) == parse_analysis(body)


def test_a_lone_surrogate_can_be_stored() -> None:
    """The stored text is ASCII, whatever the vendor put in."""
    assert without_maps(read_object(r'{"log_id": "\ud83d"}')).encode() == rb'{"log_id":"\ud83d"}'


def test_the_map_comes_out_as_jpeg_bytes() -> None:
    """Bare base64, also with line breaks or a data prefix."""
    picture = red_map((300, 300))
    bare = base64.encodebytes(picture).decode()
    for encoded in (bare, bare.replace("\n", ""), f"data:image/jpeg;base64,{bare}"):
        assert red_map_of({"result": {"face_maps": {"red_area": encoded}}}) == picture


@pytest.mark.parametrize(
    "maps",
    [
        None,
        [],
        {},
        {"red_area": None},
        {"red_area": ""},
        {"red_area": "%%%"},
        {"red_area": "/9j/4AA"},
        {"red_area": 5},
        {"red_area": "ж" * 40},
        {"red_area": base64.b64encode(b"\x89PNG\r\n").decode()},
    ],
    ids=["null", "list", "none", "null map", "empty", "signs", "cut", "number", "letters", "png"],
)
def test_a_broken_map_is_no_map(maps: object) -> None:
    """The analysis stands without it."""
    assert red_map_of({"result": {"face_maps": maps}}) is None


def test_retry_after_in_seconds_and_as_a_date() -> None:
    """Both forms of the header are honoured."""
    assert seconds_to_wait("7") == 7
    in_a_minute = seconds_to_wait(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert in_a_minute is not None
    assert 50 < in_a_minute <= 60


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, None), ("soon", None), ("inf", None), ("nan", None), ("-5", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)
def test_an_odd_retry_after_does_no_harm(header: str | None, seconds: float | None) -> None:
    """What can't be read is as if not sent; the past is now."""
    assert seconds_to_wait(header) == seconds
