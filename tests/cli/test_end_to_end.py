"""The flagship task from the command line, in a browser: granted, refused, with nobody there."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

TASK = "order the cheapest item from Taco Bell"
KEYS = {
    *("status", "result", "plan", "origin", "diagnostics", "wall_seconds", "model_calls"),
    *("tokens", "commits", "run_dir"),
}

#: What colours the output and moves the cursor.
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

pytestmark = pytest.mark.browser


def agentjit(*arguments: str) -> Sequence[str]:
    return (sys.executable, "-m", "agentjit", *arguments)


def command(tmp_path: Path, *more: str) -> Sequence[str]:
    return agentjit("run", TASK, "--runs-dir", str(tmp_path / "runs"), "--json", *more)


def environment() -> dict[str, str]:
    hidden = {"OPENAI_API_KEY", "AGENTJIT_SITE_SEED", "AGENTJIT_SITE_LATENCY"}
    return {**{k: v for k, v in os.environ.items() if k not in hidden}, "TERM": "xterm"}


def run_on_terminal(arguments: Sequence[str], answer: str) -> tuple[int, str, dict[str, Any]]:
    """Run with a terminal for the question and a pipe for the result."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        arguments,
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown = b""
        asked = False
        while chunk := read_terminal(ours):
            shown += chunk
            if not asked and b"[y/N]" in shown:
                asked = True
                os.write(ours, f"{answer}\n".encode())
        assert process.stdout is not None
        data = json.loads(process.stdout.read())
    os.close(ours)
    return process.returncode, ESCAPES.sub("", shown.decode()), data


def read_terminal(descriptor: int) -> bytes:
    """What the terminal shows next; nothing when the other side is closed."""
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""


def orders(data: dict[str, Any]) -> dict[str, Any]:
    """The orders that the site's own record holds since the session began."""
    added = data["record"]["foodOrders"]["added"]
    assert isinstance(added, dict)
    return added


def test_a_granted_run_is_one_object_with_the_order(tmp_path: Path) -> None:
    done = subprocess.run(
        command(tmp_path, "--yes"), capture_output=True, text=True, env=environment(), check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert set(data) >= KEYS
    assert (data["status"], data["exit_code"], data["model_calls"]) == ("done", 0, 0)
    assert data["origin"] == "built-in symbolic planner, no language model"
    (commit,) = data["commits"]
    assert (commit["tool"], commit["outcome"]) == ("place_order", "done")
    (order,) = orders(data).values()
    assert order["orderId"] == data["result"]["order_id"]
    assert (Path(data["run_dir"]) / "plan.py").read_text() == data["plan"]


def test_a_refusal_on_the_terminal_orders_nothing(tmp_path: Path) -> None:
    code, shown, data = run_on_terminal(command(tmp_path), "n")
    assert code == 4
    assert "approve place_order()?" in shown
    assert "total" in shown
    assert (data["status"], data["error"]["code"]) == ("refused", "approval-refused")
    assert data["commits"] == []
    assert orders(data) == {}


def test_a_yes_on_the_terminal_orders_once(tmp_path: Path) -> None:
    code, shown, data = run_on_terminal(command(tmp_path), "y")
    assert (code, data["status"]) == (0, "done")
    assert shown.count("[y/N]") == 1
    assert len(orders(data)) == 1
    total = data["commits"][0]["terms"]["total"]
    assert str(total) in shown


def test_a_given_plan_is_run_and_its_value_is_all_that_quiet_prints(tmp_path: Path) -> None:
    plan = tmp_path / "count.py"
    plan.write_text("result = len(list_all_stores()) * 1000\n")
    arguments = agentjit("run", "count the stores", "--plan", str(plan), "--quiet")
    done = subprocess.run(
        arguments, capture_output=True, text=True, env=environment(), cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"[1-9][0-9]*000\n", done.stdout)


def test_a_plan_is_shown_with_its_proof_and_not_run(tmp_path: Path) -> None:
    done = subprocess.run(
        agentjit("plan", TASK, "--json"),
        capture_output=True,
        text=True,
        env=environment(),
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert data["status"] == "planned"
    assert "place_order()" in data["plan"]
    assert "# page = 'checkout'" in data["proof"]
    assert [c["chosen"] for c in data["candidates"]] == [True]
    assert data["looked_up"]
    assert list(tmp_path.iterdir()) == []


def test_a_task_without_a_plan_exits_with_3_and_the_reason(tmp_path: Path) -> None:
    done = subprocess.run(
        agentjit("plan", "make me happy"),
        capture_output=True,
        text=True,
        env=environment(),
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "error[abstained]: " in done.stderr


def test_with_nobody_to_ask_nothing_is_ordered(tmp_path: Path) -> None:
    done = subprocess.run(
        command(tmp_path),
        capture_output=True,
        text=True,
        env=environment(),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert (done.returncode, done.stderr) == (4, "")
    data = json.loads(done.stdout)
    assert "no terminal to ask on" in data["error"]["message"]
    assert "--yes" in data["error"]["hint"]
    assert orders(data) == {}
