"""Starting several writers, each a process of its own, and letting them begin together."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE = 120  # seconds for all that one of them has to do


def decide_at_once(username: str, now, piles: Sequence[Sequence[int]], surroundings: Mapping[str, str]) -> list[dict]:
    """One writer a pile of papers; what each of them answers."""
    program = [sys.executable, str(Path(__file__).with_name("writer.py")), username, now.isoformat()]
    writers = [
        subprocess.Popen(
            [*program, *map(str, pile)],
            env=dict(surroundings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for pile in piles
    ]
    try:
        ready = [writer.stdout.readline() for writer in writers]
        if ready != ["ready\n"] * len(writers):
            raise RuntimeError(f"a writer did not start: {ready}")
        for writer in writers:
            writer.stdin.write("go\n")
            writer.stdin.flush()
        return [json.loads(writer.communicate(timeout=PATIENCE)[0]) for writer in writers]
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
