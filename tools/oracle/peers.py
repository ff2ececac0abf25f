"""Two engines that answer one expression each, in processes of their own: what hangs or crashes
is ended and told, and the next expression goes to a fresh one."""
import datetime
import json
import multiprocessing
import re
import select
import subprocess
import zoneinfo

SECONDS = 10
SETTINGS = "output_format_json_quote_64bit_integers = 0, date_time_output_format = 'simple'"


class Refused(str):
    pass


def _serve(pipe):
    import chdb
    # One connection: chdb.query() makes an engine for each call, a tenth of a second every time.
    connection = chdb.connect(":memory:")
    while True:
        query = pipe.recv()
        try:
            text = connection.query(f"{query} SETTINGS {SETTINGS}", "JSONCompactEachRow").data()
            pipe.send((True, text.strip()))
        except Exception as error:  # noqa: BLE001: whatever it refuses
            pipe.send((False, str(error).splitlines()[0][:100]))


class ClickHouse:
    def __init__(self):
        self.process = None

    def rows(self, query):
        """The text of the answer, a row a line, or Refused."""
        if self.process is None:
            self.pipe, theirs = multiprocessing.Pipe()
            self.process = multiprocessing.Process(target=_serve, args=(theirs,), daemon=True)
            self.process.start()
            theirs.close()
        try:
            self.pipe.send(query)
            if self.pipe.poll(SECONDS):
                answered, text = self.pipe.recv()
                return text if answered else Refused(text)
            reason = f"no answer within {SECONDS} s"
        except (EOFError, OSError):
            reason = "it crashes"
        self.end()
        return Refused(reason)

    def answer(self, query):
        text = self.rows(query)
        if isinstance(text, Refused):
            return text
        return json.loads(text.splitlines()[0])[0] if text else Refused("no row")

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None


class Weir:
    def __init__(self, evaluate):
        self.evaluate, self.process = evaluate, None

    def answer(self, query):
        if self.process is None:
            pipe = subprocess.PIPE
            self.process = subprocess.Popen([self.evaluate], stdin=pipe, stdout=pipe, text=True)
        try:
            self.process.stdin.write(query + "\n")
            self.process.stdin.flush()
            ready, _, _ = select.select([self.process.stdout], [], [], SECONDS)
            line = self.process.stdout.readline() if ready else ""
        except OSError:
            line, ready = "", True
        if not line:
            self.end()
            return Refused("it crashes" if ready else f"no answer within {SECONDS} s")
        answer = json.loads(line)
        if "error" in answer:
            return Refused(answer["error"])
        value = answer["rows"][0][0] if answer.get("rows") else None
        return shown(value, answer["types"][0])

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def shown(value, data_type):
    """As ClickHouse shows it: times in their zone, where the wire has the instant in UTC, and wide
    numbers as numbers, where the wire has text."""
    if re.match(r"(nullable\()?u?int(128|256)", data_type) and isinstance(value, str):
        return int(value)
    zone = re.search(r"datetime.*'([^']+)'", data_type)
    if not isinstance(value, str) or not zone or not value.endswith("Z"):
        return value
    time = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    local = time.astimezone(zoneinfo.ZoneInfo(zone.group(1)))
    return local.strftime("%Y-%m-%d %H:%M:%S") + value[19:-1]
