"""Which constants inference finds, and what it leaves behind."""

from __future__ import annotations

import ast
import gc
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from streamlint.facts import ir
from streamlint.facts.extract import extract_module
from streamlint.inference import NO_ANSWER, Answer, Inference, NoAnswer, Questions, content_hash

KEYS = """
import enum
from enum import Enum, StrEnum
from dataclasses import dataclass
from typing import Final, NamedTuple
import pandas as pd
CART = "cart"
class Flow(Enum):
    STEP = "step"
    OTHER = enum.auto()
class Text(str, Enum):
    A = "text"
class Text2(StrEnum):
    A = "text2"
class K:
    USER = "user"
    NAME: Final = "name"
    CHANGED = "x"
K.CHANGED = "y"
class Sub(K):
    X = K.USER + "_x"
@dataclass
class Config:
    key: str = "config"
DEFAULTS = {"a": 1, CART: 2, "n": {"k": "deep"}}
PAIR = ("t0", "t1")
COUNT = 3
TWICE = "a"
TWICE = "b"
GLOBAL = "g"
def change():
    global GLOBAL
    GLOBAL = "h"
if pd.x:
    BRANCH = "1"
else:
    BRANCH = "2"
for LOOPED in PAIR: pass
UPPER = CART.upper()
def made(): return "made"
"""
MAIN = """
import streamlit as st
import pandas as pd
import keys, pack.deep
import keys as kk
from keys import *
from keys import CART as C
from pack import deep as d
from pack.deep import UP
P = "p"
"""
DEEP = "from ..keys import CART as UP\nVALUE = 'deep value'\n"
FILES = {"/p/main.py": MAIN, "/p/keys.py": KEYS, "/p/pack/__init__.py": "", "/p/pack/deep.py": DEEP}
MODULES = {"keys": "/p/keys.py", "pack": "/p/pack/__init__.py", "pack.deep": "/p/pack/deep.py"}


def resolve(module: str, level: int, importer: str) -> str | None:
    if level == 1 and importer == "/p/pack/__init__.py":
        return MODULES.get(f"pack.{module}")
    return MODULES.get(module)


def ask(expression: str, files: dict[str, str] | None = None) -> Answer | NoAnswer:
    texts = dict(FILES if files is None else files)
    texts["/p/main.py"] += f"(\n{expression}\n)\n"
    return Inference(resolve, texts.__getitem__).constant("/p/main.py", last_expression(texts["/p/main.py"]))


def last_expression(text: str) -> ast.expr:
    statement = ast.parse(text).body[-1]
    assert isinstance(statement, ast.Expr)
    return statement.value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("P", "p"),
        ("C", "cart"),
        ("CART", "cart"),
        ("keys.CART", "cart"),
        ("kk.CART", "cart"),
        ("UP", "cart"),
        ("pack.deep.VALUE", "deep value"),
        ("d.VALUE", "deep value"),
        ("COUNT", 3),
        ("Flow.STEP.value", "step"),
        ("Flow.STEP.name", "STEP"),
        ("Text.A", "text"),
        ("Text2.A", "text2"),
        ("Text2.A.value", "text2"),
        ("K.USER", "user"),
        ("K.NAME", "name"),
        ("Sub.USER", "user"),
        ("Sub.X", "user_x"),
        ("Config.key", "config"),
        ("DEFAULTS['n']['k']", "deep"),
        ("PAIR[-1]", "t1"),
        ("P + '_x'", "p_x"),
        ("f'{P}_{C}'", "p_cart"),
        ("'%s_x' % P", "p_x"),
        ("'{}_x'.format(P)", "p_x"),
        ("'_'.join([P, C, 'x'])", "p_cart_x"),
    ],
)
def test_what_is_constant_is_found(expression: str, value: Answer) -> None:
    assert ask(expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "Flow.STEP",  # an object, not a string
        "Flow.OTHER.value",
        "K.CHANGED",
        "TWICE",
        "GLOBAL",
        "keys.GLOBAL",
        "BRANCH",
        "LOOPED",
        "UPPER",
        "P.upper()",
        "f'{P!r}'",
        "f'{P:>4}'",
        "str(P)",
        "made()",
        "pd.x",
        "unknown",
        "DEFAULTS['missing']",
        "PAIR[7]",
        "P + 1",
        "'_'.join(P)",
        "lambda: P",
        "st.session_state",
    ],
)
def test_what_is_not_is_not_guessed(expression: str) -> None:
    assert ask(expression) is NO_ANSWER


@pytest.mark.parametrize(
    "keys", ["def f(:", "from main import *\nfrom keys import *", "x = " + "(" * 90 + ")" * 90, "\0"]
)
def test_a_strange_module_has_no_answers(keys: str) -> None:
    assert ask("keys.CART", {**FILES, "/p/keys.py": keys}) is NO_ANSWER


def test_a_circle_of_star_imports_ends() -> None:
    files = {"/p/main.py": "from keys import *\nP = 'p'\n", "/p/keys.py": "from main import *\nCART = 'cart'\n"}
    modules = {"keys": "/p/keys.py", "main": "/p/main.py"}
    texts = {**files, "/p/main.py": files["/p/main.py"] + "CART\n"}
    inference = Inference(lambda module, level, importer: modules.get(module), texts.__getitem__)
    assert inference.constant("/p/main.py", last_expression(texts["/p/main.py"])) == "cart"


def test_assignments_to_attributes_of_foreign_modules_do_not_spread() -> None:
    assert ask("nd.K", {**FILES, "/p/main.py": "import pandas as pd, numpy as nd\npd.K = 'k'\n"}) is NO_ANSWER


def test_one_name_may_mean_two_modules() -> None:
    texts = {
        f"/{app}/{name}.py": text for app in "ab" for name, text in (("main", "import u\nu.K"), ("u", f"K = '{app}'"))
    }
    inference = Inference(lambda module, level, importer: f"{importer[:2]}/{module}.py", texts.__getitem__)
    for app in ("a", "b", "a"):
        assert inference.constant(f"/{app}/main.py", last_expression("import u\nu.K")) == app


def test_an_answer_says_which_files_it_depends_on() -> None:
    inference = Inference(resolve, {**FILES, "/p/main.py": MAIN + "UP"}.__getitem__)
    questions = inference.open("/p/main.py")
    assert questions.constant(last_expression(MAIN + "UP")) == "cart"
    assert dict(questions.looked_into) == {
        path: content_hash(FILES[path]) for path in ("/p/keys.py", "/p/pack/deep.py")
    }


def test_changes_are_noticed() -> None:
    texts = {**FILES, "/p/main.py": MAIN + "UP"}
    inference = Inference(resolve, lambda path: texts[path])
    node = last_expression(MAIN + "UP")
    assert inference.constant("/p/main.py", node) == "cart"
    texts["/p/keys.py"] = "CART = 'other'"
    assert inference.constant("/p/main.py", node) == "other"
    texts["/p/keys.py"] = ""
    assert inference.constant("/p/main.py", node) is NO_ANSWER
    assert inference.open("/p/main.py", "P = 1\nP").constant(last_expression("P = 1\nP")) == 1


def test_types_and_callees() -> None:
    texts = {**FILES, "/p/main.py": MAIN + "made"}
    questions = Inference(resolve, texts.__getitem__).open("/p/main.py")
    assert questions.callee(last_expression(texts["/p/main.py"])) == ("/p/keys.py", "made")
    texts["/p/main.py"] = MAIN + "DEFAULTS"
    questions = Inference(resolve, texts.__getitem__).open("/p/main.py")
    assert questions.type_name(last_expression(texts["/p/main.py"])) == "builtins.dict"
    assert questions.callee(last_expression(texts["/p/main.py"])) is NO_ANSWER


@pytest.mark.parametrize(
    ("imports", "expression", "type_name"),
    [
        ("import streamlit as st", "st.session_state", "streamlit.SessionStateProxy"),
        ("import streamlit.components.v1 as c", "c.html('x')", "streamlit.DeltaGenerator"),
        ("from streamlit.components import v1", "v1.html('x')", "streamlit.DeltaGenerator"),
        ("from streamlit.delta_generator import DeltaGenerator as D", "D()", "streamlit.DeltaGenerator"),
        ("from streamlit.runtime.state import SessionStateProxy as S", "S()", "streamlit.SessionStateProxy"),
        ("import streamlit as st", "st.text_input('x')", None),
        ("from streamlit.unheard_of import thing", "thing()", None),
    ],
)
def test_streamlit_s_own_modules_are_known(imports: str, expression: str, type_name: str | None) -> None:
    text = f"{imports}\n{expression}\n"
    answer = Inference(resolve, {"/p/main.py": text}.__getitem__).open("/p/main.py").type_name(last_expression(text))
    assert answer == (NO_ANSWER if type_name is None else type_name)


# --- in extraction -------------------------------------------------------------------------------------------

APP = (
    MAIN
    + """
ss = st.session_state
ss[C]
ss.get(K.USER)
Sub.X in ss
st.text_input("x", key=f"{C}_1")
hasattr(ss, keys.CART)
del ss[Flow.STEP.value]
def f(p, q=C):
    local = K.NAME
    return ss[local]
# nothing to ask:
ss[P]; ss["k"]; ss[pd.x]; print(C); C == ss; f(key=P)
def g(p, C):
    ss[p], ss[C], [ss[UP] for UP in p]
"""
)


def inferred(value: object) -> list[ir.Literal]:
    if isinstance(value, ir.Inferred):
        return [value.value]
    if isinstance(value, tuple):
        return [found for item in value for found in inferred(item)]
    fields = getattr(value, "__dataclass_fields__", ())
    return [found for name in fields for found in inferred(getattr(value, name))]


def test_keys_are_asked_where_structure_does_not_tell() -> None:
    texts = {**FILES, "/p/main.py": APP}
    facts = extract_module("/p/main.py", APP, inference=Inference(resolve, texts.__getitem__))
    assert inferred(facts.body) == ["cart", "user", "user_x", "cart_1", "cart", "step"]
    assert inferred(facts.functions) == ["name"]
    assert dict(facts.looked_into) == {"/p/keys.py": content_hash(KEYS)}
    assert inferred(extract_module("/p/main.py", APP).body) == []


def test_what_inference_refuses_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    text = """import streamlit as st
from keys import CART
ss = st.session_state
def page(part, rows):
    chosen = st.selectbox("x", rows)
    key = f"{CART}_{part}"
    again = f"{key}_x"
    made = page(CART, "x")
    columns = [CART, "x"]
    size = str(CART)
    ss[chosen], ss[again], ss[made], ss[columns], ss[size]
"""
    asked: list[str] = []
    monkeypatch.setattr(Questions, "constant", lambda _, node: asked.append(ast.unparse(node)) or NO_ANSWER)
    extract_module("/p/main.py", text, inference=Inference(resolve, {**FILES, "/p/main.py": text}.__getitem__))
    assert asked == []


def test_files_without_streamlit_are_not_asked_about() -> None:
    text = "from keys import CART\nx[CART]\n"
    facts = extract_module("/p/main.py", text, inference=Inference(resolve, {**FILES, "/p/main.py": text}.__getitem__))
    assert inferred(facts.body) == [] and facts.looked_into == ()


# --- what it leaves behind -----------------------------------------------------------------------------------


def run(script: str, cwd: Path) -> str:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_astroid_is_imported_only_when_asked(tmp_path: Path) -> None:
    output = run(
        """
        import sys
        from streamlint.facts.extract import extract_module
        from streamlint.inference import Inference
        text = "import streamlit as st\\nK = 'k'\\nst.session_state[K]\\n"
        extract_module("/a.py", text, inference=Inference(lambda *a: None, lambda path: text))
        print("astroid" in sys.modules)
        """,
        tmp_path,
    )
    assert output.strip() == "False"


def test_nothing_outside_the_project_is_read(tmp_path: Path) -> None:
    (tmp_path / "pandas.py").write_text("K = 'from the disk'\n")
    output = run(
        """
        import ast, sys
        from streamlint.inference import Inference
        text = "import pandas, enum\\nfrom typing import NamedTuple\\n"
        text += "class N(NamedTuple):\\n  k: str = 'n'\\n"
        text += "class E(enum.Enum):\\n  A = 'a'\\n"
        opened = []
        inference = Inference(lambda *a: None, lambda path: text + ending)
        sys.path.insert(0, ".")
        import astroid
        from astroid.builder import AstroidBuilder
        AstroidBuilder(astroid.MANAGER)
        before = dict(astroid.MANAGER.astroid_cache)
        sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
        for ending in ("pandas.K", "N('x').k", "E.A.value"):
            print(inference.constant("/a.py", ast.parse(text + ending).body[-1].value))
        print([path for path in opened if path.endswith(".py") and "streamlint" not in path])
        print(before == astroid.MANAGER.astroid_cache)
        """,
        tmp_path,
    )
    assert output.splitlines() == ["NoAnswer.NO_ANSWER", "NoAnswer.NO_ANSWER", "a", "[]", "True"]


def test_pylint_works_as_before(tmp_path: Path) -> None:
    pytest.importorskip("pylint")
    (tmp_path / "code.py").write_text("import enum\nclass E(enum.Enum):\n    A = 1\nprint(E.A.nothing, E.A.value)\n")
    check = """
        from pylint.lint import Run
        Run(["--disable=all", "--enable=no-member", "--score=n", "code.py"], exit=False)
        """
    before = """
        import ast
        from streamlint.inference import Inference
        text = "import enum\\nclass E(enum.Enum):\\n    A = 'a'\\nE.A.value"
        assert Inference(lambda *a: None, lambda p: text).constant("/a.py", ast.parse(text).body[-1].value) == "a"
        """
    alone = run(check, tmp_path)
    assert "no-member" in alone
    assert run(before + check, tmp_path) == alone


def test_memory_is_flat_over_hundreds_of_changes() -> None:
    """The state that an attribute of session state is assigned to is a stub's, which must not collect assignments."""
    texts: dict[str, str] = {}
    inference = Inference(lambda module, level, importer: MODULES.get(module), lambda path: texts[path])

    def analyse(number: int) -> None:
        main = f"import streamlit as st\nfrom keys import *\nst.session_state.a = {number}\nFlow.STEP.value\n"
        keys = f"from enum import Enum\nclass Flow(Enum):\n    STEP = 'step{number}'\n"
        texts.update({"/p/main.py": main, "/p/keys.py": keys})
        assert inference.constant("/p/main.py", last_expression(main)) == f"step{number}"

    for number in range(50):
        analyse(number)
    gc.collect()
    before = len(gc.get_objects())
    for number in range(50, 550):
        analyse(number)
    gc.collect()
    assert len(gc.get_objects()) < before * 1.05


def test_threads_take_turns() -> None:
    texts = {**FILES, "/p/main.py": MAIN + "Sub.X"}
    node = last_expression(texts["/p/main.py"])
    answers: list[object] = []

    def work() -> None:
        inference = Inference(resolve, texts.__getitem__)
        answers.extend(inference.constant("/p/main.py", node) for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["user_x"] * 80
