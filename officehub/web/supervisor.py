"""Keeps the processes of one house together: starts them in order, passes on their lines, restarts the one that dies,
and stops them in the opposite order. It does not know what they do.

All of them are in the supervisor's process group. SIGINT is blocked in the children, so that Ctrl-C reaches the
supervisor alone and the order of stopping is kept; when the supervisor itself is killed, the kernel tells each child
(PR_SET_PDEATHSIG), so nothing is left behind. One thread, one loop: forking stays safe.
"""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO

PR_SET_PDEATHSIG = 1  # prctl(2)
RESTARTS = 3  # in a row
CALM_SECONDS = 60.0  # a child that lived this long has recovered
TICK_SECONDS = 0.3
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    """One process: its name, its command, the patience it is given to stop, and how often it died in a row."""

    def __init__(self, name: str, argv: Sequence[str], patience: float = 10.0, orphaned: int = signal.SIGTERM):
        self.name = name
        self.argv = list(argv)
        self.patience = patience
        self.orphaned = orphaned  # the signal it gets when the supervisor is gone
        self.process: subprocess.Popen[bytes] | None = None
        self.failures = 0
        self.started_at = 0.0
        self.start_at: float | None = None  # when to try again after a death
        self.unfinished = b""

    def start(self, env: Mapping[str, str], held: Sequence[int]) -> None:
        """`held` are file descriptors (the lock) that stay open as long as any child lives."""
        supervisor = os.getpid()
        self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
            self.argv,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=tuple(held),
            preexec_fn=lambda: self._tether(supervisor),  # safe: this process has one thread
        )
        self.started_at, self.start_at = time.monotonic(), None

    def _tether(self, supervisor: int) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, self.orphaned)
        if os.getppid() != supervisor:  # it died between fork and prctl
            os._exit(1)

    @property
    def output(self) -> IO[bytes]:
        if self.process is None or self.process.stdout is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self.process.stdout

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def terminate(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def has_died(self) -> bool:
        return self.start_at is None and self.process is not None and self.process.poll() is not None

    def is_due(self) -> bool:
        return self.start_at is not None and time.monotonic() >= self.start_at

    def may_restart(self) -> bool:
        """Count the death and set the time of the next try: 1, 2, 4 seconds. False when it died too often."""
        lived = time.monotonic() - self.started_at
        self.failures = 1 if lived > CALM_SECONDS else self.failures + 1
        self.start_at = time.monotonic() + 2 ** (self.failures - 1)
        return self.failures <= RESTARTS


class Supervisor:
    """`say` gets finished lines without their line ending."""

    def __init__(self, env: Mapping[str, str], say: Callable[[str], None], held: Sequence[int] = ()):
        self.env, self.say, self.held = env, say, held
        self.children: list[Child] = []
        self.selector = selectors.DefaultSelector()
        self.asked_to_stop = 0
        self.exit_code = 0

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked)

    def _asked(self, number: int, frame: object) -> None:
        self.asked_to_stop += 1

    def is_ending(self) -> bool:
        return bool(self.asked_to_stop or self.exit_code)

    def start(self, child: Child) -> None:
        if child not in self.children:
            self.children.append(child)
        child.start(self.env, self.held)
        self.selector.register(child.output, selectors.EVENT_READ, (child, child.output))

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Look after the children until the condition holds; False when time is up or the house is closing."""
        deadline = time.monotonic() + seconds
        while not self.is_ending() and time.monotonic() < deadline:
            self.tick()
            if condition():
                return True
        return False

    def watch(self) -> None:
        while not self.is_ending():
            self.tick()

    def tick(self) -> None:
        self.pass_on_lines(TICK_SECONDS)
        for child in self.children:
            if child.has_died():
                self._mourn(child)
            elif child.is_due():
                self.start(child)
                self.say(f"{child.name} 已重新启动。")

    def _mourn(self, child: Child) -> None:
        code = child.process.returncode if child.process else None
        if child.may_restart():
            self.say(f"{child.name} 意外退出（{code}），第 {child.failures} 次重新启动……")
        else:
            self.say(f"{child.name} 连续 {child.failures} 次意外退出（{code}），不再重启。")
            self.exit_code = 1

    def pass_on_lines(self, seconds: float) -> None:
        for key, _ in self.selector.select(seconds):
            chunk = os.read(key.fd, 65536)
            child, output = key.data
            *lines, child.unfinished = (child.unfinished + chunk).split(b"\n")
            if not chunk:  # the child and all that inherited its output are gone
                lines, child.unfinished = [child.unfinished], b""
                self._hang_up(output)
            for line in filter(None, lines):
                self.say(f"{child.name:<6} | {line.decode(errors='replace').rstrip()}")

    def _hang_up(self, output: IO[bytes]) -> None:
        self.selector.unregister(output)
        output.close()

    def close(self) -> None:
        """Stop the children in the opposite order of their starting; asked once more meanwhile, stop them at once."""
        asked = self.asked_to_stop
        for child in reversed([child for child in self.children if child.process]):
            if child.is_alive():
                child.terminate()
            if not self._stops(child, asked):
                self.say(f"{child.name} 没有按时停下，强制结束。")
                child.kill()
        for key in list(self.selector.get_map().values()):
            self._hang_up(key.data[1])
        self.selector.close()

    def _stops(self, child: Child, asked: int) -> bool:
        """Whether it ends in time, and with it all that it started: only then does its output end."""
        deadline = time.monotonic() + child.patience
        while child.is_alive() or not child.output.closed:
            if time.monotonic() > deadline or self.asked_to_stop > asked:
                return False
            self.pass_on_lines(TICK_SECONDS / 3)
        return True
