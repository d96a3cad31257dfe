# SPDX-License-Identifier: Apache-2.0
"""The host's page: users, what their roles may, and lockdown mode."""

import json

import pytest
from hosts import wait_until
from pagekit import cli, page_fixture, quiet_fixture  # noqa: F401


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
