# SPDX-License-Identifier: Apache-2.0
"""Users, tokens, lockdown mode and the audit log of a real host: over the network, and across a restart."""

import base64
import re

from api import Client
from hosts import wait_hostd, wait_until

SECRET = "a secret of anna"


def as_user(machine, user, password):
    client = Client(machine)
    client.login = {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
    return client


def with_token(machine, token):
    client = Client(machine)
    client.login = {"Authorization": f"Bearer {token}"}
    return client


def audit(machine):
    return machine.check("cat /var/log/audit.log")


def test_people(start):
    machine = start(memory=256)
    wait_hostd(machine)
    machine.check(f"echo '{SECRET}' | visorcli system account add --id anna --description Anna")
    machine.check("esxcli system permission set -i anna -r operator")
    token = re.search("visor_[0-9a-f]+", machine.check("visorcli system account token add -n ci -i anna -r read-only"))[0]
    anna, program = as_user(machine, "anna", SECRET), with_token(machine, token)
    assert anna.ask("GET", "/system/logs/vmkernel?lines=1")[0] == 200
    assert anna.ask("PUT", "/system/hostname", '{"hostname": "hers"}')[0] == 403
    assert program.ask("GET", "/system/version")[0] == 200
    assert program.ask("GET", "/system/logs/vmkernel")[0] == 403
    # By name, with address and role; in this log alone, which not everybody may read.
    wait_until(lambda: 'op=system.hostname.set result=denied who="anna (network)" role=operator from=' in audit(machine))
    assert 'op=account.add result=ok who="root (local)" role=admin params={"user":"anna",' in audit(machine)
    assert "op=account.add" not in machine.check("cat /var/log/vmkernel.log /var/log/syslog.log")
    assert SECRET not in machine.check("cat /var/log/*.log /etc/visoros/accounts.json")
    assert anna.ask("GET", "/system/logs/audit")[0] == 403
    # Nobody who may log in on the host by name can be found in it.
    assert machine.run("grep anna /etc/passwd /etc/shadow").status == 1
    # Who is on the host already does as before, hostd or not.
    machine.check("localcli system lockdown set --mode normal")
    assert anna.ask("GET", "/system/version")[0] == 403 and program.ask("GET", "/system/version")[0] == 403
    refused = machine.run("visorcli system service start --name ssh")
    assert refused.status == 6 and "lockdown mode is normal" in refused.errors
    assert machine.run("/usr/lib/visoros/lockdown network").status == 1
    assert machine.run("/usr/lib/visoros/lockdown console").status == 0
    machine.check("visorcli system lockdown exception add --id anna")
    assert anna.ask("GET", "/system/version")[0] == 200
    # A damaged file of users lets root in, who can mend it.
    machine.check("localcli system lockdown set --mode disabled; cp /etc/visoros/accounts.json /tmp/; "
                  "echo '{' >/etc/visoros/accounts.json")
    assert anna.ask("GET", "/system/version")[0] == 422
    assert Client(machine).ask("GET", "/system/version")[0] == 200
    machine.check("cat /tmp/accounts.json >/etc/visoros/accounts.json")
    assert anna.ask("GET", "/system/version")[0] == 200
    # It is state, like the certificate.
    files = machine.check("localcli --formatter=json system state list")
    assert "/etc/visoros/accounts.json" in files and "/etc/access.conf" in files
