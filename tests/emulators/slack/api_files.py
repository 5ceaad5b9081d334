"""Files: the three steps of an upload, what the app sees of a file, and when its message appears."""

from __future__ import annotations

import asyncio
import mimetypes
import time
from typing import Any
from urllib.parse import quote

from .api_chat import join_thread, stamp
from .core import Core
from .errors import SlackError
from .registry import Answer, method
from .schema import Args
from .text import as_text, rich_text, typed
from .world import Channel, File, Message

Shares = dict[str, list[dict[str, Any]]]


def file_object(core: Core, file: File) -> dict[str, Any]:
    """Return a file as the Web API and events show it."""
    if file.tombstone:
        return {"id": file.id, "mode": "tombstone"}
    path = f"{core.base_url}/files-pri/{core.world.team_id}-{file.id}"
    public: Shares = {}
    private: Shares = {}
    for channel, shares in file.shares.items():
        (public if core.world.channels[channel].kind == "public" else private)[channel] = shares
    kinds = {"public": public, "private": private}
    return {
        "id": file.id,
        "created": int(time.time()),
        "timestamp": int(time.time()),
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2].lower(),
        "pretty_type": file.mimetype,
        "user": file.user,
        "user_team": core.world.users[file.user].team_id,
        "size": file.length,
        "mode": "hosted",
        "file_access": "visible",
        "is_external": False,
        "is_public": bool(public),
        "url_private": f"{path}/{quote(file.name)}",
        "url_private_download": f"{path}/download/{quote(file.name)}",
        "permalink": f"https://{core.world.domain}.slack.com/files/{file.user}/{file.id}/{quote(file.name)}",
        "shares": {kind: shares for kind, shares in kinds.items() if shares},
        "channels": list(public),
        "groups": list(private),
    }


def in_message(core: Core, file: File) -> dict[str, Any]:
    """Return a file as a message carries it; of a stranger's file only that files.info knows more."""
    if core.world.users[file.user].is_stranger:
        return {"id": file.id, "file_access": "check_file_info", "created": 0, "timestamp": 0}
    shown = file_object(core, file)
    return {key: value for key, value in shown.items() if key not in ("shares", "channels", "groups")}


def share(core: Core, channel: Channel, message: Message, files: list[File]) -> None:
    """Store a message that shows files, and remember on the files where they are shown."""
    message["files"] = [in_message(core, file) for file in files]
    channel.add(message)
    for file in files:
        place = {"ts": message["ts"], "channel_name": channel.name, "team_id": core.world.team_id}
        place |= {"share_user_id": file.user, "source": "UNKNOWN"}
        if message.get("thread_ts"):
            place["thread_ts"] = message["thread_ts"]
        file.shares.setdefault(channel.id, []).append(place)
    core.message_event(channel, message)
    for file in files:
        event = {"type": "file_shared", "file_id": file.id, "user_id": file.user, "file": {"id": file.id}}
        core.emit({**event, "channel_id": channel.id, "event_ts": core.world.new_ts()}, channel)


@method("files.getUploadURLExternal")
def upload_url(core: Core, args: Args) -> Answer:
    """Announce a file and return where its bytes go."""
    length = args.number("length", 0)
    if not length or not args.text("filename"):
        raise SlackError("missing_argument", violation=True)
    if len(args.text("alt_txt")) > 1000:
        raise SlackError("alt_txt_too_large", violation=True)
    name = args.text("filename")
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(core.world.new_id("F"), name, mimetype, length, core.bot.id)
    core.world.files[file.id] = file
    return {"upload_url": f"{core.base_url}/upload/v1/{file.id}", "file_id": file.id}


def receive(core: Core, file_id: str, content: bytes) -> str:
    """Take the bytes of an announced file; return what is wrong with them."""
    file = core.world.files.get(file_id)
    if file is None:
        return "no such upload"
    if len(content) != file.length:
        core.violations.append(f"upload of {len(content)} bytes where {file.length} were announced")
        return "length mismatch"
    file.content = content
    return ""


@method("files.completeUploadExternal")
def complete_upload(core: Core, args: Args) -> Answer:
    """Share uploaded files in one message, perhaps a while later; the answer does not say in which."""
    files = [_uploaded(core, item) for item in args.structure("files")]
    targets = args.text("channels").split(",") if args.get("channels") else [args.text("channel_id")]
    channels = [core.writable(target) for target in targets if target]
    answer = [{**file_object(core, file), "shares": {}} for file in files]
    thread_ts = stamp(args, "thread_ts") if args.get("thread_ts") else ""
    for channel in channels:
        message = _file_message(core, channel, args.text("initial_comment"), thread_ts)
        if core.file_share_delay:
            core.courier.spawn(_share_later(core, channel, message, files))
        else:
            share(core, channel, message, files)
    return {"files": answer}


async def _share_later(core: Core, channel: Channel, message: Message, files: list[File]) -> None:
    await asyncio.sleep(core.file_share_delay)
    share(core, channel, {**message, "ts": core.world.new_ts()}, files)


def _uploaded(core: Core, item: Any) -> File:
    file = core.world.files.get(item.get("id", "")) if isinstance(item, dict) else None
    if file is None or file.content is None:
        raise SlackError("file_not_found", violation=True)
    file.title = item.get("title", "")
    return file


def _file_message(core: Core, channel: Channel, comment: str, thread_ts: str) -> Message:
    message: Message = {
        "type": "message",
        "subtype": "file_share",
        "text": comment,
        "user": core.bot.id,
        "bot_id": core.bot.bot_id,
        "upload": True,
        "display_as_bot": False,
        "ts": core.world.new_ts(),
    }
    if comment:
        elements = typed(comment)
        message |= {"text": as_text(elements), "blocks": [rich_text(elements, "cmt")]}
    if thread_ts:
        join_thread(channel, message, thread_ts, broadcast=False)
    return message


@method("files.info")
def file_info(core: Core, args: Args) -> Answer:
    """Return a file with the messages that show it, as far as they exist yet."""
    file = core.world.files.get(args.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    if file.tombstone:
        raise SlackError("file_deleted")
    return {"file": file_object(core, file), "comments": [], "response_metadata": {"next_cursor": ""}}
