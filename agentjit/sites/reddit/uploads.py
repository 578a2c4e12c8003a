"""Uploaded pictures: a picture's address is the hash of its content, as Postmill's is."""

from __future__ import annotations

from hashlib import sha256

from agentjit.sites.common.forms import Form
from agentjit.sites.common.refusing import RefusedError


def keep_picture(form: Form) -> str:
    """The address of the picture that a form carries; RefusedError where it carries none.

    Its pixels are not kept: what is shown at the address is drawn from the hash.
    """
    upload = dict(form.uploads).get("submission[image]")
    if upload is None or not upload.content:
        raise RefusedError("Choose a picture")
    if not upload.content_type.startswith("image/"):
        raise RefusedError("That file is no picture")
    return f"/submission_images/{sha256(upload.content).hexdigest()}.jpg"
