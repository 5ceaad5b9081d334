"""Run: the one place where everything is put together, started in order and stopped in reverse."""

import asyncio
import contextlib
import gc
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bridge import log, registry
from bridge.config import Config
from bridge.engine.attempt import Attempts
from bridge.engine.bulletins import Bulletins
from bridge.engine.clock import steady
from bridge.engine.deliver import Deliverer
from bridge.engine.files import Files
from bridge.engine.health import Health
from bridge.engine.http import Http
from bridge.engine.ids import time_ids
from bridge.engine.inbox import Inbox
from bridge.engine.intake import Intake
from bridge.engine.lines import LineOut
from bridge.engine.listen import Listener
from bridge.engine.notify import Notifier
from bridge.engine.outreach import Outreach
from bridge.engine.panels import Panels
from bridge.engine.process import Judge, Processor
from bridge.engine.rates import merge_chars, rates
from bridge.engine.receive import MAX_BODY, Receiver
from bridge.engine.reconcile import Reconciler
from bridge.engine.tapbacks import Tapbacks
from bridge.engine.tend import Tender, notify
from bridge.engine.world import Worlds
from bridge.model.decision import World
from bridge.ports import Carrier, ChatPlatform, House, Log, Transport
from bridge.render.suggested import SUGGESTED
from bridge.store.database import WrongVersion, migrate, migrate_apart, newest_version, version
from bridge.store.desk import suggest_templates
from bridge.store.staff import Staff
from bridge.store.store import Store

_FINISH_SECONDS = 20.0  # for what is under way; systemd and docs/interface.md give 30 for all


@dataclass(frozen=True, slots=True)
class Daemon:
    """A running house, for those who started it."""

    url: str  # where it listens
    store: Store
    staff: Staff
    intake: Intake
    carrier: Carrier | None


async def prepare_database(config: Config) -> None:
    """Bring the database to this version, or raise WrongVersion where that is not wanted."""
    if config.store.auto_migrate:
        await migrate(config.store.url)
        return
    found = await version(config.store.url)
    if found != newest_version():
        raise WrongVersion(
            f"the database is at version {found or 'none'} and this program needs {newest_version()}: "
            "run `threadline migrate --config FILE`, or set store.auto_migrate = true"
        )


@contextlib.asynccontextmanager
async def running(config: Config, now: Callable[[], float] = time.time) -> AsyncIterator[Daemon]:
    """Run everything that the configuration names; on the way out, stop it within 30 seconds.

    Raises WrongVersion, bridge.store.store.Taken, ConfigError, or OSError when the port is taken.
    """
    now = steady(now)
    logger, ids = log.logger(), time_ids(now)
    await prepare_database(config)
    async with contextlib.AsyncExitStack() as stack:
        store = Store(config.store.url)
        await store.open()
        stack.push_async_callback(store.close)
        me = ids()
        await store.free_the_dead(me)
        http = Http()
        await http.open()
        stack.push_async_callback(http.close)

        # the loops are told of each other through these, since each wakes the next
        processor: Processor
        deliverer: Deliverer
        inbox: Inbox
        intake = Intake(store, now, lambda: processor.wake())

        region, public_url = config.organisation.region, config.server.public_url
        providers = {name: registry.sms_provider(line, region) for name, line in config.lines.items()}
        receiver = Receiver(providers, intake, public_url, now, logger)
        network = registry.carrier(config, providers, receiver.take, now, ids)
        carrier, simulated = network or (None, frozenset[str]())
        if carrier is not None:
            stack.push_async_callback(carrier.close)
        transports: dict[str, Transport] = {
            name: carrier if carrier is not None and name in simulated else http for name in providers
        }
        files = Files(store, providers, transports, now, ids)
        lines = registry.lines(config, providers)
        organisation = registry.organisation(config)
        worlds = Worlds(store, World(organisation, lines, {}))
        inbox = Inbox(store, files, worlds, region)
        staff = Staff(store.engine, now)
        house = House(
            sink=intake,
            inbox=inbox,
            accounts=staff,
            panels=Panels(store, worlds, now),
            carrier=carrier,
            organisation=organisation.name,
            region=region,
            public_url=public_url,
            lines={name: line.number for name, line in lines.items()},
            now=now,
            ids=ids,
            log=logger,
        )
        platforms = {name: registry.chat_platform(name, config, house) for name in config.chats}
        files.platforms = platforms
        desks = registry.desks(config, platforms)
        worlds.configure(World(organisation, lines, desks, sends_mail=config.email is not None))
        await worlds.refresh()
        await suggest_templates(store.engine, SUGGESTED, now())

        judge = Judge(registry.classifier(), now, ids)
        outs = {n: LineOut(lines[n].number, providers[n], transports[n]) for n in lines}
        notifier = Notifier(store.engine, registry.mailer(config), platforms, organisation.name)
        attempts = Attempts(
            outs,
            platforms,
            files,
            public_url,
            now,
            notifier,
            Tapbacks(store.engine),
            Bulletins(store.engine, files),
        )
        deliverer = Deliverer(
            store,
            attempts,
            worlds,
            judge,
            rates(lines, desks),
            merge_chars(desks),
            me,
            now,
            logger,
            inbox.touch,
        )
        processor = Processor(store, worlds, judge, now, logger, deliverer.wake, inbox.touch)
        listener = Listener(platforms, store.hold, logger)
        stopping = asyncio.Event()
        health = Health(store, house.lines, listener, processor, deliverer, stopping.is_set)
        tender = Tender(store, me, config.store.journal_days, now, logger, health.working)
        reconciler = Reconciler(outs, intake, now, logger)
        outreach = Outreach(store, worlds, files, now, ids, logger, processor.wake)

        url = await _listen_http(config, receiver, health, files, platforms, stack)
        loops = {
            "process": processor.run,
            "deliver": deliverer.run,
            "listen": listener.run,
            "reconcile": reconciler.run,
            "outreach": outreach.run,
            "tend": tender.run,
            "watch": health.watch,
        }
        tasks = [_start(name, loop(), logger) for name, loop in loops.items()]
        stack.push_async_callback(_stop, tasks, deliverer, platforms, stopping, logger)
        yield Daemon(url, store, staff, intake, carrier)


def _start(name: str, loop: Coroutine[Any, Any, None], logger: Log) -> asyncio.Task[None]:
    def say(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("task.died", task=name, error=repr(error)[:300])

    task = asyncio.create_task(loop, name=name)
    task.add_done_callback(say)
    return task


async def _stop(
    tasks: list[asyncio.Task[None]],
    deliverer: Deliverer,
    platforms: Mapping[str, ChatPlatform],
    stopping: asyncio.Event,
    logger: Log,
) -> None:
    """Take nothing new, finish what is under way, sign off."""
    stopping.set()
    notify("STOPPING=1")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await deliverer.drain(_FINISH_SECONDS)
    await asyncio.gather(*(_sign_off(platform) for platform in platforms.values()))
    logger.info("stopped")


async def _sign_off(platform: ChatPlatform) -> None:
    with contextlib.suppress(Exception):
        async with asyncio.timeout(3):
            await platform.stop()


async def _listen_http(
    config: Config,
    receiver: Receiver,
    health: Health,
    files: Files,
    platforms: Mapping[str, ChatPlatform],
    stack: contextlib.AsyncExitStack,
) -> str:
    """Open the door; give its address."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[_left_early])
    app.add_routes([*receiver.routes(), *health.routes(), web.get("/media/{token}", files.serve)])
    for platform in platforms.values():
        app.add_routes(platform.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2, handle_signals=False)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    host, port = config.server.address
    site = web.TCPSite(runner, host or None, port, backlog=1024)
    await site.start()
    bound = runner.addresses[0]
    shown = "127.0.0.1" if bound[0] in ("0.0.0.0", "::") else bound[0]  # noqa: S104 - only compared
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{bound[1]}"


@web.middleware
async def _left_early(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whoever hangs up while still talking (a browser that closes a page) is no fault of ours."""
    try:
        return await handler(request)
    except ConnectionResetError:
        if request.transport is not None:
            raise
        return web.Response(status=400)


async def until_signal() -> None:
    """Wait for SIGTERM or SIGINT."""
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, done.set)
    await done.wait()


async def _serve(config: Config) -> None:
    if config.store.auto_migrate:
        await migrate_apart(config.store.url)
    async with running(config) as daemon:
        gc.collect()
        gc.freeze()  # the program is no garbage: looking through it takes a tenth of a second every time
        log.logger().info("serving", url=daemon.url)
        notify("READY=1")
        await until_signal()


def serve(config: Config) -> None:
    """Run the daemon until SIGTERM or SIGINT."""
    asyncio.run(_serve(config))
