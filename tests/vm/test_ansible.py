# SPDX-License-Identifier: Apache-2.0
"""The example for Ansible makes a host what it should be, and leaves it alone when it is."""

import json
import os
import re
import subprocess

import pytest
from conftest import TOP
from hosts import wait_hostd

PLAYBOOK = TOP / "examples/ansible/host.yml"


def play(machine, *options, **wanted):
    """(tasks that changed something, what was said)"""
    variables = {"ansible_host": "127.0.0.1", "visoros_port": machine.port, "visoros_password": "",
                 "visoros_validate_certs": False, **wanted}
    done = subprocess.run(["ansible-playbook", "-i", "esx1,", "-e", json.dumps(variables), *options, PLAYBOOK],
                          capture_output=True, text=True, check=False, timeout=1200,
                          env={**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "0", "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stdout + done.stderr
    return int(re.search(r"changed=(\d+)", done.stdout)[1]), done.stdout


@pytest.mark.slow
def test_a_host_becomes_what_it_should_be(start):
    machine = start(memory=512)
    wait_hostd(machine)
    wanted = {"visoros_hostname": "esx1.example.org", "visoros_ntp": ["10.0.2.7", "10.0.2.8"],
              "visoros_syslog": ["udp://10.0.2.9:514"]}
    play(machine, "--check", **wanted)
    assert machine.check("hostname") == "visoros\n"
    assert play(machine, **wanted)[0] == 1
    assert machine.check("hostname") == "esx1.example.org\n"
    ntp = json.loads(machine.check("visorcli --formatter=json system ntp get"))
    assert ntp["servers"] == ["10.0.2.7", "10.0.2.8"]
    assert "udp://10.0.2.9:514" in machine.check("visorcli system syslog config get")
    assert play(machine, **wanted)[0] == 0, "a second run changes something"

    # Somebody has changed one thing: that alone is put right.
    machine.check("visorcli system hostname set --fqdn=other")
    changed, said = play(machine, **wanted)
    assert changed == 1 and said.count("changed: [esx1] => (item=system/hostname)") == 1
    assert "changed: [esx1] => (item=system/ntp)" not in said
    assert machine.check("hostname") == "esx1.example.org\n"
