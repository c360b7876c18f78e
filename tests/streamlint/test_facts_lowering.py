"""What a statement or an expression becomes."""

from __future__ import annotations

import ast
import pickle
import sys
import sysconfig
import zlib
from pathlib import Path
from typing import Any

import pytest
from streamlint.facts import ir
from streamlint.facts.extract import extract_module

STDLIB = Path(sysconfig.get_path("stdlib"))
FIELDS_OF_PLACE = {"span", "name_span", "text"}


def facts(source: str) -> ir.ModuleFacts:
    result = extract_module("/app.py", source)
    assert result.syntax_error is None
    return result


def shape(value: Any) -> str:
    """Facts without places, written shortly: `Assign([x], Const('k'))`."""
    if isinstance(value, tuple):
        return "[" + ", ".join(shape(item) for item in value) + "]"
    if not hasattr(value, "__dataclass_fields__"):
        return repr(value)
    if isinstance(value, ir.Name):
        return value.id
    inner = ", ".join(shape(getattr(value, f)) for f in value.__dataclass_fields__ if f not in FIELDS_OF_PLACE)
    return f"{type(value).__name__}({inner})"


def value_of(statement: ir.Stmt) -> Any:
    """The right side of an assignment."""
    assert isinstance(statement, ir.Assign)
    return statement.value


def snippet(source: str, span: Any) -> str:
    return source[span.start : span.end]


EXPRESSIONS = {
    "a": "a",
    "'k'": "Const('k')",
    "'a' 'b'": "Const('ab')",
    "-1": "Const(-1)",
    "+2.5": "Const(2.5)",
    "...": "Opaque([], [])",
    "1j": "Opaque([], [])",
    "a.b": "Attr(a, 'b')",
    "a['k']": "Sub(a, Const('k'))",
    "a[1:f()]": "Sub(a, Slice(Const(1), Call(f, [], []), None))",
    "f(a, *b, k=c, **d)": "Call(f, [a, Star(b)], [['k', c], [None, d]])",
    "a and b or c": "BoolOp('or', [BoolOp('and', [a, b]), c])",
    "not a": "Not(a)",
    "-a": "Opaque([a], ['a'])",
    "a not in b": "Compare(a, 'not in', b)",
    "a < b <= c": "BoolOp('and', [Compare(a, '<', b), Compare(b, '<=', c)])",
    "a if b else c": "IfExp(b, a, c)",
    "(a, 1)": "Display('tuple', [a, Const(1)])",
    "[a]": "Display('list', [a])",
    "{a}": "Display('set', [a])",
    "{'k': a, **b}": "DictDisplay([[Const('k'), a], [None, b]])",
    "f'x{a}y'": "Fmt([Const('x'), a, Const('y')])",
    "f'{a!r}{b:>{c}}'": "Fmt([Opaque([a], ['a']), Opaque([b, Fmt([Const('>'), c])], ['b'])])",
    "f'{a=}'": "Fmt([Const('a='), Opaque([a], ['a'])])",
    "a + 'x'": "BinOp('+', a, Const('x'))",
    "60 * 60": "Opaque([], [])",
    "[a for a in b if c]": "Comp('list', None, a, [Generator(a, b, [c])])",
    "{k: v for k, v in b}": "Comp('dict', k, v, [Generator(Display('tuple', [k, v]), b, [])])",
    "(y := a)": "Walrus('y', a)",
    "lambda p=a, *, q=b: p": "Lambda(0, [a], [['q', b]])",
}


@pytest.mark.parametrize("source", EXPRESSIONS)
def test_expressions(source: str) -> None:
    (statement,) = facts(f"x = {source}").body
    assert isinstance(statement, ir.Assign)
    assert shape(statement.value) == EXPRESSIONS[source]


STATEMENTS = {
    "a = b[0], *c = d": "[Assign([a, Display('tuple', [Sub(b, Const(0)), Star(c)])], d)]",
    "a: int = 1": "[Assign([a], Const(1))]",
    "a: int": "[]",
    "'doc'\npass\n1": "[]",
    "a['k'] += 1": "[AugAssign(Sub(a, Const('k')), '+', Const(1))]",
    "del a.b, c": "[Delete([Attr(a, 'b'), c])]",
    "if a: b\nelif c: d\nelse: e": "[If(a, [ExprStmt(b)], [If(c, [ExprStmt(d)], [ExprStmt(e)])])]",
    "while a: break\nelse: b": "[While(a, [Break()], [ExprStmt(b)])]",
    "for a in b: continue": "[For(a, b, [Continue()], [])]",
    "try: a\nexcept (KeyError, x.E) as e: b\nexcept f(): c\nelse: d\nfinally: g": (
        "[Try([ExprStmt(a)], [Handler(['KeyError', 'x.E'], 'e', [ExprStmt(b)]), Handler(['?'], None, [ExprStmt(c)])], "
        "[ExprStmt(d)], [ExprStmt(g)])]"
    ),
    "try: a\nexcept: b": "[Try([ExprStmt(a)], [Handler([], None, [ExprStmt(b)])], [], [])]",
    "with a as x, b: c": "[With(a, x, [With(b, None, [ExprStmt(c)])])]",
    "raise a.E('x')": "[Raise(Call(Attr(a, 'E'), [Const('x')], []), 'a.E')]",
    "raise a()()": "[Raise(Call(Call(a, [], []), [], []), None)]",
    "assert a, 'm'": "[Assert(a)]",
    "import a.b, c as d": "[Import('a.b', 0, None, 'a', True), Import('c', 0, None, 'd', False)]",
    "from ..p import q as r": "[Import('p', 2, 'q', 'r', False)]",
    "from p import *": "[Import('p', 0, '*', '*', False)]",
    "match a:\n case 'x' | K.Y if g: b\n case None: c\n case [p, *q]: d\n case 1 | r: e\n case _: f": (
        "[Match(a, [Case([Const('x'), Attr(K, 'Y')], False, [], g, [ExprStmt(b)]), "
        "Case([Const(None)], False, [], None, [ExprStmt(c)]), Case([], False, ['p', 'q'], None, [ExprStmt(d)]), "
        "Case([], True, ['r'], None, [ExprStmt(e)]), Case([], True, [], None, [ExprStmt(f)])])]"
    ),
    "class C(B, m=M):\n 'doc'\n a = 1": "[ClassDef('C', 0, [B], [['m', M]], [], [Assign([a], Const(1))])]",
    "@d\ndef f(p=a): pass": "[FuncDef('f', 0, [d], [a], [])]",
}


@pytest.mark.parametrize("source", STATEMENTS)
def test_statements(source: str) -> None:
    assert shape(facts(source).body) == STATEMENTS[source]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="syntax of Python 3.12")
def test_type_aliases_are_ignored() -> None:
    assert facts("type X = int").body == ()


@pytest.mark.skipif(sys.version_info < (3, 11), reason="syntax of Python 3.11")
def test_exception_groups_are_tries() -> None:
    assert (
        shape(facts("try: a\nexcept* E: b").body)
        == "[Try([ExprStmt(a)], [Handler(['E'], None, [ExprStmt(b)])], [], [])]"
    )


def test_async_statements_are_like_the_others() -> None:
    source = "async def f():\n async for a in b:\n  async with c: await d\n"
    (function,) = facts(source).functions
    assert shape(function.body) == "[For(a, b, [With(c, None, [ExprStmt(d)])], [])]"
    assert function.is_async and not function.is_generator


def test_yields_are_hoisted_before_their_statement() -> None:
    (function,) = facts("def f():\n x = g((yield a), (yield from b))\n yield\n").functions
    assert shape(function.body) == (
        "[Yield(a, False), Yield(b, True), Assign([x], Call(g, [Opaque([], []), Opaque([], [])], [])), "
        "Yield(None, False)]"
    )
    assert function.is_generator


def test_a_yield_in_a_test_does_not_land_in_the_branch() -> None:
    (function,) = facts("def f():\n if (yield a): b\n").functions
    assert shape(function.body) == "[Yield(a, False), If(Opaque([], []), [ExprStmt(b)], [])]"


# --- functions, classes, names -------------------------------------------------------------------------------


def test_a_function_knows_its_parameters_and_names() -> None:
    source = """
def outer(a, /, b, *c, d, **e):
    global G
    G = 1
    x: int
    import m.n
    for i in y: pass
    with z as w: pass
    b = 2
    def inner():
        nonlocal i
        i = 1
    if (u := v): del t
    [hidden for hidden in y]
"""
    outer, inner = facts(source).functions
    assert (outer.positional_only, outer.params, outer.vararg) == (("a",), ("b",), "c")
    assert (outer.keyword_only, outer.kwarg) == (("d",), "e")
    assert outer.assigned == {"x", "m", "i", "w", "inner", "u", "t"}
    assert outer.globals == {"G"}
    assert (inner.qualname, inner.nonlocals, inner.assigned) == ("outer.<locals>.inner", {"i"}, frozenset())


def test_qualified_names() -> None:
    result = facts("class A:\n class B:\n  def f(self):\n   class C: pass\n   return lambda: 1\n")
    assert [function.qualname for function in result.functions] == ["A.B.f", "A.B.f.<locals>.<lambda>"]
    assert [each.qualname for each in result.classes] == ["A", "A.B", "A.B.f.<locals>.C"]


def test_a_lambda_is_a_function_with_one_return() -> None:
    (function,) = facts("f = lambda x, *y: (z := x)").functions
    assert function.is_lambda and function.name == "<lambda>" and function.assigned == {"z"}
    assert shape(function.body) == "[Return(Walrus('z', x))]"


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("a = 1\nb = 2\nb = 3", {"b"}),
        ("a = 1\na += 1", {"a"}),
        ("for i in x:\n  j = i", {"i", "j"}),
        ("def f():\n  global g\n  g = 1", {"g"}),
        ("try:\n  import a\nexcept E:\n  a = None", {"a"}),
        ("x: int\nx = 1\n[x for x in y]\nclass C:\n  x = 2", set()),
    ],
)
def test_names_are_the_variables_of_the_module(source: str, variables: set[str]) -> None:
    assert facts(source).names == variables


def test_imports_at_any_depth_and_strings_of_all_expressions() -> None:
    result = facts("'doc'\ndef f():\n  if x:\n    import a\n  return {'k': -d['i'], f'p{q[\"j\"]}': g(l := 'm')}\n")
    assert [each.module for each in result.imports] == ["a"]
    assert result.strings == {"k", "i", "p", "j", "m"}


@pytest.mark.parametrize(
    ("source", "guarded"),
    [
        ("if __name__ == '__main__': f()", True),
        ("if '__main__' == __name__: f()", True),
        ("def f():\n  if __name__ == '__main__': g()", False),
        ("if __name__ != '__main__': f()", False),
    ],
)
def test_main_guard(source: str, guarded: bool) -> None:
    assert facts(source).has_main_guard is guarded


@pytest.mark.parametrize(
    "source", ["def f(:", "x = (", "x\0", "x = '\ud800'", "  x", "[" * 1000 + "]" * 1000, "x = 9" * 3]
)
def test_what_does_not_parse_gives_a_problem_and_no_facts(source: str) -> None:
    result = extract_module("/app.py", source)
    if result.syntax_error is None:
        pytest.fail("expected a syntax error")
    assert result.body == () and result.syntax_error.message and result.syntax_error.line >= 1


# --- places --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "é = '💥'\n", "\f", "\ufeff", "#\u2028\n"])
def test_places_are_characters_of_the_text(newline: str, before: str) -> None:
    source = before + "if größe('💥') . wert :\n\tß['é'] = ü\n".replace("\n", newline)
    statement = facts(source).body[-1]
    assert isinstance(statement, ir.If) and isinstance(statement.test, ir.Attr)
    assert snippet(source, statement.span) == "größe('💥') . wert"
    assert snippet(source, statement.test.name_span) == "wert"
    assert isinstance(statement.body[0], ir.Assign)
    assert snippet(source, statement.body[0].span) == "ß['é'] = ü"


def test_a_name_that_python_normalises_is_found_as_it_is_spelled() -> None:
    source = "x = a.ﬁ"
    value = value_of(facts(source).body[0])
    assert value.name == "fi" and snippet(source, value.name_span) == "ﬁ"


def test_definitions_begin_at_their_decorator_and_end_with_their_body() -> None:
    source = "@ a\n@b\nasync  def  f(x): return 1\n@c\nclass K: pass\n"
    result = facts(source)
    assert snippet(source, result.functions[0].span) == "@ a\n@b\nasync  def  f(x): return 1"
    assert snippet(source, result.functions[0].name_span) == "f"
    assert snippet(source, result.classes[0].span) == "@c\nclass K: pass"
    assert snippet(source, result.classes[0].name_span) == "K"


@pytest.mark.parametrize(
    "source", ["f'{a}'", "f'é{a}'", "f'''\n\n {a}\n'''", "f'' 'x' f'{ (a) }'", "(f'x'\n f'{b} {a}')"]
)
def test_places_inside_f_strings_are_right_or_those_of_the_whole(source: str) -> None:
    text = f"x = 1\ny = {source}\n"
    value = value_of(facts(text).body[-1])
    found = next(part for part in value.parts if isinstance(part, ir.Name) and part.id == "a")
    assert snippet(text, found.span) in ("a", source.strip("()"))


def test_texts_are_on_one_line_and_short() -> None:
    source = "if a and (\n    b):\n  pass\nif " + " and ".join(f"name{i}" for i in range(40)) + ": pass\n"
    first, second = facts(source).body
    assert isinstance(first, ir.If) and first.text == "a and ( b)"
    assert isinstance(second, ir.If) and len(second.text) == 60 and "…" in second.text


# --- depth and size ------------------------------------------------------------------------------------------

# As deep as every Python compiles; 3.12 has the least patience.
DEEP = {
    "sum": "x = " + " + ".join(f"a{i}()" for i in range(2500)),
    "elif": "if a == 0: x = 0\n" + "".join(f"elif a == {i}: x = {i}\n" for i in range(1000)) + "else: y = f()\n",
    "calls": "x = " + "f(" * 150 + "1" + ")" * 150,
    "chain": "x = a" + ".b(c.d)['k']" * 700,
    "not": "x = " + "not " * 900 + "a",
    "power": "x = " + "**".join(f"a{i}" for i in range(900)),
    "ternary": "x = " + "".join(f"a if b{i} else " for i in range(900)) + "z",
    "lambda": "x = " + "lambda: " * 900 + "z",
    "comparison": "x = " + "<".join(f"a{i}" for i in range(3000)),
    "blocks": "".join(" " * i + f"if a{i}:\n" for i in range(99)) + " " * 99 + "x = 1",
}


@pytest.mark.parametrize("name", DEEP)
def test_depth_is_survived_and_the_facts_can_be_pickled(name: str) -> None:
    result = facts(DEEP[name])
    assert result.body
    assert pickle.loads(pickle.dumps(result)) == result


def test_a_deep_expression_keeps_the_calls_inside() -> None:
    value = value_of(facts(DEEP["sum"]).body[0])
    assert isinstance(value, ir.Opaque) and len(value.parts) == 2500
    assert facts(DEEP["chain"]).strings == {"k"}


def test_a_long_elif_chain_is_a_match_of_guards() -> None:
    (statement,) = facts(DEEP["elif"]).body
    assert isinstance(statement, ir.Match) and len(statement.cases) == 1002
    assert all(case.wild and not case.values for case in statement.cases)
    assert shape(statement.cases[8].guard) == "Compare(a, '==', Const(7))" and statement.cases[-1].guard is None


def test_a_given_tree_that_is_deep_is_lowered() -> None:
    tree = ast.parse("x = a")
    assign = tree.body[0]
    assert isinstance(assign, ast.Assign)
    for _ in range(20_000):
        assign.value = ast.copy_location(ast.UnaryOp(ast.Not(), assign.value), assign.value)
    assert extract_module("/app.py", "x = a", tree=tree).body


def test_big_data_keeps_what_is_not_data() -> None:
    items = ", ".join(f"({i}, 'a{i}')" for i in range(20_000))
    value = value_of(facts(f"x = [{items}, f(g)]").body[0])
    assert shape(value) == "Opaque([Call(f, [g], [])], ['f', 'g'])"
    small, large = (facts("x = {" + ", ".join(f"'k{i}': {i}" for i in range(n)) + "}") for n in (1000, 5000))
    assert len(small.strings) == 1000 and not large.strings


def _sample() -> list[Path]:
    """About 80 files of the standard library, the same in every run of one Python."""
    every = sorted(
        path for path in STDLIB.rglob("*.py") if "site-packages" not in path.parts and path.stat().st_size < 90_000
    )
    step = max(len(every) // 80, 1)
    return [path for path in every if zlib.crc32(path.name.encode()) % step == 0]


def test_the_standard_library_is_extracted_with_places_inside_the_text() -> None:
    for path in _sample():
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        result = extract_module(str(path), text)
        assert all(function.span.end <= len(text) for function in result.functions)
        for each in (*result.functions, *result.classes):
            if each.name != "<lambda>":
                assert snippet(text, each.name_span) == each.name
        assert pickle.loads(pickle.dumps(result)) == result
