# SPDX-License-Identifier: Apache-2.0
"""The host's page, used by a person with a browser."""

import http.client
import json
import ssl
import subprocess

import pytest
from api import Client
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

    wait_until(lambda: len(page.all(".chart")) >= 8)
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
    page.wait(".toast", "The change stays")
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
    page.wait("[aria-label=Users] tr", "clerk")
    assert users()["clerk"] == "read-only"
    page.click("button[aria-label='Remove clerk']")
    page.click("dialog button", "Remove")
    page.wait_gone("[aria-label=Users] tr", "clerk")
    assert "clerk" not in users()


@pytest.fixture(name="people")
def people_fixture(vm):
    """A user of each role below root's; their names are their roles."""
    names = ("operator", "read-only")
    for name in names:
        vm.check(f"localcli system account add --id {name} --password 'Correct-Horse-7-battery' && "
                 f"localcli system permission set --id {name} --role {name}")
    yield names
    for name in names:
        vm.run(f"localcli system account remove --id {name}")


def as_user(page, user, password):
    page.driver.delete_all_cookies()
    page.login(user, password)


def test_each_role_is_offered_what_it_may(page, people):
    """What a role may not do is not there, and the page says so; what it may do works."""
    try:
        for role in people:
            as_user(page, role, "Correct-Horse-7-battery")
            assert page.seen("#user", f"({role})")
            names = [name for name, title in page.areas()]
            looks_only = role == "read-only"
            assert ("logs" in names, "tasks" in names) == (not looks_only, not looks_only), names
            assert bool(page.seen("nav .note", "Not for the role read-only: Tasks, Logs, Support")) == looks_only
            for area, title in page.areas() if looks_only else ():
                page.area(area, title)
                page.idle()
                assert not page.seen(".problem"), (area, page.seen(".problem").text)
            page.area("services", "Services")
            page.wait("main tr", "crond")
            assert bool(page.seen("button[aria-label='Restart crond']")) == (not looks_only)
            assert not page.wait("select[aria-label='Start of crond']").is_enabled()
            assert page.seen("main .note", "Read-only" if looks_only else "what it may not is left out")
            page.area("network", "Network")
            page.wait("main tr", "vmk0")
            assert not page.seen("button[aria-label='IPv4 of vmk0']") and not page.seen("main button", "Save")
            assert not page.wait("input[name=hostname]").is_enabled()
            page.area("users", "Users and access")
            page.wait("dl", "Thumbprint")
            shown = [b.text for b in page.all("main button") if b.is_displayed()]
            assert shown == ["Set password"] and not page.seen("h2", "Audit log")
            # All but the own password, which anybody may change who knows it.
            for current, answer in (("Wrong-Horse-7-battery", "#errors .toast"), ("Correct-Horse-7-battery", "#toasts .toast")):
                for name, text in (("current", current), ("new", "Better-Horse-8-battery"), ("again", "Better-Horse-8-battery")):
                    page.fill(f"input[name={name}]", text)
                page.click("main button", "Set password")
                page.wait(answer, "password")
            page.click("#errors .toast button")
        as_user(page, "read-only", "Better-Horse-8-battery")
        page.area("overview", "Overview")
        assert not page.seen("button", "Shut down")
    finally:
        as_user(page, "root", "x")
    page.area("services", "Services")
    page.wait("button[aria-label='Restart crond']")
    assert not page.seen("main .note", "Read-only")


def attempt(page, yes="Try", then="Keep it"):
    """The dialog of a change that is tried, and the one after it."""
    page.click("dialog button", yes)
    page.wait("dialog h1", "Does it work?")
    page.click("dialog button", then)
    page.wait_gone("dialog h1", "Does it work?")


def cli(vm, words):
    return json.loads(vm.check(f"localcli --formatter=json {words}"))


def test_the_network_is_changed_on_trial(page, vm):
    """Name servers, routes, IPv6 and an interface on a VLAN come and go, each kept by hand."""
    page.area("network", "Network")
    page.click("main button", "Add a name server")
    page.fill("dialog input[placeholder='192.0.2.53']", "192.0.2.53")
    attempt(page)
    page.wait("main tr", "192.0.2.53")
    wait_until(lambda: "nameserver 192.0.2.53" in vm.check("cat /etc/resolv.conf"))
    page.click("button[aria-label='Remove 192.0.2.53']")
    attempt(page, "Remove", "Take it back")
    page.wait(".toast", "as before")
    wait_until(lambda: "nameserver 192.0.2.53" in vm.check("cat /etc/resolv.conf"))
    page.click("button[aria-label='Remove 192.0.2.53']")
    attempt(page, "Remove")
    page.wait_gone("main tr", "192.0.2.53")

    page.click("main button", "Add a route")
    page.fill("dialog input[placeholder='10.0.0.0/8']", "198.51.100.0/24")
    page.fill("dialog input[placeholder='192.0.2.1']", "10.0.2.2")
    attempt(page)
    page.wait("main tr", "198.51.100.0/24")
    page.click("button[aria-label='Remove the route to 198.51.100.0/24']")
    attempt(page, "Remove")
    page.wait_gone("main tr", "198.51.100.0/24")

    for word, title in (("slaac", "from routers only"), ("dhcp", "from DHCPv6 only"), ("auto", "as routers say")):
        page.click("button[aria-label='IPv6 of vmk0']")
        page.click("dialog option", title)
        attempt(page)
        wait_until(lambda expected=word: {r["name"]: r["type"] for r in cli(vm, "network ip interface ipv6 get")}["vmk0"] == expected)

    page.click("main button", "Add an interface")
    numbers = [e for e in page.all("dialog input[type=number]") if e.is_displayed()]
    numbers[0].clear()
    numbers[0].send_keys("7")
    attempt(page)
    assert "eth0.7" in page.wait("main tr", "vmk1").text
    assert [r["vlan"] for r in cli(vm, "network ip interface list") if r["name"] == "vmk1"] == [7]
    page.click("button[aria-label='Adapter of vmk1']")
    vlan = page.wait("dialog input[max='4094']")
    vlan.clear()
    vlan.send_keys("8")
    attempt(page)
    page.wait("main tr", "eth0.8")
    page.click("button[aria-label='Remove vmk1']")
    attempt(page, "Remove")
    page.wait_gone("main tr", "vmk1")
    assert cli(vm, "system state get")["trial"] == 0


def test_an_address_that_cuts_off_the_page_is_taken_back(page, vm):
    """Nobody can keep it, as the host is out of reach; it comes back by itself, and the page goes on."""
    page.area("network", "Network")
    page.click("button[aria-label='IPv4 of vmk0']")
    page.click("dialog option", "fixed")
    page.fill("dialog input[placeholder='192.0.2.10/24']", "10.9.9.9/24")
    page.fill("dialog input[type=number]", "10")
    page.click("dialog button", "Try")
    page.wait("#errors .toast", "takes it back")
    page.wait_gone("dialog h1", "Does it work?")
    wait_until(lambda: cli(vm, "system state get")["trial"] == 0)
    wait_hostd(vm)
    page.wait_gone("#banner")
    page.idle()
    page.wait("[aria-label=IPv4] tr", "10.0.2.15")


def test_the_firewall_lets_in_who_is_named(page, vm):
    def ssh():
        return next(r for r in cli(vm, "network firewall ruleset list") if r["name"] == "sshServer")

    page.area("firewall", "Firewall")
    page.click("button[aria-label='Change sshServer']")
    page.click("dialog option", "only to these addresses")
    page.fill("dialog textarea", "192.0.2.9\n2001:db8::/32")
    attempt(page, then="Wait")
    assert ssh() == {**ssh(), "allowed_all": False, "allowed": ["192.0.2.9", "2001:db8::/32"]}
    # Who waits can still keep it.
    page.click(".banner button", "Keep what is tried")
    page.wait_gone(".banner button", "Keep what is tried")
    page.click("button[aria-label='Change sshServer']")
    page.click("dialog option", "to everybody")
    attempt(page)
    assert ssh()["allowed_all"]

    page.click("main button", "Switch on")
    attempt(page, "Switch on")
    page.wait("dl", "in force")
    assert cli(vm, "network firewall get")["enabled"]
    page.click("main button", "Switch off")
    page.wait("dialog .warn", "everybody")
    attempt(page, "Switch off")
    page.wait("main button", "Switch on")
    assert not cli(vm, "network firewall get")["enabled"]


def test_a_token_is_shown_once_and_works_until_it_goes(page, vm):
    page.area("users", "Users and access")
    page.click("main button", "Add a token")
    page.fill("input[name=token-name]", "backup")
    page.click("select[name=token-role] option", "may look only")
    page.click("dialog button", "Add")
    token = page.wait("input[name=token]").get_attribute("value")
    page.tell("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    page.click("dialog button", "Copy")
    page.wait(".toast", "on the clipboard")
    assert page.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])") == token
    page.click("dialog button", "Close")
    page.wait_gone("dialog h1", "Token")
    assert "read-only" in page.wait("main tr", "backup").text
    assert token not in page.driver.page_source

    def status(path):
        program = Client(vm)
        program.login = {"Authorization": f"Bearer {token}"}
        return program.ask("GET", path)[0]

    assert (status("/system/version"), status("/accounts")) == (200, 403)
    page.click("button[aria-label='Remove token backup']")
    page.click("dialog button", "Remove")
    page.wait_gone("button[aria-label='Remove token backup']")
    assert status("/system/version") == 401
    # Both are in the audit log, of which the token is no part.
    assert "backup" in page.wait("[aria-label='Audit log'] tr", "account.token.add").text
    page.wait("[aria-label='Audit log'] tr", "account.token.remove")
    assert token not in page.driver.page_source


def test_a_certificate_of_a_program(page, vm, tmp_path):
    """It is registered without its key, which is not even sent, and lets its owner in until it is removed."""
    key, paper = tmp_path / "key.pem", tmp_path / "own.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "400",
                    "-subj", "/CN=robot", "-keyout", key, "-out", paper], check=True, capture_output=True)

    def status():
        context = ssl._create_unverified_context()  # pylint: disable=protected-access
        context.load_cert_chain(paper, key)
        connection = http.client.HTTPSConnection("127.0.0.1", vm.port, timeout=120, context=context)
        connection.request("GET", "/api/v1/accounts")
        answer = connection.getresponse().status
        connection.close()
        return answer

    page.area("users", "Users and access")
    page.idle()
    for file, answer in ((key, "#errors .toast"), (paper, "#toasts .toast")):
        page.click("main button", "Register a certificate")
        page.fill("input[name=client-name]", "robot")
        page.wait("input[name=client-pem]").send_keys(str(file))
        page.click("dialog button", "Register")
        page.wait(answer, "private key" if file == key else "may log in")
    page.click("#errors .toast button")
    assert "CN=robot" in page.wait("main tr", "robot").text
    wait_until(lambda: status() == 200)  # The first one is asked for some seconds later.
    page.click("button[aria-label='Remove certificate robot']")
    page.click("dialog button", "Remove")
    page.wait_gone("button[aria-label='Remove certificate robot']")
    assert status() == 401


def test_lockdown_mode_and_its_exceptions(page, vm):
    page.area("users", "Users and access")
    page.click("button[aria-label='Change lockdown mode']")
    page.click("dialog option", "normal")
    page.wait("dialog .warn", "this page ends with it")
    page.click("dialog button", "Cancel")
    page.click("main button", "Add an exception user")
    page.click("dialog button", "Add")
    try:
        page.wait("button[aria-label='Remove exception root']")
        for title, word in (("normal", "normal"), ("off", "disabled")):
            page.click("button[aria-label='Change lockdown mode']")
            page.click("dialog option", title)
            assert not page.seen("dialog .warn")
            page.click("dialog button", "Change")
            page.wait_gone("dialog")
            wait_until(lambda expected=word: cli(vm, "system lockdown get")["mode"] == expected)
        page.click("button[aria-label='Remove exception root']")
        page.click("dialog button", "Remove")
        page.wait_gone("button[aria-label='Remove exception root']")
    finally:
        vm.run("localcli system lockdown set --mode disabled; localcli system lockdown exception remove --id root")


def test_another_certificate_of_the_host(page, vm, tmp_path):
    """One that is none is refused; one that is good is taken at once, and the host can make one again."""
    before = vm.check("cat /etc/visoros/ssl/host.key /etc/visoros/ssl/host.crt")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "400",
                    "-subj", "/CN=page.example", "-addext", "subjectAltName=DNS:page.example", "-keyout", tmp_path / "key.pem",
                    "-out", tmp_path / "own.pem"], check=True, capture_output=True)
    page.area("users", "Users and access")
    try:
        page.click("button[aria-label='Replace the certificate']")
        page.wait("input[name=pem]").send_keys(str(tmp_path / "own.pem"))
        page.click("dialog button", "Replace")
        assert "key" in page.wait("#errors .toast").text
        page.click("#errors .toast button")
        page.click("button[aria-label='Replace the certificate']")
        page.wait("input[name=pem]").send_keys(f"{tmp_path / 'own.pem'}\n{tmp_path / 'key.pem'}")
        page.click("dialog button", "Replace")
        page.wait("dialog h1", "another certificate")
        assert "page.example" in page.wait("dialog dl").text
        page.click("dialog button", "Load anew")
        page.wait("main dl", "page.example")
        page.click("main button", "Make anew")
        page.click("dialog button", "Make anew")
        page.wait("dialog h1", "another certificate")
        page.click("dialog button", "Load anew")
        page.wait("main dl", "the host itself")
        assert not page.seen("main dl", "page.example")
    finally:
        key, rest = before.split("-----BEGIN CERTIFICATE-----", 1)
        vm.check(f"cat > /tmp/own.pem <<'END'\n{key}-----BEGIN CERTIFICATE-----{rest}\nEND\n"
                 "localcli system security certificate set --file /tmp/own.pem && rm /tmp/own.pem")


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
    lines = page.wait(".log").text.splitlines()
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
