"""A secret is typed into the site, and nowhere else: not one artefact of a run holds it."""

from __future__ import annotations

import base64
import html
import json
import traceback
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, unquote_plus
from zipfile import ZipFile

import pytest

from agentjit.engine import AgentJIT
from agentjit.errors import UsageError
from agentjit.ports import ApprovalRequest, RunEvent
from agentjit.runtime.account import ACCOUNT
from agentjit.runtime.result import RunResult
from tests.containment.vault import PASSWORD, TOOLSET, Vault, open_vault
from tests.fixtures.fake_endpoint import FakeEndpoint, Seen, fake_endpoint, says, writes

TASK: Final = "log in with secret:VAULT_PASSWORD"
PLAN: Final = """\
log_in("ada", "secret:VAULT_PASSWORD")
note = read_note()
polite = ai_eval("is it polite?", returns=bool, note=note)
answer = send_note("secret:VAULT_PASSWORD")
result = [note, polite, answer]
"""
COMPOSED: Final = """\
log_in("ada", "secret:VAULT_PASSWORD")
name = read_note()["text"][8:29]
result = send_note(f"{name}")
"""


def is_told(text: str) -> bool:
    """Whether a text holds the password, in any of the ways in which texts are written."""
    coded = base64.b64encode(PASSWORD.encode()).decode()[:-4]
    forms = [
        text,
        unquote(text),
        unquote_plus(text),
        html.unescape(text),
        text.replace("\\\\", "\\"),
    ]
    written = [json.dumps(PASSWORD)[1:-1], json.dumps(PASSWORD, ensure_ascii=False)[1:-1]]
    return (
        coded in text
        or any(PASSWORD in form for form in forms)
        or any(each in text for each in written)
    )


def artefacts(folder: Path) -> dict[str, str]:
    """Every file below a folder, as text.

    But for what the browser itself keeps for the site, which a resumed run needs as it is: what a
    site puts into a cookie is the site's. It is its owner's alone to read.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        assert path.name != ACCOUNT or path.stat().st_mode & 0o077 == 0
    return {str(path.relative_to(folder)): read_all(path) for path in files if path.name != ACCOUNT}


def read_all(path: Path) -> str:
    """A file's text; of an archive that of all that is in it."""
    if path.suffix != ".zip":
        return path.read_bytes().decode("utf-8", "replace")
    with ZipFile(path) as archive:
        parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        return "\n".join([*archive.namelist(), *parts])


class Witness:
    """All that was told while a run went on."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def watch(self, event: RunEvent) -> None:
        self.told.append(repr(event))

    def grant(self, request: ApprovalRequest) -> bool:
        self.told.append(repr(request))
        return True


async def perform(
    plan: str | None, folder: Path, vault: Vault, endpoint: FakeEndpoint, witness: Witness
) -> RunResult:
    file = folder / "secrets.env"
    file.write_text(f"# the vault\nVAULT_PASSWORD='{PASSWORD}'\n")
    env = {
        "OPENAI_API_KEY": "key-of-the-model",
        "OPENAI_BASE_URL": endpoint.base_url,
        "AGENTJIT_CACHE": str(folder / "kept" / "cache"),
    }
    engine = AgentJIT(
        tools=TOOLSET,
        url=vault.url,
        secrets=file,
        env=env,
        approve=witness.grant,
        listeners=(witness.watch,),
        runs_dir=folder / "kept" / "runs",
        har=True,
        trace=True,
    )
    async with engine as jit:
        return await jit.run(TASK, plan=plan)


def script(_: int, seen: Seen) -> Any:
    """Plans are written where one is asked for, questions answered with yes."""
    asked = json.dumps(seen.body)
    return says('{"answer": true}') if "is it polite?" in asked else writes(PLAN)


@pytest.mark.parametrize("plan", [PLAN, None], ids=["given", "by a model"])
async def test_the_canary_is_in_no_artefact_of_a_run(plan: str | None, tmp_path: Path) -> None:
    witness = Witness()
    async with open_vault() as vault, fake_endpoint(script=script) as endpoint:
        result = await perform(plan, tmp_path, vault, endpoint, witness)
        prompts = json.dumps([seen.body for seen in endpoint.requests], ensure_ascii=False)
    assert result.status == "done", result.error
    # The site was told, and what it said of it came back as the handle.
    assert (vault.passwords, vault.notes) == ([PASSWORD], [PASSWORD])
    assert result.value[0]["parts"] == ["You are secret:VAULT_PASSWORD", "secret:VAULT_PASSWORD"]
    kept = artefacts(tmp_path / "kept")
    assert {Path(name).name for name in kept} >= {
        "events.jsonl",
        "network.har",
        "result.json",
        "trace.zip",
    }
    assert [name for name, text in kept.items() if is_told(text)] == []
    assert all("secret:VAULT_PASSWORD" in text for text in kept.values() if "login" in text)
    assert "secret:VAULT_PASSWORD" in prompts
    assert not is_told(prompts)
    assert not any(map(is_told, witness.told))
    assert not is_told(repr(result) + json.dumps(result.to_json()))


@pytest.mark.parametrize("name", ["fail_in_browser", "fail_in_words", "promise_wrongly"])
async def test_the_canary_is_in_no_error(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    witness = Witness()
    plan = f'{name}(password="secret:VAULT_PASSWORD")\n'
    async with open_vault() as vault, fake_endpoint(script=script) as endpoint:
        result = await perform(plan, tmp_path, vault, endpoint, witness)
    assert result.status == "failed"
    assert result.error is not None
    told = "".join(traceback.format_exception(result.error))
    assert "secret:VAULT_PASSWORD" in told
    assert not is_told(told + repr(result) + "".join(capfd.readouterr()))
    assert not any(map(is_told, witness.told))
    assert [n for n, text in artefacts(tmp_path / "kept").items() if is_told(text)] == []


@pytest.mark.parametrize(
    ("plan", "typed"),
    [
        # A page may write a handle; it gets these letters.
        (
            'log_in("ada", "secret:VAULT_PASSWORD")\nresult = send_note(read_note()["text"])\n',
            "You",
        ),
        # Nor does a handle that the code puts together from what a page says become a value.
        (COMPOSED, "secret:VAULT_PASSWORD"),
    ],
)
async def test_what_a_page_says_is_never_replaced(plan: str, typed: str, tmp_path: Path) -> None:
    async with open_vault() as vault, fake_endpoint(script=script) as endpoint:
        result = await perform(plan, tmp_path, vault, endpoint, Witness())
    assert result.status == "done", result.error
    assert vault.notes[0].startswith(typed)
    assert PASSWORD not in vault.notes[0]


async def test_a_models_plan_uses_only_secrets_of_the_task(tmp_path: Path) -> None:
    greedy = PLAN.replace("ai_eval", "#").replace('("secret:VAULT', '("secret:OTHER')
    greedy = greedy.replace('polite = #("is it polite?", returns=bool, note=note)', "polite = 1")
    file = tmp_path / "secrets.env"
    async with open_vault() as vault, fake_endpoint(writes(greedy)) as endpoint:
        file.write_text(f"VAULT_PASSWORD='{PASSWORD}'\nOTHER_PASSWORD=swordfish\n")
        env = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": endpoint.base_url}
        engine = AgentJIT(
            tools=TOOLSET, url=vault.url, secrets=file, env=env, approve=True, runs_dir=tmp_path
        )
        async with engine as jit:
            await jit.run(TASK)
    assert "swordfish" not in str(vault.notes)


async def test_a_secret_that_is_nowhere_stops_the_run_before_it_begins(tmp_path: Path) -> None:
    async with open_vault() as vault:
        engine = AgentJIT(tools=TOOLSET, url=vault.url, runs_dir=tmp_path, env={})
        async with engine as jit:
            with pytest.raises(UsageError, match="no secret 'VAULT_PASSWORD'"):
                await jit.run(TASK)
    assert artefacts(tmp_path) == {}
