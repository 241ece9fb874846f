"""The bot's own picture: what its tool draws, in a form that Telegram takes."""

import io

from PIL import Image, ImageChops, ImageStat

from bot.telegram.profile import PICTURE
from tools.guide.profile_photo import drawn_profile_photo


def test_it_is_what_the_tool_draws() -> None:
    kept, drawn = (
        Image.open(io.BytesIO(data)).convert("RGB") for data in (PICTURE.read_bytes(), drawn_profile_photo())
    )
    assert kept.size == (640, 640)
    assert max(ImageStat.Stat(ImageChops.difference(kept, drawn)).rms) < 2
