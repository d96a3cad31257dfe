# SPDX-License-Identifier: Apache-2.0
"""hostd of a small and a larger host while 2,000 clients come and say nothing: who asks is answered, and its pool suffices."""

import http.client
import os
import socket
import ssl
import threading
import time

import pytest
from hosts import wait_hostd

CROWD = int(os.environ.get("CROWD", "2000"))
# Megabytes, and how many connections hostd of such a host holds at most (conn_most()).
HOSTS = [(128, 300), (512, 2048)]
SILENCE = 15  # seconds: who came within these is still there if there is room; after 20 nobody is who says nothing
POOL = "/sys/fs/cgroup/host/vim/vmvisor/hostd"
EVERY = 0.005  # seconds between two questions: 200 each second, if the machine can
ASKERS = 4
QUIET = 10  # seconds with the crowd that stays
SLOWEST = 10  # seconds: emulated, and others use the processor, too


def context():
    return ssl._create_unverified_context()  # pylint: disable=protected-access


class Asker(threading.Thread):
    """Asks again and again on a connection that it keeps; a question waits for the answer before it."""

    def __init__(self, machine, over):
        super().__init__()
        self.connection = http.client.HTTPSConnection("127.0.0.1", machine.port, timeout=300, context=context())
        self.over, self.took, self.failure = over, [], None

    def run(self):
        try:
            due = time.monotonic()
            while not self.over.is_set():
                self.connection.request("GET", "/api/v1/sessions")
                answer = self.connection.getresponse()
                answer.read()
                assert answer.status == 200, answer.status
                now = time.monotonic()
                self.took.append(now - due)
                due = max(due + EVERY * ASKERS, now)
                time.sleep(max(0, due - time.monotonic()))
        except Exception as error:  # pylint: disable=broad-except
            self.failure = error


def told(askers, begin):
    """What they measured since begin, in words, and the time that 99 of 100 answers kept; they begin anew."""
    took = sorted(second for asker in askers for second in asker.took)
    seconds = time.monotonic() - begin
    for asker in askers:
        asker.took = []
    assert took
    at_most = [took[len(took) * part // 100] for part in (50, 99)]
    return (f"{len(took) / seconds:.0f} answers each second, p50 {at_most[0] * 1000:.0f} ms, "
            f"p99 {at_most[1] * 1000:.0f} ms, slowest {took[-1] * 1000:.0f} ms", at_most[1])


def figures(host):
    """Processes, bytes in use now, at most, and allowed."""
    pids = set(host.check("pidof hostd hostd-network || true").split())
    current, peak = (int(host.check(f"cat {POOL}/memory.{name}")) for name in ("current", "peak"))
    limit = host.check("cat " + " ".join(f"{POOL[:end]}/memory.max" for end in range(19, len(POOL) + 1)
                                         if end == len(POOL) or POOL[end] == "/")).split()
    return pids, current, peak, min((int(word) for word in limit if word != "max"), default=None)


def gather(host):
    """The crowd: each shakes hands and says nothing; and how many came not long ago."""
    crowd, came = [], []
    for _ in range(CROWD):
        plain = socket.create_connection(("127.0.0.1", host.port), timeout=300)
        came.append(time.monotonic())
        crowd.append(context().wrap_socket(plain))
    return crowd, sum(at > time.monotonic() - SILENCE for at in came)


def still_there(stream):
    stream.settimeout(0)
    try:
        return stream.recv(1) != b""
    except ssl.SSLWantReadError:
        return True
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("memory, most", HOSTS)
def test_two_thousand_come_and_say_nothing(start, memory, most):
    host = start(memory=memory)
    wait_hostd(host)
    pids, before, _, limit = figures(host)
    over = threading.Event()
    askers = [Asker(host, over) for _ in range(ASKERS)]
    begin = time.monotonic()
    for asker in askers:
        asker.start()
    crowd, recent = gather(host)
    there = sum(map(still_there, crowd))
    coming = told(askers, begin)
    print(f"{CROWD} came in {time.monotonic() - begin:.0f} s: {coming[0]}")
    begin = time.monotonic()
    time.sleep(QUIET)  # it is the time of a measurement, not a wait
    idle = told(askers, begin)
    over.set()
    for asker in askers:
        asker.join(300)
        assert asker.failure is None, repr(asker.failure)
    after, now, peak, _ = figures(host)
    print(f"{there} are there: {idle[0]}; pool {before >> 10} KiB before, {now >> 10} with them, "
          f"{peak >> 10} at most, may have {limit and limit >> 10}")
    assert after == pids, "a process of hostd has ended"
    assert 0 < there <= most
    assert there >= min(250, recent), f"{recent} came within {SILENCE} s"
    assert int(host.check("awk '/MemAvailable/ {print $2}' /proc/meminfo")) > 4 << 10
    assert max(coming[1], idle[1]) < SLOWEST
    assert limit is None or peak < limit
    for stream in crowd:
        stream.close()
    wait_hostd(host)
