"""A browser without a screen at a real Streamlit server, for what `AppTest` does otherwise than a browser.

`App` starts in this process the very server object of `streamlit run`, without its sockets, and `Session` is one tab at
it: it speaks the protocol of Streamlit's frontend, and keeps what the frontend keeps. That is the tree of elements, of
which a finished run removes what it did not draw (a fragment's run only what is its own), and the states of the
widgets on it, which go with every rerun: a mounted widget commits its default, one that is gone is forgotten, the
fields of a form wait for its submit button, and of a page that is left only what the entrypoint drew is kept.

Only Streamlit and the standard library; used by `runner.py`. No step sleeps: a step ends with the server's word that
the script has finished, and a script that does not finish fails it.
"""

import asyncio
import os
import queue
import shlex
import threading
from pathlib import Path

from fields import FIELDS, default_of, parsed, state_of, value_of
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.runtime import Runtime
from streamlit.source_util import page_icon_and_name
from streamlit.web.server import Server

TIMEOUT = 60
TEXTS = ("heading", "text", "markdown", "alert")
ENDLESS = 30
"""So many runs that nobody asked for are taken for runs without end."""
PROSE = (0, 1, 2)  # the types of a markdown element that are no code, formula or divider
TRIGGERS = ("button", "download_button")


class App:
    """The server of an app."""

    def __init__(self, directory, entrypoint):
        self.directory = directory
        self.entrypoint = os.path.join(directory, entrypoint)
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.wait(self.start())

    async def start(self):
        Server(self.entrypoint, False)  # the second was called otherwise once
        await Runtime.instance().start()

    def wait(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(TIMEOUT)

    def connect(self, client):
        async def connected():
            return Runtime.instance().connect_session(client, {})

        return self.wait(connected())

    def send(self, session, message):
        async def sent():
            Runtime.instance().handle_backmsg(session, message)

        self.wait(sent())


def named(pages):
    """The pages by their addresses and, since that of the default page is empty, by their names."""
    names = {page.page_name: page.page_script_hash for page in pages}
    return names | {getattr(page, "url_pathname", ""): page.page_script_hash for page in pages}


class Node:
    """An element or a block of the page."""

    def __init__(self, kind, proto, run, fragment, script):
        self.kind, self.proto, self.run, self.fragment, self.script = kind, proto, run, fragment, script
        self.is_block = kind == "block"
        self.id = "" if self.is_block else getattr(proto, "id", "")
        self.form = getattr(proto, "form_id", "")

    @property
    def names(self):
        """The label, and the key, which is the end of the id."""
        key = self.id.split("-", 2)[-1]
        return {getattr(self.proto, "label", ""), key} - {"", "None"}


class Tree:
    """What stands on the page, by the path of each node; the order of the paths is that of the page."""

    def __init__(self):
        self.nodes = {}

    def put(self, path, node):
        old = self.nodes.get(path)
        if not (node.is_block and old is not None and old.is_block):
            self.drop(path)
        self.nodes[path] = node

    def drop(self, path):
        for other in [other for other in self.nodes if other[: len(path)] == path]:
            del self.nodes[other]

    def sweep(self, run, fragments):
        """Removes what is stale after a run: all that it did not draw, or only what is within the fragments it ran."""
        drawn = {}  # whether a block is inside a fragment that this run has drawn
        for path in sorted(self.nodes):
            node = self.nodes.get(path)
            if node is None:
                continue
            fresh, inside = node.run == run, drawn.get(path[:-1], False)
            drawn[path] = inside or (node.is_block and fresh and node.fragment in fragments)
            stays = fresh if not fragments else fresh or not inside or not (node.is_block or node.fragment)
            if not stays:
                self.drop(path)

    def keep_of(self, script):
        """Removes what another script than this one drew; of blocks, what is empty then is harmless."""
        for path in sorted(self.nodes):
            if path in self.nodes and not self.nodes[path].is_block and self.nodes[path].script != script:
                self.drop(path)

    def all(self, *kinds):
        return [self.nodes[path] for path in sorted(self.nodes) if self.nodes[path].kind in kinds]

    @property
    def ids(self):
        return {node.id for node in self.nodes.values() if node.id}


class Session:
    """One tab."""

    def __init__(self, app):
        self.app = app
        self.messages = queue.Queue()
        self.cache = {}
        self.tree = Tree()
        self.states = {}
        self.waiting = {}  # of forms, what their submit button will send
        self.pages = {}
        self.page = self.main = self.run_id = self.query = ""
        self.fragments = ()
        self.navigates = False
        self.session = None
        self.error = None
        self.runs = 0  # since the last step
        self.patience = None  # after so many of them the app is stopped

    # --- the steps ---

    def do(self, step):
        name, *words = shlex.split(step)
        getattr(self, name)(*words)

    def run(self):
        self.rerun()

    def open(self, page):
        name = page_icon_and_name(Path(page))[1] if page.endswith(".py") else page
        if self.session is None:
            self.rerun(page_name=name)
            return
        if name not in self.pages:
            raise LookupError(f"there is no page {page!r}, but {sorted(self.pages)}")
        self.leave()
        self.rerun(page_script_hash=self.pages[name])

    def click(self, name):
        button = self.find(TRIGGERS, name)
        self.states.update(self.waiting.pop(button.form, {}))
        trigger = WidgetState(id=button.id, trigger_value=True)
        if button.form:
            self.clear(button.form)
        self.rerun(states={**self.states, button.id: trigger}, fragment_id=button.fragment)

    def set(self, name, value):
        node = self.find(FIELDS, name)
        if node.form:
            raise AssertionError(f"{name!r} is in a form, where nothing is sent: `type` it and click")
        state = state_of(node, parsed(value))
        if node.kind == "chat_input":
            self.rerun(states={**self.states, node.id: state}, fragment_id=node.fragment)
            return
        self.states[node.id] = state
        self.rerun(fragment_id=node.fragment)

    def type(self, name, value):
        node = self.find(FIELDS, name)
        if not node.form:
            raise AssertionError(f"{name!r} is in no form, so a browser sends what is typed: `set` it")
        self.waiting.setdefault(node.form, {})[node.id] = state_of(node, parsed(value))

    def shows(self, text):
        if text not in self.shown():
            raise AssertionError(f"{text!r} is not shown, but {self.shown()}")

    def endless(self, *step):
        """Takes a step after which the app runs again and again by itself, and stops it after so many runs."""
        self.patience = ENDLESS
        self.do(shlex.join(step))
        if self.runs < ENDLESS:
            raise AssertionError(f"the app came to rest after {self.runs} runs")
        self.patience = None

    def hides(self, text):
        if text in self.shown():
            raise AssertionError(f"{text!r} is shown: {self.shown()}")

    # --- what is seen ---

    def find(self, kinds, name):
        for node in self.tree.all(*kinds):
            if name in node.names:
                return node
        raise LookupError(f"nothing is called {name!r}; exceptions: {self.exceptions()}")

    def shown(self):
        return [node.proto.body for node in self.tree.all(*TEXTS) if getattr(node.proto, "element_type", 0) in PROSE]

    def exceptions(self):
        protos = [node.proto for node in self.tree.all("exception")]
        return protos if self.error is None else [*protos, self.error]

    # --- the protocol ---

    def write_forward_msg(self, message):
        """Called by the server."""
        self.messages.put(message)

    def client_disconnected(self):
        """Called by the server."""

    def rerun(self, states=None, page_name="", page_script_hash=None, fragment_id=""):
        """Asks for a run and takes what comes until it has finished."""
        if self.session is None:
            self.session = self.app.connect(self)
        message = BackMsg()
        request = message.rerun_script
        request.query_string, request.page_name = self.query, page_name
        request.page_script_hash = self.page if page_script_hash is None else page_script_hash
        if fragment_id:
            request.fragment_id = fragment_id
        request.widget_states.widgets.extend((self.states if states is None else states).values())
        self.app.send(self.session, message)
        self.error, self.runs = None, 0
        while not self.take(self.next()):
            pass

    def next(self):
        try:
            message = self.messages.get(timeout=TIMEOUT)
        except queue.Empty:
            raise TimeoutError("the script did not finish") from None
        if message.WhichOneof("type") == "ref_hash":
            cached = ForwardMsg()
            cached.CopyFrom(self.cache[message.ref_hash])
            cached.metadata.CopyFrom(message.metadata)
            return cached
        if message.hash:
            self.cache[message.hash] = message
        return message

    def take(self, message):
        """Whether with this message the run has finished."""
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            return self.finished(message.script_finished)
        if kind == "new_session":
            self.started(message)
        elif kind == "navigation":
            self.navigates = True
            self.page = message.navigation.page_script_hash
            self.pages = named(message.navigation.app_pages)
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            self.error = message.session_event.script_compilation_exception
            return True
        elif kind == "delta":
            self.draw(message.delta, message.metadata)
        return False

    def started(self, message):
        self.runs += 1
        if self.runs == self.patience:
            self.app.send(self.session, BackMsg(stop_script=True))
        new = message.new_session
        said = message.metadata.run if hasattr(message.metadata, "run") else new
        self.run_id = said.script_run_id
        self.fragments = frozenset(getattr(said, "fragment_ids", getattr(said, "fragment_ids_this_run", ())))
        self.main = getattr(new, "main_script_hash", "")
        if new.app_pages and not self.navigates:
            self.pages = named(new.app_pages)
        before, self.page = self.page, new.page_script_hash
        if before not in ("", self.page):
            self.leave()

    def draw(self, delta, metadata):
        path, kind = tuple(metadata.delta_path), delta.WhichOneof("type")
        told = (self.run_id, getattr(delta, "fragment_id", ""), getattr(metadata, "active_script_hash", ""))
        if kind == "add_block":
            self.tree.put(path, Node("block", delta.add_block, *told))
        elif kind == "new_element":
            element = delta.new_element.WhichOneof("type") or "empty"
            node = Node(element, getattr(delta.new_element, element, None), *told)
            self.tree.put(path, node)
            self.mount(node)

    def mount(self, node):
        """A widget that the server sets says so; one that is new commits its default."""
        if node.kind not in FIELDS or node.kind == "chat_input":
            return
        if node.proto.set_value:
            self.states[node.id] = state_of(node, value_of(node))
            node.proto.set_value = False
        elif node.id not in self.states:
            self.states[node.id] = state_of(node, default_of(node))

    def finished(self, status):
        if status in (ForwardMsg.FINISHED_EARLY_FOR_RERUN, ForwardMsg.FINISHED_WITH_COMPILE_ERROR):
            return False  # another run or the error follows
        self.tree.sweep(self.run_id, self.fragments)
        self.forget()
        return True

    def leave(self):
        """The page is left. Before `st.navigation` was there, a frontend kept nothing then."""
        self.tree.keep_of(self.main if self.navigates else None)
        self.forget()

    def forget(self):
        """Forgets the states of widgets that are not on the page any more."""
        for states in (self.states, *self.waiting.values()):
            for gone in states.keys() - self.tree.ids:
                del states[gone]

    def clear(self, form):
        """After its submit the fields of a form that clears itself have their defaults again, not yet sent."""
        blocks = [node.proto.form for node in self.tree.all("block") if node.proto.WhichOneof("type") == "form"]
        if any(block.form_id == form and block.clear_on_submit for block in blocks):
            fields = [node for node in self.tree.all(*FIELDS) if node.form == form]
            self.waiting[form] = {node.id: state_of(node, default_of(node)) for node in fields}
