from __future__ import annotations

import json
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
