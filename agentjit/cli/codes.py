"""All codes that agentjit prints, with what they mean: diagnostics, and the errors of runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from agentjit.cli.illustrations import PLANS, Illustration
from agentjit.cli.toolset_illustrations import TOOLSETS
from agentjit.diagnostics import CATALOGUE
from agentjit.errors import AgentjitError

#: The modules that define diagnostics; each enters the catalogue when it is loaded.
SOURCES: Final = (
    ("plan", "agentjit.compiler.messages"),
    ("toolset", "agentjit.toolspecs.messages"),
    ("toolset", "agentjit.toolspecs.remarks"),
    ("answer of a model", "agentjit.planner.answer"),
    ("goal record", "agentjit.planner.goals.record_messages"),
)
#: Modules that define errors beside those of `agentjit.errors`.
ERROR_SOURCES: Final = (
    "agentjit.planner.abstaining",
    "agentjit.planner.agreement",
    "agentjit.planner.endpoint_errors",
    "agentjit.planner.goals.asking",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code: what it is about, and its texts."""

    code: str
    #: "plan", "toolset", …; "error" for what ends a command.
    about: str
    title: str
    explanation: str
    hint: str = ""
    #: The exit code of a command that it ends; None for diagnostics.
    exit_code: int | None = None
    #: What gets the diagnostic and what to write instead; None where no text alone can show it.
    illustration: Illustration | None = None

    def to_json(self) -> dict[str, Any]:
        """As data."""
        shown = self.illustration
        names = (n for n in self.__slots__ if n != "illustration")
        return {name: getattr(self, name) for name in names} | {
            "breaks": shown.breaks if shown else None,
            "instead": shown.instead if shown else None,
        }


def list_codes() -> Iterator[Code]:
    """Every code once: diagnostics in the order of their definition, then errors."""
    illustrations = PLANS | TOOLSETS
    for about, module in SOURCES:
        import_module(module)
        for code, kind in CATALOGUE.items():
            if kind.__module__ == module:
                yield Code(
                    code=code,
                    about=about,
                    title=_first_sentence(kind.__doc__ or ""),
                    explanation=kind.explanation,
                    hint=show_template(kind.hint),
                    illustration=illustrations.get(code),
                )
    for module in ERROR_SOURCES:
        import_module(module)
    seen = set(CATALOGUE)
    for error in _subclasses(AgentjitError):
        if error.code not in seen and "code" in vars(error):
            seen.add(error.code)
            text = " ".join((error.__doc__ or "").split())
            title = _first_sentence(text)
            rest = text.removeprefix(title).strip()
            yield Code(
                code=error.code,
                about="error",
                title=title,
                explanation=rest,
                hint=error.remedy,
                exit_code=error.exit_code,
            )


def show_template(template: str) -> str:
    """A message's template as people read it: its fields as <field>."""
    named = re.sub(r"(?<!{){(\w+)(![rs])?}", r"<\1>", template)
    return named.replace("{{", "{").replace("}}", "}")


def render_codes(codes: Iterable[Code]) -> RenderableType:
    """All codes, by what they are about."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for code in codes:
        about = code.about if code.exit_code is None else f"exit {code.exit_code}"
        table.add_row(code.code, about, code.title)
    return table


def render_code(code: Code) -> RenderableType:
    """One code at length."""
    about = (
        code.about if code.exit_code is None else f"ends a command with exit code {code.exit_code}"
    )
    parts: list[RenderableType] = [
        Text.assemble((code.code, "bold"), (f"  {about}", "dim")),
        Text(),
        Padding(Text(code.title), (0, 0, 0, 2)),
    ]
    if code.explanation:
        parts += [Text(), Padding(Text(code.explanation), (0, 0, 0, 2))]
    if code.hint:
        parts += [Text(), Text.assemble(("  hint: ", "cyan"), code.hint)]
    if code.illustration:
        parts += _render_illustration(code.illustration)
    return Group(*parts)


def _render_illustration(shown: Illustration) -> Iterator[RenderableType]:
    if shown.task is not None:
        yield from (Text(), Text.assemble(("  the task: ", "dim"), shown.task))
    for label, style, text in (
        ("breaks", "red", shown.breaks),
        ("instead", "green", shown.instead),
    ):
        code = Syntax("", "python", theme="ansi_dark").highlight(text)
        code.rstrip()
        yield from (Text(), Text(f"  {label}:", style=style), Padding(code, (0, 0, 0, 4)))


def _first_sentence(text: str) -> str:
    head, stop, _ = " ".join(text.split()).partition(". ")
    return head + "." if stop else head


def _subclasses(kind: type[AgentjitError]) -> Iterator[type[AgentjitError]]:
    # Those of other modules by these, for the order in which they are loaded is anybody's.
    home = AgentjitError.__module__
    others = {s: "" if s.__module__ == home else s.__module__ for s in kind.__subclasses__()}
    for sub in sorted(others, key=others.__getitem__):
        yield sub
        yield from _subclasses(sub)
