"""A tool: one typed action of a site with a contract, made from an async function by `@tool`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from agentjit.diagnostics import Diagnostic
from agentjit.source import Source
from agentjit.toolspecs.contract import Clause, Contract
from agentjit.toolspecs.effects import Effect, Touches
from agentjit.toolspecs.grammar import parse_clauses
from agentjit.toolspecs.jsontypes import JsonType, show_type
from agentjit.toolspecs.options import check_options, check_predicates
from agentjit.toolspecs.signature import REQUIRED, Body, From, Param, read_signature

__all__ = ["REQUIRED", "Body", "From", "Param", "Tool", "tool"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One action of a site. Compared by identity of its body; made by `@tool` only."""

    name: str
    doc: str
    params: tuple[Param, ...]
    returns: JsonType
    effect: Effect
    contract: Contract
    requires_source: Source
    ensures_source: Source
    touches: Touches = Touches()
    idempotent: bool = False
    resets_tab: bool = False
    verify: str | None = None
    terms: str | None = None
    ready: Body | None = None
    done: Body | None = None
    #: Seconds that one call may take, its waiting included.
    timeout: float = 10.0
    examples: tuple[str, ...] = ()
    body: Body = field(repr=False)
    #: What is wrong with the declaration; a Toolset refuses tools that have any.
    problems: tuple[Diagnostic, ...] = ()

    @property
    def requires(self) -> tuple[Clause, ...]:
        """What must hold before a call."""
        return self.contract.requires

    @property
    def ensures(self) -> tuple[Clause, ...]:
        """What holds after a call."""
        return self.contract.ensures

    @property
    def summary(self) -> str:
        """The first sentence of the docstring."""
        first = " ".join(self.doc.split("\n\n")[0].split())
        return first.split(". ")[0].rstrip(".") + "." if first else ""

    def param(self, name: str) -> Param | None:
        """The parameter called `name`."""
        return next((p for p in self.params if p.name == name), None)

    def signature(self) -> str:
        """As Python text, without the page: what a plan sees."""
        inside = ", ".join(p.show() for p in self.params)
        return f"{self.name}({inside}) -> {show_type(self.returns)}"


def tool(
    *,
    effect: Effect,
    requires: str = "",
    ensures: str = "",
    reads: Collection[str] | None = None,
    writes: Collection[str] | None = None,
    idempotent: bool = False,
    resets_tab: bool = False,
    verify: str | None = None,
    terms: str | None = None,
    ready: Body | None = None,
    done: Body | None = None,
    timeout: float = 10.0,
    examples: tuple[str, ...] = (),
) -> Callable[[Body], Tool]:
    """Declare an async function to be a tool, with its contract.

    `requires` and `ensures` are contract texts. `reads` and `writes` name account resources. A
    COMMIT names in `verify` the READ tool that settles a lost answer, and in `terms` the READ tool
    whose result is shown when approval is asked. `timeout` is in seconds.

    The body of a COMMIT raises NotDone where the site refused explicitly, and only there; after
    any other error its outcome counts as unknown until `verify`, best a list of all that was ever
    committed, shows a new entry, or shows none although the body had an answer from the site.
    """
    options: dict[str, object] = {
        "effect": effect,
        "requires": requires,
        "ensures": ensures,
        "reads": reads,
        "writes": writes,
        "verify": verify,
        "terms": terms,
        "ready": ready,
        "done": done,
        "timeout": timeout,
        "examples": examples,
    }

    def declare(body: Body) -> Tool:
        name = getattr(body, "__name__", type(body).__name__)
        odd = tuple(check_options(name, options))
        if odd:
            # Nothing that it declares can be relied on; its signature still can be read.
            plain = tool(effect=Effect.READ)(body)
            return replace(plain, problems=(*odd, *plain.problems))
        requires_source = Source(f"{name}.requires", requires)
        ensures_source = Source(f"{name}.ensures", ensures)
        before, after = parse_clauses(requires_source), parse_clauses(ensures_source)
        problems = [side for side in (before, after) if isinstance(side, Diagnostic)]
        params, returns, wrong = read_signature(body)
        problems += wrong
        predicates = {"ready": ready, "done": done}
        problems += check_predicates(name, predicates, [p.name for p in params])
        return Tool(
            name=name,
            doc=inspect.getdoc(body) or "",
            params=params,
            returns=returns,
            effect=effect,
            contract=Contract(
                () if isinstance(before, Diagnostic) else before,
                () if isinstance(after, Diagnostic) else after,
            ),
            requires_source=requires_source,
            ensures_source=ensures_source,
            touches=Touches(
                None if reads is None else frozenset(reads),
                None if writes is None else frozenset(writes),
            ),
            idempotent=idempotent,
            resets_tab=resets_tab,
            verify=verify,
            terms=terms,
            ready=ready,
            done=done,
            timeout=timeout,
            examples=tuple(examples),
            body=body,
            problems=tuple(problems),
        )

    return declare
