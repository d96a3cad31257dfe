# SPDX-License-Identifier: Apache-2.0
"""The host's page: tokens, certificates of programs, and the host's own."""

import http.client
import ssl
import subprocess

from api import Client
from hosts import wait_until
from pagekit import page_fixture, quiet_fixture  # noqa: F401


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
