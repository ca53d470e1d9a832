"""The child that opens one foreign file: it reads the task and the bytes, answers once in JSON, and ends.

Run as `python -m documents.apart.worker`; `process` speaks to it. Time and memory are limited before a byte is parsed.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

from documents.apart import openers

CPU_SECONDS, MEMORY, FILE_BYTES = 20, 1_536 * 1024 * 1024, 0  # memory as address space; it writes no file


def main() -> None:
    limit()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not get into the answer
    first = sys.stdin.buffer.readline()
    request = json.loads(first)
    json.dump(answer(TASKS[request["task"]], sys.stdin.buffer.read(), request["wishes"]), answers)
    answers.close()


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(task: Callable, content: bytes, wishes: dict[str, Any]) -> dict[str, Any]:
    """What was found, or why the file is refused, in words for the person who sent it."""
    try:
        return {"found": task(content, **wishes)}
    except openers.Refused as refused:
        return {"refused": str(refused)}
    except (MemoryError, RecursionError):
        return {"refused": "文件过于复杂，无法打开；请简化或拆分后再试。"}


TASKS = {
    "draft": openers.draft,
    "text": openers.text,
    "lines": openers.lines,
    "rows": openers.rows,
    "table": openers.table,
    "count": openers.count,
    "page": openers.page,
    "picture": openers.picture,
}

if __name__ == "__main__":
    main()
