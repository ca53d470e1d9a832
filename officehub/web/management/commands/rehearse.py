"""Everything CI runs, in one command."""

import os
import secrets
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PARTS = ("checks", "sqlite", "postgresql")
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
TEST: list[str | Path] = [*MANAGE, "test"]
CHECKS: dict[str, list[str | Path]] = {
    "ruff": [BIN / "ruff", "check", "."],
    "ruff format": [BIN / "ruff", "format", "--check", "."],
    "import-linter": [BIN / "lint-imports"],
    "djlint": [BIN / "djlint", "templates", "--lint", "--quiet"],
    "mypy": [BIN / "mypy", "officehub"],
    "check": [*MANAGE, "check", "--fail-level", "WARNING"],
    "check --deploy": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "makemigrations --check": [*MANAGE, "makemigrations", "--check", "--dry-run"],
}
DEPLOYED = {"OFFICEHUB_PRODUCTION": "1", "SECRET_KEY": secrets.token_urlsafe(50), "REDIS_URL": "redis://localhost"}


class Command(BaseCommand):
    help = "提交前的彩排：静态检查，以及在 SQLite 和 PostgreSQL + Redis 上各跑一遍全部测试。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=PARTS, action="append", help="只跑这一部分，可以写几次")

    def handle(self, **options) -> None:
        os.chdir(settings.BASE_DIR)
        wanted = options["only"] or PARTS
        failed = [name for part in wanted for name in getattr(self, part)()]
        if failed:
            raise CommandError(f"没有通过：{'、'.join(failed)}")
        self.stdout.write(self.style.SUCCESS("全部通过。"))

    def checks(self) -> Iterator[str]:
        for name, argv in CHECKS.items():
            yield from self.passes(name, argv, DEPLOYED if "--deploy" in argv else {})

    def sqlite(self) -> Iterator[str]:
        yield from self.passes("测试（SQLite）", TEST, {"DATABASE_URL": "", "REDIS_URL": ""})

    def postgresql(self) -> Iterator[str]:
        """On the servers named in the environment, since tests must not choose somebody's database themselves."""
        if not ("DATABASE_URL" in os.environ and "REDIS_URL" in os.environ):
            self.stdout.write("没有设置 DATABASE_URL 和 REDIS_URL，略过 PostgreSQL 上的一遍（.ci/run 会自己准备）。")
            return
        yield from self.passes("测试（PostgreSQL + Redis）", TEST, {})

    def passes(self, name: str, argv: list[str | Path], environment: dict[str, str]) -> Iterator[str]:
        """Run one step with its output shown; yields its name when it fails. An empty value unsets a variable."""
        self.stdout.write(self.style.MIGRATE_HEADING(f"—— {name}"))
        self.stdout.flush()
        merged = {key: value for key, value in {**os.environ, **environment}.items() if environment.get(key) != ""}
        if subprocess.run([str(word) for word in argv], env=merged).returncode:  # noqa: S603 - our own commands
            yield name
