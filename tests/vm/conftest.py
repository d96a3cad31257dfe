# SPDX-License-Identifier: Apache-2.0
"""Machines for the tests: one that most of them share, and ones of their own."""

import os
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "scripts"))

# pylint: disable=wrong-import-position
from bundlekit import Maker  # noqa: E402
from hosts import wait_hostd  # noqa: E402
from vm import Machine  # noqa: E402

OUT = Path(os.environ.get("OUT", TOP / "out"))
BOOT = Path(os.environ.get("BOOT", OUT / "boot"))


@pytest.fixture(scope="session", name="out")
def out_fixture():
    """The folder of the build."""
    return OUT


@pytest.fixture(scope="session", name="boot")
def boot_fixture():
    """The folder with boot.cfg and the boot modules."""
    return BOOT


@pytest.fixture(scope="module", name="maker")
def maker_fixture(tmp_path_factory):
    """Makes bundles, in a folder of the module's own."""
    return Maker(OUT, tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="session")
def vm():
    """A running host that tests share: leave it as you found it."""
    with Machine(BOOT) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        yield machine


@pytest.fixture
def start(request):
    """start(memory=128, ...) gives a machine of the test's own; see vm.Machine."""
    machines = []

    def start_machine(boot=BOOT, wait=True, **options):
        machine = Machine(boot, **options)
        machines.append(machine)
        machine.start()
        return machine.wait_guest() if wait else machine

    yield start_machine
    for machine in machines:
        report = getattr(request.node, "report", None)
        if report and report.failed:
            print(f"--- end of the console ---\n{machine.console()[-3000:]}")
        machine.stop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Keeps the report of the test itself where the fixtures find it."""
    outcome = yield
    if call.when == "call":
        item.report = outcome.get_result()
