"""The one trick that both the command frame and the transaction need: was this set in the present Context?"""

from contextvars import ContextVar, Token
from typing import Any


def renewed(variable: ContextVar[Any], token: Token) -> Token | None:
    """Return a token in place of `token` if that was made in the present Context, and None if it was inherited.

    Contexts cannot be compared, but only the Context that made a token can use it: so use it, and put all back.
    Another thread that looks in the same moment finds the token used, which is a RuntimeError, and not in its Context.
    """
    now = variable.get()
    try:
        variable.reset(token)
    except (ValueError, RuntimeError):
        return None
    return variable.set(now)
