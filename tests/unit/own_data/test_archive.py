"""The export's file: bounded, readable, and honest about what is not in it."""

import json
import zipfile
from datetime import UTC, datetime

from bot.own_data.archive import Archive
from bot.own_data.portable import portable_report
from bot.storage.records import ReportRecord, ReportState

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
JPEG = b"\xff\xd8\xff" + bytes(1000)


def test_what_does_not_fit_is_listed() -> None:
    """A picture that is too large for what is left goes without; a smaller one after it still comes."""
    with Archive(made_at=NOON, most_bytes=2500) as archive:
        assert archive.add_picture("0001-photo", JPEG) == "pictures/0001-photo.jpg"
        assert archive.add_picture("0002-photo", b"\x89PNG" + bytes(2000)) is None
        assert archive.add_picture("0003-photo", b"RIFF" + bytes(50)) == "pictures/0003-photo.webp"
        archive.add_text("data.json", "\ud83d lone")
        assert archive.missing == {"pictures/0002-photo.png": "no_room"}
        with zipfile.ZipFile(archive.finished()) as packed:
            assert packed.testzip() is None
            assert packed.namelist() == ["pictures/0001-photo.jpg", "pictures/0003-photo.webp", "data.json"]


def test_a_report_in_json_has_all_that_is_stored_but_our_own_numbers() -> None:
    """Every field of the record, the analyzer's answer as JSON, and text that no encoding chokes on."""
    record = ReportRecord(
        id=4711,
        person_id=815,
        number=3,
        state=ReportState.DELIVERED,
        reason=None,
        requested_at=NOON,
        updated_at=NOON,
        not_before=None,
        photos=(),
        chosen=None,
        status_message_id=None,
        check_quality=True,
        provider=None,
        answer='{"result": {"acne": 1}}',
        red_map=b"map",
        facts=None,
        summary=None,
        annotated_file_id=None,
        redness_file_id=None,
        note="\ud83d half",
        disputed=frozenset({"mole"}),
        attempts=2,
    )
    told = portable_report(record, {"photo": "pictures/0003-photo.jpg"})
    assert told["analysis"] == {"result": {"acne": 1}}
    assert told["files"] == {"photo": "pictures/0003-photo.jpg"}
    assert not {"id", "person_id", "red_map", "answer", "attempts"} & told.keys()
    assert "\\ud83d" in json.dumps(told["note"])
