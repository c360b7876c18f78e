"""`setdefault(key, load())`: the default is made in every run, and thrown away in all but the first."""

from __future__ import annotations

from collections.abc import Iterator

from streamlint.facts import ir
from streamlint.flow import faults, state
from streamlint.flow.dotted import named
from streamlint.flow.frames import Frame
from streamlint.flow.machine import Machine
from streamlint.flow.tree import Present, negate
from streamlint.flow.values import ClassV, External, Func, Method, State, Value

COSTLY = (
    "pandas.read_", "polars.read_", "polars.scan_", "geopandas.read_", "numpy.load", "numpy.genfromtxt",
    "json.load", "pickle.load", "joblib.load", "yaml.load", "yaml.safe_load", "toml.load", "tomllib.load", "torch.load",
    "requests.get", "requests.post", "requests.request", "httpx.get", "httpx.post", "urllib.request.urlopen",
    "sqlite3.connect", "psycopg2.connect", "pymysql.connect", "mysql.connector.connect", "duckdb.connect",
    "subprocess.run", "subprocess.check_output", "time.sleep", "transformers.pipeline", "boto3.client",
    "boto3.resource", "openpyxl.load_workbook", "PIL.Image.open", "os.listdir", "os.walk", "glob.glob",
    "yfinance.download", "spacy.load", "sklearn.datasets.",
)  # fmt: skip
"""Functions that read files, ask other machines, or wait."""
CHEAP = frozenset({"json.loads", "pickle.loads", "yaml.safe_load_all"})
COSTLY_METHODS = frozenset({"read_text", "read_bytes", "from_pretrained", "read_csv", "read_parquet", "read_excel"})
MAX_DEPTH = 4


def check_call(m: Machine, expr: ir.Call, func: Value, args: list[Value]) -> None:
    """A `setdefault` of the session state whose default is costly."""
    if not isinstance(func, Method) or func.name != "setdefault" or not isinstance(func.owner, State) or not m.alive:
        return
    given = expr.args[1] if len(expr.args) > 1 else dict(expr.kwargs).get("default")
    key = state.key_of(args[0]) if args else None
    if given is None or not isinstance(key, str):
        return
    cost = next(_costs(m, given, m.frame, 0), None)
    if cost is not None:
        step = f"calls `{cost}` although `{key}` is set, and throws away what it gives"
        unset = negate(Present(key))
        faults.emit(m, "eager", m.place(expr.span), (), (step, key, cost), everywhere=True, rests_on=key, unless=unset)


def _costs(m: Machine, expr: ir.Expr, frame: Frame, depth: int) -> Iterator[str]:
    """The calls in an expression that take time."""
    for call in calls_in(expr):
        cost = _cost(m, call, frame, depth)
        if cost is not None:
            yield cost


def calls_in(expr: ir.Expr) -> Iterator[ir.Call]:
    """The calls that evaluating the expression makes for certain."""
    match expr:
        case ir.Call(func=func, args=args, kwargs=kwargs):
            yield expr
            for part in (func, *args, *(value for _, value in kwargs)):
                yield from calls_in(part)
        case ir.Attr(obj=inner) | ir.Star(inner) | ir.Not(inner) | ir.Walrus(_, inner) | ir.Inferred(inner):
            yield from calls_in(inner)
        case ir.Sub(obj, index):
            yield from calls_in(obj)
            yield from calls_in(index)
        case ir.Display(items=parts) | ir.Fmt(parts) | ir.Opaque(parts):
            for part in parts:
                yield from calls_in(part)
        case ir.DictDisplay(items=pairs):
            for _, value in pairs:
                yield from calls_in(value)
        case ir.BinOp(_, left, right):
            yield from calls_in(left)
            yield from calls_in(right)
        case ir.BoolOp(values=values):
            yield from calls_in(values[0])
        case ir.Comp(value=value, generators=generators):
            yield from calls_in(generators[0].iter)
            yield from calls_in(value)
        case _:
            pass


def _cost(m: Machine, call: ir.Call, frame: Frame, depth: int) -> str | None:
    func = named(m, call.func, frame)
    match func:
        case External(name) if name.startswith(COSTLY) and name not in CHEAP:
            return f"{call.text}()"
        case Func(role="" | "wrapped" | "static" | "class") if depth < MAX_DEPTH:
            facts = m.function(func)
            if facts.is_generator or facts.is_async:
                return None
            return f"{call.text}()" if _is_costly(m, facts.body, func.frame, depth + 1) else None
        case ClassV() if depth < MAX_DEPTH:
            init = m.heap.get((func.id, "__init__"))
            body = m.function(init).body if isinstance(init, Func) else ()
            costly = isinstance(init, Func) and _is_costly(m, body, init.frame, depth + 1)
            return f"{call.text}()" if costly else None
        case None if isinstance(call.func, ir.Name) and call.func.id == "open":
            return "open()"
        case None if isinstance(call.func, ir.Attr) and call.func.name in COSTLY_METHODS:
            return f"{call.text}()"
        case _:
            return None


def _is_costly(m: Machine, body: ir.Block, frame: Frame, depth: int) -> bool:
    """Whether a body takes time whenever it is called: what it does first, before it may return."""
    for node in body:
        match node:
            case ir.Assign(value=value) | ir.AugAssign(value=value) | ir.ExprStmt(value=value):
                costly = any(_costs(m, value, frame, depth))
            case ir.Return(value=value):
                return value is not None and any(_costs(m, value, frame, depth))
            case ir.With(context=context, body=inner):
                costly = any(_costs(m, context, frame, depth)) or _is_costly(m, inner, frame, depth)
            case ir.Try(body=inner):
                costly = _is_costly(m, inner, frame, depth)
            case ir.For(iter=iterated, body=inner):
                costly = (
                    any(_costs(m, iterated, frame, depth)) or _is_costly(m, inner, frame, depth) or _is_long(iterated)
                )
            case ir.If(test=test):
                costly = any(_costs(m, test, frame, depth))
            case ir.Raise() | ir.Break() | ir.Continue():
                return False
            case _:
                costly = False
        if costly:
            return True
    return False


MANY = 10_000


def _is_long(iterated: ir.Expr) -> bool:
    """`range` of a large number."""
    match iterated:
        case ir.Call(func=ir.Name("range"), args=args):
            return any(isinstance(a, ir.Const) and isinstance(a.value, int) and a.value >= MANY for a in args)
        case _:
            return False
