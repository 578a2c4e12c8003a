"""The files that a project begins with."""

from __future__ import annotations

from typing import Any, Final

from agentjit.sites.gitlab.data import fill_license, licenses
from agentjit.sites.gitlab.model import File

_SOURCES: Final = {
    "C++": ("src/main.cpp", "int main() {\n  return 0;\n}\n"),
    "CSS": ("theme.css", ":root {\n  color-scheme: light dark;\n}\n\nbody {\n  margin: 0;\n}\n"),
    "Go": ("main.go", "package main\n\nfunc main() {\n}\n"),
    "Java": ("src/Main.java", "public final class Main {\n}\n"),
    "JavaScript": ("src/index.js", '"use strict";\n\nmodule.exports = {};\n'),
    "MDX": ("content/index.mdx", "# Guidelines\n\nWhat belongs together stands together.\n"),
    "PHP": ("writer.php", "<?php\n\nfinal class Writer\n{\n}\n"),
    "Python": ("main.py", '"""Where it starts."""\n\nprint("ready")\n'),
    "Ruby": ("lib/main.rb", "module Main\nend\n"),
    "Shell": (".zshrc", 'export EDITOR="vi"\nalias ll="ls -l"\n'),
}
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{name}</title>
</head>
<body>
<h1>{name}</h1>
<p>{description}.</p>
</body>
</html>
"""


def first_files(facts: dict[str, Any]) -> tuple[File, ...]:
    """The files of a project, in the order in which the site lists them."""
    name, description = facts["name"], facts["description"]
    found = {
        "README.md": f"# {name}\n\n{description}.\n\nIssues and merge requests are welcome.\n",
        "docs/contributing.md": "# Contributing\n\nSmall changes, one at a time, with a test.\n",
        ".gitignore": "build/\n*.log\n",
    }
    if facts["language"] == "HTML":
        found["index.html"] = _PAGE.format(name=name, description=description)
        found["styles/main.css"] = "body {\n  font-family: sans-serif;\n}\n"
    elif facts["language"] in _SOURCES:
        path, source = _SOURCES[facts["language"]]
        found[path] = source
    if text := license_text(facts):
        found[facts.get("license_file", "LICENSE")] = text
    return sort_files(File(path, content) for path, content in found.items())


def license_text(facts: dict[str, Any]) -> str:
    """The text of the licence that a project has at first; empty where it has none."""
    wanted: str = facts["license"]
    if not wanted:
        return ""
    for key, (name, _) in licenses().items():
        if name.endswith(wanted) or name.startswith(wanted):
            return fill_license(key, facts["years"][0], facts["contributors"][0][0])
    raise KeyError(wanted)


def sort_files(found: Any) -> tuple[File, ...]:
    """Folders first, then files, each by name without regard to case."""
    return tuple(sorted(found, key=lambda file: ("/" not in file.path, file.path.casefold())))
