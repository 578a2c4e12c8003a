"""A dry interpreter: what a checked plan would change and answer, without doing any of it.

What is read stays a term: the call, its arguments, and where the site stands then by the contracts,
with all that the plan has changed before. So two plans with the same dry run do the same, as far as
the contracts tell: the same changes with the same arguments in the same order, and the same answer.
The other way round nothing is claimed: two ways to write one effect may differ. What cannot be
followed by names alone (loops that are left early, and `while`) is known by the plan's own text.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from agentjit.compiler.changing import changes
from agentjit.compiler.check import CheckedProgram
from agentjit.compiler.flows import read_flows
from agentjit.compiler.ir import (
    Ask,
    Block,
    Break,
    Call,
    Compute,
    Continue,
    Expr,
    For,
    If,
    Let,
    While,
    calls_in,
)
from agentjit.compiler.names import writes
from agentjit.compiler.sharing import Sharing
from agentjit.compiler.tree import parsed, parsed_statements
from agentjit.planner.blocks import statements_in, texts_in, written_in
from agentjit.planner.terms import (
    Term,
    digest,
    inline,
    names_in,
    opaque,
    show_node,
    show_term,
    term_of,
)
from agentjit.toolspecs.contract import Constant, Equals, Forgets, ParamRef
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import show_type
from agentjit.toolspecs.signature import REQUIRED
from agentjit.toolspecs.state import Scope
from agentjit.toolspecs.tool import Tool

_UNSET: Final = opaque("nothing")
_START: Final = opaque("as at the start")


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a plan comes to."""

    #: The changes in their order, branches and loops indented; no plan's names are in them.
    steps: tuple[str, ...]
    #: The answer as a term; None where there is none but the receipt of a change.
    answer: str | None
    #: Whether a change among them cannot be taken back.
    commits: bool


def dry_run(checked: CheckedProgram) -> DryRun:
    """Interpret a plan without doing anything."""
    program, tools = checked.program, checked.toolset.by_name
    effects = {tools[call.tool].effect for call in calls_in(program.body)}
    commits = Effect.COMMIT in effects
    if any(isinstance(s, While | Break | Continue) for s in statements_in(program.body)):
        # As it is written, but for its layout and its comments.
        text = ast.unparse(ast.parse(program.source.text))
        return DryRun((f"as written: #{digest(text)}",), None, commits)
    dry = _Dry(checked, shared=_shared(checked), helpers=dict(program.helpers))
    dry.block(program.body)
    answer = dry.lookup(program.result) if program.result else None
    shown = None if answer is None else show_term(answer)
    return DryRun(tuple(dry.steps), None if shown in dry.receipts else shown, commits)


def _shared(checked: CheckedProgram) -> tuple[str, ...]:
    """The names that may hold, or share, what is changed in place somewhere."""
    program = checked.program
    # In the order of the text, so that what they are called makes no difference.
    places = dict.fromkeys(names_in(ast.parse(program.source.text)))
    order = {name: number for number, name in enumerate(places)}
    found = {*written_in(program.body)}
    if not any(changes(text) for _, text in program.helpers):
        sharing = Sharing(read_flows(program, checked.toolset))
        changing = [text for text in texts_in(program.body) if changes(text)]
        changed = {name for text in changing for name in writes(parsed_statements(text))}
        leaders = {sharing.leader_of(name) for name in changed}
        found = changed.union(*sharing.groups(leaders).values())
    return tuple(sorted(found, key=lambda name: (order.get(name, len(order)), name)))


@dataclass(slots=True)
class _Dry:
    checked: CheckedProgram
    env: dict[str, Term] = field(default_factory=dict)
    #: Names that a loop will write, with what they are before it: read, they are carried around it.
    waiting: dict[str, Term] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    state: dict[str, Term] = field(default_factory=dict)
    #: Calls whose arguments no state variable holds, so that only they tell where the site stands.
    beyond: tuple[str, ...] = ()
    #: The loops around, with what was changed before each.
    rounds: tuple[str, ...] = ()
    steps: list[str] = field(default_factory=list)
    receipts: set[str] = field(default_factory=set)
    depth: int = 0
    #: Names that may hold, or share, what is changed in place somewhere.
    shared: tuple[str, ...] = ()
    helpers: dict[str, str] = field(default_factory=dict)

    # -- values -----------------------------------------------------------------------------------

    def lookup(self, name: str) -> Term | None:
        """What a name stands for now; None where it is none of the plan's."""
        if name in self.env:
            return self.env[name]
        if name in self.waiting:
            self.env[name] = self._carry(name)
            return self.env[name]
        if name in self.helpers:
            text = self.helpers[name]
            free = {n for n in names_in(parsed_statements(text)) if n in self.env}
            given = [f"{n} = {show_term(self.env[n])}" for n in sorted(free)]
            others = [f"{n}: {self.helpers[n]}" for n in sorted(self.helpers) if n != name]
            return opaque(f"helper #{digest(repr((text, given, others)))}")
        return None

    def _carry(self, name: str) -> Term:
        """What the round before left in a name, or what was in it before the loop."""
        place = f"carried{self.depth}.{len(self.carried)}"
        return opaque(self.carried.setdefault(name, place))

    def term(self, expr: Expr) -> Term:
        """The term of an expression; what it changes in place is told of."""
        found = term_of(expr.text, self.lookup)
        if changes(expr.text):
            self._disturb(show_term(found))
        return found

    def _disturb(self, cause: str) -> None:
        """Something was changed in place: what may share it is no longer what it was."""
        for name in self.shared:
            held = self.lookup(name)
            if held is not None and name not in self.helpers:
                self.env[name] = opaque(f"{show_term(held)} beside #{digest(cause)}")

    # -- statements -------------------------------------------------------------------------------

    def block(self, block: Block) -> None:
        """Statements one after the other."""
        for stmt in block:
            match stmt:
                case Let():
                    self.env[stmt.target] = self.term(stmt.value)
                case Compute():
                    self._compute(stmt)
                case Call():
                    self._call(stmt)
                case Ask():
                    self._ask(stmt)
                case If():
                    self._branch(stmt)
                case For():
                    self._loop(stmt)
                case While() | Break() | Continue():
                    raise AssertionError("such a plan is known by its text")

    def _compute(self, stmt: Compute) -> None:
        """Pure statements: what they write is known by their text and by what they read."""
        tree = copy.deepcopy(parsed_statements(stmt.text))
        order = [n for n in dict.fromkeys(names_in(tree)) if n in stmt.writes]
        own = {name: f"w{number}" for number, name in enumerate(order)}
        before = [f"{own[n]} = {show_term(self.lookup(n) or _UNSET)}" for n in order]

        def named(name: str) -> Term | None:
            return ast.Name(id=own[name]) if name in own else self.lookup(name)

        text = f"{show_node(inline(tree, named))} from {', '.join(before)}"
        if changes(stmt.text):
            self._disturb(text)
        for name in stmt.writes:
            self.env[name] = opaque(f"{own.get(name, 'it')} after {text}")

    def _ask(self, stmt: Ask) -> None:
        given = sorted((name, show_term(self.term(value))) for name, value in stmt.values)
        inside = ", ".join(f"{name}={value}" for name, value in given)
        asked = f"{show_term(self.term(stmt.question))}, {show_type(stmt.returns)}"
        if stmt.target is not None:
            self.env[stmt.target] = opaque(f"ai_eval({asked}, {inside})")

    def _call(self, stmt: Call) -> None:
        tool = self.checked.toolset.by_name[stmt.tool]
        given = {name: self.term(value) for name, value in stmt.args}
        for param in tool.params:
            if param.name not in given and param.default is not REQUIRED:
                given[param.name] = ast.Constant(param.default)
        inside = ", ".join(f"{n}={show_term(given[n])}" for n in sorted(given))
        text = f"{tool.name}({inside})"
        answer = opaque(f"{text}{self._where()}")
        if not tool.effect.harmless:
            self.steps.append(f"{text}{self.whereabouts()}")
            self.receipts.add(show_term(answer))
        self._move(tool, given, text)
        if stmt.target is not None:
            self.env[stmt.target] = answer

    def _where(self) -> str:
        """Where the site stands, as far as it is not where it stood at the start."""
        known = [f"{var}={show_term(value)}" for var, value in sorted(self.state.items())]
        done = [f"after #{digest(repr(self.steps))}"] if self.steps else []
        said = "; ".join([*known, *self.beyond, *self.rounds, *done])
        return f" [{said}]" if said else ""

    def whereabouts(self) -> str:
        """What a change is done to beside its arguments: what came before it stands before it."""
        known = [f"{var}={show_term(value)}" for var, value in sorted(self.state.items())]
        said = "; ".join([*known, *self.beyond])
        return f" [{said}]" if said else ""

    def _move(self, tool: Tool, given: dict[str, Term], text: str) -> None:
        """The state after a call, by its contract."""
        if tool.resets_tab:
            tab = {v.name for v in self.checked.toolset.state.variables if v.scope is Scope.TAB}
            for var in tab & set(self.state):
                del self.state[var]
            self.beyond = ()
        told = set()
        for clause in tool.ensures:
            match clause:
                case Equals(value=Constant(value)):
                    self.state[clause.var] = ast.Constant(value)
                case Equals(value=ParamRef(name)) if name in given:
                    told.add(name)
                    self.state[clause.var] = given[name]
                case Equals() | Forgets() | _:
                    self.state[clause.var] = opaque(f"{clause} by {text}{self._where()}")
        silent = tool.effect is Effect.NAVIGATE and (set(given) - told or not tool.ensures)
        if silent and not tool.resets_tab:
            self.beyond = (*self.beyond, text)

    # -- branches and loops -----------------------------------------------------------------------

    def _branch(self, stmt: If) -> None:
        test = self.term(stmt.test)
        env, state, beyond, steps = self.env, self.state, self.beyond, self.steps
        sides = []
        for block in (stmt.body, stmt.orelse):
            self.env, self.state, self.beyond, self.steps = dict(env), dict(state), beyond, [*steps]
            self.block(block)
            sides.append((self.env, self.state, self.beyond, self.steps[len(steps) :]))
        (one, one_state, yes, own), (two, two_state, no, other) = sides
        self.env = {
            name: _either(test, self.held(one, name), self.held(two, name))
            for name in {**one, **two}
        }
        self.state = {
            var: _either(test, one_state.get(var, _START), two_state.get(var, _START))
            for var in {**one_state, **two_state}
        }
        self.beyond = yes if yes == no else (f"{yes} if {show_term(test)} else {no}",)
        self.steps = steps
        if own or other:
            self.steps.append(f"if {show_term(test)}:")
            self.steps += _indented(own or ["pass"])
            self.steps += ["else:", *_indented(other)] if other else []

    def held(self, env: dict[str, Term], name: str) -> Term:
        """What a name stands for in one of several environments."""
        if name in env:
            return env[name]
        return self._carry(name) if name in self.waiting else _UNSET

    def _loop(self, stmt: For) -> None:
        """A loop's body is interpreted once, for any round of it."""
        iterable = show_term(self.term(stmt.iterable))
        written = self._written(stmt)
        read = {n for text in texts_in(stmt.body) for n in names_in(parsed_statements(text))}
        for name in self.waiting:
            if name in read:
                self.lookup(name)
        initial = {name: self.lookup(name) or _UNSET for name in written}
        before = f" after #{digest(repr(self.steps))}" if self.steps else ""
        inner = _Dry(
            self.checked,
            env={n: t for n, t in self.env.items() if n not in initial},
            waiting=initial,
            state={**self.state, **{v: opaque(f"{v} on entry") for v in self._moved(stmt.body)}},
            beyond=self.beyond,
            rounds=(*self.rounds, f"round{self.depth + 1}{before}"),
            receipts=self.receipts,
            depth=self.depth + 1,
            shared=self.shared,
            helpers=self.helpers,
        )
        one = f"each{inner.depth}"
        inner.bind(parsed(stmt.target), opaque(one))
        inner.block(stmt.body)
        final = {n: t for n, t in inner.env.items() if n in initial}
        own = [
            f"for {one} in {iterable}:",
            *_indented(inner.steps or ["pass"]),
            *(
                f"  {place}: {show_term(initial[n])}, then {show_term(inner.held(inner.env, n))}"
                for n, place in inner.carried.items()
            ),
        ]
        if inner.beyond != self.beyond or "on entry" in repr(
            (own, *map(show_term, final.values()))
        ):
            own.append(f"  entered{self.whereabouts()}, left{inner.whereabouts()}")
        name = f"#{digest(repr(own))}"
        self.steps += own if inner.steps else []
        for var in self._moved(stmt.body):
            before = show_term(self.state.get(var, _START))
            after = show_term(inner.state.get(var, _START))
            self.state[var] = opaque(f"{after} after {name}, {before} before")
        if inner.beyond != self.beyond:
            self.beyond = (*self.beyond, f"loop {name}")
        for each, term in final.items():
            last = f"{show_term(term)} at the end of {name}, {show_term(initial[each])} before"
            self.env[each] = opaque(last)
        self.block(stmt.orelse)

    def _written(self, stmt: For) -> list[str]:
        """What a loop may write, or change in place, in an order that no name decides."""
        written = [*names_in(parsed(stmt.target)), *written_in(stmt.body), *sorted(stmt.writes)]
        if any(changes(text) for text in texts_in(stmt.body)):
            written += [name for name in self.shared if name not in self.helpers]
        return list(dict.fromkeys(written))

    def bind(self, target: ast.expr, value: Term) -> None:
        """Give the names of a loop's target their parts of an element."""
        match target:
            case ast.Name(id=name):
                self.env[name] = value
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                for number, each in enumerate(elts):
                    part = ast.Subscript(value, ast.Constant(number), ast.Load())
                    self.bind(each, part)
            case _:
                for name in sorted(names_in(target)):
                    self.env[name] = opaque(f"{show_term(value)} as {ast.unparse(target)}")

    def _moved(self, block: Block) -> list[str]:
        """The state variables that calls of a block may change, in their order."""
        model, tools = self.checked.toolset.state.variables, self.checked.toolset.by_name
        called = [tools[call.tool] for call in calls_in(block)]
        moved = {clause.var for tool in called for clause in tool.ensures}
        if any(tool.resets_tab for tool in called):
            moved |= {v.name for v in model if v.scope is Scope.TAB}
        return [v.name for v in model if v.name in moved]


def _either(test: Term, yes: Term, no: Term) -> Term:
    """One of two, after a branch."""
    return yes if show_term(yes) == show_term(no) else ast.IfExp(test, yes, no)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]
