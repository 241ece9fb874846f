"""Which way out is taken."""

import pytest

from bot.config import ConfigInvalid, read_config
from bot.outgoing import proxy_for

PROXY = {"HTTPS_PROXY": "http://proxy:3128", "http_proxy": "proxy:3129"}


@pytest.mark.parametrize(
    ("url", "no_proxy", "expected"),
    [
        ("https://api.telegram.org", "", "http://proxy:3128"),
        ("http://api.telegram.org", "", "http://proxy:3129"),
        ("https://api.telegram.org", "telegram.org, other", None),
        ("https://api.telegram.org", ".telegram.org", None),
        ("https://nottelegram.org", "telegram.org", "http://proxy:3128"),
        ("https://api.telegram.org", "*", None),
        ("https://api.telegram.org", ",", "http://proxy:3128"),
        ("http://127.0.0.1:8081", "", None),
        ("http://localhost:8081", "", None),
        ("http://[::1]:8081", "", None),
    ],
)
def test_the_proxy_of_the_environment_is_taken(url: str, no_proxy: str, expected: str | None) -> None:
    """By the kind of address; not to what NO_PROXY names, and never to this machine."""
    assert proxy_for(url, read_config({**PROXY, "NO_PROXY": no_proxy})) == expected


def test_without_one_the_way_is_direct() -> None:
    assert proxy_for("https://api.telegram.org", read_config({})) is None


@pytest.mark.parametrize("proxy", ["socks5://proxy:1080", "http://", "http://proxy:port"])
def test_a_proxy_that_can_not_be_used_is_told(proxy: str) -> None:
    """Not passed by: the operator would wonder why nothing comes, or not know that it went past the proxy."""
    with pytest.raises(ConfigInvalid, match="HTTPS_PROXY"):
        read_config({"HTTPS_PROXY": proxy})
