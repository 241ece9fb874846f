"""PROVISIONAL (lead's stand-in; overwrite it)."""

import io

from PIL import Image


def photo_guide() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1280, 900), "white").save(out, "JPEG")
    return out.getvalue()
