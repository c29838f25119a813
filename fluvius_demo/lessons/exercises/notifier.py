"""The class of the open exercise: the same disease in another dress."""

from fluvius_demo.lessons.exercises.hall import Post


class Notifier:
    """Writes to the members of a theatre's club, to each in the language that they read."""

    def __init__(self, post: Post) -> None:
        self.post, self.sent = post, 0
        self.member = self.language = None

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member."""
        self.member = member
        self.language = await self.post.language_of(member)
        letter = f"{await self.greeting()}: {news}"
        await self.post.deliver(self.member, letter)
        self.sent += 1

    async def greeting(self) -> str:
        """Return how the letter begins."""
        word = await self.post.greeting_in(self.language)
        return f"{word} {self.member}"
