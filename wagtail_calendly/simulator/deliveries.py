"""Webhook deliveries of any sender: with retries, or held, dropped, doubled, delayed, reordered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, get_args

import httpx

from wagtail_calendly.simulator.clock import Clock, iso

Mode = Literal["deliver", "hold", "drop", "duplicate", "delay", "reorder"]
State = Literal["pending", "held", "delivered", "failed", "dropped"]
MODES: tuple[str, ...] = get_args(Mode)
SENDERS = ("calendly", "stripe")

# The real senders retry for hours or days; here a subscription dies within seconds.
BACKOFF = (0.2, 0.4, 0.8, 1.6, 3.2)
TIMEOUT = 10.0


class Target(Protocol):
    """Where deliveries go: a vendor's subscription or endpoint."""

    @property
    def accepting(self) -> bool: ...
    def headers(self, body: bytes, at: int) -> dict[str, str]: ...
    def succeeded(self) -> None: ...
    def failed(self) -> None: ...
    def gave_up(self) -> None: ...


@dataclass
class Delivery:
    """One message for one target; `attempts` are `{at, status}` or `{at, error}`."""

    id: str
    sender: str
    url: str
    event: str
    body: bytes
    target: Target
    state: State = "pending"
    headers: dict[str, str] = field(default_factory=dict)
    attempts: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "sender": self.sender,
            "url": self.url,
            "event": self.event,
            "body": self.body.decode(),
            "headers": self.headers,
            "state": self.state,
            "attempts": self.attempts,
        }


@dataclass
class Manner:
    """How a sender's new deliveries are treated; `waiting` is the one that a reordering held back."""

    mode: Mode = "deliver"
    seconds: float = 1.0
    backoff: tuple[float, ...] = BACKOFF
    waiting: Delivery | None = None


class Deliveries:
    """All deliveries since the last reset, oldest first, and each sender's manner for new ones."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.client = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        self.tasks: set[asyncio.Task[None]] = set()
        self.items: dict[str, Delivery] = {}
        self.manners = {sender: Manner() for sender in SENDERS}

    def set_mode(
        self,
        mode: Mode,
        seconds: float = 1.0,
        backoff: tuple[float, ...] = BACKOFF,
        senders: tuple[str, ...] = SENDERS,
    ) -> None:
        for sender in senders:
            self.manners[sender] = Manner(mode, seconds, backoff)

    def reset(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.items.clear()
        self.set_mode("deliver")

    async def close(self) -> None:
        self.reset()
        await self.client.aclose()

    def post(self, *, sender: str, url: str, event: str, body: bytes, target: Target) -> None:
        """Take a message on; it is sent after the caller is done, never inside the call."""
        delivery = self._keep(Delivery("", sender, url, event, body, target))
        delivery.headers = target.headers(body, int(self.clock.now().timestamp()))
        self._MODES[self.manners[sender].mode](self, delivery)

    def _keep(self, delivery: Delivery) -> Delivery:
        delivery.id = f"delivery-{len(self.items) + 1}"
        self.items[delivery.id] = delivery
        return delivery

    # Modes

    def _deliver(self, delivery: Delivery) -> None:
        self._start(delivery)

    def _hold(self, delivery: Delivery) -> None:
        delivery.state = "held"

    def _drop(self, delivery: Delivery) -> None:
        delivery.state = "dropped"

    def _duplicate(self, delivery: Delivery) -> None:
        self._start(delivery)
        self._start(self._keep(replace(delivery, attempts=[])))

    def _delay(self, delivery: Delivery) -> None:
        self._start(delivery, after=self.manners[delivery.sender].seconds)

    def _reorder(self, delivery: Delivery) -> None:
        manner = self.manners[delivery.sender]
        first, manner.waiting = manner.waiting, None
        if first is None:
            manner.waiting = delivery
            delivery.state = "held"
            return
        self._spawn(self._in_order([delivery, first]))

    _MODES: dict[str, Callable[[Deliveries, Delivery], None]] = {
        "deliver": _deliver,
        "hold": _hold,
        "drop": _drop,
        "duplicate": _duplicate,
        "delay": _delay,
        "reorder": _reorder,
    }

    # Sending

    async def release(self, ids: list[str] | None = None) -> list[Delivery]:
        """Send held deliveries one after another, in the order named; all of them without ids."""
        held = [item for item in self.items.values() if item.state == "held"]
        chosen = held if ids is None else [self.items[id_] for id_ in ids]
        for manner in self.manners.values():
            manner.waiting = None
        await self._in_order(chosen)
        return chosen

    async def redeliver(self, id_: str) -> Delivery:
        """Send one again at once, whatever became of it."""
        await self._attempt(self.items[id_])
        return self.items[id_]

    async def settled(self, timeout: float) -> None:
        """Wait until nothing is under way, at most `timeout` seconds."""
        if self.tasks:
            await asyncio.wait(set(self.tasks), timeout=timeout)

    async def _in_order(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            if not await self._attempt(delivery):
                backoff = self.manners[delivery.sender].backoff
                self._start(delivery, after=backoff[0] if backoff else 0)

    def _start(self, delivery: Delivery, after: float = 0) -> None:
        delivery.state = "pending"
        self._spawn(self._until_taken(delivery, after))

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _until_taken(self, delivery: Delivery, after: float) -> None:
        for pause in (after, *self.manners[delivery.sender].backoff):
            await asyncio.sleep(pause)
            if not delivery.target.accepting:
                break
            if await self._attempt(delivery):
                return
            delivery.state = "pending"
        else:
            delivery.target.gave_up()
        delivery.state = "failed"

    async def _attempt(self, delivery: Delivery) -> bool:
        """One POST, freshly signed; anything but a 2xx, a redirect included, is a failure."""
        moment = self.clock.now()
        delivery.headers = delivery.target.headers(delivery.body, int(moment.timestamp()))
        entry: dict[str, Any] = {"at": iso(moment)}
        try:
            response = await self.client.post(
                delivery.url, content=delivery.body, headers=delivery.headers
            )
            entry["status"] = response.status_code
            taken = response.is_success
        except httpx.HTTPError as error:
            entry["error"] = type(error).__name__
            taken = False
        delivery.attempts.append(entry)
        delivery.state = "delivered" if taken else "failed"
        (delivery.target.succeeded if taken else delivery.target.failed)()
        return taken
