# SPDX-License-Identifier: Apache-2.0
"""The host's page, used by a person with a browser."""

import json

import pytest
from browser import DESK, PHONE, Browser
from bundlekit import bundles
from hosts import wait_hostd, wait_until
from selenium.webdriver.common.keys import Keys


@pytest.fixture(scope="module", name="page")
def page_fixture(vm):
    """A browser that is logged in."""
    browser = Browser(vm)
    browser.login()
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def quiet_fixture(page):
    """Nothing leaves the host, nothing is forbidden by the policy, no error is left alone: in no test."""
    page.driver.execute_script("document.querySelectorAll('.toast button').forEach((b) => b.click())")
    yield
    assert page.complaints() == []


def test_login_is_refused_with_a_reason(page):
    page.driver.delete_all_cookies()
    page.driver.get(page.origin + "/")
    page.wait("#login-password")
    assert not page.seen("#app")
    page.fill("#login-user", "nobody-here")
    page.fill("#login-password", "wrong")
    page.click("#login button")
    page.wait("#login-problem", "password")
    page.login()


def test_every_area_on_a_desk_and_a_phone_light_and_dark(page):
    """Each has a heading and no complaint, is not wider than the screen, can be read, and all in it has a name."""
    areas = page.areas()
    assert len(areas) >= 15, areas
    for name, title in areas:
        page.area(name, title)
        page.idle()
        assert not page.seen(".problem"), (name, page.seen(".problem").text)
        for width, dark in ((PHONE, True), (PHONE, False), (DESK, True), (DESK, False)):
            page.shape(width, dark)
            assert page.too_wide() <= 0, (name, width)
            assert page.contrast()[0] >= 4.5, (name, width, dark, page.contrast())
        assert page.reader_problems() == [], name


def test_charts_move(page):
    page.area("overview", "Overview")

    def drawn():
        """each chart has a line of two points"""
        return all(len((line.get_attribute("points") or "").split()) >= 2 for line in page.all(".chart .line"))

    assert len(page.all(".chart")) >= 8
    wait_until(drawn)
    assert page.seen(".chart", "Processors").text.count("%") == 1


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


def pid(vm, service):
    rows = json.loads(vm.check("visorcli --formatter=json system service list"))
    return next(row["pid"] for row in rows if row["name"] == service)


def test_a_service_restarts(page, vm):
    before = pid(vm, "crond")
    page.area("services", "Services")
    page.click("button[aria-label='Restart crond']")
    page.wait(".toast", "crond was restarted")
    assert pid(vm, "crond") not in (0, before)
    page.wait("main tr", str(pid(vm, "crond")))


def test_the_name_of_the_host(page, vm):
    before = vm.check("hostname").strip()
    page.area("network", "Network")
    page.idle()
    page.fill("input[name=hostname]", "not a name!")
    page.click("main button", "Save")
    assert "name" in page.wait("#errors .toast").text
    page.click("#errors .toast button")
    for name in ("paged", before):
        page.fill("input[name=hostname]", name)
        page.click("main button", "Save")
        page.wait("#host", name)
        assert vm.check("hostname").strip() == name


def test_an_address_is_tried_and_kept(page, vm):
    """DHCP again: the host stays where it is, and what was begun as a trial is confirmed."""
    page.area("network", "Network")
    page.click("button[aria-label='IPv4 of vmk0']")
    page.click("dialog button", "Try")
    page.wait("dialog h1", "Does it work?")
    page.click("dialog button", "Keep it")
    page.wait(".toast", "The address stays")
    assert json.loads(vm.check("visorcli --formatter=json system state get"))["trial"] == 0


def test_a_user_comes_and_goes(page, vm):
    def users():
        rows = json.loads(vm.check("localcli --formatter=json system account list"))
        return {row["user"]: row["role"] for row in rows}

    page.area("users", "Users")
    page.idle()
    fields = [e for e in page.all("main section:nth-of-type(2) input") if e.is_displayed()]
    for element, text in zip(fields, ("clerk", "of a test", "Correct-Horse-7-battery")):
        element.send_keys(text)
    page.click("main section:nth-of-type(2) button", "Add")
    page.wait("main tr", "clerk")
    assert users()["clerk"] == "read-only"
    page.click("button[aria-label='Remove clerk']")
    page.click("dialog button", "Remove")
    page.wait_gone("main tr", "clerk")
    assert "clerk" not in users()


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


def test_what_was_typed_outlives_the_session(page):
    page.area("network", "Network")
    page.idle()
    page.fill("input[name=hostname]", "half-typed")
    page.driver.delete_all_cookies()
    page.wait("#login-why", "ended")
    page.login_again()
    assert page.wait("input[name=hostname]").get_attribute("value") == "half-typed"
    page.click("main button", "Reset")
    page.idle()
    assert page.wait("input[name=hostname]").get_attribute("value") != "half-typed"


def test_it_waits_for_hostd_and_says_so(page, vm):
    page.area("services", "Services")
    vm.check("localcli system service stop --name hostd")
    try:
        page.wait("#banner", "has not answered since")
    finally:
        vm.check("localcli system service start --name hostd")
    wait_hostd(vm)
    # Its sessions have gone with it.
    page.wait("#login-password")
    page.wait_gone("#banner")
    page.login_again()
    page.wait("main tr", "hostd")
    # Which compares alarms with the host when it starts: that of the ramdisk, if its test was before, is over.
    page.wait_gone("#alarms")


def test_with_the_keyboard_only(page, vm):
    """From the top of the page to an area, to a button in it, through a question and back."""
    page.driver.get(page.origin + "/#overview")
    page.driver.refresh()
    page.wait("main h1", "Overview")
    page.press(Keys.TAB)
    assert "Skip" in page.focused()
    page.tab_to("Services")
    page.press(Keys.ENTER)
    page.wait("main h1", "Services")
    wait_until(lambda: page.focused() == "H1 Services")
    page.tab_to("Stop hostd")
    page.press(Keys.ENTER)
    page.wait("dialog h1", "Stop hostd?")
    page.press(Keys.ESCAPE)
    page.wait_gone("dialog h1", "Stop hostd?")
    assert page.focused() == "BUTTON Stop hostd"
    assert pid(vm, "hostd") != 0
