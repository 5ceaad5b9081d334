"""The plain page on which both desks are drawn: what is said, who says it, what can be pressed. No more.

It looks like neither platform on purpose: it shows how a message reads, not how an app is styled.
"""

from collections.abc import Iterable, Sequence
from html import escape

STYLE = """
* { box-sizing: border-box }
body { margin: 0; padding: 20px 24px 24px; background: #fff; color: #1c1d1f; width: fit-content;
font: 15px/1.42 'DejaVu Sans', 'Noto Color Emoji', sans-serif }
h1 { font-size: 12px; font-weight: normal; color: #5d6066; margin: 0 0 14px;
  border-bottom: 1px solid #d9dbdf;
padding-bottom: 8px; width: 640px }
.message { display: grid; grid-template-columns: 36px 1fr; gap: 0 10px; margin: 0 0 14px; width: 640px }
.message.in { margin-left: 46px; width: 594px }
.who { width: 36px; height: 36px; border-radius: 6px; background: #e4e6ea; text-align: center;
  line-height: 36px }
.name { font-weight: bold }
.small { color: #5d6066; font-size: 12.5px }
.body { white-space: pre-wrap; overflow-wrap: anywhere }
.facts { display: grid; grid-template-columns: 1fr 1fr; gap: 2px 18px; margin: 4px 0 }
.head { font-size: 18px; font-weight: bold }
.row { display: flex; flex-wrap: wrap; gap: 6px; margin: 7px 0 2px }
.button { border: 1px solid #b9bcc3; border-radius: 5px; padding: 3px 11px; font-size: 13.5px;
  background: #fff }
.danger { color: #a61b1b; border-color: #a61b1b }
.main { background: #23527c; color: #fff; border-color: #23527c }
.mark { border: 1px solid #d9dbdf; border-radius: 11px; padding: 0 8px; background: #f4f5f7;
  font-size: 14px }
.alone { background: #fdf8e4; padding: 8px 10px; border-radius: 6px }
.box { border: 1px solid #b9bcc3; border-radius: 9px; width: 560px; box-shadow: 0 3px 14px #0002 }
.box > div { padding: 12px 18px }
.top { border-bottom: 1px solid #e4e6ea; font-weight: bold; font-size: 17px }
.foot { border-top: 1px solid #e4e6ea; display: flex; justify-content: flex-end; gap: 8px }
.split { display: grid; grid-template-columns: 1fr auto; gap: 12px; align-items: start; margin: 9px 0 0 }
.field { border: 1px solid #b9bcc3; border-radius: 5px; padding: 6px 9px; min-height: 34px;
  white-space: pre-wrap }
.label { font-weight: bold; font-size: 13.5px; margin: 10px 0 3px }
.bubble { background: #f1f3f6; border-radius: 10px; padding: 8px 12px; width: fit-content;
  max-width: 560px }
.quote { border-left: 3px solid #7f9fbd; padding-left: 8px; color: #5d6066; font-size: 13px;
  margin-bottom: 4px }
.keys { display: grid; gap: 5px; margin-top: 5px; max-width: 560px; grid-auto-flow: row }
.keys .button { text-align: center }
.menu { border: 1px solid #b9bcc3; border-radius: 6px; width: 290px; margin-left: 46px; padding: 6px 0;
box-shadow: 0 3px 14px #0002 }
.menu div { padding: 5px 14px }
"""


def page(heading: str, parts: Iterable[str]) -> str:
    """Give the whole page."""
    return (
        f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><h1>{words(heading)}</h1>{''.join(parts)}"
    )


def words(text: str) -> str:
    """Write text literally."""
    return escape(text, quote=True)


def tag(kind: str, inside: str, name: str = "div") -> str:
    """Put something into a box of that kind."""
    return f'<{name} class="{kind}">{inside}</{name}>'


def button(label: str, style: str = "") -> str:
    """Draw a button."""
    return tag(f"button {style}".strip(), words(label), "span")


def message(name: str, time: str, inside: Sequence[str], below: bool = False, alone: bool = False) -> str:
    """Draw a message. below: in a thread; alone: one person sees it."""
    initial = tag("who", words(name[:1].upper()))
    top = f"{tag('name', words(name), 'span')} {tag('small', words(time), 'span')}"
    note = tag("small", "Only visible to you") if alone else ""
    body = tag("alone" if alone else "", note + "".join(inside))
    return tag("message in" if below else "message", initial + tag("", top + body))
