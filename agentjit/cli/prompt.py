"""`agentjit prompt`: exactly what a model would be sent for a task."""

from __future__ import annotations

from typing import Annotated

import typer

from agentjit.cli.options import AsJson, Protocol, Site, Task, Tools


def prompt(
    task: Task,
    *,
    site: Site = None,
    tools: Tools = None,
    sample: Annotated[
        int, typer.Option("--sample", metavar="N", help="Of which sample: 1 is the plain one.")
    ] = 1,
    protocol: Protocol = True,
    as_json: AsJson = False,
) -> None:
    """Print what a model would be sent for a task, where the site stands at its start.

    Whatever answers it, a model, an assistant or a person: agentjit run TASK --plan FILE checks the
    plan like any other, and runs it.
    """
    from agentjit.cli.consoles import print_json
    from agentjit.cli.selection import require_task, select_toolset
    from agentjit.errors import UsageError
    from agentjit.planner import candidate
    from agentjit.planner.prompt import build_messages
    from agentjit.planner.sampling import Sampling
    from agentjit.planner.variation import vary

    if sample < 1:
        raise UsageError(f"there is no sample {sample}", "give 1 or more")
    asked = candidate.Task(require_task(task), select_toolset(site, tools))
    how = Sampling(protocol=protocol)
    variation = vary(sample, how.temperature)
    messages = build_messages(asked, protocol=protocol, variant=variation.variant)
    if as_json:
        print_json(
            {
                "messages": [dict(message) for message in messages],
                "temperature": variation.temperature,
                "seed": variation.seed,
                "max_tokens": how.max_tokens,
            }
        )
        return
    for message in messages:
        print(f"#### {message['role']}\n{message['content']}\n")
