"""A load of signed Twilio webhooks, prepared beforehand and played over raw sockets by a process of its own.

python -m bench.load HOST PORT CONNECTIONS COUNT PATH PUBLIC_URL TOKEN FIRST
prints one JSON line: seconds, answers by status, latencies (milliseconds) at the 50th and 99th percentile.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time
from urllib.parse import urlencode


def request(path: str, public_url: str, token: str, number: int, people: int) -> bytes:
    """Give one signed webhook as it goes over the wire."""
    form = {
        "AccountSid": "AC" + "0" * 32,
        "Body": f"Is the clinic open on Friday? ({number})",
        "From": f"+1555{number % people:07d}",
        "MessageSid": f"SM{number:032x}",
        "NumMedia": "0",
        "NumSegments": "1",
        "To": "+15005550006",
    }
    signed = f"{public_url}{path}" + "".join(name + form[name] for name in sorted(form))
    mac = hmac.new(token.encode(), signed.encode(), hashlib.sha1)
    body = urlencode(form).encode()
    signature = base64.b64encode(mac.digest()).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _connection(
    host: str, port: int, requests: list[bytes], times: list[float], seen: dict[str, int]
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for one in requests:
        start = time.perf_counter()
        writer.write(one)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().split(b"content-length:")
        if len(length) > 1:
            await reader.readexactly(int(length[1].split(b"\r\n")[0]))
        times.append(time.perf_counter() - start)
        status = head[9:12].decode()
        seen[status] = seen.get(status, 0) + 1
    writer.close()


async def _play(host: str, port: int, connections: int, requests: list[bytes]) -> dict[str, object]:
    times: list[float] = []
    seen: dict[str, int] = {}
    start = time.perf_counter()
    shares = [requests[n::connections] for n in range(connections)]
    await asyncio.gather(*(_connection(host, port, share, times, seen) for share in shares))
    seconds = time.perf_counter() - start
    times.sort()
    return {
        "seconds": seconds,
        "answers": seen,
        "p50": times[len(times) // 2] * 1000,
        "p99": times[int(len(times) * 0.99)] * 1000,
    }


def main() -> None:
    """Prepare, play, print."""
    host, port, connections, count, path, public_url, token, first = sys.argv[1:9]
    numbers = range(int(first), int(first) + int(count))
    requests = [request(path, public_url, token, number, 500) for number in numbers]
    print(json.dumps(asyncio.run(_play(host, int(port), int(connections), requests))))


if __name__ == "__main__":
    main()
