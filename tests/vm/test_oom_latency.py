# SPDX-License-Identifier: Apache-2.0
"""How long the host is short of memory before somebody is ended, as the kernel saw it.

The kernel's own trace tells when a task first crossed oomd's tripwire, which is when the kernel begins to reclaim for it
(mem_cgroup_handle_over_high also runs for who had crossed it before it was moved), when oomd was woken and when it sent
SIGKILL.
The guest's clock counts instructions, a thousand million in a second, so that what else this machine does is not in
the figures, and waiting costs nothing.
"""

import os
import re

import pytest
from hosts import COUNTING, wait_hostd, wait_until
from test_worlds import BOMB, add_world, pids, reload_worlds, services

pytestmark = [pytest.mark.slow, pytest.mark.alone]

EVENTS = int(os.environ.get("OOM_EVENTS", "200"))
CROWD = ("one", "two", "three", "four")
SPARE = 30  # MB that are left for the crowd and the bombs
PATIENCE = 3600  # s
WITHIN = 100  # ms, 99 of 100

TRACE = "/sys/kernel/tracing"
TRACED = f"""
mount -t tracefs none {TRACE} 2>/dev/null
cd {TRACE} && echo 0 > tracing_on && echo mono > trace_clock && echo 256 > buffer_size_kb &&
echo 'r:reaped __oom_reap_task_mm' > kprobe_events &&
echo 'r:unmapped exit_mmap' >> kprobe_events &&
echo 'prev_comm == "oomd" || next_comm == "oomd"' > events/sched/sched_switch/filter &&
echo 'comm == "oomd"' > events/sched/sched_waking/filter &&
echo 'sig == 9' > events/signal/signal_generate/filter &&
for event in vmscan/mm_vmscan_memcg_reclaim_begin kprobes/reaped kprobes/unmapped sched/sched_switch sched/sched_waking \\
	signal/signal_generate
do echo 1 > events/$event/enable || exit 1; done
echo > trace && echo 1 > tracing_on
"""
LINE = re.compile(r"^ *(.+)-(\d+) +\[\d+\] \S+ +(\d+\.\d+): (\w+): (.*)$", re.M)


class Cases:
    """Goes through the trace and keeps, in ms, what each case took."""

    def __init__(self):
        self.breach = self.woken = self.ran = None  # since oomd slept last
        self.killed = None  # when, and of which process
        self.to_kill, self.to_run, self.at_work, self.to_memory = [], [], [], []

    def sleeps(self):
        self.breach = self.woken = self.ran = None

    def line(self, comm, pid, time, event, text):
        if event == "mm_vmscan_memcg_reclaim_begin" and comm != "oomd":
            self.breach = self.breach or time
        elif event == "sched_waking":
            self.woken = self.woken or time
        elif event == "sched_switch" and "next_comm=oomd" in text:
            self.ran = self.ran or time
        elif event == "sched_switch" and "prev_state=S" in text:
            self.sleeps()
        elif event == "signal_generate" and comm == "oomd":
            self.kill(time, int(re.search(r"pid=(\d+)", text)[1]))
        elif event in ("reaped", "unmapped") and self.killed and (comm == "oomd" or pid == self.killed[1]):
            self.to_memory.append((time - self.killed[0]) * 1000)
            self.killed = None

    def kill(self, time, pid):
        """The first signal of a case counts."""
        if self.ran is None:
            return
        if self.woken:
            self.to_run.append((self.ran - self.woken) * 1000)
        self.at_work.append((time - self.ran) * 1000)
        if self.breach or self.woken:
            self.to_kill.append((time - min(filter(None, (self.breach, self.woken)))) * 1000)
        self.killed = (time, pid)
        self.sleeps()

    def read(self, text):
        """What was going on when the last piece ended has no end here."""
        self.sleeps()
        self.killed = None
        for comm, pid, time, event, rest in LINE.findall(text):
            self.line(comm, int(pid), float(time), event, rest)


def percentiles(values):
    values = sorted(values)
    at = {name: values[min(len(values) - 1, len(values) * part // 100)] for name, part in (("p50", 50), ("p99", 99))}
    return {**at, "max": values[-1]}


def words(values):
    return ", ".join(f"{name} {value:.2f}" for name, value in percentiles(values).items()) + " ms" if values else "none"


def available(machine):
    return int(re.search(r"MemAvailable: +(\d+)", machine.check("cat /proc/meminfo"))[1]) // 1024


def crowd(machine):
    """Userworlds that may be ended, and two that take what is left, one slowly and one at once; all come back."""
    for name in CROWD:
        add_world(machine, name, command=f"{BOMB} 100 1", min_uptime="1")
    machine.put(f"sleep 1.5; exec {BOMB} 100000\n".encode(), "/run/burst.sh")
    add_world(machine, "burst", command="/bin/sh /run/burst.sh", min_uptime="1")
    add_world(machine, "bomb", command=f"{BOMB} 15", min_uptime="1")
    # Filling a large host each time would only take long: something that stays has most of it.
    rest = available(machine) - SPARE
    if rest > 0:
        add_world(machine, "stays", command=f"{BOMB} 1000 {rest}", essential="yes")
        reload_worlds(machine)
        wait_until(lambda: f"holds {rest} MB" in machine.check("cat /var/log/vmkernel.log"), timeout=PATIENCE)


@pytest.mark.parametrize("memory", [128, 512])
def test_within_100_ms_of_the_event(start, memory):
    machine = start(memory=memory, append="tsc=reliable", options=COUNTING)
    wait_hostd(machine, timeout=PATIENCE)
    cases, kept = Cases(), pids(machine, ["oomd"])
    machine.check(TRACED)
    crowd(machine)
    reload_worlds(machine)

    def enough():
        """so many were ended"""
        cases.read(machine.check(f"cd {TRACE} && cat trace && echo > trace", timeout=PATIENCE))
        print(f"{len(cases.to_kill)} cases", flush=True)
        return len(cases.to_kill) >= EVENTS

    wait_until(enough, timeout=PATIENCE, every=5)
    net = int(machine.check("dmesg | grep -c 'Out of memory: Killed process' || true"))
    print(f"{memory} MB, {len(cases.to_kill)} cases, {net} more by the kernel's own OOM killer: from the event to SIGKILL {words(cases.to_kill)}; "
          f"of that oomd waited for the processor {words(cases.to_run)} and worked {words(cases.at_work)}; "
          f"from SIGKILL until the memory was back {words(cases.to_memory)}")
    assert pids(machine, ["oomd"]) == kept
    assert net == 0
    assert services(machine)["hostd"]["state"] in ("running", "backoff", "starting", "waiting")
    assert percentiles(cases.to_kill)["p99"] <= WITHIN, words(cases.to_kill)
