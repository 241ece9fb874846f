"""What an AVIF says about its colours in numbers, which Pillow does not tell; and whether it is whole, or a HEIC."""

from bot.imaging.intake.colour_spaces import NOTHING_TOLD, ColourTags, told_by_numbers
from bot.imaging.intake.iso_meta import IsoMeta
from bot.imaging.intake.parts import rejected_as_damaged


def told_by_boxes(data: bytes) -> ColourTags:
    """By the primary picture's `colr` box; nothing where there is none, or the boxes are broken."""
    meta = IsoMeta.of(data)
    for each in [] if meta is None else meta.owned_properties(meta.primary):
        body = data[each.start : each.end]
        if each.name == b"colr" and body.startswith(b"nclx"):
            return told_by_numbers(int.from_bytes(body[4:6]), int.from_bytes(body[6:8]))
    return NOTHING_TOLD


def refuse_by_holes(data: bytes) -> None:
    """What the decoders of both fill with grey and do not tell of. Boxes that are broken are theirs to judge."""
    try:
        meta = IsoMeta.of(data)
        is_spoiled = meta is not None and meta.has_holes()
    except IndexError:
        return
    if is_spoiled:
        raise rejected_as_damaged()
