# SPDX-License-Identifier: Apache-2.0
"""What fails on the running host goes back by itself, and so does what is killed half-way."""

import json
import os

import pytest
from hosts import namespace, wait_hostd, wait_until
from vibs import archive, descriptor, write_tree

CONFLICT = 5
NAME = "trial"
LIMITS = {"world": NAME, "memory_max": 8 << 20}
CONF = "command = /bin/sh /usr/lib/trial/run\npool = host/user/trial\nmemory.max = 8M\n{}"
HOOK = "#!/bin/sh\necho {} $BUNDLE_VERSION $1 >> /tmp/trial.hooks\n{}"


@pytest.fixture(name="host")
def host_fixture(vm):
    wait_hostd(vm)
    yield vm
    vm.run(f"visorcli software bundle remove --name {NAME} --force; rm -rf /tmp/trial* /tmp/*.vib;"
           f"visorcli software bundle refused remove --name {NAME}; rm -f /etc/{NAME}*")


def bundle(out, folder, version, extra=None, conf="", run="sleep 1000000", **fields):
    """A bundle with a service; files of etc/ are state, those of hooks/ programs."""
    files = {f"etc/userworld.d/{NAME}.conf": CONF.format(conf), f"usr/lib/{NAME}/run": run,
             f"usr/lib/{NAME}/version": version, f"usr/lib/{NAME}/only-{version}": "x"}
    files.update(extra or {})
    tree = write_tree(folder / version, files)
    for path in files:
        if path.startswith("etc/") and not path.endswith(".conf"):
            os.chmod(tree / path, 0o1644)
        if "/hooks/" in path:
            os.chmod(tree / path, 0o755)
    fields.setdefault("services", [NAME])
    if fields["services"]:
        fields["resources"] = [{**LIMITS, "world": world} for world in fields["services"]]
    return archive(*descriptor(out, tree, name=NAME, version=version, **fields))


def hooks(post="", pre="", timeout=60):
    """Files and field of a bundle with both hooks, which have so many seconds each."""
    files = {f"usr/lib/{NAME}/hooks/post": HOOK.format("post", post),
             f"usr/lib/{NAME}/hooks/pre": HOOK.format("pre", pre)}
    return files, {"post_install": f"usr/lib/{NAME}/hooks/post",
                   "pre_remove": f"usr/lib/{NAME}/hooks/pre", "timeout": timeout}


def install(host, data, options=""):
    host.put(data, "/tmp/trial.vib")
    return host.run(f"visorcli software bundle install --bundle /tmp/trial.vib {options}", timeout=180)


def call(host, command):
    return json.loads(host.check(f"visorcli --formatter=json {command}"))


def services(host):
    return {row["name"]: row["state"] for row in call(host, "system service list")}


def refused(host):
    return [(row["version"], row["reason"]) for row in call(host, "software bundle refused list")]


def version(host):
    return host.run(f"cat /usr/lib/{NAME}/version; echo; ls /usr/lib/{NAME}").output.split()


def test_hooks_and_rollback(host, out, tmp_path):
    files, field = hooks()
    first = bundle(out, tmp_path, "1", files, hooks=field)
    assert install(host, first).status == 0
    assert host.check("cat /tmp/trial.hooks") == "post 1 install\n"
    before = namespace(host)

    # A hook that fails, and one that hangs: what was there before is back.
    # The hook beside it ends in time even if the guest stands still for a while.
    for broken, timeout, why in (("sleep 1000", 10, "did not end within 10 s"),
                                 ("echo no licence; exit 3", 60, "ended with exit code 3: no licence")):
        host.check("rm /tmp/trial.hooks")
        files, field = hooks(post=broken, timeout=timeout)
        bad = bundle(out, tmp_path / why[:3], "2", files, hooks=field)
        answer = install(host, bad)
        assert answer.status == CONFLICT, answer
        assert f"bundle {NAME} 2 was rolled back to 1: the post-install hook" in answer.errors
        assert why in answer.errors
        assert host.check("cat /tmp/trial.hooks").splitlines() == [
            "pre 1 update", "post 2 update", "pre 2 rollback", "post 1 rollback"]
        assert services(host)[NAME] == "running"
        assert host.run("ls -A /var/stage").status != 0
        assert "was rolled back" in host.check("visorcli system event list")
        assert refused(host)[0][0] == "2" and why in refused(host)[0][1]
        # It is remembered, until somebody insists.
        answer = install(host, bad)
        assert answer.status == CONFLICT and "failed on this host" in answer.errors
        host.check(f"visorcli software bundle refused remove --name {NAME}")
    assert "was rolled back to 1" in install(host, bad).errors
    assert "was rolled back to 1" in install(host, bad, "--force").errors
    host.check(f"visorcli software bundle refused remove --name {NAME}")
    assert namespace(host) == before

    # A hook of what goes can forbid it.
    files, field = hooks(pre='test "$1" != remove && test "$1" != update || exit 9')
    assert install(host, bundle(out, tmp_path, "3", files, hooks=field)).status == 0
    answer = host.run(f"visorcli software bundle remove --name {NAME}")
    assert answer.status == CONFLICT and "pre-remove hook of bundle trial" in answer.errors
    assert version(host)[0] == "3" and services(host)[NAME] == "running"
    host.check(f"visorcli software bundle remove --name {NAME} --force")
    assert version(host) == []
    assert "hook of bundle trial: ended with exit code 9; it goes all the same" in host.check("cat /var/log/*.log")


def test_trial(host, out, tmp_path):
    """A userworld that ends, or whose probe fails, within its window."""
    assert install(host, bundle(out, tmp_path, "1", conf="probe = /bin/true\n", health_window=2)).status == 0
    bad = {
        "2": ({"run": "sleep 2; exit 1"}, "service trial"),
        "3": ({"conf": "probe = /bin/false\nprobe-failures = 2\n"}, "the probe of service trial"),
    }
    for number, (fields, why) in bad.items():
        answer = install(host, bundle(out, tmp_path, number, health_window=15, **fields))
        assert answer.status == CONFLICT, answer
        assert f"bundle {NAME} {number} was rolled back to 1: {why}" in answer.errors
        assert version(host) == ["1", "only-1", "run", "version"]
        assert services(host)[NAME] == "running"
    assert [entry[0] for entry in refused(host)] == ["2", "3"]

    # What somebody has stopped is not on trial, and stays down, also on the way back.
    host.check(f"visorcli system service stop --name {NAME}")
    answer = install(host, bundle(out, tmp_path, "5", *hooks(post="exit 1")[:1], run="exit 1", health_window=2,
                                  hooks=hooks()[1]))
    assert answer.status == CONFLICT and "rolled back to 1: the post-install hook" in answer.errors
    assert services(host)[NAME] == "down" and version(host)[0] == "1"
    assert install(host, bundle(out, tmp_path, "6", run="exit 1", health_window=2)).status == 0
    assert services(host)[NAME] == "down" and version(host)[0] == "6"

    # The same with nothing to go back to.
    host.check(f"visorcli software bundle remove --name {NAME}")
    answer = install(host, bundle(out, tmp_path / "new", "4", run="exit 1", health_window=15))
    assert answer.status == CONFLICT and f"bundle {NAME} 4 was taken back" in answer.errors
    assert NAME not in services(host) and version(host) == []


def start_install(host, data):
    """An install that goes on by itself; its exit code and messages come to /tmp/trial.done."""
    host.put(data, "/tmp/trial.vib")
    host.check("rm -f /tmp/trial.done; (visorcli software bundle install --bundle /tmp/trial.vib > /tmp/trial.out 2>&1;"
               " { echo $?; cat /tmp/trial.out; } > /tmp/trial.new; mv /tmp/trial.new /tmp/trial.done)"
               " < /dev/null > /dev/null 2>&1 &")


def wait_install(host):
    wait_until(lambda: host.run("test -e /tmp/trial.done").status == 0, timeout=300)
    code, _, said = host.check("cat /tmp/trial.done").partition("\n")
    return int(code), said


def on_trial(host):
    """the new version is on trial"""
    return '"watch"' in host.run("cat /var/db/visoros/change.json").output


def test_stopped_on_purpose_during_the_trial(host, out, tmp_path):
    """It is not a failure, and nobody starts it again, also if the trial fails for another reason."""
    other = f"{NAME}2"
    conf = {f"etc/userworld.d/{other}.conf":
            f"command = /bin/sleep 1000000\npool = host/user/{other}\nmemory.max = 8M\n"}

    def up(number):
        states = services(host)
        return version(host)[:1] == [number] and states.get(NAME) == states.get(other) == "running"

    start_install(host, bundle(out, tmp_path, "1", conf, services=[NAME, other], health_window=6))
    # Both are up and looked after by the trial (or that is over): from then on nobody else starts them.
    wait_until(lambda: up("1") and (on_trial(host) or host.run("test -e /tmp/trial.done").status == 0), timeout=300)
    host.check(f"visorcli system service stop --name {other}")
    code, said = wait_install(host)
    assert code == 0, said
    assert services(host)[other] == "down" and services(host)[NAME] == "running"

    host.check(f"visorcli system service start --name {other}")
    start_install(host, bundle(out, tmp_path, "2", conf, services=[NAME, other], health_window=300,
                               run="until test -e /tmp/trial.die; do sleep 1; done; exit 1"))
    wait_until(lambda: up("2"), timeout=300)
    # The trial has begun, for whoever takes it over.
    wait_until(lambda: on_trial(host), timeout=300)
    host.check(f"visorcli system service stop --name {other}; touch /tmp/trial.die")
    code, said = wait_install(host)
    assert code == CONFLICT and f"bundle {NAME} 2 was rolled back to 1: service {NAME} " in said, said
    assert services(host)[other] == "down" and services(host)[NAME] == "running"


def test_maintenance_mode(host, out, tmp_path):
    """What the host is there for is down, so that a bundle which wants that can come and go."""
    mode = "visorcli system maintenanceMode"
    needs = "bundle trial needs a host in maintenance mode"
    assert host.check(f"{mode} get") == "Disabled\n"
    assert install(host, bundle(out, tmp_path, "1")).status == 0
    data = bundle(out, tmp_path, "2", maintenance_mode=True)
    answer = install(host, data)
    assert answer.status == CONFLICT and needs in answer.errors, answer
    assert version(host)[0] == "1" and services(host)[NAME] == "running"

    host.check(f"{mode} set --enable true")
    try:
        assert host.check(f"{mode} get") == "Enabled\n" and services(host)[NAME] == "down"
        assert host.run(f"{mode} set --enable true").status == CONFLICT
        assert install(host, data).status == 0
        assert version(host)[0] == "2" and services(host)[NAME] == "down"
        host.check(f"{mode} set --enable false")
        wait_until(lambda: services(host)[NAME] == "running")
        answer = host.run(f"visorcli software bundle remove --name {NAME}")
        assert answer.status == CONFLICT and needs in answer.errors, answer
        host.check(f"{mode} set --enable true")
        host.check(f"visorcli software bundle remove --name {NAME}")
    finally:
        host.run(f"{mode} set --enable false")
    assert version(host) == [] and host.check(f"{mode} get") == "Disabled\n"


def test_hostd_is_killed_during_the_trial(host, out, tmp_path):
    """Somebody else watches on."""
    assert install(host, bundle(out, tmp_path, "1", health_window=1)).status == 0
    host.put(bundle(out, tmp_path, "2", run="until test -e /tmp/trial.die; do sleep 1; done",
                    health_window=300), "/tmp/trial.vib")
    host.check("localcli software bundle install --bundle /tmp/trial.vib > /tmp/trial.said 2>&1 &")
    wait_until(lambda: on_trial(host), timeout=300)
    host.check("killall -9 localcli hostd")
    wait_hostd(host)
    assert version(host)[0] == "2"
    host.check("touch /tmp/trial.die")

    def is_back():
        """the version before is back"""
        return version(host) == ["1", "only-1", "run", "version"] and not host.run(
            "ls /var/db/visoros/change.json").output

    wait_until(is_back, timeout=300)
    assert [entry[0] for entry in refused(host)] == ["2"]
    assert services(host)[NAME] == "running"


# In file "a" only the host changed something, in "b" only the bundle; and so on.
STATE = {
    "a": ("same", "local", "same", "local", "kept"),
    "b": ("old", None, "new", "new", None),
    "c": ("old", "local", "new", "local", "conflict"),
    "d": ("old", "new", "new", "new", None),
    "e": ("old", "local", None, "local", "orphaned"),
    "f": ("old", None, None, None, None),
    "g": (None, "local", "new", "local", "conflict"),
}


@pytest.mark.parametrize("how", ["in place", "by rename"])
def test_state_files(host, out, tmp_path, how):
    old = {f"etc/{NAME}.{key}": row[0] for key, row in STATE.items() if row[0]}
    new = {f"etc/{NAME}.{key}": row[2] for key, row in STATE.items() if row[2]}
    old[f"etc/{NAME}.gone"] = new[f"etc/{NAME}.gone"] = "same"
    start = namespace(host)
    assert install(host, bundle(out, tmp_path, "1", old, services=[])).status == 0
    for key, row in STATE.items():
        path = f"/etc/{NAME}.{key}"
        if row[1] and (how == "in place" or not row[0]):
            host.check(f"printf {row[1]} > {path}; chmod 1644 {path}")
        elif row[1]:
            host.check(f"printf {row[1]} > {path}.x; chmod 1644 {path}.x; mv {path}.x {path}")
        elif how == "by rename" and row[0]:
            # A file that was written anew as it was is not changed.
            host.check(f"cp -p {path} {path}.x; mv {path}.x {path}")
    host.check(f"rm /etc/{NAME}.gone")

    data = bundle(out, tmp_path, "2", new, services=[])
    host.put(data, "/tmp/trial.vib")
    told = call(host, "software bundle install --bundle /tmp/trial.vib --dry-run")["state_files"]
    done = call(host, "software bundle install --bundle /tmp/trial.vib")["state_files"]
    assert told == done
    expected = {f"/etc/{NAME}.{key}": row[4] for key, row in STATE.items() if row[4]}
    expected[f"/etc/{NAME}.gone"] = "kept"
    assert {row["path"]: row["action"] for row in done
            if row["action"] not in ("renewed", "dropped")} == expected
    for key, row in STATE.items():
        answer = host.run(f"cat /etc/{NAME}.{key}")
        assert (answer.output if answer.status == 0 else None) == row[3], (key, answer)
    assert host.run(f"ls /etc/{NAME}.gone").status != 0

    host.check(f"visorcli software bundle remove --name {NAME}; rm -f /tmp/trial*")
    # What the new version did not have belongs to the host.
    host.check(f"rm /etc/{NAME}.e")
    assert namespace(host) == start


# Everything that a change touches, in one line; status 0 if it is the version before.
STATE_OF = """#!/bin/sh
echo $(cat /usr/lib/trial/version) $(ls /usr/lib/trial) $(cat /etc/trial.kept) \\
	$(ls /sys/fs/visorfs/0/tardisks | grep trial) $(ls /var/db/visoros/payloads) \\
	$(ls /sys/fs/visorfs/0/ramdisks | grep stage) $(ls -d /var/stage /var/db/visoros/change.json) \\
	$(ls /var/db/visoros/bundles) $(localcli --formatter=csv system service list | grep -o '^trial,[a-z]*')
test "$(cat /usr/lib/trial/version)" = 1
"""
STEPS = 21
FORTH, BACK = range(16), range(16, STEPS)


def sweep(host, steps):
    """What is there after a process that installs version 2 was killed at each of the steps."""
    said = host.check("cd /tmp; ./stepkill sweep trial /tmp/trial1.vib /tmp/trial2.vib 'sh /tmp/trial.state 2>/dev/null' "
                      + " ".join(map(str, steps)), timeout=1200)
    return {tuple(map(int, line.split(": ")[0].split())): line.split(": ", 1)[1] for line in said.splitlines()}


def test_killed_at_every_step(host, out, tmp_path):
    """Whatever is done already, it is the old set or the new one afterwards, and services run."""
    files, field = hooks()
    files["etc/trial.kept"] = "shipped"
    host.put(bundle(out, tmp_path, "1", files, hooks=field), "/tmp/trial1.vib")
    host.put(bundle(out, tmp_path, "2", files, hooks=field, health_window=1), "/tmp/trial2.vib")
    host.put(out / "bin" / "stepkill", "/tmp/stepkill", 0o755)
    host.put(STATE_OF.encode(), "/tmp/trial.state")
    assert len(host.check("/tmp/stepkill steps").splitlines()) == STEPS
    try:
        lines = sweep(host, [*FORTH, STEPS])
        old, new = (f"{n} hooks only-{n} run version shipped trial.v0{n - 1} trial.v0{n - 1} "
                    "trial.json trial,running" for n in (1, 2))
        switched = [line for line in lines.values() if line == new]
        assert set(lines.values()) == {old, new}, lines
        assert [status for _, status in lines] == [137] * len(FORTH) + [0], lines
        assert len(switched) >= 7 and lines[STEPS, 0] == new, lines

        # A version that fails: on its way back it is killed as well.
        files, field = hooks(post="exit 1")
        files["etc/trial.kept"] = "shipped"
        host.put(bundle(out, tmp_path / "bad", "2", files, hooks=field), "/tmp/trial2.vib")
        lines = sweep(host, [*BACK, STEPS])
        assert set(lines.values()) == {old}, lines
        assert [status for _, status in lines] == [137] * len(BACK) + [CONFLICT], lines
    finally:
        host.run("rm -f /tmp/stepkill")
