"""The widgets. Plain controls; callbacks are synchronous, and what they do can be called without a front end."""

import ipywidgets


def ready_button() -> ipywidgets.HBox:
    """Return a button that counts its clicks beside it: if the count moves, widgets work here."""
    button = ipywidgets.Button(description="Click me", tooltip="Checks that widgets work")
    answer = ipywidgets.HTML("not clicked yet")
    clicks: list[None] = []

    def count(_button: ipywidgets.Button) -> None:
        clicks.append(None)
        answer.value = f"widgets work; clicks so far: {len(clicks)}"

    button.on_click(count)
    return ipywidgets.HBox([button, answer])
