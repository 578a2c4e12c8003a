"""Measures how soon all sites are ready in one process, and what memory that takes.

python -m tests.sites.startup
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
import urllib.request


def main() -> None:
    """Serve all sites, ask each for its first page and its record, and print what it took."""
    command = (sys.executable, "-m", "agentjit", "sites", "serve", "--json")
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())["sites"]
        print(f"{'all are listening':24}{time.perf_counter() - started:6.2f} s")
        for name, address in addresses.items():
            asked = time.perf_counter()
            for path in ("/", "/finish"):
                with urllib.request.urlopen(address + path) as answer:
                    answer.read()
            print(f"{name:24}{time.perf_counter() - asked:6.2f} s")
        process.send_signal(signal.SIGINT)
        process.wait()
    # The serving process is the only child there was; Linux counts in KiB.
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"{'memory at most':24}{most / 1024:6.0f} MiB")


if __name__ == "__main__":
    main()
