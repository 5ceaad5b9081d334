"""Pictures made fit for a text: JPEG, upright, small enough, and without where they were taken."""

import io
from pathlib import PurePath
from typing import Final

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from bridge.errors import Rejected
from bridge.model.shapes import File

_SIDES: Final = (2048, 1600, 1200, 900, 640, 480)  # pixels of the longer side, tried from the largest
_QUALITIES: Final = (85, 70, 55)
_MOST_PIXELS: Final = 100_000_000

pillow_heif.register_heif_opener()


def fitted(file: File, room: int) -> File:
    """Give a picture as a JPEG of at most `room` bytes. Raises Rejected where it is no picture or too large.

    It takes tenths of seconds: call it in a thread. What a camera wrote into it (place, time) is left out.
    """
    try:
        with Image.open(io.BytesIO(file.data)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise Rejected(f"{file.name} has too many pixels to be made smaller here")
            picture = ImageOps.exif_transpose(opened)
            picture = _on_white(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Rejected(f"{file.name} cannot be read as a picture; save it as JPEG and send that") from error
    for side in _SIDES:
        smaller = picture.copy()
        smaller.thumbnail((side, side))
        for quality in _QUALITIES:
            out = io.BytesIO()
            smaller.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= room:
                return File(f"{PurePath(file.name).stem or 'picture'}.jpg", "image/jpeg", out.getvalue())
    raise Rejected(f"{file.name} cannot be made small enough for a text")


def _on_white(picture: Image.Image) -> Image.Image:
    """Put what is transparent on white: JPEG knows no transparency."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture)
        picture = ground
    return picture.convert("RGB")
