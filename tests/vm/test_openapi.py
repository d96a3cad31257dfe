# SPDX-License-Identifier: Apache-2.0
"""The API's document against the host that serves it."""

import json
from urllib.parse import quote

import jsonschema
import pytest
from api import PREFIX, Client

# Valid values for what a GET must have.
VALUES = {"name": "vmkernel", "user": "root", "path": "/etc/hosts", "group": "host", "generation": 1}

# Streams, each of which would go on until the client leaves.
ENDLESS = ("system.event.stream", "system.task.stream", "system.log.stream")


@pytest.fixture(scope="module", name="api")
def api_fixture(vm):
    return Client(vm)


@pytest.fixture(scope="module", name="document")
def document_fixture(api):
    status, document = api.ask("GET", "/openapi.json")
    assert status == 200
    return document


def operations(document, method):
    return [(path, o[method]) for path, o in document["paths"].items() if method in o]


def fill(path, operation, values):
    """The path with values for all that is required; None if one is not known."""
    query = []
    for parameter in operation.get("parameters", ()):
        if not parameter["required"]:
            continue
        if parameter["name"] not in values:
            return None
        value = quote(str(values[parameter["name"]]), safe="")
        if parameter["in"] == "path":
            path = path.replace("{%s}" % parameter["name"], value)
        else:
            query.append(f"{parameter['name']}={value}")
    return path + ("?" + "&".join(query) if query else "")


def test_schemas(document):
    """All are JSON schemas, of names that parameters have."""
    for method in ("get", "post", "put", "patch", "delete"):
        for _, operation in operations(document, method):
            for parameter in operation.get("parameters", ()):
                jsonschema.Draft202012Validator.check_schema(parameter["schema"])
            for content in operation.get("requestBody", {}).get("content", {}).values():
                jsonschema.Draft202012Validator.check_schema(content.get("schema", {}))


def test_every_get_answers(api, document):
    """What reads answers with what is documented, or says in a problem why not."""
    problem = document["components"]["schemas"]["Problem"]
    asked = 0
    for path, operation in operations(document, "get"):
        target = fill(path, operation, VALUES)
        if target is None or operation["operationId"] in ENDLESS:
            continue
        asked += 1
        status, kind, data = api.request("GET", PREFIX + target)
        if status >= 300:
            assert kind == "application/problem+json", (target, kind)
            jsonschema.validate(json.loads(data), problem)
            # This host has no boot medium, and not everything that is asked for.
            assert status in (404, 409, 503), (target, data)
        elif status == 200 and "responses" in operation:
            documented = list(operation["responses"]["2XX"]["content"])
            assert [kind] == documented or kind.startswith("application/json"), (target, kind)
    assert asked > 40


def test_what_is_required_is(api, document):
    """A request without what the document requires is refused as malformed, and changes nothing."""
    tried = 0
    for method in ("post", "put", "patch"):
        for path, operation in operations(document, method):
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            # Not those that hostd does itself, such as sessions and uploads: they are no operations of the table.
            if not schema.get("required") or operation["operationId"].startswith(("session.", "upload.")) or "{" in path:
                continue
            status, answer = api.ask(method.upper(), path, "{}")
            assert (status, answer["type"]) == (400, "urn:visoros:error:usage"), (path, answer)
            status, answer = api.ask(method.upper(), path, '{"no_such_parameter": 1}')
            assert status == 400, (path, answer)
            tried += 1
    assert tried > 10
