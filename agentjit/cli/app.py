"""The `agentjit` command: its table of subcommands, and what becomes of errors."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

import typer

from agentjit.cli.auth import list_accounts, save_account
from agentjit.cli.bench import bench
from agentjit.cli.bench_compare import bench_compare
from agentjit.cli.bench_hedging import bench_hedging
from agentjit.cli.bench_ladder import bench_ladder
from agentjit.cli.bench_latency import bench_latency
from agentjit.cli.bench_model import bench_model
from agentjit.cli.bench_planner import bench_planner
from agentjit.cli.bench_scale import bench_scale
from agentjit.cli.cache import export_plans, forget_plans, list_plans, show_plan
from agentjit.cli.check import check
from agentjit.cli.consoles import print_json
from agentjit.cli.doctor import doctor
from agentjit.cli.explain import explain
from agentjit.cli.failures import INTERRUPTED, report_failure, run_shape
from agentjit.cli.grade import grade
from agentjit.cli.grammar import grammar
from agentjit.cli.plan import plan
from agentjit.cli.profile import reset_profile, show_profile
from agentjit.cli.prompt import prompt
from agentjit.cli.report import report
from agentjit.cli.resume import resume
from agentjit.cli.run import run
from agentjit.cli.setup import setup
from agentjit.cli.sites import list_sites, serve_sites
from agentjit.cli.tasks import list_tasks, show_task
from agentjit.cli.tools import check_tools, list_tools, show_tool
from agentjit.errors import AgentjitError, UsageError

#: The exit code of a command whose reader went away, as shells have it.
PIPE_CLOSED: Final = 141

_EXAMPLES: Final = """\b
Examples:
  agentjit run "order the cheapest item from Taco Bell"
  agentjit plan "how many stores are there?"
  agentjit check plan.py --facts
  agentjit tools show place_order
"""
_CODES: Final = """\b
Exit codes:
  0 done    1 failed    2 usage    3 no valid plan
  4 approval refused    5 outcome unknown    6 budget spent
"""

#: The commands, in the order in which help lists them; a group holds commands of its own.
COMMANDS: Final[dict[str, Callable[..., None] | dict[str, Callable[..., None]]]] = {
    "run": run,
    "resume": resume,
    "report": report,
    "plan": plan,
    "prompt": prompt,
    "check": check,
    "tools": {"list": list_tools, "show": show_tool, "check": check_tools},
    "sites": {"list": list_sites, "serve": serve_sites},
    "grammar": grammar,
    "tasks": {"list": list_tasks, "show": show_task},
    "cache": {
        "list": list_plans,
        "show": show_plan,
        "forget": forget_plans,
        "export": export_plans,
    },
    "auth": {"save": save_account, "list": list_accounts},
    "profile": {"show": show_profile, "reset": reset_profile},
    "explain": explain,
    "bench": {
        "latency": bench_latency,
        "compare": bench_compare,
        "planner": bench_planner,
        "model": bench_model,
        "ladder": bench_ladder,
        "hedging": bench_hedging,
        "scale": bench_scale,
        "grade": grade,
    },
    "setup": setup,
    "doctor": doctor,
}
GROUPS: Final = {
    "tools": "Look at a site's tools: list them, show one, check them.",
    "sites": "The bundled sites: list them, serve them on this machine.",
    "tasks": "The tasks on the bundled sites: list them, show one.",
    "cache": "The plans of verified runs, kept for tasks of the same form.",
    "auth": "Accounts: log in once in a visible browser, list them.",
    "profile": "What was measured of a site: forecasts of schedules rest on it.",
    "bench": "Measure the compiler, the planner, and whole runs, on this machine.",
}

#: What a group does where it is called without a command; the others show their help.
BARE: Final[dict[str, Callable[..., None]]] = {"bench": bench}


def print_version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from importlib.metadata import version

        print("agentjit", version("agentjit"))
        raise typer.Exit


def root(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option("--version", help="Print the version.", callback=print_version, is_eager=True),
    ] = False,
) -> None:
    """Turn sentences into checked programs that run on web sites.

    A task is planned, the plan is proven against the site's contracts before anything happens, and
    what was done is shown with evidence. Nothing irreversible happens without approval.
    """
    show_help(context)


def show_help(context: typer.Context) -> None:
    """Print the help of a group that was called without a command."""
    if context.invoked_subcommand is None:
        print(context.get_help())


def make_app() -> typer.Typer:
    """The command tree. Plain help: the decorated one takes as long to load as a plan to check."""
    app = _group(epilog=f"{_EXAMPLES}\n{_CODES}", callback=root)
    for name, entry in COMMANDS.items():
        if isinstance(entry, dict):
            group = _group(help=GROUPS[name], callback=BARE.get(name, show_help))
            for inner, command in entry.items():
                group.command(inner)(command)
            app.add_typer(group, name=name)
        else:
            app.command(name)(entry)
    return app


def _group(**settings: Any) -> typer.Typer:
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        invoke_without_command=True,
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
        **settings,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code. Our own errors never show a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    if isinstance(sys.stdout, io.TextIOWrapper):
        # An output that lacks a character gets its escape, not a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = make_app()(given, prog_name="agentjit", standalone_mode=False)
        sys.stdout.flush()
    except AgentjitError as error:
        return report_failure(error, as_json=as_json)
    except _USAGE_FAULT as fault:
        return _report_usage(fault, given, as_json=as_json)
    except (typer.Abort, KeyboardInterrupt):
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has gone; at exit Python would complain that it cannot flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return code if isinstance(code, int) else 0


#: What a command line that makes no sense raises. It comes from click, which newer releases of
#: typer carry inside, so its name is not the same everywhere.
_USAGE_FAULT: Final[type[Exception]] = typer.BadParameter.__mro__[1]


def _report_usage(fault: Any, given: Sequence[str], *, as_json: bool) -> int:
    command = fault.ctx.command_path if fault.ctx else "agentjit"
    error = UsageError(fault.format_message(), f"{command} --help")
    if as_json and given[:1] == ["run"]:
        print_json(run_shape("", error))
        return error.exit_code
    return report_failure(error, as_json=as_json)
