"""Pixels: a file becomes a clean photo (intake), findings become a drawing (annotate). Pillow lives here."""
