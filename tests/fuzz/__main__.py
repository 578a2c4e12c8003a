"""The fuzz run: python -m tests.fuzz [TARGET …] --minutes N; or, for one text, --input FILE."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import signal
import sys
import time
from pathlib import Path
from typing import Final

from tests.fuzz.campaign import SHARES, WORTH, Outcome, minimise_apart, run_engine
from tests.fuzz.minimising import minimise
from tests.fuzz.targets import NAMES, load_target
from tests.fuzz.verdict import ROOT, Finding, try_text

#: Where findings, logs and what was learnt for the next run are kept.
FOLDER: Final = ROOT / "runs" / "fuzz"
#: Which part of the time is left for making findings small, and seconds for one of them.
_SMALL_SHARE: Final = 0.08
_SMALL_SECONDS: Final = 20.0


def main() -> int:
    """Run what the command line asks for; 1 where anything was found, 2 where it cannot run."""
    args = _arguments()
    if args.input is not None:
        return _try_file(args.target, args.input, args.seconds, args.output)
    engines = tuple(SHARES) if args.engine == "both" else (args.engine,)
    if "coverage" in engines and importlib.util.find_spec("atheris") is None:
        print("error: the coverage-guided fuzzer is not installed", file=sys.stderr)
        print("hint: pip install -e '.[dev,fuzz]', or --engine hypothesis", file=sys.stderr)
        return 2
    # `timeout`, and a person's ^C: workers have sessions of their own, and must end with this one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    outcomes: list[Outcome] = []
    end = time.monotonic() + args.minutes * 60
    try:
        for number, name in enumerate(args.target):
            left = (end - time.monotonic()) / (len(args.target) - number)
            outcomes += _fuzz(name, engines, seconds=left, seed=args.seed)
    except KeyboardInterrupt:
        print("\nstopped")
    _print_table(outcomes)
    if any(outcome.trouble for outcome in outcomes):
        return 2
    return 1 if any(outcome.findings for outcome in outcomes) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", metavar="TARGET", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--minutes", type=float, default=10.0, help="for all of them (10)")
    parser.add_argument("--engine", choices=("both", *SHARES), default="both")
    parser.add_argument("--seed", type=int, default=0, help="where chance begins (0)")
    parser.add_argument("--input", type=Path, help="try this file's text, and make it small")
    parser.add_argument("--seconds", type=float, default=60.0, help="for making it small (60)")
    parser.add_argument("--output", type=Path, help="where the small text goes")
    args = parser.parse_args()
    args.target = args.target or list(NAMES)
    if unknown := [name for name in args.target if name not in NAMES]:
        parser.error(f"there is no target {unknown[0]!r}; there are {', '.join(NAMES)}")
    if args.input is not None and len(args.target) != 1:
        parser.error("--input is for one target: say which")
    if not args.minutes > 0:
        parser.error("--minutes must be more than 0")
    return args


def _fuzz(name: str, engines: tuple[str, ...], *, seconds: float, seed: int) -> list[Outcome]:
    """One target with its engines, then its findings, small and in files."""
    end = time.monotonic() + seconds
    whole = sum(SHARES[engine] for engine in engines)
    outcomes = []
    for engine in engines:
        share = seconds * (1 - _SMALL_SHARE) * SHARES[engine] / whole
        print(f"{name}: {engine}, {share:.0f} s", flush=True)
        outcomes.append(run_engine(name, engine, seconds=share, folder=FOLDER, seed=seed))
    shown: set[str] = set()
    for outcome in outcomes:
        for key, finding in outcome.findings.items():
            if key not in shown:
                shown.add(key)
                _report(name, finding, end - time.monotonic())
    return outcomes


def _report(name: str, finding: Finding, left: float) -> None:
    if finding.kind != "death" and left > WORTH:
        seconds = min(left, _SMALL_SECONDS)
        finding = minimise_apart(name, finding, seconds=seconds, folder=FOLDER)
    data = finding.text.encode("utf-8", "surrogatepass")
    path = FOLDER / f"{name}-{finding.kind}-{hashlib.sha256(data).hexdigest()[:8]}.txt"
    path.write_bytes(data)
    print(f"\n{finding.kind} in {name}: {finding.key}\n  {path.relative_to(ROOT)}")
    text = repr(finding.text)
    print(f"  {text if len(text) <= 600 else text[:600] + '…'}")
    print("".join(f"    {line}\n" for line in finding.story.splitlines()[-14:]), flush=True)


def _try_file(targets: list[str], path: Path, seconds: float, output: Path | None) -> int:
    """Try one text, and make it as small as the time allows where it breaks its target."""
    target = load_target(targets[0])
    trial = try_text(target, path.read_bytes().decode("utf-8", "surrogatepass"))
    if trial.finding is None:
        print(f"ok, in {trial.seconds:.2f} s of CPU")
        return 0
    small = minimise(target, trial.finding, seconds=seconds)
    if output is not None:
        output.write_bytes(small.text.encode("utf-8", "surrogatepass"))
    print(f"{small.kind}: {small.key}\n{small.text!r}\n{small.story}")
    return 1


def _print_table(outcomes: list[Outcome]) -> None:
    heads = ("target", "engine", "executions", "/s", "edges", "corpus", "findings", "slowest, s")
    print("\n" + _row(heads))
    for outcome in outcomes:
        numbers = outcome.numbers
        rate = numbers.executions / numbers.seconds if numbers.seconds else 0.0
        cells = (
            outcome.target,
            outcome.engine,
            f"{numbers.executions}",
            f"{rate:.0f}",
            "-" if outcome.covered is None else f"{outcome.covered}",
            "-" if outcome.corpus is None else f"{outcome.corpus}",
            f"{len(outcome.findings)}",
            f"{numbers.slowest:.2f}",
        )
        print(_row(cells))
        if outcome.trouble:
            print(f"  did not work: {outcome.trouble}")
    for outcome in outcomes:
        if outcome.numbers.slowest_text:
            print(f"slowest of {outcome.target} ({outcome.engine}):")
            print(f"  {outcome.numbers.slowest_text[:100]!r}")


def _row(cells: tuple[str, ...]) -> str:
    widths = (10, 10, 10, 6, 6, 6, 8, 10)
    first, second, *rest = zip(cells, widths, strict=True)
    left = [cell.ljust(width) for cell, width in (first, second)]
    return "  ".join([*left, *(cell.rjust(width) for cell, width in rest)])


if __name__ == "__main__":
    sys.exit(main())
