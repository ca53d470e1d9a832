"""The processes of one machine: broker, beat, worker and web, and what must be ready before they start.

It composes; `broker.py` chooses the queue, `supervisor.py` keeps the processes, the `serve` command speaks.
"""

import fcntl
import hashlib
import http.client
import os
import select
import signal
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands

from officehub.web.broker import Broker
from officehub.web.supervisor import Child

ENDING_SECONDS = 15  # how long the processes of a killed `serve` may take to notice
ROOT_WARNING = "ignore:You're running the worker with superuser"  # messages are JSON, so root is safe here (kombu)


EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where such a server is found from this machine


class Occupied(Exception):
    """Another house stands on this ground: the lock or the port is taken."""


def claim(var: Path) -> IO[str]:
    """The lock of one VAR. It is handed to the children, so it is free only when the last of them is gone."""
    lock = (var / "serve.lock").open("a+")
    for _ in range(ENDING_SECONDS):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            if _is_alive(holder):
                raise Occupied(
                    f"另一个 serve 正在使用 {var}（进程 {holder}）。先停掉它，或另设 OFFICEHUB_VAR。"
                ) from None
            select.select([], [], [], 1)  # its children are on their way out
        else:
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            return lock
    raise Occupied(f"{var} 上一次运行的进程还没有退出，请稍后再试。")


def _is_alive(pid: str) -> bool:
    return pid.isdigit() and Path("/proc", pid).exists()


def check_port(host: str, port: int) -> None:
    """Raise Occupied before anything is started, rather than let the web server fail half-way."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            raise Occupied(f"地址 {host}:{port} 不能使用（{refused.strerror}）。换一个：--port {port + 1}") from refused


def furnish(var: Path) -> None:
    """Tables and static files as this version of the code wants them."""
    call_command("migrate", interactive=False, verbosity=0)
    wanted, stamp = _static_key(), var / "static.stamp"
    if not stamp.exists() or stamp.read_text() != wanted:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(wanted)


def _static_key() -> str:
    """Changes when any static file does: path, size and time of each."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = os.stat(storage.path(path))
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def children(broker: Broker, host: str, port: int, workers: int) -> list[Child]:
    """In the order of starting; they stop in the opposite one: web, worker, beat, and the broker last."""
    own_broker = [Child("broker", broker.argv)] if broker.argv else []
    return [*own_broker, _beat(), _worker(), _web(host, port, workers)]


def _beat() -> Child:
    return Child("beat", [*_celery("beat"), "--pidfile="], orphaned=signal.SIGKILL)  # it keeps nothing in memory


def _worker() -> Child:
    options = ["--concurrency=2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Child("worker", [*_celery("worker"), *options], patience=60, orphaned=signal.SIGKILL)


def _celery(role: str) -> list[str]:
    return [sys.executable, "-W", ROOT_WARNING, "-m", "celery", "--quiet", "-A", "officehub", role, "-l", "WARNING"]


def _web(host: str, port: int, workers: int) -> Child:
    bound = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = f"--worker-class gthread --workers {workers} --threads 8 --graceful-timeout 10 --no-control-socket"
    argv = [sys.executable, "-m", "gunicorn", "officehub.wsgi:application", "--bind", bound, "--log-level", "warning"]
    return Child("web", [*argv, *options.split()], patience=15, orphaned=signal.SIGQUIT)


def address(host: str, port: int) -> str:
    """Where people find it: this machine's name when it listens everywhere."""
    name = socket.gethostname() if host in EVERYWHERE else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/"


def web_answers(host: str, port: int) -> bool:
    """Whether /healthz says 200."""
    near = EVERYWHERE.get(host, host)
    line = http.client.HTTPConnection(near, port, timeout=2)
    try:
        line.request("GET", "/healthz", headers={"Host": "localhost"})
        return line.getresponse().status == 200
    except OSError:  # not listening yet
        return False
    finally:
        line.close()


def demo() -> Any:
    """The module of the `demo` command, wherever it lives: LOGINS (username, who) and PASSWORD."""
    return import_module(f"{get_commands()['demo']}.management.commands.demo")
