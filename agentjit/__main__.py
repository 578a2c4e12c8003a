"""`python -m agentjit` is the `agentjit` command."""

import sys

from agentjit.cli import main

if __name__ == "__main__":
    sys.exit(main())
