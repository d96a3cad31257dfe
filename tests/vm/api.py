# SPDX-License-Identifier: Apache-2.0
"""A host's management from outside, through the forwarded port."""

import base64
import http.client
import json
import ssl

PREFIX = "/api/v1"


class Client:
    """Logs in with each request, as root; a development host without password takes any."""

    def __init__(self, machine, password=""):
        self.port = machine.port
        self.login = {"Authorization": "Basic " + base64.b64encode(f"root:{password}".encode()).decode()}

    def request(self, method, path, body=None, kind="application/json"):
        """(status, media type, bytes) of any path."""
        context = ssl._create_unverified_context()  # pylint: disable=protected-access
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=300, context=context)
        connection.request(method, path, body, {**self.login, "Content-Type": kind})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, answer.headers.get("Content-Type"), data

    def ask(self, method, path, body=None, kind="application/json"):
        """(status, what the JSON says or None) of a path below the API's prefix."""
        status, _, data = self.request(method, PREFIX + path, body, kind)
        return status, json.loads(data) if data else None
