"""What a browser may send: the few kinds of message that the page needs, and no others.

The widgets' protocol knows more: it lets a browser make objects of any class, call their methods and set what the
server has set. Nothing of that gets past this list.
"""

import json
import re
from typing import Any

LARGEST = 2**18
"""Characters of the longest message that is read."""
LONGEST_PATH = 2**13
"""Characters of the longest link that is followed."""
TARGETS = frozenset({"solara.control", "jupyter.widget.control"})
"""What a browser may connect to: the page's own control, and the one that tells all states after a lost connection."""
KINDS = frozenset({"kernel_info_request", "comm_info_request", "comm_open", "comm_msg", "comm_close"})
EVENT = re.compile(r"[a-z][a-z_]{0,39}")


def is_allowed(text: object) -> bool:
    """Whether a message from a browser is one that the page sends."""
    if not isinstance(text, str) or len(text) > LARGEST:
        return False
    try:
        message = json.loads(text)
        kind, content = message["header"]["msg_type"], message["content"]
        known = kind in KINDS and message.get("channel") == "shell" and not message.get("buffers")
        return bool(known and _is_content(kind, content))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False


def _is_content(kind: str, content: dict[str, Any]) -> bool:
    if kind == "comm_open":
        return content["target_name"] in TARGETS
    return kind != "comm_msg" or _is_data(content["data"])


def _is_data(data: dict[str, Any]) -> bool:
    """Whether it starts the page, asks for states, tells the browser's colours or says what a control did."""
    match data:
        case {"method": "run", "args": {"path": str(path), "appName": None}}:
            return len(path) <= LONGEST_PATH
        case {"method": "app-status" | "request_state" | "request_states"}:
            return True
        case {"method": "update", "state": {"dark_effective": bool()} as state}:
            return len(state) == 1
        case {"method": "custom", "content": {"event": str(name), **rest}}:
            return rest.keys() <= {"data"} and EVENT.fullmatch(name) is not None
    return False


def is_for_browsers(text: object) -> bool:
    """Whether a message of the server is for browsers: what failed inside it is not."""
    return not (isinstance(text, str) and any(f'"msg_type": "{kind}"' in text[:400] for kind in ("error", "stream")))
