"""Files both ways.

Up: files.getUploadURLExternal, the bytes, files.completeUploadExternal; the answer names no message, so
the share is looked for in files.info (docs.slack.dev/messaging/working-with-files; python-slack-sdk#1277).
Down: url_private_download with the bot token. Without the right Slack answers with a sign-in page.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import aiohttp
from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env
from yarl import URL

from bridge.errors import ConnectorError, Rejected, Unreachable, Unsure, Unusable
from bridge.model.ids import Ids
from bridge.model.nouns import Media
from bridge.model.shapes import File
from connectors.chat.slack.api import TIMEOUT, Answer, Api

MAX_BYTES: Final = 20 << 20
_LOOKS: Final = (0.1, 0.2, 0.4, 0.8, 1.5, 2.0)  # seconds between looks for a share
_HOPS: Final = 3
_SLACK_HOSTS: Final = ("slack.com", "slack-edge.com", "slack-files.com")
_NOT_THERE = ("tombstone", "hidden_by_limit")


def media_of(files: Iterable[Mapping[str, Any]], desk: str, ids: Ids) -> tuple[Media, ...]:
    """Read the files of a message. The file's Slack id goes with the address, behind #."""
    return tuple(
        Media(
            id=ids(),
            content_type=str(file.get("mimetype") or "application/octet-stream"),
            name=str(file.get("name") or file.get("title") or "file"),
            size=int(file["size"]) if file.get("size") else None,
            origin=f"desk:{desk}",
            url=f"{file.get('url_private_download') or file.get('url_private') or ''}#{file.get('id', '')}",
        )
        for file in files
        if file.get("mode") not in _NOT_THERE
    )


class Files:
    """Uploads and downloads with one bot token."""

    def __init__(self, api: Api, token: str, api_url: str) -> None:
        """token: sent to Slack's own hosts and that of api_url only."""
        self._api = api
        self._token = token
        self._home = URL(api_url).origin()
        self._proxy = load_http_proxy_from_env()

    # -- up --------------------------------------------------------------------------------------------------

    async def upload(self, channel: str, thread: str | None, files: Sequence[File]) -> str | None:
        """Share files as one message; give its ts, None where Slack does not say it in time.

        Raises Unsure where it is not known whether they were shared; all other errors say they were not.
        """
        announced = [await self._send(file) for file in files]
        try:
            await self._complete(channel, thread, announced)
        except Unsure:
            shared = await self._share(channel, announced[0]["id"])
            if shared is None:
                raise
            return shared
        return await self._share(channel, announced[0]["id"])

    async def _send(self, file: File) -> Answer:
        """Announce a file and send its bytes; nobody sees it yet, so whatever fails here did not happen."""
        client = self._api.client
        name = file.name or "file"
        try:
            place = await self._api.ask(
                client.files_getUploadURLExternal(filename=name, length=len(file.data))
            )
            async with self._session() as session:
                upload = session.post(place["upload_url"], data=file.data, proxy=self._proxy)
                async with upload as answer:
                    if answer.status != 200:
                        raise Rejected(f"Slack did not take the file ({answer.status})")
        except (Unsure, aiohttp.ClientError, TimeoutError):
            raise Unreachable("the file did not reach Slack") from None
        return {"id": place["file_id"], "title": name}

    async def _complete(self, channel: str, thread: str | None, announced: Sequence[Answer]) -> None:
        complete = self._api.client.files_completeUploadExternal
        await self._api.ask(complete(files=list(announced), channel_id=channel, thread_ts=thread))

    async def _share(self, channel: str, file_id: str) -> str | None:
        for wait in _LOOKS:
            try:
                file = (await self._api.ask(self._api.client.files_info(file=file_id))).get("file") or {}
            except ConnectorError:
                file = {}
            for kind in ("public", "private"):
                for share in ((file.get("shares") or {}).get(kind) or {}).get(channel) or ():
                    return str(share["ts"])
            await asyncio.sleep(wait)
        return None

    # -- down ------------------------------------------------------------------------------------------------

    async def download(self, media: Media) -> File:
        """Fetch what staff posted."""
        url, _, file_id = media.url.partition("#")
        if not url:
            media = await self._look_up(media, file_id)
            url = media.url.partition("#")[0]
        if media.size and media.size > MAX_BYTES:
            raise Rejected(f"{media.name} is larger than {MAX_BYTES >> 20} MB")
        try:
            async with self._session() as session:
                data, content_type = await self._fetch(session, URL(url), media)
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise Unreachable(f"the file could not be fetched ({type(failure).__name__})") from None
        if content_type == "text/html" and media.content_type != "text/html":
            await self._look_up(media, file_id)  # says which scope is missing, if that is why
            raise Rejected("Slack gave a page to sign in instead of the file")
        return File(media.name, media.content_type, data)

    async def _look_up(self, media: Media, file_id: str) -> Media:
        """Ask for a file that came without its address, as in shared channels (check_file_info)."""
        file = (await self._api.ask(self._api.client.files_info(file=file_id))).get("file") or {}
        found = media_of([file], media.origin.removeprefix("desk:"), lambda: media.id)
        if not found or found[0].url.startswith("#"):
            raise Rejected("Slack does not give this file away")
        return found[0]

    async def _fetch(self, session: aiohttp.ClientSession, url: URL, media: Media) -> tuple[bytes, str]:
        for _ in range(_HOPS):
            if not self._is_slacks(url):
                raise Rejected("the file lies outside Slack, where only its owner can fetch it")
            bearer = {"Authorization": f"Bearer {self._token}"}
            get = session.get(url, headers=bearer, allow_redirects=False, proxy=self._proxy)
            async with get as answer:
                if answer.status in (301, 302, 303, 307, 308) and "Location" in answer.headers:
                    url = url.join(URL(answer.headers["Location"]))
                    continue
                _judge(answer.status)
                return await _bytes(answer, media.name), answer.content_type
        raise Rejected("the file is not where Slack said")

    def _is_slacks(self, url: URL) -> bool:
        host = url.host or ""
        at_slack = any(host == name or host.endswith(f".{name}") for name in _SLACK_HOSTS)
        return (at_slack and url.scheme == "https") or (url.is_absolute() and url.origin() == self._home)

    @staticmethod
    def _session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=4 * TIMEOUT, sock_read=TIMEOUT))


def _judge(status: int) -> None:
    if status in (401, 403):
        raise Unusable("Slack does not give files to the app: it needs the scope files:read")
    if status == 429 or status >= 500:
        raise Unreachable(f"Slack did not give the file ({status})")
    if status != 200:
        raise Rejected(f"Slack did not give the file ({status})")


async def _bytes(answer: aiohttp.ClientResponse, name: str) -> bytes:
    data = bytearray()
    async for piece in answer.content.iter_chunked(1 << 16):
        data += piece
        if len(data) > MAX_BYTES:
            raise Rejected(f"{name} is larger than {MAX_BYTES >> 20} MB")
    return bytes(data)
