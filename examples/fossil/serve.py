"""Serve a fresh Fossil repository on a loopback port, set it back, and leave no process behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examples.fossil.seeding import PASSWORD, USER, fossil_environment, make_repository

#: Seconds that the server may take to answer, and to end.
PATIENCE: Final = 10.0
#: How often a port is tried: somebody else may take it between the asking and the listening.
ATTEMPTS: Final = 5


class FossilError(Exception):
    """Fossil is not there, or does not do what it is asked to."""


@dataclass(frozen=True, slots=True)
class Served:
    """A running server and its repository."""

    url: str
    repository: Path
    #: What `fossil version` says.
    version: str
    #: The process that listens; its children are in its group.
    pid: int
    #: The repository as it was made.
    start: Path

    def reset(self) -> None:
        """Put the start data back; every request opens the file anew, so the server may run on."""
        fresh = self.repository.with_suffix(".fresh")
        shutil.copyfile(self.start, fresh)
        fresh.replace(self.repository)


def is_installed() -> bool:
    """Whether there is a `fossil` on the PATH."""
    return shutil.which("fossil") is not None


@contextmanager
def serving() -> Iterator[Served]:
    """A fresh repository on a port of 127.0.0.1, until the block ends. Raises FossilError."""
    if not is_installed():
        raise FossilError("fossil is not installed; Debian, Ubuntu: apt install fossil")
    with tempfile.TemporaryDirectory(prefix="agentjit-fossil-") as name:
        folder = Path(name)
        try:
            start = make_repository(folder)
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip()
            raise FossilError(f"{' '.join(error.cmd[:3])}: {said}") from error
        # A folder of its own: where root starts it, Fossil locks itself up in there.
        repository = folder / "served" / "project.fossil"
        repository.parent.mkdir()
        shutil.copyfile(start, repository)
        process, port = _listen(repository, folder)
        try:
            yield Served(
                f"http://127.0.0.1:{port}", repository, _version(folder), process.pid, start
            )
        finally:
            _stop(process)


def _version(folder: Path) -> str:
    answer = subprocess.run(
        ("fossil", "version"),
        env=fossil_environment(folder),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    # "This is fossil version 2.21 [hash] date": the hash is nobody's concern.
    return answer.stdout.removeprefix("This is ").partition(" [")[0]


def _listen(repository: Path, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(ATTEMPTS):
        port = _free_port()
        process = subprocess.Popen(
            ("fossil", "server", "--localhost", "--port", str(port), str(repository)),
            cwd=folder,
            env=fossil_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if _answers(process, port):
            return process, port
        _stop(process)
    raise FossilError(f"fossil server did not answer within {PATIENCE:g} s on {ATTEMPTS} ports")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether it listens before it ends, or the time is over."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.02)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and the children that answer its requests."""
    for ending in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, ending)
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
            return


def main() -> None:
    """Serve until Enter is pressed."""
    with serving() as site:
        print(f"{site.url}  user {USER}, password {PASSWORD}; Enter ends it", flush=True)
        with suppress(EOFError, KeyboardInterrupt):
            input()


if __name__ == "__main__":
    main()
