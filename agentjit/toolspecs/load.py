"""Load a toolset from a user's own Python file."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path
from typing import Final

from agentjit.errors import UsageError
from agentjit.toolspecs.toolset import Toolset

#: What running a module's own top-level code may plausibly raise.
_RAISED_BY_MODULES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SystemExit,
    TypeError,
    ValueError,
)


def load_toolset(path: Path) -> Toolset:
    """The one Toolset that the module at `path` holds.

    Raises UsageError when the file cannot be read or run or holds none or several, and
    ToolsetError when its toolset is inconsistent.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {str(path)!r}", "give the path of a Python file")
    name = f"agentjit_toolset_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{str(path)!r} is not a Python file", "its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    # Annotations are resolved through sys.modules, so the module must stand there while it loads.
    sys.modules[name] = module
    # Beside its file, a toolset may keep helper modules of its own.
    _forget_neighbours_of_others(path.parent.resolve())
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        where = f"{path}:{error.lineno}" if error.lineno else str(path)
        raise UsageError(f"{where}: {error.msg}", "mend the file's syntax") from error
    except _RAISED_BY_MODULES as error:
        reason = f"{type(error).__name__}: {error}"
        hint = "run it with python to see how it comes to that"
        raise UsageError(f"{_where(path, error)} cannot be loaded: {reason}", hint) from error
    finally:
        sys.path.remove(str(path.parent.resolve()))
    found = {id(v): v for v in vars(module).values() if isinstance(v, Toolset)}
    if len(found) != 1:
        raise UsageError(
            f"{path} holds {len(found) or 'no'} Toolset{'s' if len(found) > 1 else ''}",
            "a tools file defines exactly one, e.g. TOOLSET = Toolset(…)",
        )
    return next(iter(found.values()))


def _forget_neighbours_of_others(folder: Path) -> None:
    """Forget the modules that another toolset had beside it under the names that are used here.

    They are known by this: nobody but their toolset could have found them.
    """
    reachable = {Path(entry).resolve() for entry in sys.path}
    for beside in folder.glob("*.py"):
        if beside.stem == "__main__":  # that one is whoever runs this, never a neighbour
            continue
        loaded = getattr(sys.modules.get(beside.stem), "__file__", None)
        if loaded and Path(loaded).resolve().parent not in reachable | {folder}:
            del sys.modules[beside.stem]


def _where(path: Path, error: BaseException) -> str:
    """The file, with the line of it that the error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if Path(f.filename).resolve() == path.resolve() and f.lineno]
    return f"{path}:{lines[-1]}" if lines else str(path)
