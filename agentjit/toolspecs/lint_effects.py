"""Lint of effects: where a tool's effect disagrees with its contract, footprint or options."""

from __future__ import annotations

from collections.abc import Iterator

from agentjit.diagnostics import Diagnostic
from agentjit.toolspecs.contract import Clause
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.lint_clauses import exclude
from agentjit.toolspecs.messages import EffectMismatch
from agentjit.toolspecs.remarks import IdleOption, NothingWritten
from agentjit.toolspecs.state import Scope, StateModel
from agentjit.toolspecs.tool import Tool


def lint_effect(tool: Tool, state: StateModel) -> Iterator[Diagnostic]:
    """At most one finding: the gravest."""
    wrong = _from_options(tool) or _from_footprint(tool, state) or _from_contract(tool, state)
    if wrong:
        problem, remedy = wrong
        yield EffectMismatch(
            tool=tool.name, effect=tool.effect.name, problem=problem, remedy_text=remedy
        )


def _from_contract(tool: Tool, state: StateModel) -> tuple[str, str] | None:
    changed = _changed(tool, state)
    account = _account(changed, state)
    match tool.effect:
        case Effect.READ if changed:
            return f"ensures `{changed[0]}`", "make it NAVIGATE or WRITE, or drop the clause"
        case Effect.NAVIGATE if account:
            return f"changes the account: `{account[0]}`", "make it WRITE, or drop the clause"
        case _:
            return None


def _from_footprint(tool: Tool, state: StateModel) -> tuple[str, str] | None:
    if tool.effect.harmless and tool.touches.writes:
        writes = ", ".join(sorted(tool.touches.writes))
        return f"writes {writes}", "make it WRITE or COMMIT, or drop `writes`"
    account = _account(_changed(tool, state), state)
    if not tool.effect.harmless and tool.touches.writes == frozenset() and account:
        remedy = "name in `writes` what it changes, or leave `writes` out: then it is everything"
        return f"changes the account, `{account[0]}`, with an empty `writes`", remedy
    return None


def _from_options(tool: Tool) -> tuple[str, str] | None:
    if tool.effect is Effect.READ and tool.resets_tab:
        return "resets the tab", "make it NAVIGATE, or drop `resets_tab`"
    if tool.effect is Effect.COMMIT and tool.idempotent:
        return "idempotent", "a COMMIT is never repeated: make it WRITE, or drop `idempotent`"
    if tool.effect is Effect.WRITE and tool.idempotent:
        for needed in tool.requires:
            for given in tool.ensures:
                if given.var == needed.var and exclude(needed, given):
                    problem = f"idempotent, while it requires `{needed}` and ensures `{given}`"
                    return (
                        problem,
                        "its requirement would not hold the second time: drop `idempotent`",
                    )
    return None


def _changed(tool: Tool, state: StateModel) -> list[Clause]:
    return [c for c in tool.ensures if state.get(c.var) and not _restates(c, tool)]


def _account(clauses: list[Clause], state: StateModel) -> list[Clause]:
    return [c for c in clauses if (v := state.get(c.var)) and v.scope is Scope.ACCOUNT]


def _restates(clause: Clause, tool: Tool) -> bool:
    """Whether the clause only repeats what the tool requires, so that nothing changes."""
    return str(clause) in {str(c) for c in tool.requires}


def lint_options(tool: Tool) -> Iterator[Diagnostic]:
    """Options that mean nothing for a tool of this effect, or do not fit it."""
    if not tool.effect.harmless and tool.touches.writes == frozenset():
        yield NothingWritten(tool=tool.name, effect=tool.effect.name)
    idle: list[str] = []
    if tool.effect is not Effect.COMMIT:
        idle += [o for o in ("verify", "terms") if getattr(tool, o) is not None]
    if tool.effect.harmless and tool.idempotent:
        idle.append("idempotent")
    for option in idle:
        meant = "WRITE" if option == "idempotent" else "COMMIT"
        yield IdleOption(tool=tool.name, option=option, effect=tool.effect.name, meant=meant)
