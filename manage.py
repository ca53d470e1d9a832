#!/usr/bin/env python3
"""The door to OfficeHub. `serve` and `test` make the machine ready first; every command runs in the project's `.venv`.

It knows nothing itself: `officehub/prepare.py` is loaded by its path, because importing the package needs packages.
"""

import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    spec = importlib.util.spec_from_file_location("officehub_prepare", str(ROOT / "officehub" / "prepare.py"))
    prepare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(prepare)
    prepare.enter(ROOT, sys.argv)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officehub.settings")
    from django.core.management import execute_from_command_line

    refuse_unknown(sys.argv[1] if len(sys.argv) > 1 else "help")
    execute_from_command_line(sys.argv)


def refuse_unknown(command: str) -> None:
    """Misuse is 2 everywhere; Django would leave with 1."""
    from difflib import get_close_matches

    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import get_commands

    try:
        django.setup()
    except ImproperlyConfigured as fault:
        sys.stderr.write(f"设置有误：{fault}\n")
        sys.exit(2)
    known = [*get_commands(), "help", "version"]
    if command not in known and not command.startswith("-"):
        near = "".join(f"，是否应为 {name}" for name in get_close_matches(command, known, 1))
        sys.stderr.write(f"没有“{command}”这个命令{near}。manage.py help 列出全部命令。\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
