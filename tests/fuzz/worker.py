"""One engine at work on one target, in a process of its own: python -m tests.fuzz.worker …"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import sys
import time
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.fuzz.record import Record
from tests.fuzz.target import Target
from tests.fuzz.verdict import try_text

#: Bytes of address space.
MEMORY: Final = 6 << 30
#: Bytes of the longest text; a plan may have 64 Ki characters.
LONGEST: Final = 70_000
#: Texts between two looks at the clock.
ROUND: Final = 200

ENGINES: Final = ("hypothesis", "coverage")


class Session:
    """Texts tried until the time is over."""

    def __init__(self, target: Target, record: Record, seconds: float) -> None:
        self.target = target
        self._record = record
        self._end = time.monotonic() + seconds

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self._end

    def try_one(self, text: str) -> None:
        """Try a text and keep what comes of it."""
        self._record.begin(text)
        self._record.end(text, try_text(self.target, text))

    def finish(self) -> None:
        """Write the numbers down."""
        self._record.write()


def run_hypothesis(session: Session, seed: int) -> None:
    """Texts that Hypothesis draws: any at all, rows of the target's words, and changed seeds."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    from tests.fuzz.drawing import texts_for

    rules = settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    while not session.over:
        seed += 1

        @seeded(seed)
        @rules
        @given(texts_for(session.target))
        def ends(text: str) -> None:
            if not session.over:
                session.try_one(text)

        ends()


def run_coverage(
    session: Session, seed: int, atheris: Any, folder: Path, *, seconds: float
) -> None:
    """Texts that libFuzzer makes, keeping those that reach new code."""
    from tests.fuzz.mutation import mutate

    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(session.target.seeds):
        (corpus / f"seed-{number}").write_bytes(text.encode("utf-8", "surrogatepass"))
    words = folder / "words.dict"
    words.write_text("".join(f'"{_escape(t)}"\n' for t in session.target.tokens), "utf-8")

    def one(data: bytes) -> None:
        if session.over:
            session.finish()
            sys.stderr.flush()
            os._exit(0)  # libFuzzer has no other way to be stopped from inside
        session.try_one(decode(data))

    def changed(data: bytes, size: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.random() < 0.4:
            made: bytes = atheris.Mutate(data, min(size, len(data) + 64))
            return made
        text = mutate(session.target, decode(data), chance)
        return text.encode("utf-8", "surrogatepass")[:size]

    atheris.Setup(
        [
            "fuzz",
            str(corpus),
            f"-dict={words}",
            f"-seed={seed + 1}",
            f"-max_total_time={int(seconds) + 5}",
            f"-max_len={LONGEST}",
            f"-artifact_prefix={folder}/",
            "-timeout=120",
            "-rss_limit_mb=3000",
            "-print_final_stats=1",
        ],
        one,
        custom_mutator=changed,
    )
    atheris.Fuzz()


def decode(data: bytes) -> str:
    """Any bytes as text. Halves of surrogate pairs stay: arguments of a command may have them."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def _escape(token: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in token.encode("utf-8", "surrogatepass"))


def main() -> None:
    """Read what the parent wants, and do it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    args = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    record = Record(args.folder)
    load = importlib.import_module("tests.fuzz.targets").load_target
    if args.engine == "hypothesis":
        session = Session(load(args.target), record, args.seconds)
        run_hypothesis(session, args.seed * 1_000_003)
        session.finish()
        return
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["agentjit"]):
        target = load(args.target)
    session = Session(target, record, args.seconds)
    run_coverage(session, args.seed, atheris, args.corpus, seconds=args.seconds)


if __name__ == "__main__":
    main()
