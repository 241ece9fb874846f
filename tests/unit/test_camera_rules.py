"""The Mini App's camera judges by the server's own numbers."""

import os

from tests.camera_rules import RULES, rules


def test_the_camera_has_the_servers_numbers() -> None:
    """Each one, as it is now; SKINBOT_WRITE_GOLDEN=1 writes them, and `make miniapp` builds them in."""
    if os.environ.get("SKINBOT_WRITE_GOLDEN") == "1":
        RULES.write_text(rules(), encoding="utf-8")
    assert RULES.read_text(encoding="utf-8") == rules()
