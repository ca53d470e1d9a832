"""What a process that opens a stranger's file is told of us: no key, no address, whatever the file does to it."""

import os

BARE = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
