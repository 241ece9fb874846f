"""Launch data: Telegram's own, for this bot, fresh; of ten thousand others none."""

import json
import random
import string
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from bot.playground.server.launching import launch_data
from handlers.miniapp.launch import FRESH, LaunchRefused, launched

TOKEN: Final = "12345:AAthis-bots-own-token"
NOW: Final = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADA: Final = {"id": 7001, "is_bot": False, "first_name": "Ada & Co = “A”", "language_code": "es"}
MORE: Final = {"query_id": "AAHdF6IQAAAAAN0XohDhrOrc", "signature": "x" * 86}
TRIES: Final = 10_000


def genuine(at: datetime = NOW, token: str = TOKEN, **user: object) -> str:
    return launch_data(token, {**ADA, **user}, at=at, **MORE)


def test_telegrams_own_is_taken() -> None:
    launch = launched(genuine(NOW - timedelta(minutes=59)), TOKEN, now=NOW)
    assert (launch.telegram_id, launch.language_code) == (7001, "es")


def test_a_published_example_is_sealed_as_we_read_it() -> None:
    """Another's data, signed by another program: the test vector of init-data-golang, with its token."""
    data = (
        "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C"
        "%22last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C"
        "%22is_premium%22%3Atrue%7D&auth_date=1662771648"
        "&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2"
    )
    token = "5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8"
    launch = launched(data, token, now=datetime.fromtimestamp(1662771648, UTC))
    assert (launch.telegram_id, launch.language_code) == (279058397, "ru")


@pytest.mark.parametrize(
    "told",
    [
        genuine(NOW - FRESH - timedelta(seconds=1)),
        genuine(NOW + timedelta(minutes=6)),
        genuine(token="12345:another-token"),
        genuine(is_bot=True),
        genuine(id="7001"),
        genuine(id=True),
        genuine(id=-7001),
        genuine(id=2**60),
        launch_data(TOKEN, [ADA], at=NOW),  # type: ignore[arg-type]  # nobody
        launch_data(TOKEN, ADA, at=NOW, auth_date="1e9"),
        launch_data(TOKEN, ADA, at=NOW, auth_date="99999999999"),
        launch_data(TOKEN, "x" * 3000, at=NOW),  # type: ignore[arg-type]  # as above
        genuine() + "&user=" + quote(json.dumps(ADA | {"id": 1})),
        genuine().replace("hash=", "hash=0"),
        genuine().upper(),
        genuine().partition("&hash=")[0],
        "",
        "hash=" + "0" * 64,
        "x" * 5000,
        "user=%FF&hash=" + "0" * 64,
    ],
)
def test_what_is_not_that_is_refused(told: str) -> None:
    with pytest.raises(LaunchRefused):
        launched(told, TOKEN, now=NOW)


def _changed_letter(draw: random.Random) -> str:
    told = genuine()
    place = draw.randrange(len(told))
    letter = draw.choice([each for each in string.ascii_letters + string.digits if each != told[place]])
    return told[:place] + letter + told[place + 1 :]


def _changed_field(draw: random.Random) -> str:
    fields = dict(parse_qsl(genuine()))
    name = draw.choice([each for each in fields if each != "hash"])
    fields[name] = draw.choice([fields[name] + "0", json.dumps(ADA | {"id": draw.randrange(1, 10**9)}), "1"])
    return urlencode(fields)


def _left_out(draw: random.Random) -> str:
    fields = parse_qsl(genuine())
    del fields[draw.randrange(len(fields))]
    return urlencode(fields)


def _foreign(draw: random.Random) -> str:
    return genuine(token=f"{draw.randrange(10**5)}:{draw.randbytes(16).hex()}", id=draw.randrange(1, 10**9))


def _old(draw: random.Random) -> str:
    return genuine(NOW - FRESH - timedelta(seconds=draw.randrange(1, 10**7)))


def _made_up(draw: random.Random) -> str:
    fields = {"auth_date": str(int(NOW.timestamp())), "user": json.dumps(ADA), "hash": draw.randbytes(32).hex()}
    return urlencode(fields)


def test_of_ten_thousand_forged_altered_old_and_foreign_ones_none_is_taken() -> None:
    """A change that means the same (another way to write a letter) is no change: it is Telegram's own still."""
    draw = random.Random(11)
    ways = (_changed_letter, _changed_field, _left_out, _foreign, _old, _made_up)
    taken = []
    for turn in range(TRIES):
        told = ways[turn % len(ways)](draw)
        if parse_qsl(told, keep_blank_values=True) == parse_qsl(genuine(), keep_blank_values=True):
            continue
        try:
            launched(told, TOKEN, now=NOW)
        except LaunchRefused:
            continue
        taken.append(told)
    assert taken == []
