"""Group 4, outside: threads, callbacks and processes, which run in another Context than it seems."""

import asyncio
import os
import socket
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context
from threading import Thread
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding, absent, compared
from fluvius_demo.lessons.pitfalls.pitfall import group
from fluvius_demo.lessons.trial import finding_of, itself, nothing_left, seen_by

outside = group("threads, generators and callbacks")

# Python 3.14 has a flag for it; it is on where there is no global interpreter lock.
THREADS_START = "with a copy" if getattr(sys.flags, "thread_inherit_context", False) else "empty"


@outside(
    "P11",
    "a connection that stays",
    remedy="serve each request in a fresh Context",
    met_by=("Kludex/uvicorn#2167", "python/cpython#140947"),
)
async def kept_connection(design: type[Aggregate]) -> Finding:
    """A connection was accepted inside of Ana's command. Does the next request that comes on it find her command?"""
    if not watches_sockets():
        return absent("a loop that watches sockets", "one that does not")
    aggregate, loop = (bank := await Bank.opened(design, ana=0)).aggregate, asyncio.get_running_loop()
    client, server = socket.socketpair()
    found, answered = [], asyncio.Event()

    def request() -> None:
        server.recv(1)
        found.append(seen_by(aggregate))
        answered.set()

    async def serve() -> str | None:
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            loop.add_reader(server, request)
        client.send(b"?")
        await answered.wait()
        return found[0]

    try:
        return await nothing_left(serve(), "that a later request finds no command")
    finally:
        loop.remove_reader(server)
        client.close()
        server.close()


@outside(
    "P12",
    "a thread of an executor",
    remedy="use asyncio.to_thread, or have the executor call copy_context().run",
    met_by=("fastapi/fastapi#2776", "fastapi/fastapi#953"),
)
async def in_an_executor(design: type[Aggregate]) -> Finding:
    """Code in an executor's thread creates an event for Ana's open command. Does her command get it?"""
    if not threads_start():
        return absent("threads", "a Python without")
    aggregate = (bank := await Bank.opened(design, ana=0)).aggregate

    async def check() -> str:
        with ThreadPoolExecutor(max_workers=1) as pool:
            pool.submit(int).result()  # a pool's threads are older than the command
            async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                pool.submit(aggregate.create_event, "checked", {}, None).result()  # as loop.run_in_executor does
                return f"{receiver(design, aggregate.consume_events())} gets the event"

    return await finding_of(check(), "that her command gets the event", "her command gets the event", itself)


@outside(
    "P13",
    "a new thread",
    remedy="start it with copy_context().run, and have the state say whose it is",
    met_by=("django/asgiref#564", "python/cpython#128555"),
)
async def in_a_new_thread(design: type[Aggregate]) -> Finding:
    """Ana's command starts a thread, which asks what runs and creates an event. Does it find her command?"""
    if not threads_start():
        return absent("threads", "a Python without")
    aggregate = (bank := await Bank.opened(design, ana=0)).aggregate

    def work() -> str:
        found = seen_by(aggregate)
        aggregate.create_event("checked", {}, None)
        return f"a thread, whose Context starts {THREADS_START}, sees {found or 'nobody'}"

    async def check() -> str:
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            return f"{started(work)}; {receiver(design, aggregate.consume_events())} gets its event"

    expected = f"a thread, whose Context starts {THREADS_START}, sees ana; her command gets its event"
    return await finding_of(check(), f"that {expected}", expected, itself)


@outside(
    "P23",
    "fork in a command",
    remedy="end the child's commands with os.register_at_fork, and hand values over explicitly",
    met_by=("PostHog/posthog-python#806",),
)
async def forked(design: type[Aggregate]) -> Finding:
    """The process forks inside of Ana's command, and the child creates an event. Is it told that nobody takes that?"""
    if not hasattr(os, "fork") or sys.platform == "emscripten":  # there it is, and always fails
        return absent("os.fork", "a system without")
    aggregate = (bank := await Bank.opened(design, ana=0)).aggregate
    hope = "that the child is refused, or its event comes"
    async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
        refusal = in_a_fork(lambda: aggregate.create_event("forked", {}, None))
        came = aggregate.consume_events()
    return Finding("refused", hope, refusal) if refusal else compared(hope, hope if came else "neither")


def receiver(design: type[Aggregate], events: list[Any]) -> str:
    """Return who has got an event: the command with these events, or a stranger, from a queue that all share."""
    if events:
        return "her command"
    with suppress(Exception):  # whoever asks outside of a command may be refused, as it should be
        events = Context().run(lambda: Bank(design).aggregate.consume_events())
    return "a stranger" if events else "nobody"


def started(work: Callable[[], Any]) -> Any:
    """Start a thread, wait for its end, return what it returns and raise what it raises."""
    done: Future[Any] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except Exception as error:
            done.set_exception(error)

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return done.result()


def in_a_fork(work: Callable[[], Any]) -> str:
    """Run this in a forked process; return the error that it ends with there, in words, or nothing."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Other threads of this process, such as a notebook's, are none of the child's business: it ends at once.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        child = os.fork()
    if not child:
        try:
            work()
        except BaseException as error:
            os.write(writing, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return told


def threads_start() -> bool:
    """Return whether this Python has threads: the browser's has none."""
    with suppress(RuntimeError):
        started(int)
        return True
    return False


def watches_sockets() -> bool:
    """Return whether the running loop does: the browser's does not, nor the usual one of Windows."""
    return type(asyncio.get_running_loop()).add_reader is not asyncio.AbstractEventLoop.add_reader
