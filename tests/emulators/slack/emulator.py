"""The whole emulator: `async with SlackEmulator() as slack:`."""

from __future__ import annotations

import secrets
from types import TracebackType
from typing import Any, Self

from .clicks import Clicks
from .courier import Courier
from .delivery import Delivery
from .faults import EventFault, Fault
from .manifest import Installation
from .people import People
from .server import Server
from .sockets import Socket
from .transcript import render_view, transcript
from .views import View
from .world import SLACKBOT, Ephemeral, Message, User, World


class SlackEmulator(People, Clicks):
    """A workspace with one installed app, reachable over HTTP and WebSocket on 127.0.0.1.

    The app's side is `api_url` with `bot_token` and `app_token`. The people's side is in `People`
    and `Clicks`; `misbehave` orders what shall go wrong; `violations` is what the app did wrong.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        team_name: str = "Emulated",
        domain: str = "emulated",
        bot_name: str = "threadline",
        retry_delay: float = 0.3,
        ack_timeout: float = 3.0,
        bot_token: str = "",
        app_token: str = "",
        signing_secret: str = "",
        manifest: dict[str, Any] | None = None,
    ) -> None:
        world = World("T0EMULATED", team_name, domain)
        bot = User("U0BOT", bot_name, bot_name, bot_name, world.team_id, bot_id="B0BOT", app_id="A0APP")
        world.users[bot.id] = bot
        world.users[SLACKBOT] = User(
            SLACKBOT, "slackbot", "Slackbot", "Slackbot", world.team_id, bot_id="B0SLACKBOT", app_id="A0SLACK"
        )
        installation = Installation.from_manifest(manifest) if manifest else Installation()
        courier = Courier(signing_secret or secrets.token_hex(16), bot.app_id, retry_delay, ack_timeout)
        bot_token = bot_token or f"xoxb-{secrets.token_hex(8)}"
        app_token = app_token or f"xapp-1-{bot.app_id}-{secrets.token_hex(8)}"
        super().__init__(world, courier, bot, installation, bot_token, app_token)
        self.server = Server(self, port)

    async def start(self) -> Self:
        """Listen."""
        await self.server.start()
        return self

    async def close(self) -> None:
        """Stop everything."""
        await self.courier.close()
        await self.server.stop()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # -- how the app reaches it ----------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        """Return the base URL for the SDK's `base_url`."""
        return f"{self.base_url}/api/"

    @property
    def signing_secret(self) -> str:
        """Return the secret that signs requests in HTTP mode."""
        return self.courier.webhooks.signing_secret

    @property
    def bot_id(self) -> str:
        """Return the user id of the bot (its `bot_id` in messages is another one)."""
        return self.bot.id

    def use_http(self, request_url: str | None) -> None:
        """Deliver events, interactions and commands by signed POST from now on; None goes back to sockets."""
        self.courier.webhooks.url = request_url

    # -- what goes wrong -----------------------------------------------------------------------------------

    def misbehave(
        self, target: str, fault: Fault | EventFault, *, times: int = 1, channel: str | None = None
    ) -> None:
        """Order a fault for the next calls of a method, or for the next events ("event", "event:message").

        Besides Web API methods there are the targets "files.upload", "files.download" and "response_url", and
        "*" for all of them.
        """
        self.faults.add(target, fault, times, channel)

    def behave(self) -> None:
        """Forget every fault that was ordered and did not happen yet."""
        self.faults.orders.clear()

    @property
    def enforce_rate(self) -> bool:
        """Return whether chat.postMessage is held to one message a second per channel, four at once."""
        return self.server.enforce_rate

    @enforce_rate.setter
    def enforce_rate(self, value: bool) -> None:
        self.server.enforce_rate = value

    async def disconnect_sockets(self, reason: str = "refresh_requested", grace: float = 0.05) -> None:
        """Send every socket a disconnect frame, and close it after `grace` seconds."""
        await self.courier.endpoint.disconnect(reason, grace)

    def cut_sockets(self) -> None:
        """Break every socket without a word."""
        self.courier.endpoint.cut()

    async def go_down(self) -> None:
        """Refuse all connections until `come_back`; events of the meantime are tried and then lost."""
        await self.server.stop()

    async def come_back(self) -> None:
        """Listen on the same port again."""
        await self.server.start()

    # -- what happened -------------------------------------------------------------------------------------

    @property
    def sockets(self) -> list[Socket]:
        """Return the open sockets of the app."""
        return self.courier.sockets

    @property
    def lost(self) -> list[Delivery]:
        """Return events that were never acknowledged and interactions that failed."""
        return [delivery for delivery in self.courier.deliveries if delivery.lost]

    @property
    def ephemerals(self) -> list[Ephemeral]:
        """Return what was shown to single persons."""
        return self.world.ephemerals

    def messages(self, channel: str) -> list[Message]:
        """Return everything in a channel, replies included, oldest first, with full metadata."""
        stored = self.world.channels[channel].messages
        return [stored[ts] for ts in sorted(stored)]

    def message(self, channel: str, ts: str) -> Message:
        """Return one stored message."""
        return self.world.channels[channel].messages[ts]

    def replies(self, channel: str, root: str) -> list[Message]:
        """Return the replies of a thread, oldest first."""
        return self.world.channels[channel].replies(root)

    def roots(self, channel: str) -> list[Message]:
        """Return what the channel itself shows, oldest first."""
        return list(self.world.channels[channel].roots())

    def transcript(self, channel: str) -> str:
        """Return a channel as text for people."""
        return transcript(self.world, self.world.channels[channel])

    def show(self, view: View) -> str:
        """Return a modal or home tab as text for people."""
        return render_view(view, self.world.name_of)
