"""The built backend, started on a free port with a folder of its own."""

import json
import os
import re
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

USER = "admin"
PASSWORD = "correct horse"
# Seconds; only a test that fails waits so long.
PATIENCE = 60


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)


class Server:
    """`address` is `host:port`; `key_id` and `key` are an API key of user `admin`."""

    def __init__(self, program):
        self.program = program
        self.folder = tempfile.TemporaryDirectory(prefix="weir-vendors-")
        console = os.path.join(self.folder.name, "console")
        os.mkdir(console)
        with open(os.path.join(console, "index.html"), "w", encoding="utf-8") as page:
            page.write("<!doctype html><title>the console</title>")
        # Read where the server is started.
        with open(os.path.join(self.folder.name, "weir.toml"), "w", encoding="utf-8") as settings:
            settings.write('[azion]\nbatch_wait = "1s"\n')
            # The steps come faster than a person's; that calls are throttled is tested natively.
            settings.write("[dataworks]\ncalls_per_second = 100000\n")
        self.start()
        created = self.json("POST", "/default/api/v1beta2/auth/api_keys", {"name": "vendors"})
        self.key_id, self.key = created["id"], created["api_key"]

    def start(self, *arguments):
        environment = {"PATH": os.environ.get("PATH", ""), "WEIR_ADMIN_PASSWORD": PASSWORD}
        within = lambda name: os.path.join(self.folder.name, name)
        places = ["--data", within("data"), "--console", within("console")]
        self.process = subprocess.Popen(
            [self.program, "--listen", "127.0.0.1:0", *places, *arguments],
            cwd=self.folder.name,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=open(within("log"), "ab"),
            text=True,
        )
        greeting = self.process.stdout.readline()
        found = re.search(r"http://([^/]+)/signin", greeting)
        if not found:
            raise RuntimeError(f"the backend did not start: {greeting!r}: {self.log()}")
        self.address = found.group(1)

    def log(self):
        with open(os.path.join(self.folder.name, "log"), encoding="utf-8", errors="replace") as log:
            return log.read()[-4000:]

    def end(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def stop(self):
        self.end()
        self.folder.cleanup()

    def restart(self, *arguments):
        """With what it holds."""
        self.end()
        self.start(*arguments)

    def call(self, method, path, body=None, headers=None):
        """An HTTP request as it is given; of user `admin` unless it brings its own credential."""
        headers = dict(headers or {})
        if not {name.lower() for name in headers} & {"authorization", "x-auth-token", "x-api-key"}:
            import base64

            basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            headers["Authorization"] = f"Basic {basic}"
        if body is not None and not isinstance(body, bytes):
            body = (body if isinstance(body, str) else json.dumps(body)).encode()
            headers.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(
            f"http://{self.address}{path}", data=body, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def json(self, method, path, body=None, headers=None):
        """What a request that succeeds answers."""
        answer = self.call(method, path, body, headers)
        assert answer.status < 300, f"{method} {path}: {answer.status}: {answer.body!r}"
        return answer.json() if answer.body else None
