"""Starts the language server with what the extension brings along.

    python server.py useBundled        with the server of the extension
    python server.py fromEnvironment   with the server of this Python's environment, where it has one

What goes wrong before the server speaks is said in one line on the standard error, which the extension shows, and
the exit status is 2. Python 2 can read this file, so that it can be told what is wrong with it.
"""

import os
import sys

OLDEST = (3, 10)
LIBS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "libs")
BROKEN = 2


def fail(message):
    sys.stderr.write(message + "\n")
    return BROKEN


def add_libraries(strategy):
    """Ours come first, or after those of the environment. The folder of this file is none of either."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or os.curdir) != here]
    if strategy == "fromEnvironment":
        sys.path.append(LIBS)
    else:
        sys.path.insert(0, LIBS)


def main(strategy):
    if sys.version_info[:2] < OLDEST:
        return fail("streamlint needs Python %d.%d or newer, and this is %d.%d" % (OLDEST + sys.version_info[:2]))
    add_libraries(strategy)
    try:
        from streamlint_lsp.server import start
    except Exception as error:
        advice = "; set streamlint.importStrategy to useBundled" if strategy == "fromEnvironment" else ""
        return fail("the server cannot be loaded with %s: %s%s" % (sys.executable, error, advice))
    return start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "useBundled"))
