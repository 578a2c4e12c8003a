"""A comparison as one page of HTML that needs no network: tables, pictures, every trial."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agentjit.bench.latency.paper import SOURCE, published
from agentjit.bench.latency.plots import draw_plots
from agentjit.bench.latency.results import Results
from agentjit.errors import UsageError

_TEMPLATES: Final = Path(__file__).with_name("templates")

#: What each picture shows, by its name.
CAPTIONS: Final = {
    "latency-accuracy": "Mean seconds and share passed",
    "speed-up-by-task": "Task by task, where both passed",
    "think-curve": "The same runs at other paces: computed from calls, tokens and harness",
    "gantt": "Where the time goes",
}


def write_page(results: Results, folder: Path, *, plots: bool) -> None:
    """Write index.html, and the pictures beside it. Raises UsageError."""
    drawn = draw_plots(results) if plots else {}
    try:
        for name, svg in drawn.items():
            (folder / f"{name}.svg").write_text(svg, "utf-8")
        (folder / "index.html").write_text(render_page(results, drawn), "utf-8")
    except OSError as error:
        raise UsageError(f"the page cannot be written to {folder}: {error.strerror}") from error


def render_page(results: Results, plots: Mapping[str, str]) -> str:
    """The page's text. `plots` are SVG texts by name."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    summary = results.summary
    page: Any = environment.get_template("latency.html")
    text: str = page.render(
        about=results.about,
        systems=results.about["systems"],
        summary=summary,
        rows={(row.group, row.system): row for row in summary.rows},
        whole=summary.whole,
        paper={g.name: row for g in summary.groups if (row := published(g.name)) is not None},
        source=SOURCE,
        trials=results.trials,
        skipped=results.skipped,
        plots=plots,
        captions=CAPTIONS,
    )
    return text
