"""The whole suite, by pytest."""

import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

WHOLE_SUITE = ["-n", "auto", "--dist", "loadfile"]  # one process per core; a file's tests share their costly fixtures


class Command(BaseCommand):
    help = "运行全部测试；后面的参数原样交给 pytest，例如 python3 manage.py test tests/house -x"

    def run_from_argv(self, argv: list[str]) -> None:
        """Pytest starts afresh, because settings must be read knowing that this is a test."""
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *(argv[2:] or WHOLE_SUITE)])  # noqa: S606 - no shell
