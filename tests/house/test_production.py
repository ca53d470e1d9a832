"""The door and the settings as an operator meets them: refused in words, with the exit code of misuse."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

DROPPED = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DJANGO_ALLOW_ASYNC_UNSAFE")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def manage(tmp_path):
    """Run one command on an empty ground of its own: exit code, output and errors."""

    def run(*argv, **environment):
        kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
        ran = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *argv],
            env={**kept, "OFFICEHUB_VAR": str(tmp_path), **environment},
            capture_output=True,
            text=True,
        )
        return ran.returncode, ran.stdout, ran.stderr

    return run


def test_an_unknown_command_is_misuse_and_the_nearest_one_is_named(manage):
    assert manage("docter") == (2, "", "没有“docter”这个命令，是否应为 doctor。manage.py help 列出全部命令。\n")


@pytest.mark.parametrize("key", ["short", "rehearsal-" * 4, "ab" * 40])
def test_a_weak_key_is_refused_in_production(manage, key):
    code, _, said = manage("check", OFFICEHUB_PRODUCTION="1", SECRET_KEY=key)
    assert (code, said.startswith("设置有误：SECRET_KEY"), "at least 50 characters" in said) == (2, True, True)


def test_with_a_key_of_its_own_the_deployment_has_no_warning(manage):
    environment = {"OFFICEHUB_PRODUCTION": "1", "SECRET_KEY": secrets.token_urlsafe(50), "REDIS_URL": "redis://r/0"}
    code, _, complaints = manage("check", "--deploy", "--fail-level", "WARNING", **environment)
    assert (code, complaints) == (0, "")


def test_production_names_its_queue(manage):
    code, _, said = manage("check", OFFICEHUB_PRODUCTION="1", SECRET_KEY=secrets.token_urlsafe(50))
    assert (code, said.startswith("设置有误：REDIS_URL")) == (2, True)
