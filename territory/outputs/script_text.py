"""Values written inside the scripts of pages, where names of files may keep no meaning."""

from __future__ import annotations

import json
import re


def script_json(value: object) -> str:
    """
    Write `value` as JSON safe inside a script element and inside a template rendered again.

    Names come from files: neither `</script>` nor `{{ ... }}` may keep a meaning. folium renders
    what its macros return as a template a second time, so braces that could open a tag are escaped.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for mark, safe in {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028",
                       "\u2029": "\\u2029"}.items():  # fmt: skip
        text = text.replace(mark, safe)
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)
