# SPDX-License-Identifier: Apache-2.0
"""The host's page for a file of tests: a browser that is logged in, and what is demanded after each of them."""

import json

import pytest
from browser import Browser


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


def pid(vm, service):
    rows = json.loads(vm.check("visorcli --formatter=json system service list"))
    return next(row["pid"] for row in rows if row["name"] == service)


def cli(vm, words):
    return json.loads(vm.check(f"localcli --formatter=json {words}"))
