# SPDX-License-Identifier: Apache-2.0
"""The host's page: bundles, ramdisks, services, logs, tasks and state."""

from api import Client
from bundlekit import bundles
from hosts import wait_until
from pagekit import page_fixture, pid, quiet_fixture  # noqa: F401
from selenium.webdriver.common.keys import Keys


def test_a_bundle_comes_after_its_dry_run_and_goes(page, vm, maker):
    bundle = maker.service("1.0")
    page.area("bundles", "Bundles")
    page.wait("#install input[type=file]").send_keys(str(bundle))
    page.click("#install button", "Check")
    # What would be done is shown, and nothing is done.
    page.wait("dialog h1", "Install")
    assert "ticker" not in bundles(vm)
    page.click("dialog button", "Cancel")
    page.wait_gone("dialog h1", "Install")
    assert "ticker" not in bundles(vm)
    page.click("#install button", "Check")
    page.click("dialog button", "Install")
    page.wait("td", "ticker", timeout=180)
    # The list may show it before the host is done with it, and one change waits for no other.
    page.wait("#install button:enabled", "Check", timeout=180)
    assert bundles(vm)["ticker"] == "1.0"
    page.click("button[aria-label='Remove ticker']")
    page.wait("dialog", "usr/bin/ticker")
    page.wait("dialog", "Services that stop")
    assert "ticker" in bundles(vm)
    page.click("dialog button", "Remove")
    page.wait_gone("td", "ticker", timeout=180)
    assert "ticker" not in bundles(vm)


def test_a_bundle_that_is_none_is_refused_in_words(page, vm, tmp_path):
    before = bundles(vm)
    junk = tmp_path / "junk.vib"
    junk.write_bytes(b"nothing of the kind" * 100)
    page.area("bundles", "Bundles")
    page.wait("#install input[type=file]").send_keys(str(junk))
    page.click("#install button", "Check")
    if page.seen("dialog button", "Install"):
        page.click("dialog button", "Install")
    assert "archive" in page.wait("#errors .toast").text
    assert bundles(vm) == before


def test_a_full_ramdisk_is_an_alarm(page, vm):
    vm.check("mkdir /tmp/page && visorcli system visorfs ramdisk add --name page --target /tmp/page --max-size 1")
    try:
        vm.run("cat /dev/zero > /tmp/page/f 2>/dev/null")
        page.wait("#alarms", "1 alarm")
        page.click("#alarms")
        page.wait("main tr", "Ramdisk page at /tmp/page")
        page.click("button[aria-label='Acknowledge ramdisk:page']")
        page.wait("#alarms", "seen")
        page.area("memory", "Memory")
        assert "100 %" in page.wait("main tr", "/tmp/page").text
    finally:
        vm.run("rm -f /tmp/page/f; visorcli system visorfs ramdisk remove --target /tmp/page; rmdir /tmp/page")


def test_a_service_restarts(page, vm):
    before = pid(vm, "crond")
    page.area("services", "Services")
    page.click("button[aria-label='Restart crond']")
    page.wait(".toast", "crond was restarted")
    assert pid(vm, "crond") not in (0, before)
    page.wait("main tr", str(pid(vm, "crond")))


def resources(page, word):
    """How many requests with that in their address have ended."""
    return page.driver.execute_script("return performance.getEntriesByType('resource').filter((r) => r.name.includes(arguments[0])).length", word)


def test_news_of_logs_and_tasks_come_on_a_line(page, vm):
    """Not by asking again and again; and the line is closed when the area is left."""
    page.driver.execute_script("performance.clearResourceTimings()")
    page.area("logs", "Logs")
    page.idle()
    asked = resources(page, "/logs/vmkernel?")
    for word in ("one", "two", "three"):
        vm.check(f"visorcli system syslog mark --message 'line-{word}'")
        page.wait(".log", f"line-{word}")
    # The kernel says some lines of its start twice, at the same time.
    lines = [line for line in page.wait(".log").text.splitlines() if " vmkernel: " not in line]
    assert len(lines) == len(set(lines)), "a line is there twice"
    assert resources(page, "/logs/vmkernel?") == asked
    assert resources(page, "/logs/vmkernel/stream") == 0
    page.area("tasks", "Tasks")
    wait_until(lambda: resources(page, "/logs/vmkernel/stream") == 1)
    page.idle()
    asked = resources(page, "/system/tasks")

    def rows():
        return set(page.driver.execute_script(
            "return [...document.querySelectorAll('[aria-label=Tasks] tbody tr')].map((row) => row.textContent)"))

    # The host keeps the newest only: their number need not grow.
    before = rows()
    assert Client(vm).ask("POST", "/system/verify/run")[0] == 200
    wait_until(lambda: rows() - before)
    page.wait("[aria-label=Tasks] tr", "done")
    assert resources(page, "/system/tasks") == asked
    page.area("overview", "Overview")
    wait_until(lambda: resources(page, "/system/tasks/stream") == 1)


def test_the_log_is_filtered_and_goes_on(page, vm):
    vm.check("visorcli system syslog mark --message 'page-one apple'")
    vm.check("visorcli system syslog mark --message 'page-two pear'")
    page.area("logs", "Logs")
    page.wait(".log", "page-two")
    page.fill("main input[type=search]", "PAGE- -pear")
    page.wait_gone(".log", "page-two")
    lines = [line.text for line in page.all(".log .line")]
    assert lines and all("page-one" in line for line in lines), lines
    assert page.all(".log mark")
    vm.check("visorcli system syslog mark --message 'page-three plum'")
    page.wait(".log", "page-three")
    page.fill("main input[type=search]", Keys.BACKSPACE)


def test_state_beside_what_was_shipped(page, vm):
    vm.check("cp -p /etc/hosts /tmp/hosts && echo 192.0.2.9 page-host >> /etc/hosts")
    try:
        page.area("history", "State")
        page.click("button[aria-label='/etc/hosts beside the shipped one']")
        page.wait("dialog h1", "/etc/hosts")
        assert "+192.0.2.9 page-host" in [line.text.strip() for line in page.all("dialog .plus")]
        page.click("dialog button", "Close")
        page.wait_gone("dialog h1")
    finally:
        vm.check("cat /tmp/hosts > /etc/hosts; rm /tmp/hosts")
