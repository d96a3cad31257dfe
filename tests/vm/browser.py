# SPDX-License-Identifier: Apache-2.0
"""The host's page in a real browser: Chromium without a screen, driven as a person would."""

import json

from hosts import wait_until
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

DESK, PHONE = 1280, 360

# In each document before its own code: what the policy forbids, and errors that nobody catches.
WATCH = """
window.complaints = [];
performance.setResourceTimingBufferSize(1e6);
addEventListener('securitypolicyviolation', (e) => complaints.push(`policy: ${e.violatedDirective} ${e.blockedURI}`));
addEventListener('error', (e) => complaints.push(`error: ${e.message}`));
addEventListener('unhandledrejection', (e) => complaints.push(`rejected: ${e.reason && e.reason.message}`));
"""

# The lowest contrast of any text that is shown, by the formula of WCAG 2, and where it is.
CONTRAST = """
const parse = (c) => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
const part = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
const behind = (node) => {
  for (; node; node = node.parentElement) {
    const c = parse(getComputedStyle(node).backgroundColor);
    if (c.length < 4 || c[3] === 1) return c;
  }
  return [255, 255, 255];
};
let worst = [99, ''];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const node = walk.currentNode.parentElement;
  if (!walk.currentNode.data.trim() || !node.checkVisibility() || node.closest(':disabled, noscript, script')) continue;
  const a = light(parse(getComputedStyle(node).color)), b = light(behind(node));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < worst[0]) worst = [ratio, walk.currentNode.data.trim().slice(0, 60)];
}
return worst;
"""

# Things to click or fill in that a reader of the screen has no name for.
NAMELESS = """
return [...document.querySelectorAll('button, a, input, select, textarea, [tabindex="0"]')].filter((n) => n.checkVisibility() &&
  !(n.textContent.trim() && n.matches('button, a')) && !n.getAttribute('aria-label') && !(n.labels && n.labels.length))
  .map((n) => n.outerHTML.slice(0, 120));
"""


class Browser:
    """One Chromium with one page of a machine."""

    def __init__(self, machine, width=DESK, dark=False):
        self.machine = machine
        self.origin = f"https://127.0.0.1:{machine.port}"
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        # As root, and in containers, it has no sandbox; the host's certificate is its own.
        for word in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "ignore-certificate-errors",
                     "disable-background-networking", "disable-component-update", "no-first-run", "hide-scrollbars"):
            options.add_argument(f"--{word}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(120)
        self.tell("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.shape(width, dark)
        self.elsewhere, self.said = [], []

    def close(self):
        self.driver.quit()

    def tell(self, command, **params):
        return self.driver.execute_cdp_cmd(command, params)

    def shape(self, width, dark):
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 600)
        scheme = "dark" if dark else "light"
        self.tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    # Finding and doing

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def seen(self, selector, text=""):
        """The first element that is shown and has the text, or None."""
        try:
            return next((e for e in self.all(selector) if e.is_displayed() and text in e.text), None)
        except StaleElementReferenceException:
            return None

    def wait(self, selector, text="", timeout=90):
        def there():
            return self.seen(selector, text)

        there.__doc__ = f"the page shows {selector} with '{text}'"
        return self.until(there, timeout)

    def wait_gone(self, selector, text="", timeout=90):
        def gone():
            return not self.seen(selector, text)

        gone.__doc__ = f"the page shows {selector} with '{text}' no more"
        self.until(gone, timeout)

    def until(self, condition, timeout):
        """wait_until(); what the page shows when it was in vain is the first thing to ask for."""
        try:
            return wait_until(condition, timeout)
        except AssertionError:
            print(f"-- the page, {self.driver.current_url}:\n{self.driver.find_element(By.TAG_NAME, 'body').text}")
            raise

    def click(self, selector, text=""):
        """Clicks what may be drawn anew, or lie under a message, just now."""
        def done():
            element = self.seen(selector, text)
            if not element or not element.is_enabled():
                return False
            try:
                self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
                element.click()
                return True
            except WebDriverException:
                return False

        done.__doc__ = f"{selector} with '{text}' can be clicked"
        self.until(done, 90)

    def fill(self, selector, text):
        element = self.wait(f"{selector}:enabled")
        element.clear()
        element.send_keys(text)
        return element

    def press(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def focused(self):
        """Tag and text, or name, of what has the focus."""
        return self.driver.execute_script("const n = document.activeElement; return n.tagName + ' ' + "
                                          "(n.getAttribute('aria-label') || n.textContent || n.id).trim()")

    def tab_to(self, text, most=120):
        """Goes on with the tabulator until that has the focus."""
        for _ in range(most):
            if text in self.focused():
                return
            self.press(Keys.TAB)
        raise AssertionError(f"{most} times the tabulator, and never at {text}: {self.focused()}")

    # The page of the host

    def login(self, user="root", password="x"):
        self.driver.get(self.origin + "/")
        self.wait("#login-password")
        self.fill("#login-user", user)
        self.fill("#login-password", password)
        self.click("#login button")
        self.wait("main h1", "Overview")

    def login_again(self, password="x"):
        """The dialog that lies over the page."""
        self.fill("#login-password", password)
        self.click("#login button")

        def let_in():
            """the login is gone"""
            problem = self.seen("#login-problem")
            assert not problem, problem.text
            return not self.seen("#login-password")

        wait_until(let_in)

    def area(self, name, title):
        self.driver.execute_script(f"location.hash = '{name}'")
        self.wait("main h1", title)

    def areas(self):
        """(name, title) of all areas that the page offers."""
        return self.driver.execute_script("return [...document.querySelectorAll('nav a')].map((a) => [a.hash.slice(1), a.textContent])")

    def idle(self):
        """Waits until the area that is shown has drawn what it asked for."""
        self.driver.execute_async_script("""
            const done = arguments[0];
            dispatchEvent(new Event('refresh'));
            let quiet = 0, seen = performance.getEntriesByType('resource').length;
            const timer = setInterval(() => {
              const now = performance.getEntriesByType('resource').length;
              quiet = now === seen ? quiet + 1 : 0;
              seen = now;
              if (quiet > 6) { clearInterval(timer); done(); }
            }, 50);""")

    def reader_problems(self):
        return self.driver.execute_script(NAMELESS)

    def contrast(self):
        return self.driver.execute_script(CONTRAST)

    def too_wide(self):
        """By how many pixels the page is wider than the screen."""
        return self.driver.execute_script("return document.documentElement.scrollWidth - innerWidth")

    def shot(self, path):
        self.driver.save_screenshot(str(path))

    def complaints(self):
        """What went wrong since the last call: requests to elsewhere, errors, and what the policy forbade.

        What the browser says of requests that fail is left to those who look at what the page makes of it.
        """
        found = self.driver.execute_script("return complaints.splice(0)")
        found += [line["message"] for line in self.driver.get_log("browser")
                  if line["level"] != "INFO" and line.get("source") != "network"]
        for line in self.driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if not url.startswith((self.origin + "/", "data:", "blob:" + self.origin)):
                    found.append(f"request to {url}")
        return found
