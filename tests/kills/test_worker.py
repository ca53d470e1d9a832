"""A real Celery worker with a queue of its own is killed while it renders, and the next one finds what it left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F

from documents import printing, seal
from documents.models import Rendition
from officehub.web.broker import choose
from tests.kills.conftest import PATIENCE, ROOT
from tests.kills.test_printing import printed_once

TICK = 0.02  # seconds
SEND = "import django; django.setup(); from documents import jobs; jobs.{job}.delay{given}"


def until(process: subprocess.Popen, condition: Callable[[], bool]) -> None:
    """Wait for a condition as long as the process lives, and no longer than patience lasts."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "nothing came of it"
        try:
            process.wait(TICK)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"the process ended by itself: {process.returncode}")


@pytest.fixture
def queue(surroundings, tmp_path, monkeypatch):
    """A queue of this test's own, as `serve` would start it."""
    for name in ("REDIS_URL", "OFFICEHUB_BROKER"):
        monkeypatch.delenv(name, raising=False)
    chosen = choose(tmp_path)
    server = subprocess.Popen(chosen.argv, stdout=subprocess.DEVNULL) if chosen.argv else None
    if server:
        until(server, chosen.answers)
    yield {**surroundings, "OFFICEHUB_BROKER": chosen.url, "DJANGO_SETTINGS_MODULE": "officehub.settings"}
    if server:
        server.kill()
        server.wait()


@pytest.fixture
def start_worker(queue, tmp_path):
    """Start a worker in a process group of its own; all that still live are killed in the end."""
    started = []

    def start() -> subprocess.Popen:
        argv = [sys.executable, "-m", "celery", "--quiet", "-A", "officehub", "worker", "--concurrency=1"]
        options = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"]
        with open(tmp_path / f"worker{len(started)}.log", "wb") as log:
            started.append(
                subprocess.Popen([*argv, *options], env=queue, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
            )
        return started[-1]

    yield start
    for worker in started:
        kill(worker)


def kill(worker: subprocess.Popen) -> None:
    """The worker, its children and its renderer, without a word."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def send(queue, job: str, *given) -> None:
    line = SEND.format(job=job, given=given or "()")
    subprocess.run([sys.executable, "-c", line], env=queue, cwd=ROOT, check=True, timeout=PATIENCE)


def test_what_a_killed_worker_was_rendering_is_found_by_the_sweep(numbered, queue, start_worker, settings):
    proof = seal.proof_of(numbered)
    order = Rendition.objects.filter(pk=proof.pk)
    send(queue, "print_paper", proof.pk)
    first = start_worker()
    until(first, order.filter(state="running").exists)
    kill(first)
    assert order.get().state == "running"  # it was in the midst of it
    order.update(claimed_at=F("claimed_at") - printing.LEASE - timedelta(seconds=1))  # the lease runs out
    second = start_worker()
    send(queue, "sweep")
    until(second, order.filter(state="done").exists)
    kill(second)
    assert order.get().attempts == 2
    printed_once(numbered, settings.MEDIA_ROOT)
