"""Every figure that /metrics shows, in one place. Labels never hold a number, a name or a text."""

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

CONTENT_TYPE = CONTENT_TYPE_LATEST

registry = CollectorRegistry(auto_describe=True)

received = Counter(
    "threadline_received", "Texts and reports committed, repeated ones left out", ["line"], registry=registry
)
classified = Counter("threadline_classified", "Inbound texts by what they are", ["kind"], registry=registry)
decided = Counter("threadline_decided", "Events decided on, by their type", ["event"], registry=registry)
set_aside = Counter(
    "threadline_set_aside", "Events that could not be decided and wait for the operator", registry=registry
)
settled = Counter(
    "threadline_effects_settled", "Effects that came to an end", ["type", "state"], registry=registry
)
throttled = Counter(
    "threadline_throttled",
    "Answers that asked us to slow down, by connector",
    ["connector"],
    registry=registry,
)
bad_signatures = Counter(
    "threadline_bad_signatures", "Requests refused for their signature", ["line"], registry=registry
)
unreadable = Counter(
    "threadline_unreadable", "Rightly signed requests that could not be read", ["line"], registry=registry
)
refused_by_store = Counter(
    "threadline_store_unavailable",
    "Requests answered 503 because the store did not answer",
    registry=registry,
)
waiting = Gauge("threadline_waiting", "Rows that are open: events, effects", ["what"], registry=registry)
lag = Gauge("threadline_lag_seconds", "Age of the oldest row that is due", ["what"], registry=registry)
unsure = Gauge("threadline_unsure", "Effects of which nobody knows whether they happened", registry=registry)
failed = Gauge("threadline_failed", "Effects that failed and that nobody discarded", registry=registry)
part_ok = Gauge(
    "threadline_part_ok", "1 while a part of /readyz is well, else 0", ["part"], registry=registry
)
intake_seconds = Histogram(
    "threadline_intake_seconds",
    "From a request to its commit",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=registry,
)
handled_seconds = Histogram(
    "threadline_handled_seconds",
    "From an event's commit to the commit of what was decided",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60),
    registry=registry,
)


def refused() -> float:
    """Give how often the store did not take something."""
    return registry.get_sample_value("threadline_store_unavailable_total") or 0.0


def page() -> bytes:
    """Give what /metrics answers, in the Prometheus text format."""
    return generate_latest(registry)
