"""Pythons of virtual environments beside ours, for programs that need other packages."""

from __future__ import annotations

import os
from pathlib import Path


def find_environment(name: str, variable: str, folder: str) -> Path | None:
    """The Python of the environment `name`; None where it is not there.

    It is in the folder that the `variable` names, or else in the `folder` that make makes: here, or
    in the clone that this runs from.
    """
    if variable in os.environ:
        places = [Path(os.environ[variable])]
    else:
        places = [Path.cwd() / folder, Path(__file__).parents[2] / folder]
    pythons = (place / name / "bin" / "python" for place in places)
    return next((python for python in pythons if python.exists()), None)
