# SPDX-License-Identifier: Apache-2.0
"""What tests ask of a running host."""

import ssl
import time
import urllib.error
import urllib.request

import pytest

# Options of a machine whose clock counts instructions, a thousand million in a second: what else this machine does is
# not in the guest's times, and waiting costs nothing. One processor only; append="tsc=reliable" with it.
COUNTING = ["-icount", "shift=0,sleep=off", "-rtc", "base=2034-01-01,clock=vm"]


def wait_until(condition, timeout=90, every=0.2):
    """Waits until condition() is true and returns its value. The guest may be five times slower than usual."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"not within {timeout} s: {condition.__doc__ or condition}"
        time.sleep(every)


def https_status(machine, path="/", timeout=30):
    """The HTTP status of a page of the host's management, or 0 if there is no answer."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    url = f"https://127.0.0.1:{machine.port}{path}"
    try:
        with urllib.request.urlopen(url, timeout=timeout, context=context) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def wait_hostd(machine, timeout=300):
    """Waits until the management page answers."""
    patience = 1  # What comes before the guest has its network gets no answer; a slow guest's takes a while.

    def answers():
        """hostd answers over HTTPS"""
        nonlocal patience
        machine.check_alive()
        if https_status(machine, timeout=patience) == 200:
            return True
        patience = min(patience + 1, 30)
        return False

    wait_until(answers, timeout)


def end_all(machine, *names):
    """Ends all processes of these names; then they are gone, with all that they had open."""
    names = " ".join(names)
    machine.check(f"killall {names}; while pidof {names} > /dev/null; do sleep 0.1; done")


def end_process(machine, pid):
    """Ends one process; then it is gone, with all that it had open."""
    machine.check(f"kill {pid}; while [ -e /proc/{pid} ]; do sleep 0.1; done")


def vga_text(machine):
    """What the console shows on the VGA screen, the second virtual console: its rows one after the other."""
    return machine.check("cat /dev/vcs2")


def vmkernel_log(machine):
    """All of vmkernel.log, also what has been put aside. A line comes some time after what it tells of."""
    return machine.check("cat /var/log/vmkernel.log* 2>/dev/null || true")


def wait_log(machine, *texts, timeout=90):
    """Waits until vmkernel.log has all these."""

    def said():
        log = vmkernel_log(machine)
        return all(text in log for text in texts)

    said.__doc__ = f"vmkernel.log has {texts}"
    wait_until(said, timeout)


def mounted(machine, kind, path):
    """The path of a kernel's file system that nothing of the host needs, mounted if it was not."""
    machine.check(f"grep -q ' {path} ' /proc/mounts || mount -t {kind} none {path}")
    return path


def namespace(machine):
    """Every name of the root file system with what it is and holds, one a line.

    Ramdisks that change by themselves (logs, run-time files) are left out.
    """
    skip = " -o ".join(f"-path {path}" for path in
                       ("/proc", "/sys", "/dev", "/run", "/tmp", "/var/log", "/var/db", "/var/lib"))
    find = f"find / \\( {skip} \\) -prune -o"
    return machine.check(f"{find} -exec stat -c '%N %A %u:%g %s %h' {{}} + | sort; "
                         f"{find} -type f -exec sha256sum {{}} + | sort -k 2", timeout=240)


def needs(out, *options):
    """Skips a test for which the kernel was configured without something."""
    config = (out / "vmkernel/headers/include/config/auto.conf").read_text().splitlines()
    for option in options:
        if not {f"{option}=y", f"{option}=m"} & set(config):
            pytest.skip(f"the kernel has no {option}")
