# SPDX-License-Identifier: Apache-2.0
"""The numbers of the host as Prometheus reads them, and the alert rules for them."""

import re

import pytest
from api import Client
from conftest import TOP
from hosts import https_status
from prometheus_client.parser import text_string_to_metric_families

RULES = TOP / "examples/prometheus/visoros.rules.yml"


def scrape(machine):
    """{name of a sample: {labels: value}}, by a strict reader. Each family comes once."""
    status, kind, data = Client(machine).request("GET", "/metrics")
    assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    text = data.decode()
    comments = [line for line in text.splitlines() if re.match(r"# (?!HELP|TYPE)", line)]
    assert comments == [], "an operation failed"
    samples, families = {}, set()
    for family in text_string_to_metric_families(text):
        assert family.name not in families
        families.add(family.name)
        for sample in family.samples:
            labels = samples.setdefault(sample.name, {})
            key = tuple(sorted(sample.labels.items()))
            assert key not in labels, (sample.name, key)
            labels[key] = sample.value
    return samples


def of(samples, name, **labels):
    return samples[name][tuple(sorted(labels.items()))]


@pytest.fixture(name="samples")
def samples_fixture(vm):
    return scrape(vm)


def test_what_the_kernel_has(vm, samples):
    total = int(re.search(r"MemTotal: *(\d+)", vm.check("cat /proc/meminfo"))[1])
    assert of(samples, "node_memory_MemTotal_bytes") == total * 1024
    assert of(samples, "node_boot_time_seconds") == int(re.search(r"btime (\d+)", vm.check("cat /proc/stat"))[1])
    assert of(samples, "node_cpu_seconds_total", cpu="0", mode="system") > 0
    assert of(samples, "node_network_receive_bytes_total", device="eth0") > 0
    assert of(samples, "node_pressure_memory_waiting_seconds_total") >= 0


def test_what_the_host_has(vm, samples):
    version = vm.check("visorcli --formatter=json system version get")
    (labels,) = samples["visoros_build_info"]
    assert all(f'"{value}"' in version for key, value in labels if key in ("version", "build", "kernel"))
    assert of(samples, "visoros_world_state", world="hostd", state="running") == 1
    assert of(samples, "visoros_pool_memory_used_bytes", pool="host/vim/vmvisor/hostd") > 1 << 20
    limit = int(vm.check("cat /sys/fs/cgroup/host/vim/vmvisor/hostd/memory.max"))
    assert of(samples, "visoros_pool_memory_limit_bytes", pool="host/vim/vmvisor/hostd") == limit
    assert of(samples, "visorfs_tardisk_files", tardisk="base.v00") > 100


def test_numbers_follow(vm):
    ramdisk = {"ramdisk": "tmp", "path": "/tmp"}
    before = of(scrape(vm), "visorfs_ramdisk_used_bytes", **ramdisk)
    vm.check("dd if=/dev/zero of=/tmp/metrics bs=1M count=5")
    after = scrape(vm)
    assert of(after, "visorfs_ramdisk_used_bytes", **ramdisk) - before == 5 << 20
    assert of(after, "node_filesystem_size_bytes", device="tmp", mountpoint="/tmp", fstype="visorfs") == of(
        after, "visorfs_ramdisk_size_bytes", **ramdisk)
    vm.check("rm /tmp/metrics")


def test_only_for_who_may_log_in(vm):
    assert https_status(vm, "/metrics") == 401


def test_rules_ask_for_what_there_is(samples):
    """Every name in an expression is one of a host's; those of alarms and of log hosts may have no sample now."""
    text = RULES.read_text()
    names = set(re.findall(r"\b(?:node|visoros|visorfs)_\w+", " ".join(re.findall(r"expr: (.*)", text))))
    assert len(names) > 10
    assert names - set(samples) <= {"visoros_alarm", "visoros_syslog_dropped_total", "visoros_hardware_errors_total"}
