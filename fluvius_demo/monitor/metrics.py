"""How many commands, how long, how many at once, and what came of them: for Prometheus, or as a small table."""

from collections import Counter as Counts
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from fluvius_demo.monitor.watched import Ended, WatchedFrame, Watcher

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

# Seconds. From a command on a store in memory, tens of microseconds, to one that waits for half the world; three steps
# for each power of ten, as in prometheus_client's own, so that a quantile read from them is off by 2.5 times at most.
BUCKETS = (
    *(50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3),
    *(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
_OWN = ("key", "outcome", "le")  # `le` is the histogram's


class Made(dict[Any, Any]):
    """What `make` returns for each key, made once: to look a label's child up costs as much as to count."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: Any) -> Any:
        return self.setdefault(key, self.make(key))  # two threads may come at once: the first one's stays


class Metrics(Watcher):
    """Counts and times commands by their key.

    - `fluvius_commands_total`: commands that have ended, by key and outcome, also those that were refused at the door.
    - `fluvius_command_seconds`: how long those took that opened, from their first check to their end.
    - `fluvius_commands_in_flight`: those that are open now.

    `registry` is where Prometheus finds them; without one they have a registry of their own, so that two of these do
    not meet. `prometheus_client.REGISTRY` is the one for all of a program.

    `labels` names the metadata that the first two are told apart by. Choose keys with few values, such as a shard:
    Prometheus keeps a time series for every value, for ever, so an account's number would make as many as there are
    accounts. A command that has no such key has "" there, and so has one that did not open.

    Raises ImportError where prometheus_client is not installed.
    """

    def __init__(self, registry: "CollectorRegistry | None" = None, *, labels: Iterable[str] = ()) -> None:
        try:
            from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
        except ImportError as missing:
            raise ImportError(
                "Cannot count commands: prometheus_client is not installed. To solve this, install prometheus-client.",
                name=missing.name,
            ) from None
        self.registry = CollectorRegistry() if registry is None else registry
        self.labels = names = tuple(labels)
        if taken := [name for name in names if name in _OWN or names.count(name) > 1]:
            raise ValueError(
                f"Cannot use {', '.join(taken)} of the metadata for labels: each label needs a name of its own, and "
                f"{', '.join(_OWN)} are taken. To solve this, annotate commands with another key."
            )
        self._ended = Counter(
            "fluvius_commands", "Commands that have ended.", ("key", "outcome", *names), registry=self.registry
        )
        self._seconds = Histogram(
            "fluvius_command_seconds",
            "Seconds that a command took, from its first check to its end.",
            ("key", *names),
            registry=self.registry,
            buckets=BUCKETS,
        )
        self._in_flight = Gauge(
            "fluvius_commands_in_flight", "Commands that are open now.", ("key",), registry=self.registry
        )
        self._open: Made = Made(self._none_open)
        self._end = Made(self._end_of)

    def opened(self, frame: WatchedFrame) -> None:
        """Have one more in flight."""
        self._open[frame.who.key].add(id(frame))  # a set needs no lock, as the gauge's own number would

    def ended(self, frame: WatchedFrame, outcome: Ended, seconds: float | None) -> None:
        """Count it; and if it was open, note how long it took."""
        labels = (frame.who.key, outcome)
        if self.labels:
            labels += tuple([str(frame.noted.get(name, "")) for name in self.labels])
        count, note, leave = self._end[labels]
        count()
        if seconds is not None:
            note(seconds)
            leave(id(frame))

    def _none_open(self, key: str) -> set[int]:
        self._in_flight.labels(key).set_function(lambda: len(self._open[key]))
        return set()

    def _end_of(
        self, labels: tuple[str, ...]
    ) -> tuple[Callable[[], None], Callable[[float], None], Callable[[int], None]]:
        key, outcome, *values = labels
        leave = self._open[key].discard
        return self._ended.labels(key, outcome, *values).inc, self._seconds.labels(key, *values).observe, leave

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how many commands have ended, by key and outcome."""
        counts: Counts[tuple[str, str]] = Counts()
        for metric in self._ended.collect():
            for sample in metric.samples:
                if sample.name == "fluvius_commands_total":  # the other one says since when
                    counts[sample.labels["key"], sample.labels["outcome"]] += int(sample.value)
        return dict(sorted(counts.items()))

    def table(self) -> str:
        """Return these counts as lines to read, in the order of the keys."""
        lines = [("command", "outcome", "count"), *((*which, str(count)) for which, count in self.counts().items())]
        wide, wider, widest = (max(map(len, column)) for column in zip(*lines, strict=True))
        return "\n".join(f"{key:{wide}}  {outcome:{wider}}  {count:>{widest}}" for key, outcome, count in lines)

    def text(self) -> str:
        """Return what Prometheus is given when it asks: the whole registry in its exposition format."""
        from prometheus_client import generate_latest

        return generate_latest(self.registry).decode()
