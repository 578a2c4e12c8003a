"""The command line: one file a command. `main` is the entry of the `agentjit` command."""

from agentjit.cli.app import main

__all__ = ["main"]
