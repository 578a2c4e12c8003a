"""Random plans over random toolsets: the material of the soundness tests.

All chance comes from one `random.Random`, so that Hypothesis can steer and shrink it, and a seed
repeats a case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from agentjit.toolspecs import Tool, Toolset
from tests.compiler.reference import TEXTS
from tests.compiler.toolsets import OPTIONAL, SOURCES, TEXT

_NAMES: Final = ("x", "y", "z")
_LISTS: Final = ("xs", "ys")
_THINGS: Final = ("r", "q")
_BOXES: Final = ('{"xs": xs, "ys": ys}', '{"xs": [], "ys": xs}', '{"xs": ys, "ys": []}')
#: Helpers that change what they are given; the reference interpreter knows them by name.
_HELPERS: Final = (
    "def drop(values):",
    "    values.clear()",
    "    return None",
    "def rename(record):",
    '    record["name"] = "b"',
    "    return 0",
)


def random_plan(toolset: Toolset, chance: Random) -> str:
    """A plan whose names are always bound, over the tools of a random toolset."""
    writer = _Writer(toolset, chance, chance.randint(3, 12))
    starts = (*(repr(t) for t in TEXTS), "None", "pick()", "maybe()")
    lines = [f"{name} = {chance.choice(starts)}" for name in _NAMES]
    lines += ["xs = names()", f"ys = {chance.choice(('xs', 'names()', '[]'))}"]
    lines += ["r = thing()", f"q = {chance.choice(('r', 'thing()'))}"]
    lines += [f"box = {chance.choice(_BOXES)}", "f = False", "n = 0"]
    return "\n".join([*_HELPERS, *lines, *writer.block(0, in_loop=False)]) + "\n"


@dataclass(slots=True)
class _Writer:
    """Writes statements until its budget is spent."""

    toolset: Toolset
    chance: Random
    budget: int

    def block(self, depth: int, *, in_loop: bool) -> list[str]:
        lines: list[str] = []
        for _ in range(self.chance.randint(1, 4 if depth else 8)):
            if self.budget > 0:
                self.budget -= 1
                lines += self._statement(depth, in_loop=in_loop)
        return lines or ["pass"]

    def _statement(self, depth: int, *, in_loop: bool) -> list[str]:
        kind = self.chance.randrange(17)
        if kind < 3 or (depth >= 3 and kind < 9):
            return [self.call(1)]
        if kind < 5:
            return [f"{self.name()} = {self.text(2)}"]
        if kind < 7 and depth < 3:
            lines = [f"if {self.test()}:", *self._inner(depth, in_loop=in_loop)]
            if self.chance.random() < 0.5:
                lines += ["else:", *self._inner(depth, in_loop=in_loop)]
            return lines
        if kind < 9 and depth < 3:
            return self._loop(depth)
        if kind == 9 and in_loop:
            return [self.chance.choice(("break", "continue"))]
        if kind == 10:
            return [self.comprehension()]
        if kind > 14:
            return [self._flag()]
        if kind > 13:
            return self._twins() if self.chance.random() < 0.4 else self._shared()
        if kind > 11:
            return [self._change()]
        return [f"{self.name()} = {self.name()}"]

    def _change(self) -> str:
        """A list or a record is made, shared or changed in place."""
        some, other = self.chance.choice(_LISTS), self.chance.choice(_LISTS)
        one, twin = self.chance.choice(_THINGS), self.chance.choice(_THINGS)
        key = self.chance.choice(("name", "other"))
        return self.chance.choice(
            (
                f"{some} = {other}",
                f"{some} = {self.list_of_texts()}",
                f"{some}.append({self.text(0)})",
                f"{some}.clear()",
                f"drop({some})",
                f"{one} = {twin}",
                f"{one} = thing()",
                f"{one}[{key!r}] = {self.text(0)}",
                f"{self.name()} = {one}[{key!r}]",
                f"x, y = {self.name()}, {self.text(0)}",
                f"y, z = {self.text(0)}, {one}[{key!r}]",
            )
        )

    def _shared(self) -> list[str]:
        """Something is made that looks like another, or is changed by another name."""
        some, other = self.chance.choice(_LISTS), self.chance.choice(_LISTS)
        one, key = self.chance.choice(_THINGS), self.chance.choice(("name", "other"))
        record = f"{{'name': {self.literal()}, 'other': {self.literal()}}}"
        return self.chance.choice(
            (
                [f"{some} = []"],
                [f"{some} = {other}[:]"],
                [f"{some} = list({other})"],
                [f"{some} = [t for t in {other}]"],
                [f"{one} = {record}"],
                [f"box = {self.chance.choice(_BOXES)}"],
                [f"box[{self.chance.choice(_LISTS)!r}].append({self.text(0)})"],
                [f"box[{self.chance.choice(_LISTS)!r}].clear()"],
                [f"{some} = box[{other!r}]"],
                ["w = sorted([r, q], key=rename)"],
                [f"rename({one})"],
                ["for e in [r, q]:", f"    e[{key!r}] = {self.text(0)}"],
                ["for e in [xs, ys]:", "    e.clear()"],
            )
        )

    def _twins(self) -> list[str]:
        """Two equal values of which one is changed by another name, and calls with both."""
        any_of = self.chance.choice
        if self.chance.random() < 0.3:
            texts = any_of(("box['xs'].append('a')", "for e in [xs]:|    e.append('a')"))
            made = ["xs = []", "ys = []", 'box = {"xs": xs, "ys": ys}', *texts.split("|")]
            calls = ["    for x in ys:", f"        {self.call(0)}", f"    {self.call(0)}"]
            return [*made, "if xs:", *calls]
        record = f"{{'name': {self.literal()}, 'other': {self.literal()}}}"
        made = [f"r = {record}", f"q = {any_of((record, record, 'r'))}"]
        changes = ("rename(q)", "for e in [q]:|    e['name'] = 'c'", "w = sorted([q], key=rename)")
        calls = [self._with_text(any_of(("r['name']", "q['name']"))) for _ in range(3)]
        return [*made, *any_of(changes).split("|"), *calls]

    def _with_text(self, text: str) -> str:
        """A call that is given this text wherever it takes one."""
        taking = [t for t in self._own() if t.params]
        if not taking:
            return self.call(0)
        tool = self.chance.choice(taking)
        return f"{tool.name}({', '.join(text for _ in tool.params)})"

    def _flag(self) -> str:
        return self.chance.choice(("f = True", "f = True", "f = False", "f = None", "n += 1"))

    def _loop(self, depth: int) -> list[str]:
        head = (
            self._for()
            if self.chance.random() < 0.7
            else f"while {self.chance.choice(('True', self.test()))}:"
        )
        lines = [head, *self._inner(depth, in_loop=True)]
        if self.chance.random() < 0.2:
            lines += ["else:", *self._inner(depth, in_loop=False)]
        return lines

    def _for(self) -> str:
        name, texts = self.name(), self.list_of_texts()
        match self.chance.randrange(10):
            case 0:
                return f"for {name} in {texts}[:2]:"
            case 1:
                return f"for {name} in {self.chance.choice(('list', 'reversed'))}({texts}):"
            case 2:
                return f"for i, {name} in enumerate({texts}):"
            case 3:
                return f"for {name}, t in zip({texts}, {self.list_of_texts()}):"
            case 4:
                return f"for i in range({self.chance.choice(('n', '0', '2'))}):"
            case _:
                return f"for {name} in {texts}:"

    def _inner(self, depth: int, *, in_loop: bool) -> list[str]:
        return [f"    {line}" for line in self.block(depth + 1, in_loop=in_loop)]

    def name(self) -> str:
        return self.chance.choice(_NAMES)

    def literal(self) -> str:
        return repr(self.chance.choice(TEXTS))

    def text(self, depth: int) -> str:
        """A text, or None."""
        match self.chance.randrange(11 if depth else 5):
            case 0 | 1:
                return self.literal()
            case 2 | 3:
                return self.name()
            case 10:
                return self._field()
            case 4:
                return "pick()" if depth else self._field()
            case 5:
                return "maybe()"
            case 6:
                return f"thing()[{self.chance.choice(('name', 'other'))!r}]"
            case 7:
                return f"({self.text(depth - 1)} if {self.test()} else {self.text(depth - 1)})"
            case 8:
                return f"({self.text(depth - 1)} or {self.text(depth - 1)})"
            case _:
                return self._texts_tool(depth) or "pick()"

    def _field(self) -> str:
        return f"{self.chance.choice(_THINGS)}[{self.chance.choice(('name', 'other'))!r}]"

    def _texts_tool(self, depth: int) -> str | None:
        fitting = [t for t in self._own() if t.returns in (TEXT, OPTIONAL)]
        return self._written(self.chance.choice(fitting), depth - 1) if fitting else None

    def test(self) -> str:
        any_of = self.chance.choice
        ways: tuple[Callable[[], str], ...] = (
            lambda: f"not {self.name()}",
            lambda: f"{self.name()} and flip()",
            lambda: f"{self._looked_at()} {any_of(('is', 'is not'))} None",
            lambda: f"{self._looked_at()} {any_of(('==', '!='))} {self.text(0)}",
            lambda: f"{self._looked_at()} {any_of(('in', 'not in'))} ('a', 'b')",
            lambda: f"{any_of(('', 'not '))}{any_of(_LISTS)}",
            lambda: (
                f"len({any_of(_LISTS)}) {any_of(('==', '!=', '<', '<=', '>', '>='))} "
                f"{self.chance.randrange(3)}"
            ),
            lambda: any_of(("f", "not f", "f is None", "f is not None", "f == True")),
            lambda: any_of(("n > 0", "n == 0", "n", "n >= 2", "f and n", "f or n")),
            lambda: any_of(("box['xs']", "not box['ys']", "list(xs)", "xs[:1]")),
            *[lambda: "flip()"] * 3,
        )
        return any_of(ways)()

    def _looked_at(self) -> str:
        return self.name() if self.chance.random() < 0.6 else self._field()

    def list_of_texts(self) -> str:
        match self.chance.randrange(5):
            case 0 | 1:
                return "names()"
            case 2:
                return self.chance.choice(_LISTS)
            case _:
                return f"[{', '.join(self.literal() for _ in range(self.chance.randint(0, 3)))}]"

    def comprehension(self) -> str:
        target = self.name()
        test = f" if {self.test()}" if self.chance.random() < 0.4 else ""
        inner = ""
        if self.chance.random() < 0.25:
            inner = f" for {self.name()} in {self.list_of_texts()}"
        loop = f"for {target} in {self.list_of_texts()}{test}{inner}"
        return f"[{self.call(1)} {loop}]"

    def call(self, depth: int) -> str:
        return self._written(self.chance.choice(self._own() or self.toolset.tools), depth)

    def _own(self) -> list[Tool]:
        return [t for t in self.toolset.tools if t not in SOURCES]

    def _written(self, tool: Tool, depth: int) -> str:
        args: list[str] = []
        named = False
        for param in tool.params:
            if not param.required and self.chance.random() < 0.5:
                break
            value = self.text(depth) if depth > 0 else self.name()
            named = named or self.chance.random() < 0.2
            args.append(f"{param.name}={value}" if named else value)
        return f"{tool.name}({', '.join(args)})"
