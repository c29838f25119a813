"""The open exercise: whatever belongs to one letter is passed on as an argument. No context variable is needed."""

from fluvius_demo.lessons.exercises.hall import Post


class MyNotifier:
    """Writes to the members of a theatre's club, to each in the language that they read."""

    def __init__(self, post: Post) -> None:
        self.post, self.sent = post, 0

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member."""
        language = await self.post.language_of(member)
        letter = f"{await self.greeting(member, language)}: {news}"
        await self.post.deliver(member, letter)
        self.sent += 1

    async def greeting(self, member: str, language: str) -> str:
        """Return how the letter begins."""
        return f"{await self.post.greeting_in(language)} {member}"
