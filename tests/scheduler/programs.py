"""Random programs over the toy tools: loops that gather, share, break off, and are in each other.

All chance comes from one `random.Random`, so that a seed repeats a case. Every name has one kind of
value, so that most programs run to their end; and nothing doubles from round to round.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Final

from agentjit.toolspecs import Effect, Toolset

_PRELUDE: Final = (
    "a = 'a'", "b = 'b'", "n = 0", "m = 1", "t = 0.5", "f = False", "best = None",
    "xs = ['a', 'b', 'c']", "ys = []", "rs = []", "qs = [{'name': 'a', 'price': 1.5}]",
    "r = {'name': 'b', 'price': 0.3}", "d = {}", "s = set()",
    "groups = {'a': []}",
)  # fmt: skip
_HELPERS: Final = (
    "def push(values, value):\n    values.append(value)",
    "def total(things):\n    return sum(thing['price'] for thing in things)",
    "def known():\n    return len(ys)",
    "def mark(thing):\n    thing['name'] = 'c'\n    return thing",
)
#: What a program may answer with.
_ANSWERS: Final = (
    "a", "b", "n", "m", "t", "f", "best", "xs", "ys", "rs", "qs", "r", "d", "sorted(s)", "len(ys)",
    "total(rs)", "groups", "groups",
)  # fmt: skip


def random_program(toolset: Toolset, chance: Random) -> str:
    """A plan over these tools."""
    writer = _Writer(toolset, chance, chance.randint(5, 20), chance.choice((3, 6, 9)))
    lines = [*_HELPERS, *_PRELUDE]
    if chance.random() < 0.3:
        lines.append(chance.choice(("ys = xs", "qs = rs", "r = qs[0]", "rs = [r]", "xs = ys")))
    lines += writer.block(0, in_loop=False)
    answers = chance.sample(_ANSWERS, chance.randint(1, 5))
    if chance.random() < 0.9:
        lines.append(f"result = [{', '.join(answers)}]")
    return "\n".join(lines) + "\n"


@dataclass(slots=True)
class _Writer:
    """Writes statements until its budget is spent."""

    toolset: Toolset
    chance: Random
    budget: int
    #: How many statements of twenty are loops.
    loops: int
    #: Names of the loops around, and the kinds of their values.
    texts: list[str] = field(default_factory=lambda: ["a", "b"])
    things: list[str] = field(default_factory=lambda: ["r"])
    made: int = 0

    def block(self, depth: int, *, in_loop: bool) -> list[str]:
        lines: list[str] = []
        for _ in range(self.chance.randint(*((1, 4) if depth else (2, 8)))):
            if self.budget > 0:
                self.budget -= 1
                lines += self._statement(depth, in_loop=in_loop)
        return lines or ["pass"]

    def _statement(self, depth: int, *, in_loop: bool) -> list[str]:
        if depth < 3 and self.chance.randrange(20) < self.loops:
            return self._loop(depth)
        kind = self.chance.randrange(20)
        if kind < 3:
            return self._visit()
        if kind < 6:
            return [self._read()]
        if kind in (8, 9) and depth < 3:
            return self._branch(depth, in_loop=in_loop)
        if kind == 10 and (depth == 0 or self.chance.random() < 0.5):
            return [self._change()]
        if kind == 11 and in_loop:
            return [f"if {self._test()}:", f"    {self.chance.choice(('break', 'continue'))}"]
        if kind == 12:
            return [self._comprehension()]
        if kind == 13:
            return self._local()
        if kind == 14:
            return [self._alias()]
        return self._gather()

    def _visit(self) -> list[str]:
        lines = ["home()"] if self.chance.random() < 0.7 else []
        if self.chance.random() < 0.8:
            lines.append(self._call(f"go{self.chance.randrange(3)}"))
        lines.append(self._read())
        if self.chance.random() < 0.4:
            lines.append("home()")
        return lines

    def _read(self) -> str:
        text, thing = self.chance.choice(("a", "b")), self.chance.choice(("r", "q"))
        target, tool = self.chance.choice(
            (
                (text, "text_of"),
                ("n", "number_of"),
                ("t", "price_of"),
                ("f", "flag_of"),
                (self.chance.choice(("xs", "ys")), "texts_of"),
                (thing, "thing_of"),
                (self.chance.choice(("rs", "qs")), "things_of"),
            )
        )
        if target == "q":
            return f"rs.append({self._call(tool)})"
        if self.chance.random() < 0.2:
            return f"f = ai_eval('Is it?', returns=bool, given={self._text()})"
        return f"{target} = {self._call(tool)}"

    def _call(self, name: str) -> str:
        tool = self.toolset.by_name[name]
        return f"{name}({self._text() if tool.params else ''})"

    def _change(self) -> str:
        name = self.chance.choice(("put0", "put1", "put0", "put1", "send"))
        call = self._call(name)
        texts = self.toolset.by_name[name].returns.__class__.__name__ == "Scalar"
        returns = self.toolset.by_name[name].returns
        if texts and getattr(returns, "name", "") == "str" and self.chance.random() < 0.5:
            return f"{self.chance.choice(('a', 'b'))} = {call}"
        return call

    def _loop(self, depth: int) -> list[str]:
        if self.chance.random() < 0.08:
            self.made += 1
            count, inner = f"c{self.made}", self._inner(depth, in_loop=True)
            head = [f"{count} = 0", f"while {self._test()}:", f"    {count} += 1"]
            return [*head, f"    if {count} > 3:", "        break", *inner]
        self.made += 1
        name = f"v{self.made}" if self.chance.random() < 0.8 else "a"
        if self.chance.random() < 0.6:
            source = self.chance.choice(
                (
                    "xs",
                    "xs",
                    "ys[:2]",
                    "['a', 'b', 'dd']",
                    "texts_of()",
                    "texts_again()",
                    "sorted(s)",
                )
            )
            source = self._filled(source)
            self.texts.append(name)
            first = f"for {name} in list({source}):"
            if self.chance.random() < 0.15:
                first = f"for i{self.made}, {name} in enumerate(list({source})):"
            lines = [first, *self._inner(depth, in_loop=True)]
            self.texts.remove(name)
        else:
            name = f"w{self.made}"
            source = self._filled(self.chance.choice(("rs", "qs", "things_of()", "rs[:2]")))
            self.things.append(name)
            lines = [f"for {name} in list({source}):", *self._inner(depth, in_loop=True)]
            self.things.remove(name)
        if self.chance.random() < 0.12:
            lines += ["else:", *self._inner(depth, in_loop=False)]
        return lines

    def _filled(self, source: str) -> str:
        name, called, _ = source.partition("(")
        return self._call(name) if called and name in self.toolset.by_name else source

    def _branch(self, depth: int, *, in_loop: bool) -> list[str]:
        lines = [f"if {self._test()}:", *self._inner(depth, in_loop=in_loop)]
        if self.chance.random() < 0.4:
            lines += ["else:", *self._inner(depth, in_loop=in_loop)]
        return lines

    def _inner(self, depth: int, *, in_loop: bool) -> list[str]:
        return [f"    {line}" for line in self.block(depth + 1, in_loop=in_loop)]

    def _text(self) -> str:
        match self.chance.randrange(8):
            case 0:
                return repr(self.chance.choice(("a", "b", "c")))
            case 1:
                return f"{self._thing()}['name']"
            case 2:
                return "(ys[0] if ys else 'a')"
            case _:
                return self.chance.choice((*self.texts, *self.texts[-1:], self.texts[-1]))

    def _thing(self) -> str:
        return self.chance.choice((*self.things, self.things[-1]))

    def _number(self) -> str:
        return self.chance.choice(("1", "m", "len(xs)", f"len({self._text()})", "known()"))

    def _price(self) -> str:
        return self.chance.choice((f"{self._thing()}['price']", "t", "0.1", "0.7"))

    def _test(self) -> str:
        return self.chance.choice(
            (
                "f",
                "not f",
                "flag_of" + self._call("flag_of").removeprefix("flag_of"),
                f"{self._text()} == {self._text()}",
                f"{self._thing()}['price'] > 0.5",
                f"{self._text()} in xs",
                f"{self._text()} not in s",
                "len(ys) > 2",
                "n < 3",
                "best is not None",
                "groups.get(a)",
            )
        )

    def _gather(self) -> list[str]:
        """Something is added to what outlives an iteration."""
        text, thing = self._text(), self._thing()
        several = (
            [f"ys.append({text})"],
            [f"xs.append({text})"],
            [f"ys.extend([{text}, {self._text()}])"],
            [f"ys += [{text}]"],
            [f"d[{text}] = {self._price()}"],
            [f"d[{text}] = d.get({text}, 0) + 1"],
            [f"s.add({text})"],
            [f"n += {self._number()}"],
            [f"n = n + {self._number()}"],
            [f"m = max(m, {self._number()})"],
            [f"t += {self._price()}"],
            [f"b = b[-3:] + {text}"],
            [f"f = f or {text} == 'a'"],
            [f"f = f and {self._price()} > 0.3"],
            [f"if best is None or {self._price()} < best:", f"    best = {self._price()}"],
            [f"rs.append({thing})"],
            [f"rs.append({{'name': {text}, 'price': {self._price()}}})"],
            [f"qs.append({{'name': {text}, 'price': t}})", "qs[-1]['price'] = t + 1"],
            [f"if {text} not in s:", f"    s.add({text})", f"    ys.append({text})"],
            [f"push(ys, {text})"],
            [f"n = known() + {self._number()}"],
            ["ys.sort()"],
            [f"ys.insert(0, {text})"],
            [f"ys[:0] = [{text}]"],
            ["ys.reverse()"],
            ["if ys:", f"    b = ys.pop()[-2:] + {text}[-2:]"],
            ["rs.sort(key=lambda x: x['price'])"],
            [f"d.update({{{text}: t}})"],
            [f"groups.setdefault({text}, []).append({self._text()})"],
            [f"groups['a'].append({text})"],
            [f"groups[{text}] = [*groups.get({text}, []), {self._text()}]"],
            [f"groups[{text}] = ys"],
            ["if rs:", f"    rs[0]['price'] = {self._price()}"],
            ["for k, v in list(d.items()):", "    if v > 0.5:", "        ys.append(k)"],
            ["for i, v in enumerate(list(xs)):", "    n += i"],
            [f"r, t = {thing}, t + 0.1"],
            ["for k in xs[:3]:", "    if k != 'b':", "        ys.append(k)"],
        )
        return self.chance.choice(several)

    def _local(self) -> list[str]:
        """A name is bound and used here; perhaps it gets away."""
        self.made += 1
        name = self.chance.choice((f"l{self.made}", "l0"))
        text, thing = self._text(), self._thing()
        record = f"{{'name': {text}, 'price': t}}"
        several = (
            [f"{name} = {text}", f"ys.append({name})"],
            [f"{name} = [{text}]", f"{name}.append({self._text()})", f"ys.extend({name})"],
            [f"{name} = {record}", f"rs.append({name})"],
            [f"{name} = {record}", f"rs.append({name})", f"{name}['price'] = 9.0"],
            [f"{name} = {record}", f"rs.append({name})", f"qs.append({name})"],
            [f"{name} = {self._call('things_of')}", f"rs.extend({name})"],
            [f"{name} = {self._call('texts_of')}", f"{name}.sort()", f"ys.append(len({name}))"],
            [f"{name} = {self._call('thing_of')}", f"{name}['name'] = 'c'", f"rs.append({name})"],
            [f"{name} = {thing}", f"{name}['name'] = {text}"],
            [f"{name} = {self._call('price_of')}", f"t = t + {name}"],
            [f"{name} = mark({thing})", f"qs.append({name})"],
            [f"{name} = ({text}, {thing})", f"rs.append({name}[1])", f"{name}[1]['name'] = 'c'"],
            [f"{name} = groups.get({text}, [])", f"{name}.append('c')"],
            [f"{name} = []", f"groups[{text}] = {name}", f"{name}.append({self._text()})"],
            [f"{name} = lambda x: x['price']", f"r = min([r, {thing}], key={name})"],
            [f"{name} = [{thing}]", f"for each in {name}:", "    t += each['price']"],
        )  # fmt: skip
        lines = self.chance.choice(several)
        if self.chance.random() < 0.4:
            lines = [lines[0], *self._visit(), *lines[1:]]
        return lines

    def _alias(self) -> str:
        return self.chance.choice(
            (
                "xs = ys",
                "ys = xs",
                "ys = []",
                "rs = []",
                "qs = rs",
                "rs = rs[-3:] + qs[-3:]",
                "r = qs[0] if qs else r",
                f"r = {self._thing()}",
                "a, b = b, a",
                "n = 0",
                "best = None",
                "rs.clear()",
                "ys = [x for x in xs if x != a]",
                "qs = [mark(x) for x in qs]",
                "r = min(rs or qs or [r], key=lambda x: x['price'])",
                "t = total(rs)",
                "result = a",
            )
        )

    def _comprehension(self) -> str:
        inner = self.chance.choice(("xs", "ys[:2]", "['a', 'b']"))
        return self.chance.choice(
            (
                f"ys = [{self._call('text_of')} for x in {inner}]",
                f"f = any({self._call('flag_of')} for x in {inner})",
                f"d = {{x: {self._call('price_of')} for x in {inner}}}",
                f"rs = [{self._call('thing_of')} for x in {inner} if x != a]",
                f"t = sum([{self._call('price_of')} for x in {inner}])",
            )
        )

    def changing(self) -> list[str]:
        """The tools that change the account."""
        return [t.name for t in self.toolset.tools if t.effect in (Effect.WRITE, Effect.COMMIT)]
