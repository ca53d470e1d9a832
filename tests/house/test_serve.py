"""`manage.py serve` as an operator meets it: real processes on a ground of their own, ended in every way there is."""

import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from officehub.web.supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parents[2]
READY = "OfficeHub 已就绪"
NOT_OURS = {"DATABASE_URL", "REDIS_URL", "OFFICEHUB_BROKER", "PYTEST_XDIST_WORKER"}


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """A VAR with the fonts of this checkout and nothing else; the first `serve` on it migrates."""
    var = tmp_path_factory.mktemp("var")
    (var / "fonts").symlink_to(ROOT / ".var" / "fonts")
    return var


@pytest.fixture
def served(ground):
    serve = Serve(ground)
    serve.read_until(READY, seconds=150)
    yield serve
    if serve.process.poll() is None:
        os.killpg(serve.process.pid, signal.SIGTERM)
    serve.process.communicate(timeout=60)


class Serve:
    """One `serve` in a session of its own, so that its process group is the house and nothing else."""

    def __init__(self, var, port=None):
        self.port = port or free_port()
        environment = {key: value for key, value in os.environ.items() if key not in NOT_OURS}
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve", "--no-demo", "--port", str(self.port)],
            env={**environment, "OFFICEHUB_VAR": str(var)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.said = ""

    def read_until(self, words, seconds):
        """Read what it prints until these words; fail with all of it when they do not come in time."""
        deadline = time.monotonic() + seconds
        while words not in self.said:
            readable, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            chunk = os.read(self.process.stdout.fileno(), 65536) if readable else b""
            if not chunk:
                pytest.fail(f"serve never said {words!r}:\n{self.said}")
            self.said += chunk.decode()

    def members(self):
        """Everything alive in its process group: {pid: command line}."""
        return {pid: command for pid, group, command in processes() if group == self.process.pid}

    def pid_of(self, words):
        """The oldest process of the group whose command line has these words."""
        return min(pid for pid, command in self.members().items() if words in command)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes():
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
            continue
        if stat[0] != "Z":
            yield int(folder.name), int(stat[2]), command


def wait_for_the_end_of(pids, seconds=60):
    """Wait on the kernel's word for each process; fail when one outlives the deadline."""
    deadline = time.monotonic() + seconds
    for pid, command in pids.items():
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        ended, _, _ = select.select([handle], [], [], max(0, deadline - time.monotonic()))
        os.close(handle)
        if not ended:
            pytest.fail(f"still running after {seconds} s: {command}")


def test_it_answers_at_the_address_it_prints_and_ctrl_c_ends_everything_with_exit_0(served):
    printed = re.search(r"http://[^ ]+/", served.said)[0]
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    line.request("GET", "/healthz")
    status = line.getresponse().status
    line.close()
    members = served.members()
    os.killpg(served.process.pid, signal.SIGINT)  # what a terminal does at Ctrl-C
    said, _ = served.process.communicate(timeout=120)
    wait_for_the_end_of(members)
    assert (printed, status) == (f"http://127.0.0.1:{served.port}/", 200)
    assert (served.process.returncode, served.members()) == (0, {})
    assert said.decode().endswith("已全部停止。\n")


def test_all_processes_are_one_group_and_the_broker_is_the_last_to_stop(served):
    roles = ("officehub.wsgi", "officehub worker", "officehub beat", "-server")
    missing = [role for role in roles if not any(role in command for command in served.members().values())]
    broker = os.pidfd_open(served.pid_of("-server"))
    os.kill(served.process.pid, signal.SIGTERM)
    select.select([broker], [], [], 120)
    os.close(broker)
    others = [command for command in served.members().values() if "manage.py" not in command]
    assert (missing, others) == ([], [])


def test_a_killed_supervisor_leaves_nothing_running(served):
    members = served.members()
    os.kill(served.process.pid, signal.SIGKILL)
    wait_for_the_end_of(members)
    assert served.members() == {}


def test_a_killed_worker_is_started_again(served):
    before = served.pid_of("officehub worker")
    os.kill(before, signal.SIGKILL)
    served.read_until("worker 已重新启动。", seconds=60)
    assert served.pid_of("officehub worker") != before
    assert "worker 意外退出（-9），第 1 次重新启动……" in served.said


def test_a_second_serve_on_the_same_ground_is_told_who_is_there(served, ground):
    second = Serve(ground)
    said, _ = second.process.communicate(timeout=120)
    expected = f"另一个 serve 正在使用 {ground}（进程 {served.process.pid}）。先停掉它，或另设 OFFICEHUB_VAR。"
    assert (second.process.returncode, said.decode().strip().splitlines()[-1]) == (2, f"CommandError: {expected}")


def test_a_taken_port_is_said_before_anything_is_started(ground):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        serve = Serve(ground, port)
        said, _ = serve.process.communicate(timeout=120)
    expected = f"CommandError: 地址 127.0.0.1:{port} 不能使用（Address already in use）。换一个：--port {port + 1}"
    assert (serve.process.returncode, said.decode().strip().splitlines()[-1]) == (2, expected)


def test_a_child_that_dies_four_times_in_a_row_is_given_up():
    child = Child("web", ["true"])
    child.started_at = time.monotonic()
    assert [child.may_restart() for _ in range(4)] == [True, True, True, False]


def test_the_house_closes_with_exit_1_when_a_process_keeps_dying():
    said = []
    child = Child("web", ["false"])
    child.failures = 3
    supervisor = Supervisor(os.environ, said.append)
    supervisor.start(child)
    supervisor.watch()
    supervisor.close()
    assert (supervisor.exit_code, said) == (1, ["web 连续 4 次意外退出（1），不再重启。"])


def test_a_child_that_lived_a_calm_minute_has_its_deaths_forgiven():
    child = Child("web", ["true"])
    child.failures, child.started_at = 3, time.monotonic() - 61
    assert (child.may_restart(), child.failures) == (True, 1)
