"""A client that reads pages with the spaces of a keyboard, so that tests can quote sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.testclient import TestClient

if TYPE_CHECKING:
    import httpx

_NO_BREAK = re.compile("[\u00a0\u202f](?=[:;?!»])|(?<=«)\u00a0")


class AsTyped(TestClient):
    """`TestClient`; the no-break spaces of French marks come back as plain ones in `text`."""

    def request(self, *args: Any, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Return the answer."""
        answer: httpx.Response = super().request(*args, **options)
        if answer.headers.get("content-type", "").startswith("text/html"):
            answer._content = _NO_BREAK.sub(" ", answer.content.decode()).encode()
        return answer
