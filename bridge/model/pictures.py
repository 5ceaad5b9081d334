"""Which pictures can be made into what every provider and phone takes."""

from typing import Final

from bridge.model.nouns import Media

CONVERTED: Final = frozenset(
    (
        "image/heic",
        "image/heif",
        "image/webp",
        "image/avif",
        "image/png",
        "image/jpeg",
        "image/bmp",
        "image/tiff",
    )
)
"""What a photo comes as. Not GIF: it may move, and a still of it says something else."""

MOST_BYTES: Final = 20_000_000
"""Of a picture that is made smaller: what a chat lets us fetch, and a photo of a good camera."""


def can_be_fitted(media: Media) -> bool:
    """Say whether a picture can be made a JPEG of any size that is asked for."""
    return media.content_type.lower() in CONVERTED and (media.size or 0) <= MOST_BYTES
