"""Wrong answers to the open exercise that look right, and two that are right in another way than the solution."""

import asyncio
from contextvars import ContextVar
from typing import Any

from fluvius_demo.lessons.exercises.hall import Post
from fluvius_demo.lessons.exercises.notifier import Notifier


class GuardedNotifier(Notifier):
    """A guard refuses the second letter; a `finally` takes it away again."""

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member. Raises RuntimeError while another letter is being written."""
        if self.member is not None:
            raise RuntimeError(f"Overlapping letter: {member}")
        try:
            await super().notify(member, news)
        finally:
            self.member = None


class LockWithoutFinally(Notifier):
    """A lock that is not released after an error."""

    def __init__(self, post: Post) -> None:
        super().__init__(post)
        self.lock = asyncio.Lock()

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member, when nobody else is written to."""
        await self.lock.acquire()
        await super().notify(member, news)
        self.lock.release()


class LockedNotifier(LockWithoutFinally):
    """A lock, released in any case: every letter is right, and they wait for one another."""

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member, when nobody else is written to."""
        async with self.lock:
            await Notifier.notify(self, member, news)


class NewsOnSelfNotifier(Notifier):
    """All is passed on but the news."""

    async def notify(self, member: str, news: str) -> None:
        """Send the latest news to a member."""
        self.news = news
        word = await self.post.greeting_in(await self.post.language_of(member))
        await self.post.deliver(member, f"{word} {member}: {self.news}")
        self.sent += 1


class ByMemberNotifier(Notifier):
    """What belongs to a letter lies under the member's name."""

    def __init__(self, post: Post) -> None:
        super().__init__(post)
        self.letters: dict[str, str] = {}

    async def notify(self, member: str, news: str) -> None:
        """Send the latest news for a member."""
        self.letters[member] = news
        word = await self.post.greeting_in(await self.post.language_of(member))
        await self.post.deliver(member, f"{word} {member}: {self.letters[member]}")
        self.sent += 1


class LostCountNotifier(Notifier):
    """How many were sent is read before the post answers."""

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member."""
        sent = self.sent
        word = await self.post.greeting_in(await self.post.language_of(member))
        await self.post.deliver(member, f"{word} {member}: {news}")
        self.sent = sent + 1


class NeverResetNotifier(Notifier):
    """What belongs to a letter is set in one context variable of all instances, and never reset."""

    current: ContextVar[Any] = ContextVar("letter", default=None)

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member."""
        self.current.set((member, await self.post.language_of(member)))
        greeting = await self.greeting()
        member, _ = self.current.get()
        await self.post.deliver(member, f"{greeting}: {news}")
        self.sent += 1

    async def greeting(self) -> str:
        """Return how the letter begins."""
        member, language = self.current.get()
        return f"{await self.post.greeting_in(language)} {member}"


class ContextNotifier(NeverResetNotifier):
    """The same, reset by its token in any case."""

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member."""
        token = self.current.set(None)
        try:
            await super().notify(member, news)
        finally:
            self.current.reset(token)
