"""Workers that die where they are told to. Django starts once, in a process that forks a child for each effect."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
from django.core.mail.backends.base import BaseEmailBackend

ROOT = Path(__file__).resolve().parents[2]
#: Nothing is performed but what somebody performs by name.
DUMMY = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
#: Where the child's mails go: the Message-ID of each on a line.
MAILS = "MORTAL_MAILS"
WRITE = re.compile(r"(INSERT|UPDATE|DELETE)\D+?\"(\w+)\"")
ID = re.compile(r"[\w-]{20,}")


class Worker:
    """A process that performs effects in children of its own, at the test's database and simulator."""

    def __init__(self, database: str, url: str, mails: Path) -> None:
        self._mails = mails
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from tests.faults.mortal import main; main()", database, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env={**os.environ, MAILS: str(mails)},
        )

    def perform(self, effect_id: int, *, die_at: int) -> list[str]:
        """Perform an effect, and be killed before the point of that number; the points that were passed.

        The last of them is `end` where there were not so many.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([effect_id, die_at]) + "\n")
        self._process.stdin.flush()
        ended = json.loads(self._process.stdout.readline())
        passed = list(ended["passed"])
        assert ended["signal"] == (0 if "end" in passed else signal.SIGKILL)
        return passed

    @property
    def mails(self) -> list[str]:
        """The Message-IDs of what was sent."""
        return self._mails.read_text().split() if self._mails.exists() else []

    def stop(self) -> None:
        self._process.communicate(timeout=20)


class Points:
    """Everything a child does that others can see. Between two of them there is only its memory, so that to die
    after one is to die before the next."""

    def __init__(self, die_at: int, told: int) -> None:
        self._die_at, self._told, self._number = die_at, told, 0

    def reach(self, name: str) -> None:
        if self._number == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self._number += 1
        os.write(self._told, f"{name}\n".encode())


points = Points(-1, os.open(os.devnull, os.O_WRONLY))


class Post(BaseEmailBackend):
    """Sends mail to a file."""

    def send_messages(self, email_messages: Any) -> int:
        for message in email_messages:
            points.reach("mail")
            with Path(os.environ[MAILS]).open("a") as file:
                file.write(f"{message.message()['Message-ID']}\n")
        return len(email_messages)


def main() -> None:
    """Read a line `[effect, die_at]`, fork a child that does it, write how it ended; until there are no more."""
    _set_up(*sys.argv[1:])
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _live(*json.loads(line), writing)
        os.close(writing)
        with os.fdopen(reading) as told:
            passed = told.read().split("\n")[:-1]
        _, status = os.waitpid(child, 0)
        sys.stdout.write(json.dumps({"signal": os.WTERMSIG(status), "passed": passed}) + "\n")
        sys.stdout.flush()


def _set_up(database: str, url: str) -> None:
    import django
    from django.conf import settings

    from tests.fixtures.stripe import SECRET_KEY

    settings.DATABASES["default"]["NAME"] = database
    account = settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"] | {"BASE_URL": url}
    stripe = {"SECRET_KEY": SECRET_KEY, "WEBHOOK_SECRETS": ["whsec_simulator"], "BASE_URL": url}
    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": account}, "PAYMENTS": stripe}
    backend = f"{__name__}.Post"
    if django.VERSION >= (6, 1):
        settings.MAILERS = {"default": {"BACKEND": backend}}
    else:
        settings.EMAIL_BACKEND = backend
    # What an effect leads to is for the next worker.
    settings.TASKS = DUMMY
    django.setup()
    from django.urls import reverse

    from wagtail_calendly import accounts
    from wagtail_calendly.bookings import effects, mails  # noqa: F401 - so that no child has to

    accounts.calendly()
    accounts.payments()
    reverse("wagtailadmin_home")  # loads every address


def _live(effect_id: int, die_at: int, told: int) -> None:
    global points
    from django.db import connection

    from wagtail_calendly.bookings import effects

    points = Points(die_at, told)
    _watch_transport()
    _watch(connection)
    try:
        effects.perform(effect_id)
        points.reach("end")
    finally:
        connection.close()
        os._exit(0)


def _watch_transport() -> None:
    send = httpx.HTTPTransport.handle_request

    def watched(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        points.reach(f"{request.method} {ID.sub('…', request.url.path)}")
        return send(transport, request)

    httpx.HTTPTransport.handle_request = watched  # type: ignore[method-assign]


def _watch(connection: Any) -> None:
    """Commits of transactions, and writes that are transactions of their own."""
    commit = connection.commit

    def watched() -> None:
        points.reach("commit")
        commit()

    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (write := WRITE.match(sql)) and not connection.in_atomic_block:
            points.reach(" ".join(write.groups()))
        return run(sql, params, many, context)

    connection.commit = watched
    connection.execute_wrappers.append(execute)
