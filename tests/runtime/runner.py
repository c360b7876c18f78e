"""Runs small apps under the Streamlit of the interpreter that runs this file, through `AppTest`.

A program of its own (only Streamlit and the standard library), so that one test suite can ask several Streamlit
versions: one JSON job a line on stdin, `{"directory", "entrypoint", "steps"}`, and one JSON answer a line on stdout:
a list with one entry a step, `{"exceptions": [{"type", "message", "frames": [[path, line], ...]}], "shown": [...]}`.
`frames` are those inside `directory`, innermost last. The first line written is `{"streamlit": version}`.

Every job runs in a forked child, since Streamlit keeps modules, caches and warnings per process. AppTest is not a
browser: after a page switch the old page's widget values are still there, deleting the key of a widget that is drawn
upsets AppTest itself, and a fragment never runs alone. For these a job has `"sessions"` in place of `"steps"`, a list
of lists of steps: `browser.py` plays each in a new tab at one server, and the answer is a list of lists.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import importlib
import json
import logging
import os
import re
import shlex
import sys
import traceback
import warnings

os.environ["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] = "false"
os.environ["STREAMLIT_SERVER_FILE_WATCHER_TYPE"] = "none"
logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")

import browser  # noqa: E402
import streamlit  # noqa: E402
from streamlit.testing.v1 import AppTest, local_script_runner  # noqa: E402

try:
    from streamlit.util import calc_hash as page_hash
except ImportError:  # before the hash was changed
    from streamlit.util import calc_md5 as page_hash

TIMEOUT = 60
FRAME = re.compile(r'File "([^"]+)", line (\d+)')
SHOWN = ("title", "header", "subheader", "text", "markdown", "caption", "success", "info", "warning", "error")
SETTABLE = (
    "text_input", "text_area", "number_input", "slider", "select_slider", "checkbox", "toggle", "selectbox", "radio",
    "multiselect", "date_input", "time_input", "color_picker", "chat_input",
)  # fmt: skip


def wait_for_the_end(wait):
    """`wait`, and then for the script's thread: AppTest asks for the thread's last event, which may be on its way."""

    def patient(runner, *args, **kwargs):
        wait(runner, *args, **kwargs)
        runner.join()

    return patient


def ask_once(module, name):
    """Let Streamlit find out now, for all jobs, what does not depend on the app and costs half of a job's time."""
    with contextlib.suppress(ImportError, AttributeError):  # other versions have no such function, and no such cost
        owner = importlib.import_module(module)
        setattr(owner, name, functools.cache(getattr(owner, name)))
        getattr(owner, name)()


ask_once("streamlit.components.v2.manifest_scanner", "scan_component_manifests")
ask_once("streamlit.env_util", "is_repl")
local_script_runner.require_widgets_deltas = wait_for_the_end(local_script_runner.require_widgets_deltas)


class Session:
    """One session of an app in `directory`, which is also the working directory."""

    def __init__(self, directory, entrypoint):
        self.at = AppTest.from_file(os.path.join(directory, entrypoint), default_timeout=TIMEOUT)
        self.tabs = {"A": self.at}
        self.editor, self.edits = None, {}

    def do(self, step):
        name, *words = shlex.split(step)
        getattr(self, name)(*words)

    def run(self):
        self.at.run()

    def session(self, name):
        """Go on as another user of the same process; the first one is A."""
        if name not in self.tabs:
            self.tabs[name] = AppTest.from_file(self.tabs["A"]._script_path, default_timeout=TIMEOUT)
        self.at = self.tabs[name]

    def open(self, page):
        if page.endswith(".py"):
            self.at.switch_page(page).run()
        else:
            self.at._page_hash = page_hash(page)
            self.at.run()

    def click(self, name):
        self.find(["button"], name).click()
        self.at.run()

    def set(self, name, value):
        self.type(name, value)
        self.at.run()

    def edit(self, row, column, value):
        """Changes a cell of the page's first data editor, which AppTest cannot: a browser sends all edits each time."""
        shown = next(e.proto.id for e in self.at.get("arrow_data_frame") + self.at.get("dataframe") if e.proto.id)
        if shown != self.editor:
            self.editor, self.edits = shown, {}  # another editor begins without edits
        with contextlib.suppress(ValueError):
            value = json.loads(value)
        self.edits.setdefault(row, {})[column] = value
        states = self.at._tree.get_widget_states()
        for old in [state for state in states.widgets if state.id == shown]:
            states.widgets.remove(old)
        edits = {"edited_rows": self.edits, "added_rows": [], "deleted_rows": []}
        states.widgets.add(id=shown, string_value=json.dumps(edits))
        self.at._run(states)

    def shows(self, text):
        if text not in self.shown():
            raise AssertionError(f"{text!r} is not shown, but {self.shown()}")

    def hides(self, text):
        if text in self.shown():
            raise AssertionError(f"{text!r} is shown: {self.shown()}")

    def type(self, name, value):
        with contextlib.suppress(ValueError):
            value = json.loads(value)
        element = self.find(SETTABLE, name)
        if element.type == "date_input" and isinstance(value, list):
            value = [datetime.date.fromisoformat(day) for day in value]
        element.set_value(value)

    def find(self, kinds, name):
        for kind in kinds:
            for element in self.at.get(kind):
                if name in (element.key, getattr(element, "label", None)):
                    return element
        raise LookupError(f"nothing is called {name!r}; exceptions: {self.exceptions()}")

    def exceptions(self):
        return [element.proto for element in self.at.exception]

    def shown(self):
        return [str(element.value) for kind in SHOWN for element in self.at.get(kind)]


def answer(job):
    """The outcomes of a job."""
    directory = os.path.realpath(job["directory"])
    os.chdir(directory)
    sys.path.insert(0, directory)
    if "sessions" not in job:
        return played(Session(directory, job["entrypoint"]), job["steps"], directory)
    app = browser.App(directory, job["entrypoint"])
    return [played(browser.Session(app), steps, directory) for steps in job["sessions"]]


def played(session, steps, directory):
    """The outcome of every step, or `{"failed": why}` in place of the step that could not be taken."""
    outcomes = []
    for step in steps:
        try:
            session.do(step)
        except Exception:
            outcomes.append({"failed": f"{step}: {traceback.format_exc(limit=-1)}"})
            break
        exceptions = [exception(proto, directory) for proto in session.exceptions()]
        outcomes.append({"exceptions": exceptions, "shown": session.shown()})
    return outcomes


def exception(proto, directory):
    """An exception as JSON takes it."""
    trace = "\n".join(proto.stack_trace)
    frames = [(os.path.realpath(path), int(line)) for path, line in FRAME.findall(trace) if os.path.isabs(path)]
    inside = [[os.path.relpath(path, directory), line] for path, line in frames if path.startswith(directory + os.sep)]
    return {"type": proto.type, "message": proto.message, "frames": inside}


def forked(job):
    """The same as `answer` as JSON text, from a child process."""
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            os.close(read)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            with os.fdopen(write, "w") as out:
                out.write(json.dumps(answer(job)))
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as result:
        text = result.read()
    os.wait()
    return text or json.dumps([{"failed": "the child process died"}])


def main():
    print(json.dumps({"streamlit": streamlit.__version__}), flush=True)
    for line in sys.stdin:
        print(forked(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
