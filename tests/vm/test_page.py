# SPDX-License-Identifier: Apache-2.0
"""The host's page, used by a person with a browser: what all its areas have in common."""

from browser import DESK, PHONE
from hosts import wait_hostd, wait_until
from pagekit import page_fixture, pid, quiet_fixture  # noqa: F401
from selenium.webdriver.common.keys import Keys


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

    wait_until(lambda: len(page.all(".chart")) >= 8)
    wait_until(drawn)
    assert page.seen(".chart", "Processors").text.count("%") == 1


def test_a_request_that_hangs_is_told_and_asked_again(page):
    """The browser keeps one path back: the page says that it is slow, then what got no answer, and goes on by itself."""
    page.driver.execute_async_script("""import('./api.js').then(({ limits }) => { window.before = { ...limits };
        Object.assign(limits, { slow: 500, read: 2500 }); arguments[0](); })""")
    page.area("hardware", "Hardware")
    page.idle()
    try:
        page.tell("Fetch.enable", patterns=[{"urlPattern": "*/system/panics*"}])
        page.driver.execute_script("dispatchEvent(new Event('refresh'))")
        page.wait("#slow", "/system/panics")
        page.wait(".problem", "has not answered for 3 seconds (GET /system/panics)")
        assert not page.seen("#banner"), "the host itself answers"
    finally:
        page.tell("Fetch.disable")
        page.driver.execute_async_script("import('./api.js').then(({ limits }) => { Object.assign(limits, before); arguments[0](); })")
    page.idle()
    page.wait_gone(".problem")
    page.wait_gone("#slow")


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


def test_who_does_nothing_is_logged_out_when_hostd_says_so(page, vm):
    """The page's clock goes forward; the setting has become another one since it logged in."""
    setting = "localcli system settings advanced set -o /UserVars/HostClientSessionTimeout"
    page.area("services", "Services")
    vm.check(f"{setting} -i 1800")
    try:
        page.driver.execute_script("const now = Date.now.bind(Date); Date.now = () => now() + 1805e3;")
        page.wait("#login-why", "logged out after 30 min 0 s without a key or a click")
    finally:
        vm.check(f"{setting} -i 900")
    page.driver.refresh()
    page.login_again()
    page.wait("main tr", "crond")


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
    # Which compares alarms with the host when it starts: what an earlier test was told of is over.
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
    for area, title, button, choice in (("firewall", "Firewall", "Change sshServer", "INPUT"), ("network", "Network", "IPv6 of vmk0", "SELECT"),
                                        ("users", "Users and access", "Change lockdown mode", "SELECT")):
        page.area(area, title)
        page.wait(f"button[aria-label='{button}']")
        page.tab_to(button)
        page.press(Keys.ENTER)
        page.wait("dialog h1")
        wait_until(lambda tag=choice: page.focused().startswith(tag))
        page.tab_to("Cancel", most=12)
        page.press(Keys.ENTER)
        page.wait_gone("dialog h1")
        assert page.focused() == f"BUTTON {button}"
