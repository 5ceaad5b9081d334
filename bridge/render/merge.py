"""Merging: posts that waited for a slow desk go out as one, with every word of each."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from bridge.model.shapes import Post


def merged(posts: Sequence[Post]) -> Post:
    """Give one post that says what all of them say, in their order.

    The first one's head stays; a later one shows its own where it differs from the one before.
    """
    first = posts[0]
    parts = [first.body]
    for before, post in itertools.pairwise(posts):
        parts.append(post.body if post.head == before.head else f"{post.head}\n{post.body}")
    feet = dict.fromkeys(post.foot for post in posts if post.foot)
    return replace(
        first,
        body="\n\n".join(parts),
        foot=" · ".join(feet),
        resurface=any(post.resurface for post in posts),
    )
