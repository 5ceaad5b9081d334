"""The load counts what it says: every answer, and in the open form every moment that a request waited."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bench.load import arrivals, play_on
from bench.webhooks import request

ANSWER = b"HTTP/1.1 %d X\r\nContent-Length: 11\r\n\r\n<Response/>"


@asynccontextmanager
async def server(answer: Callable[[int], "asyncio.Future[int] | int"]) -> AsyncIterator[int]:
    """Answer each request with the status that is given for its number, once that is known."""
    count = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
                await reader.readexactly(int(length))
                count += 1
                status = answer(count)
                writer.write(ANSWER % (status if isinstance(status, int) else await status))
        except asyncio.IncompleteReadError:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]


def requests(count: int) -> list[bytes]:
    return [request("/hooks/main", number, "+15550000001") for number in range(count)]


async def test_every_answer_is_counted_by_its_status() -> None:
    async with server(lambda number: 503 if number == 3 else 200) as port:
        found = await play_on(port, 4, [], requests(20), 0.0)
    assert found["answers"] == {"200": 19, "503": 1}
    assert found["unanswered"] == 0


async def test_arrivals_wait_for_no_answer_and_count_from_when_they_were_due() -> None:
    """Nothing is answered before the last one has arrived: whoever waits for answers would wait for ever."""
    all_there: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def answer(number: int) -> asyncio.Future[int]:
        if number == 50:
            all_there.set_result(200)
        return all_there

    times = arrivals(50, 200.0)
    async with server(answer) as port:
        found = await play_on(port, 1, [], requests(50), 200.0)
    assert found["answers"] == {"200": 50}
    assert found["worst"] >= (times[-1] - times[0]) * 1000


async def test_what_was_due_while_no_connection_was_free_counts_from_then_too() -> None:
    """More arrivals than connections, and the first answers come late: those behind waited as well."""
    gate: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def answer(number: int) -> asyncio.Future[int]:
        if number == 128:  # as many as there are connections
            asyncio.get_running_loop().call_later(0.2, gate.set_result, 200)
        return gate

    async with server(answer) as port:
        found = await play_on(port, 1, [], requests(150), 2_000.0)
    assert found["answers"] == {"200": 150}
    late = (arrivals(150, 2_000.0)[127] - arrivals(150, 2_000.0)[0]) * 1000 + 200
    assert found["worst"] >= late


async def test_the_warming_up_is_not_counted() -> None:
    async with server(lambda number: 500 if number <= 10 else 200) as port:
        found = await play_on(port, 2, requests(10), requests(5), 0.0)
    assert found["answers"] == {"200": 5}
