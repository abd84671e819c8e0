"""The collection and its environment, made from the journey and the platform's OpenAPI document (`make postman-write`).

Summaries, example bodies and what counts as success are the document's; order and variables are the journey's.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from habrio_gateway.spec import merged
from postman.journey import JOURNEY, Folder, Step

HERE = Path(__file__).parent
COLLECTION = HERE / "Habrio.postman_collection.json"
ENVIRONMENT = HERE / "Habrio.postman_environment.json"
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
ABOUT = (
    "Walks through every operation of the API: run the whole collection, or a folder after the folders above it."
    " Needs a platform in development or testing, whose test support shows one-time passwords. Generated: see"
    " postman/README.md."
)
VARIABLES = {
    "baseUrl": "http://127.0.0.1:8000",
    **dict.fromkeys(("consumerPhone", "vendorPhone"), ""),
    "adminPhone": "9000000001",
    "guestPhone": "",
    **{f"{who}{kind}Token": "" for who in ("consumer", "vendor", "admin") for kind in ("Access", "Refresh")},
}
DEMO = {"consumerPhone": "9000000003", "vendorPhone": "9000000002"}
NUMBER = re.compile(r'"(\{\{\w+Id\}\})"')
"""A variable that holds an id stands in a body as a number, without quotes."""

BOUNDARY = "habrio-boundary"

Json = dict[str, Any]


def document() -> Json:
    """The platform's document, from the committed ones."""
    files = sorted((HERE.parent / "services").glob("*/openapi.json"))
    return merged({file.parent.name: json.loads(file.read_text(encoding="utf-8")) for file in files})


def collection() -> Json:
    paths = document()["paths"]
    kept = {name for folder in JOURNEY for step in folder.steps for name in step.keep}
    variables = VARIABLES | dict.fromkeys(sorted(kept - VARIABLES.keys()), "") | {"society": "", "hasAgent": ""}
    return {
        "info": {"name": "Habrio", "description": ABOUT, "schema": SCHEMA},
        "item": [_ready(), *(_folder(folder, paths) for folder in JOURNEY)],
        "event": [_event("prerequest", _script("before_each")), _event("test", _script("after_each"))],
        "variable": [{"key": name, "value": value} for name, value in variables.items()],
    }


def environment() -> Json:
    """Where the platform is and who the people are; the demo people are there to be switched on."""
    given = {name: VARIABLES[name] for name in ("baseUrl", "adminPhone")}
    return {
        "name": "Habrio on this machine",
        "values": [
            *({"key": name, "value": value, "enabled": True} for name, value in given.items()),
            *({"key": name, "value": value, "enabled": False} for name, value in DEMO.items()),
            {"key": "society", "value": "Green Meadows", "enabled": False},
        ],
        "_postman_variable_scope": "environment",
    }


def _ready() -> Json:
    """The gateway's own page, which is no part of the document."""
    lines = [*_checks((200,)), _keeping({"hasAgent": 'services.agent ? "true" : "false"'})]
    return {
        "name": "Is the platform up?",
        "event": [_event("prerequest", _script("start")), _event("test", lines)],
        "request": {"method": "GET", "auth": {"type": "noauth"}, "url": "{{baseUrl}}/ready"},
    }


def _folder(folder: Folder, paths: Json) -> Json:
    made: Json = {"name": folder.name, "description": folder.about}
    if folder.only_with_agent:
        made["event"] = [_event("prerequest", _script("with_agent"))]
    return made | {"item": [_item(step, paths) for step in folder.steps]}


def _item(step: Step, paths: Json) -> Json:
    method, _, path = step.call.partition(" ")
    operation = paths[path][method.lower()]
    expect = step.expect or tuple(int(status) for status in operation["responses"] if int(status) < 300)
    lines = _checks(expect, done_before_by=step.who if step.once else "")
    return {
        "name": step.title or operation["summary"],
        "event": [_event("test", [*lines, _keeping(step.keep)] if step.keep else lines)],
        "request": {
            "method": method,
            "auth": _auth(step.who),
            "url": _url(path, step),
            "description": "\n\n".join(filter(None, (operation["summary"], operation.get("description")))),
            **_body(step, operation),
        },
    }


def _auth(who: str) -> Json:
    if not who:
        return {"type": "noauth"}
    return {"type": "bearer", "bearer": [{"key": "token", "value": f"{{{{{who}AccessToken}}}}", "type": "string"}]}


def _url(path: str, step: Step) -> str:
    def value(found: re.Match[str]) -> str:
        name = re.sub(r"_(\w)", lambda letter: letter[1].upper(), found[1])
        return step.path.get(found[1], f"{{{{{name}}}}}")

    query = "&".join(f"{name}={wanted}" for name, wanted in step.query.items())
    return "{{baseUrl}}" + re.sub(r"\{(\w+)\}", value, path) + (f"?{query}" if query else "")


def _body(step: Step, operation: Json) -> Json:
    if step.form:
        return _raw(_multipart(step.form), f"multipart/form-data; boundary={BOUNDARY}", "text")
    example = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    sent = example if step.body is None else step.body
    if sent is None:
        return {}
    return _raw(NUMBER.sub(r"\1", json.dumps(sent, indent=2, ensure_ascii=False)), "application/json", "json")


def _raw(text: str, content_type: str, language: str) -> Json:
    return {
        "header": [{"key": "Content-Type", "value": content_type}],
        "body": {"mode": "raw", "raw": text, "options": {"raw": {"language": language}}},
    }


def _multipart(form: tuple[tuple[str, str], ...]) -> str:
    """The form as text: a file that stands in the collection itself is there wherever the collection is taken."""
    *fields, (filename, content) = form
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields]
    parts.append(f'Content-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n{content}')
    return "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts) + f"--{BOUNDARY}--\r\n"


def _checks(expect: tuple[int, ...], *, done_before_by: str = "") -> list[str]:
    words = " or ".join(map(str, expect))
    if not done_before_by:
        return [f'pm.test("answers {words}", () => pm.expect(pm.response.code).to.be.oneOf({list(expect)}));']
    return [
        "// Somebody whose phone the environment gives may have done this in an earlier walk.",
        f'const right = pm.environment.has("{done_before_by}Phone") ? {[*expect, 400]} : {list(expect)};',
        f'pm.test("answers {words}", () => pm.expect(pm.response.code).to.be.oneOf(right));',
    ]


def _keeping(keep: dict[str, str]) -> str:
    """One line that notes what later requests need."""
    sets = " ".join(f'pm.collectionVariables.set("{name}", answer.{where});' for name, where in keep.items())
    return f"if (pm.response.code < 300) {{ const answer = pm.response.json(); {sets} }}"


def _event(listen: str, lines: list[str]) -> Json:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": lines}}


def _script(name: str) -> list[str]:
    return (HERE / "scripts" / f"{name}.js").read_text(encoding="utf-8").splitlines()


def written(made: Json) -> str:
    """As it stands in its file."""
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    COLLECTION.write_text(written(collection()), encoding="utf-8")
    ENVIRONMENT.write_text(written(environment()), encoding="utf-8")
    print(f"{COLLECTION.name}: {sum(len(folder.steps) for folder in JOURNEY) + 1} requests")
    return 0


if __name__ == "__main__":
    sys.exit(main())
