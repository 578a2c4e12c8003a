"""From the code to docs/errors.md: every error, what causes it, what to do. Run it to write it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from agentjit.cli.codes import Code, list_codes
from agentjit.errors import AgentjitError

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "errors.md"
#: Where errors are raised. What the tools of one site say is that site's own.
PACKAGES: Final = ("cli", "compiler", "engine", "planner", "runtime", "scheduler", "toolspecs")

_HEAD: Final = """\
# Errors

Every error that agentjit can end a command or a run with, made from its code by
`python -m tests.docs.errors`; a test holds the page to the code. `agentjit explain CODE` prints the
same on a terminal. In messages, `<name>` stands for what the error is about. Tools add errors of
their own, with the code `tool-failed`: what they say comes from the site.

The exit code of a command follows the error's class, never a model's word.
"""


@dataclass(frozen=True, slots=True, order=True)
class Raised:
    """One place in the code that makes an error: its message and its hint, as templates."""

    message: str
    hint: str


def write_page() -> str:
    """The page's text."""
    codes = list(list_codes())
    raised = find_raised()
    parts = [_HEAD, "| code | exit | cause |\n|---|---|---|"]
    errors = [code for code in codes if code.exit_code is not None]
    parts[-1] += "".join(
        f"\n| [`{c.code}`](#{c.code}) | {c.exit_code} | {_cell(c.title)} |" for c in errors
    )
    parts += [_show_error(code, sorted(raised.get(code.code, ()))) for code in errors]
    parts.append("## Diagnostics\n\nWhat is wrong with a plan, a toolset or a model's answer.")
    rows = [
        f"| `{code.code}` | {code.about} | {_cell(code.title)} | {_cell(code.hint)} |"
        for code in codes
        if code.exit_code is None
    ]
    parts.append("| code | about | cause | remedy |\n|---|---|---|---|\n" + "\n".join(rows))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _show_error(code: Code, raised: list[Raised]) -> str:
    text = f"## {code.code}\n\n{code.title}"
    text += f" {code.explanation}" if code.explanation else ""
    text += f"\n\nRemedy: {code.hint}. Exit code {code.exit_code}."
    if raised:
        rows = [f"| {_cell(r.message)} | {_cell(r.hint or 'as above')} |" for r in raised]
        text += "\n\n| message | what to do |\n|---|---|\n" + "\n".join(rows)
    return text


def find_raised() -> dict[str, set[Raised]]:
    """The messages of every place that makes an error, by the error's code."""
    files = [path for name in PACKAGES for path in sorted((ROOT / "agentjit" / name).rglob("*.py"))]
    for path in files:
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    kinds = {kind.__name__: kind for kind in _all_kinds(AgentjitError)}
    found: dict[str, set[Raised]] = defaultdict(set)
    for path in files:
        for scope in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            texts = _texts_of(scope)
            for node in ast.walk(scope):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                    continue
                kind = kinds.get(node.func.id)
                message = _text(node.args[0], texts) if kind and node.args else ""
                if kind and len(re.sub(r"<.*?>", "", message).split()) > 1:
                    hint = _text(node.args[1], texts) if len(node.args) > 1 else ""
                    found[kind.code].add(Raised(message, "" if hint == "<hint>" else hint))
    return found


def _all_kinds(kind: type[AgentjitError]) -> Iterator[type[AgentjitError]]:
    yield kind
    for sub in kind.__subclasses__():
        yield from _all_kinds(sub)


def _texts_of(scope: ast.AST) -> dict[str, ast.expr]:
    """The variables of a function that are texts, or lists of texts and results together."""
    found: dict[str, ast.expr] = {}
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str()) as value):
                found[name] = value
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.JoinedStr() as value):
                found[name] = value
            case _:
                pass
    return found


def _text(node: ast.expr, texts: dict[str, ast.expr]) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return " ".join(text.split())
        case ast.JoinedStr(values=values):
            return " ".join("".join(_piece(value, texts) for value in values).split())
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{_text(left, texts)} {_text(right, texts)}"
        case ast.Name(id=name) if name in texts:
            return _text(texts[name], {n: t for n, t in texts.items() if n != name})
        case ast.IfExp(body=body, orelse=orelse):
            return " / ".join(filter(None, (_text(body, texts), _text(orelse, texts))))
        case _:
            return f"<{_name(node)}>"


def _piece(node: ast.expr, texts: dict[str, ast.expr]) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.FormattedValue(value=ast.Name(id=name)) if name in texts:
            return _text(texts[name], {n: t for n, t in texts.items() if n != name})
        case ast.FormattedValue(value=value):
            return f"<{_name(value)}>"
        case _:
            return "…"


def _name(node: ast.expr) -> str:
    """The shortest name of what an expression is."""
    match node:
        case ast.Name(id=name):
            return name.strip("_").lower().replace("_", " ")
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            whose = "" if owner in ("self", "error") else f"{owner} "
            return f"{whose}{name.strip('_')}".lower().replace("_", " ")
        case ast.Attribute(attr=name):
            return name.strip("_").lower().replace("_", " ")
        case ast.Call(func=ast.Name(id="str" | "repr" | "len" | "sorted"), args=[inner, *_]):
            return _name(inner)
        case ast.Call(func=ast.Attribute(attr="join"), args=[inner]):
            return _name(inner)
        case ast.Call(func=func):
            return _name(func)
        case ast.BoolOp(values=[first, *_]) | ast.BinOp(left=first):
            return _name(first)
        case ast.Subscript(value=value):
            return _name(value)
        case _:
            return "…"


def _cell(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "\\|")
    return plain.replace("<", "&lt;").replace(">", "&gt;") if plain else "–"


if __name__ == "__main__":
    PAGE.write_text(write_page(), "utf-8")
