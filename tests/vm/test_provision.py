# SPDX-License-Identifier: Apache-2.0
"""A host without state is told who it is: by a seed on a disk or CD, or by QEMU's fw_cfg."""

import subprocess
import time

import pytest
import stick

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ000000000000000000000000000000000000000000 admin@example"
HASH = "$6$abcdefgh$ijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
USER = f"""#cloud-config
fqdn: seeded.example.org
users:
  - name: root
    lock_passwd: false
    hashed_passwd: {HASH}
ssh_authorized_keys: [ "{KEY}" ]
ntp: {{ servers: [ 10.0.2.77 ] }}
visoros: {{ syslog: "udp://10.0.2.78:514" }}
packages: [ vim ]
"""
NETWORK = """version: 2
ethernets:
  eth0:
    addresses: [ 10.0.2.99/24 ]
    gateway4: 10.0.2.2
    nameservers: { addresses: [ 10.0.2.3 ] }
"""
LIMIT = 120


def seed(folder, label="cidata", **files):
    """An ISO as cloud tools make it."""
    folder.mkdir(exist_ok=True)
    source = folder / "seed"
    source.mkdir(exist_ok=True)
    for name, text in {"meta-data": "instance-id: i-1\n", **{k.replace("_", "-"): v for k, v in files.items()}}.items():
        (source / name).write_text(text)
    image = folder / "seed.iso"
    image.unlink(missing_ok=True)
    subprocess.run(["xorriso", "-as", "mkisofs", "-quiet", "-V", label, "-J", "-r", "-o", image, source],
                   check=True, capture_output=True)
    return image


def cd(image):
    return ["-drive", f"file={image},if=none,id=seed,format=raw,readonly=on", "-device", "ide-cd,drive=seed"]


def wait(machine, command, word):
    """Until what a command says has a word in it."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        result = machine.run(command)
        if word in result.output:
            return result.output
        time.sleep(0.5)
    raise AssertionError(f"{command}: {result.output}{machine.run('grep provision /var/log/*.log').output}")


def log(machine, word):
    return wait(machine, "grep -h 'provision\\|find-seed' /var/log/syslog.log /var/log/vmkernel.log", word)


@pytest.mark.slow
def test_a_seed_is_taken_once(start, tmp_path):
    disk = stick.make(tmp_path / "disk")
    image = seed(tmp_path / "a", user_data=USER, network_config=NETWORK)
    machine = start(disk=disk, append=stick.APPEND, options=cd(image))
    said = log(machine, "files of state are written")
    assert "user-data: packages: is not known here and was left out" in said
    assert machine.check("hostname") == "seeded.example.org\n"
    assert HASH in machine.check("cat /etc/shadow")
    assert machine.check("cat /root/.ssh/authorized_keys") == KEY + "\n"
    wait(machine, "visorcli network ip interface ipv4 get", "10.0.2.99")
    assert "10.0.2.77" in machine.check("localcli system ntp get")
    assert "udp://10.0.2.78:514" in machine.check("localcli system syslog config get")
    assert "the seed on /dev/" in wait(machine, "localcli system state history", "the seed on /dev/")
    machine.check("localcli system state save")
    machine.stop()

    # Another seed, but the host has state now: it stays what it is.
    image = seed(tmp_path / "b", user_data="#cloud-config\nhostname: other\n")
    machine = start(disk=disk, append=stick.APPEND, options=cd(image))
    wait(machine, "/usr/lib/visoros/provision --needed 2>&1", "this host has state")
    wait(machine, "localcli system service list | grep provision", "provision ")
    wait(machine, "pidof find-seed || echo gone", "gone")
    assert machine.check("hostname") == "seeded.example.org\n"
    result = machine.run("mkdir /tmp/s; printf 'hostname: x\\n' >/tmp/s/meta-data; /usr/lib/visoros/provision -s /tmp/s")
    assert result.status == 5 and "this host has state" in result.errors
    assert machine.check("hostname") == "seeded.example.org\n"


def test_answers_of_the_hypervisor_come_first(start, tmp_path):
    answers = tmp_path / "answers"
    answers.write_text("hostname = told.example.org\nntp = 10.0.2.5\n")
    image = seed(tmp_path / "a", label="CIDATA", user_data=USER)
    machine = start(options=[*cd(image), "-fw_cfg", f"name=opt/visoros/answers,file={answers}"])
    log(machine, "answers of fw_cfg: 2 files of state are written")
    assert machine.check("hostname") == "told.example.org\n"
    assert KEY not in machine.run("cat /root/.ssh/authorized_keys").output


def test_a_bad_seed_changes_nothing(start, tmp_path):
    image = seed(tmp_path / "a", user_data=USER.replace(HASH, "secret"))
    machine = start(options=cd(image))
    log(machine, "'root-password': must be a hash")
    assert machine.check("hostname") == "visoros\n"
    assert machine.run("ls /root/.ssh/authorized_keys").status != 0
