"""How a stranger's file is opened: in a child that is told nothing of us and may be killed, a few at a time."""

import os
import subprocess
import sys
import threading
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BARE = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}  # no key, no address
AT_ONCE = 2  # children of one process of ours; who comes third waits a while
WAIT_SECONDS = 15.0

gate = threading.Semaphore(AT_ONCE)


class Unreadable(Exception):
    """Nobody can see what is in the file; the message, for the person who sent it, says why."""


class Busy(Exception):
    """Others are opening files; nothing is wrong with this one."""

    def __init__(self) -> None:
        super().__init__("正在打开其他文件，请稍候再试。")


def run(module: str, *args: str, sent: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """What a module of ours answers on its standard output to what it is sent; it limits itself what it takes and says.

    Raises Busy, or subprocess.TimeoutExpired when it was killed.
    """
    if not gate.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        return subprocess.run(  # noqa: S603  our own module, run by our own interpreter
            [sys.executable, "-m", module, *args],
            cwd=REPOSITORY,
            input=sent,
            stdout=subprocess.PIPE,
            env=BARE,
            timeout=seconds,
            check=False,
        )
    finally:
        gate.release()
