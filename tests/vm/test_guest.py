# SPDX-License-Identifier: Apache-2.0
"""The channel that all other tests use."""

import socket
import threading

import pytest
from guestlink import HEADER, HELLO, GuestLink, GuestTimeout
from hosts import end_all, wait_until


def test_status_and_streams(vm):
    result = vm.run("echo out; echo err >&2; exit 7")
    assert result == (7, "out\n", "err\n")


def test_killed_by_signal(vm):
    assert vm.run("kill -9 $$").status == 137


def test_large_file_there_and_back(vm):
    data = bytes(range(256)) * 8192
    vm.put(data, "/tmp/large")
    assert vm.get("/tmp/large") == data
    vm.check("rm /tmp/large")


def test_unread_input(vm):
    assert vm.run("true", data=bytes(1_000_000)).status == 0
    assert vm.run("echo next").output == "next\n"


def test_background_does_not_hold_up(vm):
    assert vm.run("sleep 10000 & echo started", timeout=60).output == "started\n"
    end_all(vm, "sleep")


def test_timeout_kills(vm):

    def killed():
        """a command was killed when it had begun"""
        with pytest.raises(GuestTimeout):
            vm.run("echo $$ > /tmp/guest.pid; sleep 10000", timeout=2)
        return vm.run("test -s /tmp/guest.pid").status == 0

    wait_until(killed)
    assert vm.run("test -e /proc/$(cat /tmp/guest.pid)").status != 0
    vm.check("rm /tmp/guest.pid")


def test_runs_as_root(vm):
    assert vm.run("id -u").output == "0\n"


def test_agent_that_comes_late(tmp_path):
    """What is asked before somebody reads fills the channel, and must not hold up who waits."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "guest"))
        server.listen()
        link = GuestLink(str(tmp_path / "guest"))
        agent, _ = server.accept()
        for _ in range(5000):
            link._hello()  # pylint: disable=protected-access
        threading.Timer(0.5, lambda: agent.sendall(HEADER.pack(HELLO, 0))).start()
        link.wait(60)
        link.close()
        agent.close()
