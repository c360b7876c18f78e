"""Writes the man pages of all commands, for who packages streamlint for a system:

    python scripts/write_man_pages.py FOLDER

Needs the extra `packaging`. SOURCE_DATE_EPOCH says the date on the pages, so that two runs give the same.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from click_man.core import write_man_pages
from streamlint import __version__
from streamlint_cli.main import cli

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    day = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())))
    write_man_pages("streamlint", cli, version=__version__, target_dir=str(folder), date=time.strftime("%Y-%m-%d", day))
