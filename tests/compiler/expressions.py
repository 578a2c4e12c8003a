"""Random expressions and statements full of tool calls, for the law of evaluation order."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(slots=True)
class Writer:
    """Writes well-typed Python over the probes `num`, `flag` and `items`."""

    chance: Random

    def statements(self, depth: int = 0) -> list[str]:
        """A few statements; all names are bound before."""
        lines: list[str] = []
        for _ in range(self.chance.randint(1, 3)):
            lines += self._statement(depth)
        return lines

    def _statement(self, depth: int) -> list[str]:
        if depth < 2 and self.chance.random() < 0.35:
            return self._compound(depth)
        written = (
            lambda: f"a = {self.number(3)}",
            lambda: f"c = {self.truth(3)}",
            lambda: f"xs = {self.list(2)}",
            lambda: f"xs = [*xs, {self.number(2)}][:4]",
            lambda: f"d[{self.number(1)}] = {self.number(2)}",
            lambda: f"b, d[{self.number(1)}] = {self.number(1)}, {self.number(2)}",
            lambda: f"d[{self.number(1)}] += {self.number(2)}",
            lambda: f"a {self.chance.choice(('+=', '-=', '*='))} {self.number(2)}",
            lambda: self.number(2),
        )
        return [self.chance.choice(written)()]

    def _compound(self, depth: int) -> list[str]:
        match self.chance.randrange(3):
            case 0:
                return [
                    f"if {self.truth(2)}:",
                    *self._inner(depth),
                    f"elif {self.truth(1)}:",
                    *self._inner(depth),
                    "else:",
                    *self._inner(depth),
                ]
            case 1:
                return [
                    f"for {self.chance.choice('ab')} in {self.list(1)}:",
                    *self._inner(depth),
                    f"    if {self.truth(1)}:",
                    f"        {self.chance.choice(('break', 'continue'))}",
                    *self._inner(depth),
                    "else:",
                    *self._inner(depth),
                ]
            case _:
                # Each nesting has a counter of its own, so that every loop ends.
                return [
                    f"n{depth} = 0",
                    f"while n{depth} < 3 and {self.truth(1)}:",
                    f"    n{depth} += 1",
                    *self._inner(depth),
                    "else:",
                    *self._inner(depth),
                ]

    def _inner(self, depth: int) -> list[str]:
        return [f"    {line}" for line in self.statements(depth + 1)]

    def number(self, depth: int) -> str:
        """An int."""
        if depth <= 0:
            return self.chance.choice(("a", "b", "1", "2", "num()"))
        n, t, xs = self.number, self.truth, self.list
        down = depth - 1
        written = (
            lambda: f"num({n(down)}, y={n(down)})",
            lambda: f"({n(down)} + {n(down)})",
            lambda: f"({n(down)} * {n(down)} - {n(down)})",
            lambda: f"({n(down)} // {n(down)})",
            lambda: f"({n(down)} if {t(down)} else {n(down)})",
            lambda: f"len({xs(down)})",
            lambda: f"sum({xs(down)})",
            lambda: f"max({n(down)}, {n(down)}, key=lambda v: -v)",
            lambda: f"[{n(down)}, {n(down)}][{n(down)}]",
            lambda: f"{{{n(down)}: {n(down)}, {n(down)}: {n(down)}}}.get({n(down)}, {n(down)})",
            lambda: f"len(f'{{num({n(0)})}}{{{n(0)}:>{{abs({n(0)})}}}}')",
            lambda: f"sum({n(down)} for {self.var()} in {xs(down)} if {t(down)})",
            lambda: f"next((v for v in {xs(down)} if v > 1), b)",
            lambda: f"max({xs(down)}, default={n(down)})",
            lambda: f"{xs(down)}.count({n(down)})",
            lambda: f"-{n(down)}",
        )
        return self.chance.choice(written)()

    def truth(self, depth: int) -> str:
        """A bool, or something like it."""
        if depth <= 0:
            return self.chance.choice(("flag()", "a < b", "True"))
        n, t, xs = self.number, self.truth, self.list
        down = depth - 1
        written = (
            lambda: f"flag({n(down)})",
            lambda: f"({t(down)} and {t(down)})",
            lambda: f"({t(down)} or {n(down)} or {t(down)})",
            lambda: f"(not {t(down)})",
            lambda: f"({n(down)} < {n(down)} <= {n(down)})",
            lambda: f"({n(down)} in {xs(down)})",
            lambda: f"any({t(down)} for {self.var()} in {xs(down)} if {t(down)})",
            lambda: f"all({t(down)} for {self.var()} in {xs(down)})",
        )
        return self.chance.choice(written)()

    def list(self, depth: int) -> str:
        """A list of ints."""
        if depth <= 0:
            return self.chance.choice(("xs", "items()", "[a, 3]"))
        n, t, xs = self.number, self.truth, self.list
        down = depth - 1
        written = (
            lambda: f"items({n(down)})",
            lambda: f"[{n(down)}, *{xs(down)}, {n(down)}]",
            lambda: f"[{n(down)} for {self.var()} in {xs(down)} if {t(down)}]",
            lambda: f"[{n(down)} for v in {xs(down)} for w in {xs(down)} if {t(down)}]",
            lambda: f"sorted({xs(down)}, key=lambda v: -v)",
            lambda: f"list({n(down)} for {self.var()} in {xs(down)})",
            lambda: f"sorted({{{n(down)} for {self.var()} in {xs(down)}}})",
            lambda: f"list({{{n(down)}: {n(down)} for {self.var()} in {xs(down)}}}.values())",
            lambda: f"{xs(down)}[{n(down)}:{n(down)}]",
            lambda: f"({xs(down)} or {xs(down)})",
        )
        return self.chance.choice(written)()

    def var(self) -> str:
        """A comprehension's variable, which may hide one of the plan's."""
        return self.chance.choice("abvw")


def random_text(chance: Random) -> str:
    """A plan over the probes."""
    start = ["a = 1", "b = 2", "c = True", "v = 3", "w = 4", "xs = [1, 2]", "d = {1: 1}"]
    return "\n".join([*start, *Writer(chance).statements()]) + "\n"
