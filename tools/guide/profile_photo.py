"""Draws bot/telegram/profile.jpg: the bot's own picture, which Telegram shows as a small disc.

python -m tools.guide.profile_photo
"""

from pathlib import Path
from typing import Final

from PIL import Image

from bot.imaging.jpeg import Encoding, write
from tools.guide.brush import Board, Colour
from tools.guide.portrait import Tones, draw_person

TARGET: Final = Path(__file__).parents[2] / "bot" / "telegram" / "profile.jpg"
_SIDE: Final = 640
_UPPER: Final = 150  # the corners of a finder, within the disc
_LOWER: Final = 490
_ARM: Final = 62
_LIGHT: Final[Colour] = (255, 246, 216)
_WALL: Final[Colour] = (128, 190, 176)
_WHITE: Final[Colour] = (255, 255, 255)
_TONES: Final = Tones(skin=(172, 118, 84), shade=(150, 98, 68), flush=(178, 100, 76))


def drawn_profile_photo() -> bytes:
    """A JPEG of 640×640 px: a calm face in a finder."""
    far = Image.radial_gradient("L")
    ground = Image.composite(Image.new("RGB", far.size, _WALL), Image.new("RGB", far.size, _LIGHT), far)
    board = Board((_SIDE, _SIDE), ground)
    draw_person(board.brush.moved((_SIDE / 2, 330), unit=158), _TONES)
    for x, inward in ((_UPPER - 20, 1), (_LOWER + 20, -1)):
        for y, down in ((_UPPER, 1), (_LOWER + 20, -1)):
            board.brush.line([(x + inward * _ARM, y), (x, y), (x, y + down * _ARM)], 13, _WHITE)
    return write(board.finished(), Encoding(quality=90, subsampling=0))


if __name__ == "__main__":
    TARGET.write_bytes(drawn_profile_photo())
