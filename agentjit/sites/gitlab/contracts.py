"""Parts of contracts that many of GitLab's tools share."""

from __future__ import annotations

from typing import Final

#: Nothing is typed into a form, and no licence is chosen.
NO_DRAFT: Final = "draft == None, license_template == None"
#: Not at an issue or merge request, nor at somebody's profile either.
NO_ITEM: Final = f"number == None, profile == None, {NO_DRAFT}"
#: In no project.
NOWHERE: Final = f"project_path == None, {NO_ITEM}"

#: On a page of a project, without a dialog over it.
IN_PROJECT: Final = "project_path known, page != 'invite_modal', page != 'status_modal'"
