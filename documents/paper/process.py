"""Rendering in a warm child process that can be killed, so that no paper can stop the office.

Each desk has one child, shared by the threads of a process one paper at a time, replaced after a failure or many
papers. Who waits for a turn waits for a limited time: a desk that is taken is said, not queued at for ever.
"""

import atexit
import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from documents.elements import Paper
from documents.interchange import dump
from documents.paper.framing import read_frame, write_frame

REPOSITORY = Path(__file__).resolve().parents[2]
WALL_SECONDS = 120.0  # for one paper, import and queueing behind a busy machine included
PAPERS_PER_CHILD = 500


class RenderFailed(Exception):
    """The paper could not be drawn; the message says why and what to do."""


class TooLong(RenderFailed):
    """The paper was given up at its time limit; it will take as long the next time."""


class Busy(RenderFailed):
    """Somebody else's paper is being drawn; nothing is wrong with this one."""

    def __init__(self) -> None:
        super().__init__("正在为他人排版，请稍候再看版式。")


@contextmanager
def turn(lock, seconds: float) -> Iterator[None]:
    """Hold `lock`, a lock of threads, or raise `Busy` when it does not come free in time."""
    if not lock.acquire(timeout=seconds):
        raise Busy
    try:
        yield
    finally:
        lock.release()


class Child:
    """A drawing worker and the pipes to it."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.papers = 0
        self.timed_out = False
        # S603: our own module, run by our own interpreter
        self.process = subprocess.Popen(
            [sys.executable, "-m", "documents.paper.worker"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, message: bytes, seconds: float) -> bytes:
        """The worker's answer. Raises `RenderFailed` when it dies or runs out of time; it is dead then."""
        timer = threading.Timer(seconds, self.expire)
        timer.start()
        try:
            write_frame(self.process.stdin, message)
            answer = read_frame(self.process.stdout)
        except OSError:  # the pipe broke: the worker died while we were writing
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            self.close()
            raise self.epitaph(seconds)
        self.papers += 1
        return answer

    def expire(self) -> None:
        self.timed_out = True
        self.process.kill()

    def epitaph(self, seconds: float) -> RenderFailed:
        if self.timed_out:
            return TooLong(f"排版超过{seconds:g}秒，已停止；请把过长的表格或附件改为单独的文件后再试。")
        code = self.process.returncode
        return RenderFailed(f"排版进程意外中止（代码{code}），公文未受影响；请再试一次，仍不行请联系管理员。")

    def usable(self) -> bool:
        return self.papers < PAPERS_PER_CHILD and self.process.poll() is None

    def close(self) -> None:
        """End the worker and give back its pipes; harmless when it is dead already."""
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:  # unsent bytes of a request whose reader is gone
                continue


class Desk:
    """Where papers wait for one warm child of this process; another desk has another child."""

    def __init__(self) -> None:
        self.child: Child | None = None
        self.free_lock()
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self.free_lock)

    def free_lock(self) -> None:
        """After a fork the thread that held the lock does not exist any more."""
        self.lock = threading.RLock()

    def turn(self, wait: float):
        """Have the desk to oneself; who holds it may draw as well. Raises `Busy` after `wait` seconds."""
        return turn(self.lock, wait)

    def draw(self, message: bytes, seconds: float, wait: float = WALL_SECONDS) -> bytes:
        with self.turn(wait):
            return self.ready().ask(message, seconds)

    def ready(self) -> Child:
        """The warm child, or a new one: after a fork the parent's child is not ours to use."""
        if self.child and (self.child.owner != os.getpid() or not self.child.usable()):
            self.child.close()
            self.child = None
        self.child = self.child or Child()
        return self.child

    def close(self) -> None:
        if self.child and self.child.owner == os.getpid():
            self.child.close()
        self.child = None


desk = Desk()


def render_safely(
    paper: Paper,
    *,
    draft: str = "",
    archive: bool = False,
    annex: int = 0,
    images: Mapping[str, bytes] | None = None,
    seconds: float = WALL_SECONDS,
    at: Desk = desk,
) -> bytes:
    """The PDF of a paper, drawn in the warm child of a desk; the bytes are those of `render.render`.

    With `archive` it is the archive copy, `render.archive_copy`; with `annex` that annex alone, `render.loose_annex`.

    Raises `RenderFailed` when the paper cannot be drawn within its limits (40 s of CPU, 3 GB, `seconds` of wall time),
    `Busy` when the desk is taken for `WALL_SECONDS`.
    """
    held = {name: base64.b64encode(content).decode() for name, content in (images or {}).items()}
    request = {"paper": dump(paper), "draft": draft, "archive": archive, "annex": annex, "images": held}
    message = json.dumps(request, ensure_ascii=False).encode()
    answer = at.draw(message, seconds)
    if answer[:1] != b"P":
        raise RenderFailed(f"公文无法排版：{answer[1:].decode(errors='replace')}")
    return answer[1:]


def render_form(
    html: str, style: str, images: Mapping[str, tuple[str, str]], *, seconds: float = WALL_SECONDS, at: Desk = desk
) -> bytes:
    """The PDF of a form of the office's, which is no paper: its page, its style, and its images by name (base64, type).

    Raises `RenderFailed`, as `render_safely`.
    """
    message = json.dumps({"html": html, "style": style, "images": images}, ensure_ascii=False).encode()
    answer = at.draw(message, seconds)
    if answer[:1] != b"P":
        raise RenderFailed(f"表单无法排版：{answer[1:].decode(errors='replace')}")
    return answer[1:]
