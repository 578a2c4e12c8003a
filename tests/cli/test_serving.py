from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request


def test_a_site_is_served_on_this_machine_until_it_is_interrupted() -> None:
    command = (sys.executable, "-m", "agentjit", "sites", "serve", "dashdish", "--json")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = json.loads(process.stdout.readline())["sites"]["dashdish"]
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_options_come_before_the_environment() -> None:
    command = (sys.executable, "-m", "agentjit", "sites", "serve", "dashdish", "--json")
    given = ("--layout", "b", "--today", "2026-03-01")
    environ = {**os.environ, "AGENTJIT_SITE_LAYOUT": "a", "AGENTJIT_SITE_FAULTS": "modal@3"}
    with subprocess.Popen((*command, *given), stdout=subprocess.PIPE, env=environ) as process:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["sites"]["dashdish"]
        with urllib.request.urlopen(f"{address}/config") as answer:
            settings = json.load(answer)
        process.send_signal(signal.SIGINT)
    assert settings == {
        "seed": 0,
        "latency": "0",
        "faults": "modal@3",
        "layout": "b",
        "today": "2026-03-01",
    }
