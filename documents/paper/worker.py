"""The process that draws: reads one paper after another from its standard input, writes their PDFs, stays warm.

It lives only as long as the process that started it and is killed from outside when a paper takes too long.
Run as `python -m documents.paper.worker`; `process` speaks to it.
"""

import base64
import io
import json
import os
import resource
import signal
import sys
import threading
import time
from typing import Any, BinaryIO

from documents.paper.framing import read_frame, write_frame
from documents.strict import Refused

CPU_SECONDS = 40  # for one paper
MEMORY = 3 * 1024**3  # bytes of address space; a warm worker uses 0.2 GB of real memory
WATCH_SECONDS = 2.0


def main() -> None:
    """Answer requests until the other end closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us; we end when their end closes
    threading.Thread(target=follow_parent, args=(os.getppid(),), daemon=True).start()
    # Whatever a library prints must not get between the frames.
    answers = io.FileIO(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)


def follow_parent(parent: int) -> None:
    """End with the starter even in the middle of a page.

    PR_SET_PDEATHSIG would follow the starting thread, and web servers end threads all the time.
    """
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    while True:
        frame = read_frame(requests)
        if frame is None:
            return
        write_frame(answers, answer(frame))


def answer(frame: bytes) -> bytes:
    """`P` and the PDF, or `E` and what is wrong, in words for the person who asked."""
    limit_cpu()
    try:
        asked = json.loads(frame)
        return b"P" + (drawn_form(asked) if "html" in asked else drawn(asked))
    except (Refused, ValueError, RuntimeError, MemoryError, RecursionError, OSError) as error:
        return b"E" + (str(error) or type(error).__name__).encode()


def limit_cpu() -> None:
    """The limit counts from the start of the process, so each paper moves it on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def drawn(request: dict[str, Any]) -> bytes:
    from documents.interchange import parse
    from documents.paper.render import archive_copy, loose_annex, render

    if "copies" in request:
        from documents.paper.copies import packed, template

        return packed(template(parse(request["paper"], accredited=True), request["copies"]))
    images = {name: base64.b64decode(content) for name, content in request["images"].items()}
    paper = parse(request["paper"], accredited=True)
    if request["archive"]:
        return archive_copy(paper, images=images)
    if request["annex"]:
        return loose_annex(paper, request["annex"], images=images)
    return render(paper, draft=request["draft"], images=images)


def drawn_form(request: dict[str, Any]) -> bytes:
    from documents.paper.render import draw_form

    images = {name: (base64.b64decode(content), kind) for name, (content, kind) in request["images"].items()}
    return draw_form(request["html"], request["style"], images)


if __name__ == "__main__":
    main()
