# SPDX-License-Identifier: Apache-2.0
"""The host's side of the guest channel; images/guestd/frame.h describes the frames."""

import socket
import struct
import time

HEADER = struct.Struct("<cI")
CHUNK = 65536
SEND_TIMEOUT = 120  # seconds that the guest may take for a chunk, or to end what was killed
HELLO, COMMAND, STDIN, KILL = b"h", b"x", b"i", b"k"
STDOUT, STDERR, STATUS = b"o", b"e", b"s"


class GuestGone(Exception):
    """The guest closed the channel: it stopped, or its agent died."""


class GuestTimeout(Exception):
    """The guest did not answer in time."""


class GuestLink:
    """Runs commands in the guest, one after the other."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.buffer = b""

    def _send(self, kind, data=b""):
        # What is left of the time for an answer is no measure of this.
        self.socket.settimeout(SEND_TIMEOUT)
        try:
            self.socket.sendall(HEADER.pack(kind, len(data)) + data)
        except ConnectionError as error:
            raise GuestGone("the guest channel was closed") from error

    def _hello(self):
        """Asks whether the agent runs. Nobody reads it before that: once the channel is full enough was asked."""
        self.socket.settimeout(0)
        try:
            self.socket.send(HEADER.pack(HELLO, 0))
        except BlockingIOError:
            pass
        except ConnectionError as error:
            raise GuestGone("the guest channel was closed") from error

    def _receive(self, end):
        """The next frame as (kind, data); GuestTimeout when the clock passes end."""
        while True:
            if len(self.buffer) >= HEADER.size:
                kind, length = HEADER.unpack_from(self.buffer)
                if len(self.buffer) >= HEADER.size + length:
                    data = self.buffer[HEADER.size:HEADER.size + length]
                    self.buffer = self.buffer[HEADER.size + length:]
                    return kind, data
            left = end - time.monotonic()
            if left <= 0:
                raise GuestTimeout("no answer from the guest")
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(CHUNK)
            except socket.timeout as error:
                raise GuestTimeout("no answer from the guest") from error
            except ConnectionError:  # QEMU ended before it had read all
                data = b""
            if not data:
                raise GuestGone("the guest channel was closed")
            self.buffer += data

    def wait(self, timeout, alive=lambda: True):
        """Waits until the agent runs. alive() may raise to give up early."""
        end = time.monotonic() + timeout
        while True:
            alive()
            try:
                self._hello()
                while self._receive(min(end, time.monotonic() + 1))[0] != HELLO:
                    pass
                return
            except GuestTimeout:
                if time.monotonic() >= end:
                    raise

    def run(self, command, data=b"", timeout=180, output=None):
        """Runs a shell command with data as its input and returns its status.

        output(kind, bytes) gets its output as it comes, kind being STDOUT or
        STDERR. On a time-out the command is killed and GuestTimeout raised.
        """
        end = time.monotonic() + timeout
        # What the last answer had left is not what a slow guest may take for this input.
        self.socket.settimeout(timeout)
        self._send(COMMAND, command.encode())
        for start in range(0, len(data), CHUNK):
            self._send(STDIN, data[start:start + CHUNK])
        self._send(STDIN)
        while True:
            try:
                kind, text = self._receive(end)
            except GuestTimeout as error:
                self._abort()
                raise GuestTimeout(f"not done after {timeout:g} s: {command}") from error
            if kind == STATUS:
                return int(text)
            if kind in (STDOUT, STDERR) and output:
                output(kind, text)

    def _abort(self):
        """Kills the running command, so that the channel can be used again."""
        self._send(KILL)
        while self._receive(time.monotonic() + SEND_TIMEOUT)[0] != STATUS:
            pass

    def close(self):
        self.socket.close()
