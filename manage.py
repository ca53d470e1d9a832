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

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
