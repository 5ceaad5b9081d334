"""Posts: what a thread shows of a message, cut to what its desk can hold."""

from dataclasses import replace

from bridge.model.shapes import Post
from bridge.render import words
from bridge.render.clusters import cut, units

_ROOM = 24  # for the line ends around the parts of a post, and for "(12/34)"
_LEAST = 32


def split(post: Post, limit: int) -> tuple[Post, ...]:
    """Give the post, or several that fit `limit` characters each; their bodies join to the whole.

    Every part bears the head, so that each can be read alone; foot, buttons and media are the last's.
    """
    room = limit - units(post.head) - units(post.foot) - _ROOM
    if units(post.body) <= room:
        return (post,)
    bodies = cut(post.body, max(room, _LEAST))
    last = len(bodies) - 1
    return tuple(
        replace(
            post,
            head=words.PART.format(head=post.head, part=i + 1, parts=len(bodies)),
            body=body,
            foot=post.foot if i == last else "",
            buttons=post.buttons if i == last else (),
            media=post.media if i == last else (),
            resurface=post.resurface and i == 0,
        )
        for i, body in enumerate(bodies)
    )


def notice(text: str, **more: object) -> Post:
    """Give a word of ours, in the style of one."""
    return replace(Post(head=words.NOTICE, body=text, style="notice"), **more)  # type: ignore[arg-type]
