"""`agentjit resume`: continue a run that was cut short, without repeating anything done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from agentjit.cli.options import (
    AccountName,
    AllowOrigin,
    AsJson,
    Cdp,
    Headed,
    Model,
    NoRetry,
    NoSteps,
    PolicyFile,
    Quiet,
    RunsDir,
    SecretsFile,
    Trace,
    Yes,
)


def resume(  # noqa: PLR0913 - an argument an option
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="The run's folder, or its name in --runs-dir.")
    ],
    *,
    model: Model = None,
    yes: Yes = False,
    policy: PolicyFile = None,
    no_retry: NoRetry = False,
    no_steps: NoSteps = False,
    allow_origin: AllowOrigin = None,
    secrets: SecretsFile = None,
    account: AccountName = None,
    cdp: Cdp = None,
    trace: Trace = False,
    headed: Headed = False,
    runs_dir: RunsDir = Path("runs"),
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Continue a run that was cut short, in its folder.

    What the run's journal knows to be done is not done again; an irreversible call that may have
    been done is settled first, by what the site lists. The site must still be where it was.
    """
    from agentjit.cli.performing import Wishes, resume_run

    wishes = Wishes(plan=None, yes=yes, runs_dir=runs_dir, as_json=as_json, quiet=quiet)
    changes: dict[str, Any] = {
        "model": model,
        "headed": headed,
        "policy": policy,
        "retry": not no_retry,
        "steps": not no_steps,
    }
    changes |= {"allow_origin": tuple(allow_origin or ()), "secrets": secrets}
    changes |= {"account": account, "cdp": cdp, "trace": trace}
    raise typer.Exit(resume_run(run, wishes, changes))
