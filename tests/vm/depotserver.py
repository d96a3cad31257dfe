# SPDX-License-Identifier: Apache-2.0
"""A web server of depots that can be told to misbehave, and certificates for it."""

import http.server
import subprocess


class Server(http.server.ThreadingHTTPServer):
    """A web server with ranges and ETags that can be told to misbehave."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.cut = {}  # path: how often a connection for it breaks off in the middle
        self.tagged = True
        self.ranges = True
        self.changes = None  # from this request on the files are others
        self.requests = []
        self.sent = 0
        self.meet = None  # a barrier that requests for bundles wait at before they are answered
        self.meet_from = 0  # the first of these among requests for an archive

    @property
    def url(self):
        """As the guest sees it."""
        return f"http://10.0.2.2:{self.server_address[1]}/depot"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET below /depot."""

    def log_message(self, *_):  # pylint: disable=arguments-differ
        """Says nothing."""

    def do_GET(self):  # pylint: disable=invalid-name
        """One file, or what is left of it."""
        server = self.server
        path = self.path.removeprefix("/depot/")
        number = len(server.requests)
        server.requests.append((path, self.headers.get("Range")))
        file = server.folder / path
        if not file.is_file():
            self.send_error(404)
            return
        if server.meet and (path.endswith(".vib") or path.endswith(".zip") and number >= server.meet_from):
            server.meet.wait(timeout=120)
        changed = server.changes is not None and number >= server.changes
        self.answer(path, file.read_bytes(), f'"{file.stat().st_mtime_ns}{"-new" if changed else ""}"')

    def part(self, size, tag):
        """From which byte to before which one, or None for all of it."""
        span = self.headers.get("Range")
        if not span or not self.server.ranges or self.headers.get("If-Range", tag) != tag:
            return None
        first, last = span.removeprefix("bytes=").split("-")
        if not first:
            return max(size - int(last), 0), size
        return int(first), int(last) + 1 if last else size

    def answer(self, path, data, tag):
        """What was asked for, or the half of it."""
        server = self.server
        part = self.part(len(data), tag)
        begin, end = part or (0, len(data))
        self.send_response(206 if part else 200)
        if part:
            self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(data)}")
        self.send_header("Content-Length", str(end - begin))
        if server.tagged:
            self.send_header("ETag", tag)
        self.end_headers()
        if server.cut.get(path, 0) > 0:
            server.cut[path] -= 1
            end = begin + (end - begin) // 2
            self.close_connection = True
        try:
            self.wfile.write(data[begin:end])
            server.sent += end - begin
        except ConnectionError:
            pass  # the guest has what it wanted


# Valid since long ago: a guest's clock may be behind this machine's.
AUTHORITY = """[ca]
default_ca = one
[one]
database = {0}/index
serial = {0}/serial
new_certs_dir = {0}
default_md = sha256
default_startdate = 20200101000000Z
default_enddate = 20490101000000Z
policy = any
[any]
commonName = supplied
[root]
basicConstraints = critical,CA:true
[server]
subjectAltName = IP:10.0.2.2
extendedKeyUsage = serverAuth
"""


def certificate(folder):
    """An authority and a server's certificate that it issued: root.crt, server.crt, server.key."""
    folder.mkdir()
    (folder / "index").touch()
    (folder / "serial").write_text("01\n")
    (folder / "ca.conf").write_text(AUTHORITY.format(folder))

    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    for name, issuer in (("root", ["-selfsign"]), ("server", ["-cert", "root.crt"])):
        openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={folder.name} {name}",
                "-keyout", f"{name}.key", "-out", "request")
        openssl("ca", "-batch", "-notext", "-config", "ca.conf", "-extensions", name, "-in", "request",
                *issuer, "-keyfile", "root.key", "-out", f"{name}.crt")
