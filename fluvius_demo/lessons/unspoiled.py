"""A notebook as handed out is opened without its outputs: they hold the answers to what it asks.

For JupyterLab: `--ServerApp.contents_manager_class=fluvius_demo.lessons.unspoiled.Unspoiled`. The file keeps its
outputs until the learner saves; what a learner has saved is opened as it is, with the outputs of their own runs.
"""

from pathlib import Path
from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from fluvius_demo.errors import NotFoundError
from fluvius_demo.lessons.originals import is_original


class Unspoiled(AsyncLargeFileManager):
    """The usual files of JupyterLab, but for the outputs of notebooks that nobody has changed yet."""

    async def get(self, path: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what lies at this path, as the server's own manager does."""
        model = await super().get(path, *args, **kwargs)
        if model["type"] == "notebook" and model["content"] and self._is_handed_out(path):
            for cell in model["content"]["cells"]:
                if cell["cell_type"] == "code":
                    cell.update(outputs=[], execution_count=None)
        return model

    def _is_handed_out(self, path: str) -> bool:
        file = Path(self._get_os_path(path))
        try:
            return is_original(file.name, file.read_bytes())
        except NotFoundError:  # the list of originals: who has lost it shall be able to open notebooks all the same
            return False
