# SPDX-License-Identifier: Apache-2.0
"""A small QMP client: what tests and runners ask of a running QEMU."""

import json
import socket
import time


class QmpError(Exception):
    """QEMU refused a command."""


class Qmp:
    """A connection to QEMU's monitor on a Unix socket. Events are kept in self.events."""

    def __init__(self, path, timeout=120):
        self.timeout = timeout
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self._connect(path, time.monotonic() + timeout)
        self.lines = self.socket.makefile("r", encoding="utf-8")
        self.events = []
        self._read()  # the greeting
        self.command("qmp_capabilities")

    def _connect(self, path, end):
        """QEMU makes the socket first and listens then."""
        while True:
            try:
                self.socket.connect(path)
                return
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def _read(self):
        line = self.lines.readline()
        if not line:
            raise QmpError("QEMU closed its monitor")
        return json.loads(line)

    def command(self, name, **arguments):
        """Runs a command and returns its answer. In names of arguments _ stands for -."""
        request = {"execute": name}
        if arguments:
            request["arguments"] = {key.replace("_", "-"): value for key, value in arguments.items()}
        # What an event was waited for is no measure of this.
        self.socket.settimeout(self.timeout)
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        while True:
            answer = self._read()
            if "event" in answer:
                self.events.append(answer)
            elif "error" in answer:
                raise QmpError(f"{name}: {answer['error']['desc']}")
            else:
                return answer["return"]

    def wait_event(self, name, timeout=120):
        """Waits for an event, which may have come before, and forgets it."""
        end = time.monotonic() + timeout
        while True:
            for event in self.events:
                if event["event"] == name:
                    self.events.remove(event)
                    return event
            self.socket.settimeout(max(0.1, end - time.monotonic()))
            answer = self._read()
            if "event" in answer:
                self.events.append(answer)

    def close(self):
        self.lines.close()
        self.socket.close()
