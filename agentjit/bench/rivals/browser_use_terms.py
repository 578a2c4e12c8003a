"""What each release of browser-use calls its actions, and where it keeps what it has shown.

For the Python that has browser-use; see `drive_browser_use.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final


def text_of(message: Any) -> str:
    """The words of a message; pictures in it are not counted."""
    content = message.content
    if isinstance(content, str):
        return content
    return "".join(getattr(part, "text", "") for part in content or ())


class Terms:
    """What a release of browser-use calls its actions, and where it keeps what it has shown."""

    def __init__(self, names: Mapping[str, str], views: Any) -> None:
        self._names = names
        #: Whether a click scrolls to its element; the older release clicks where it is not shown.
        self.scrolls = names is NAMES_0_13
        self._views = views

    def action(self, action: Mapping[str, Any], number: int | None, site: str) -> dict[str, Any]:
        """A recorded action as the agent is asked for it."""
        value, named = action["value"], self._names
        match action["kind"]:
            case "goto":
                return {named["goto"]: {"url": site + value}}
            case "click":
                return {named["click"]: {"index": number}}
            case "fill":
                return {named["fill"]: {"index": number, "text": value}}
            case "select":
                return {named["select"]: {"index": number, "text": value}}
            case _:
                return {"send_keys": {"keys": value}}

    def scroll(self, windows: float) -> dict[str, Any]:
        """So many windows down; up where it is less than none."""
        pages = max(0.5, min(10.0, round(abs(windows), 1)))
        return {"scroll": {"down": windows > 0, self._names["pages"]: pages}}

    def wait(self) -> dict[str, Any]:
        """The shortest wait."""
        return {"wait": {"seconds": 1}}

    def selector_map(self, session: Any) -> Mapping[int, Any]:
        """Number -> element, as the agent has shown them last."""
        shown = session._cached_browser_state_summary
        found: Mapping[int, Any] = {} if shown is None else shown.dom_state.selector_map
        return found

    async def page(self, session: Any) -> tuple[str, Any]:
        """The id of the debugging session of the tab, and the client that speaks to it."""
        debugging = await session.get_or_create_cdp_session()
        return debugging.session_id, debugging.cdp_client.send

    def completion(self, said: str, form: Any, prompt: int, output: int) -> Any:
        """The answer as browser-use takes it."""
        usage = self._views.ChatInvokeUsage(
            prompt_tokens=prompt,
            prompt_cached_tokens=None,
            prompt_cache_creation_tokens=None,
            prompt_image_tokens=None,
            completion_tokens=output,
            total_tokens=prompt + output,
        )
        answer = said if form is None else form.model_validate_json(said)
        return self._views.ChatInvokeCompletion(completion=answer, usage=usage)


#: Kind of action -> its name in a release.
NAMES_0_13: Final = {
    "goto": "navigate",
    "click": "click",
    "fill": "input",
    "select": "select_dropdown",
    "pages": "pages",
}
NAMES_0_7: Final = {
    "goto": "go_to_url",
    "click": "click_element_by_index",
    "fill": "input_text",
    "select": "select_dropdown_option",
    "pages": "num_pages",
}
