"""No socket is opened but the browser's, the site's and the model's, by us or by the browser."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tests.fixtures.fake_endpoint import fake_endpoint, writes

#: A whole run in a process of its own, whose every connection is written down; hooks of this kind
#: cannot be taken off again. The browser writes its own log.
PROGRAM: Final = """
import json, sys
connections = []
def hook(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        connections.append(repr(arguments[1]))
    elif event == "socket.getaddrinfo":
        connections.append(repr(arguments[:2]))
sys.addaudithook(hook)
from agentjit.runtime import launch
launch.QUIET_FLAGS += ("--log-net-log=" + sys.argv[1],)
import agentjit
result = agentjit.run("open the store Taco Bell", runs_dir=sys.argv[2], cache=False, har=True)
print(json.dumps({"status": result.status, "told": str(result.error), "to": connections}))
"""


#: Chromium asks its own system whether there is a way for IPv6, by a UDP socket that it connects
#: and sends nothing through.
IPV6_PROBE: Final = "[2001:4860:4860::8888]:443"


async def test_a_run_speaks_to_the_site_and_the_model_alone(tmp_path: Path) -> None:
    log = tmp_path / "net.json"
    async with fake_endpoint(writes('goto_store("Taco Bell")\n')) as endpoint:
        env = {**os.environ, "OPENAI_API_KEY": "key", "OPENAI_BASE_URL": endpoint.base_url}
        command = (sys.executable, "-c", PROGRAM, str(log), str(tmp_path))
        done = await asyncio.to_thread(
            subprocess.run, command, env=env, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["status"] == "done", told
    model = urlsplit(endpoint.base_url).port
    ours = {each for each in told["to"] if str(model) not in each}
    # Beside the model, only what the site's server and the event loop do among themselves.
    assert {each for each in ours if "127.0.0.1" not in each and "0.0.0.0" not in each} == set()
    assert any(str(model) in each for each in told["to"])
    reached = addresses(read_log(log.read_text("utf-8")))
    assert reached
    elsewhere = {address for address in reached if not address.startswith("127.0.0.1:")}
    assert elsewhere <= {IPV6_PROBE}


def addresses(log: dict[str, Any]) -> set[str]:
    """Where the browser's sockets were connected to, or its names were looked up."""
    names = {number: name for name, number in log["constants"]["logEventTypes"].items()}
    found = set[str]()
    for event in log["events"]:
        given = event.get("params", {})
        match names[event["type"]]:
            case "TCP_CONNECT_ATTEMPT" | "UDP_CONNECT":
                found.add(str(given.get("address", "127.0.0.1:")))
            case "HOST_RESOLVER_SYSTEM_TASK" | "HOST_RESOLVER_DNS_TASK":
                found.add(str(given.get("hostname", "a name")))
            case _:
                pass
    return found


def read_log(text: str) -> dict[str, Any]:
    """The browser's log, also where the browser ended before it wrote the log's end."""
    try:
        log: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError:
        log = json.loads(text.rstrip().rstrip(",") + "]}")
    return log
