"""Two deciding processes that live through all tries of a race."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def two_deciders(surroundings: Mapping[str, str]) -> Iterator["Pair"]:
    """Started together, joined by two pipes so that each waits for the other before it begins, and gone afterwards."""
    (first_reads, second_writes), (second_reads, first_writes) = os.pipe(), os.pipe()
    ends = [(first_writes, first_reads), (second_writes, second_reads)]
    processes = [_start(end, surroundings) for end in ends]
    for end in ends:
        for pipe in end:
            os.close(pipe)
    try:
        if [process.stdout.readline() for process in processes] != ["ready\n"] * 2:
            raise RuntimeError("a decider did not start")
        yield Pair(processes)
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _start(ends: tuple[int, int], surroundings: Mapping[str, str]) -> subprocess.Popen:
    program = [sys.executable, str(Path(__file__).with_name("decider.py")), *map(str, ends)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(program, env=dict(surroundings), pass_fds=ends, text=True, **pipes)


class Pair:
    def __init__(self, processes: list[subprocess.Popen]):
        self.processes = processes

    def at_once(self, *deeds: dict) -> tuple[str, str]:
        """What each of two deeds came to: `done`, `late`, or what went wrong."""
        for process, deed in zip(self.processes, deeds, strict=True):
            process.stdin.write(json.dumps(deed) + "\n")
            process.stdin.flush()
        first, second = (process.stdout.readline().strip() for process in self.processes)
        return first, second
