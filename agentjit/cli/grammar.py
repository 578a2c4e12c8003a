"""`agentjit grammar`: the plan language of a toolset, for constrained decoding."""

from __future__ import annotations

from typing import Annotated

import typer

from agentjit.cli.options import Site, Tools

Format = Annotated[
    str,
    typer.Option(
        "--format", metavar="lark|gbnf", help="Lark (the default), or GBNF as llama.cpp reads it."
    ),
]


def grammar(*, site: Site = None, tools: Tools = None, notation: Format = "lark") -> None:
    """Print the grammar of plans over a site's tools, for constrained decoding."""
    from agentjit.cli.selection import select_toolset
    from agentjit.compiler.decoding import decoding_grammar, render_gbnf, render_lark
    from agentjit.errors import UsageError

    renderers = {"lark": render_lark, "gbnf": render_gbnf}
    if notation not in renderers:
        raise UsageError(f"there is no grammar format {notation!r}", "give lark or gbnf")
    derived = decoding_grammar(select_toolset(site, tools))
    print(renderers[notation](derived), end="")
