"""One short-lived child for one foreign file: whatever the file does to it, the worker that asked lives on."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from documents.paper.process import Busy, turn
from officehub.files.strangers import BARE

REPOSITORY = Path(__file__).resolve().parents[2]
WALL_SECONDS = 30.0
AT_ONCE = 2  # children of one process of ours; who comes third waits a while
WAIT_SECONDS = 15.0

gate = threading.Semaphore(AT_ONCE)


class Unreadable(Exception):
    """The file is not what it should be, or holds a danger; the message is for the person who sent it."""


class TooMuch(Unreadable):
    """The file took more time or memory than any honest one."""


def ask(task: str, content: bytes, **wishes: Any) -> Any:
    """What a task of `worker` finds in a file. Raises `Unreadable`, `TooMuch`, or `Busy` when others are at it."""
    request = json.dumps({"task": task, "wishes": wishes}).encode() + b"\n" + content
    with turn(gate, WAIT_SECONDS):
        try:
            # S603: our own module, run by our own interpreter
            done = subprocess.run(
                [sys.executable, "-m", "documents.apart.worker"],
                cwd=REPOSITORY,
                input=request,
                stdout=subprocess.PIPE,
                env=BARE,
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TooMuch("文件打开超时，已停止；请简化或拆分后再试。") from error
    if done.returncode:
        raise TooMuch("文件过于复杂或已损坏，无法打开；请用 Word 或 WPS 另存后再试。")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise Unreadable(answer["refused"])
    return answer["found"]


__all__ = ["Busy", "TooMuch", "Unreadable", "ask"]
