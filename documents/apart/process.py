"""One short-lived child for one foreign file: whatever the file does to it, the worker that asked lives on."""

import json
import subprocess
from typing import Any

from django.utils.translation import gettext

from documents.paper import process as paper
from officehub.files import strangers

WALL_SECONDS = 30.0


class Busy(paper.Busy):
    """Others are opening files; nothing is wrong with this one."""

    def __init__(self, said: str):
        paper.RenderFailed.__init__(self, said)


class Unreadable(Exception):
    """The file is not what it should be, or holds a danger; the message is for the person who sent it."""


class TooMuch(Unreadable):
    """The file took more time or memory than any honest one."""


def ask(task: str, content: bytes, **wishes: Any) -> Any:
    """What a task of `worker` finds in a file. Raises `Unreadable`, `TooMuch`, or `Busy` when others are at it."""
    request = json.dumps({"task": task, "wishes": wishes}).encode() + b"\n" + content
    try:
        done = strangers.run("documents.apart.worker", sent=request, seconds=WALL_SECONDS)
    except strangers.Busy as error:
        raise Busy(gettext(str(error))) from error
    except subprocess.TimeoutExpired as error:
        raise TooMuch(gettext("文件打开超时，已停止；请简化或拆分后再试。")) from error
    if done.returncode:
        raise TooMuch(gettext("文件过于复杂或已损坏，无法打开；请用 Word 或 WPS 另存后再试。"))
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise Unreadable(gettext(answer["refused"]))
    return answer["found"]


__all__ = ["Busy", "TooMuch", "Unreadable", "ask"]
