"""engine.py BACKEND [ROWS] [PART…] — the embedded engine beside sqlite3 and chdb over the same rows in
one run, its rates through live queries, its latency, and what it does under load; a table in
Markdown. PART: history, follow, latency, load; all of them where none is named."""

import http.client
import json
import os
import re
import selectors
import socket
import sqlite3
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../vendors"))
from server import Server

API = "/default/api/v1beta2"
COLUMNS = [("id", "int64"), ("small", "int64"), ("large", "int64"), ("value", "float64"), ("host", "string")]
BATCH = 5_000
TIMES = 3
PATIENCE = 300
# Of the part `load`.
STREAMS = int(os.environ.get("STREAMS", "10000"))


def row(n):
    """The same on every run; `small` has 1,000 values, `large` a million."""
    mix = n * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    return n, mix % 1_000, (mix >> 16) % 1_000_000, (mix >> 40) / 100, f"host-{mix % 40}"


def line(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def per_second(rows, seconds):
    return f"{round(rows / seconds):,} rows/s"


class Weir:
    def __init__(self, program):
        self.server = Server(program)
        limits = os.path.join(self.server.folder.name, "limits.toml")
        with open(limits, "w", encoding="utf-8") as file:
            file.write("[limits]\nrunning_queries = 1100\nqueries_per_user = 1050\n")
        self.server.restart("--config", limits)
        self.host, port = self.server.address.rsplit(":", 1)
        self.port = int(port)
        self.headers = {"X-Api-Key": self.server.key, "Content-Type": "application/json"}

    def stream(self, name, columns=COLUMNS):
        definition = {"name": name, "columns": [{"name": n, "type": t} for n, t in columns]}
        return self.server.json("POST", f"{API}/streams", definition, self.headers)

    def write(self, stream, bodies, writers=1):
        """Seconds until all are acknowledged."""
        bodies, turn, refused = list(bodies), threading.Lock(), []

        def work():
            connection = http.client.HTTPConnection(self.host, self.port)
            while True:
                with turn:
                    if not bodies or refused:
                        return
                    body = bodies.pop(0)
                connection.request("POST", f"{API}/streams/{stream}/ingest?format=compact", body, self.headers)
                answer = connection.getresponse()
                said = answer.read()
                if answer.status >= 300:
                    refused.append(said)

        start, threads = time.perf_counter(), [threading.Thread(target=work) for _ in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not refused, refused
        return time.perf_counter() - start

    def follow(self, sql):
        """The socket of a live query that is running."""
        connection = socket.create_connection((self.host, self.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        body = json.dumps({"sql": sql}).encode()
        head = f"POST {API}/queries HTTP/1.1\r\nHost: {self.server.address}\r\nX-Api-Key: {self.server.key}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        seen = b""
        while b"event: query" not in seen or not seen.endswith(b"\n"):
            piece = connection.recv(1 << 16)
            seen += piece
            assert piece and b" 200 " in seen[:20], seen
        connection.settimeout(PATIENCE)
        return connection

    def rows(self, sql):
        """Rows of a query that ends, in the text that came."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        connection.request("POST", f"{API}/queries", json.dumps({"sql": sql}), self.headers)
        said = connection.getresponse().read().decode()
        assert '"failed"' not in said and "event: query" in said, said[-2000:]
        return [r for data in re.findall(r"^data: (\[.*\])\s*$", said, re.M) for r in json.loads(data)]


def until(connection, mark):
    """Reads until `mark` has come."""
    seen = b""
    while mark not in seen:
        piece = connection.recv(1 << 20)
        assert piece, "the query ended"
        seen = seen[-64:] + piece


def bodies(rows):
    names = [name for name, _ in COLUMNS]
    for first in range(0, len(rows), BATCH):
        yield json.dumps({"columns": names, "data": rows[first : first + BATCH]}).encode()


# Name, the same question to each of Weir, sqlite3, chdb.
QUESTIONS = [
    ("scan: count and sum of rows by a condition", "select count(), sum(value) from {t} where small < 500"),
    ("scan: a text inside another", "select count() from {t} where host like '%-3%'"),
    ("group-by, 1,000 keys", "select max(c), min(s) from (select small, count() as c, sum(value) as s from {t} group by small)"),
    ("group-by, 1,000,000 keys", "select max(c), min(s) from (select large, count() as c, sum(value) as s from {t} group by large)"),
    ("join with 1,000 rows", "select count(), sum(weight) from {t} as a inner join {d} as b on a.small = b.small"),
]


def timed(ask):
    took, answer = [], None
    for _ in range(TIMES):
        start = time.perf_counter()
        answer = ask()
        took.append(time.perf_counter() - start)
    return statistics.median(took), answer


def alike(a, b):
    return all(abs(float(x) - float(y)) <= 1e-6 * max(1, abs(float(x))) for x, y in zip(a, b))


def history(weir, count):
    rows = [row(n) for n in range(count)]
    small = [(n, n % 7) for n in range(1_000)]
    weir.stream("history")
    weir.stream("weights", [("small", "int64"), ("weight", "int64")])
    weir.write("history", bodies(rows), 4)
    weir.write("weights", [json.dumps({"columns": ["small", "weight"], "data": small})])
    folder = tempfile.TemporaryDirectory(prefix="weir-bench-")
    lite = sqlite3.connect(os.path.join(folder.name, "lite"))
    lite.execute("create table history (id integer primary key, small integer, large integer, value real, host text)")
    lite.execute("create table weights (small integer, weight integer)")
    lite.executemany("insert into history values (?, ?, ?, ?, ?)", rows)
    lite.executemany("insert into weights values (?, ?)", small)
    lite.commit()
    house = None
    try:
        from chdb import session

        house = session.Session(os.path.join(folder.name, "house"))
        house.query("create database bench")
        house.query(
            "create table bench.history (id Int64, small Int64, large Int64, value Float64, host String) engine MergeTree order by id"
        )
        house.query("create table bench.weights (small Int64, weight Int64) engine MergeTree order by small")
        path = os.path.join(folder.name, "rows.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(",".join(map(str, r)) + "\n" for r in rows)
        house.query(f"insert into bench.history select * from file('{path}', CSV, 'id Int64, small Int64, large Int64, value Float64, host String')")
        house.query("insert into bench.weights values " + ",".join(map(str, small)))
    except ImportError:
        pass
    line(f"history of {count:,} rows (median of {TIMES})", "Weir", f"sqlite3 {sqlite3.sqlite_version}", "chdb")
    line("---", "---", "---", "---")
    for name, question in QUESTIONS:
        ours, mine = timed(lambda: weir.rows(question.format(t="table(history)", d="table(weights)")))
        asked = question.replace("count()", "count(*)").format(t="history", d="weights")
        theirs, other = timed(lambda: lite.execute(asked).fetchall())
        assert alike(mine[0], other[0]), (name, mine, other)
        cells = [f"{ours:.2f} s", f"{theirs:.2f} s"]
        if house:
            asked = question.format(t="bench.history", d="bench.weights")
            took, answer = timed(lambda: house.query(asked, "CSV").bytes().decode())
            assert alike(mine[0], answer.strip().split(",")), (name, mine, answer)
            cells.append(f"{took:.2f} s")
        line(name, *cells, *["not installed"] * (house is None))
    if house:
        house.close()


def follow(weir, count):
    """Rows are stored before: what is measured is how fast a live query goes through them."""
    line(f"live, {count:,} rows from the beginning", "Weir", "goal")
    line("---", "---", "---")
    columns = [*COLUMNS, ("at", "datetime64(3)")]
    weir.stream("passing", columns)
    names = [name for name, _ in columns]
    at = lambda n: time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1_700_000_000 + n // 1_000))

    def write(rows):
        parts = [rows[first : first + BATCH] for first in range(0, len(rows), BATCH)]
        return weir.write("passing", [json.dumps({"columns": names, "data": part}) for part in parts])

    write([[*row(n), at(n)] for n in range(count)])
    # Closes every window before it.
    write([[count + 1, -1, -1, 0, "end", "2030-01-01 00:00:00"]])
    write([[count + 2, -2, -2, 0, "end", "2031-01-01 00:00:00"]])
    cases = [
        ("one filter", "select id from passing where small < 0", f"[{count + 1}]", None),
        (
            "one tumbling count by key, 1,000 keys",
            "select window_start, small, count() from tumble(passing, at, 10s) group by window_start, small",
            ",-1,1]",
            200_000,
        ),
        (
            "one tumbling count by key, 1,000,000 keys",
            "select window_start, large, count() from tumble(passing, at, 1h) group by window_start, large",
            ",-1,1]",
            200_000,
        ),
    ]
    for name, sql, mark, goal in cases:
        start = time.perf_counter()
        connection = weir.follow(sql + " settings seek_to='earliest'")
        until(connection, mark.encode())
        took = time.perf_counter() - start
        connection.close()
        line(name, per_second(count, took), f"≥ {goal:,} rows/s" if goal else "")
    start = time.perf_counter()
    query = "select id, value from passing where small < 500 settings seek_to='earliest'"
    weir.server.json("POST", f"{API}/materialized_views", {"name": "kept", "query": query})
    wanted = sum(row(n)[1] < 500 for n in range(count)) + 2
    while weir.rows("select count() from table(kept)")[0][0] < wanted:
        assert time.perf_counter() - start < PATIENCE, "the view does not come to its end"
        time.sleep(0.05)
    line("one materialized view that keeps half", per_second(count, time.perf_counter() - start), "")


ID = re.compile(rb"\[(\d+)\]")


class Readers(threading.Thread):
    """Reads many live queries; told of every id with the time when it was read."""

    def __init__(self, connections, seen):
        super().__init__(daemon=True)
        self.selector, self.seen, self.over = selectors.DefaultSelector(), seen, False
        for connection in connections:
            connection.setblocking(False)
            self.selector.register(connection, selectors.EVENT_READ, [b""])

    def run(self):
        while not self.over:
            for key, _ in self.selector.select(0.2):
                piece = key.fileobj.recv(1 << 18)
                now = time.perf_counter()
                text = key.data[0] + piece
                whole = text.rfind(b"\n") + 1
                key.data[0] = text[whole:]
                for found in ID.findall(text[:whole]):
                    self.seen(int(found), now)


def latency(weir, _):
    line("from ingest to a subscriber, a row every 10 ms", "p50", "p99", "goal")
    line("---", "---", "---", "---")
    weir.stream("ticks", [("id", "int64")])
    number = 0
    for subscribers in (1, 100, 1_000):
        connections = [weir.follow("select id from ticks") for _ in range(subscribers)]
        sent, took, wanted = {}, [], subscribers * 200
        readers = Readers(connections, lambda id, now: took.append(now - sent[id]))
        readers.start()
        writer = http.client.HTTPConnection(weir.host, weir.port)
        for _ in range(200):
            number += 1
            body = json.dumps({"columns": ["id"], "data": [[number]]})
            sent[number] = time.perf_counter()
            writer.request("POST", f"{API}/streams/ticks/ingest?format=compact", body, weir.headers)
            writer.getresponse().read()
            time.sleep(max(0, sent[number] + 0.01 - time.perf_counter()))
        patience = time.perf_counter() + 60
        while len(took) < wanted and time.perf_counter() < patience:
            time.sleep(0.01)
        readers.over = True
        readers.join()
        for connection in connections:
            connection.close()
        assert len(took) == wanted, f"{len(took)} of {wanted} rows came"
        took.sort()
        cell = lambda share: f"{took[int(len(took) * share)] * 1e3:.1f} ms"
        line(f"{subscribers:,} subscriber(s), all {wanted:,} rows read", cell(0.5), cell(0.99), "p99 < 50 ms")


def load(weir, count):
    line(f"{STREAMS:,} streams, 1,000 live queries on one stream, {count:,} rows ingested meanwhile", "Weir")
    line("---", "---")
    start = time.perf_counter()
    for n in range(STREAMS):
        weir.stream(f"load_{n}", [("id", "int64")])
    line("created the streams, one after the other", f"{time.perf_counter() - start:.1f} s")
    took, body = timed(lambda: weir.server.call("GET", f"{API}/streams").body)
    assert body.count(b'"load_') >= STREAMS
    line("the list of them", f"{took * 1e3:.0f} ms, {len(body) / 1e6:.1f} MB")
    start = time.perf_counter()
    connections, refused = [], ""
    try:
        while len(connections) < 1_000:
            connections.append(weir.follow("select id from load_0 where id % 1000 = 0"))
    except AssertionError as answer:
        said = re.findall('"message":"([^"]*)', str(answer))
        refused = f"; the next was refused: {', '.join(said)}"
    line("opened of 1,000 live queries", f"{len(connections):,} in {time.perf_counter() - start:.1f} s{refused}")
    came, newest = [0], [0.0]

    def seen(_, now):
        came[0] += 1
        newest[0] = now

    readers = Readers(connections, seen)
    readers.start()
    parts = [json.dumps({"columns": ["id"], "data": [[n] for n in range(first, first + BATCH)]}) for first in range(0, count, BATCH)]
    asked, over = [], threading.Event()

    def ask():
        while not over.is_set():
            start = time.perf_counter()
            try:
                weir.rows("select count() from table(load_0)")
            except AssertionError:
                return
            asked.append(time.perf_counter() - start)
            over.wait(0.5)

    asking = threading.Thread(target=ask)
    asking.start()
    start = time.perf_counter()
    try:
        ingest = weir.write("load_0", parts, 2)
    except AssertionError as refused:
        over.set()
        readers.over = True
        return line("ingest beside them", f"refused: {refused}")
    end, wanted = time.perf_counter(), len(connections) * len(range(0, count, 1_000))
    while came[0] < wanted and time.perf_counter() - end < PATIENCE:
        time.sleep(0.05)
    over.set()
    asking.join()
    readers.over = True
    readers.join()
    assert weir.rows("select count() from table(load_0)")[0][0] == count
    line("ingested, acknowledged durable", f"{ingest:.1f} s ({per_second(count, ingest)})")
    line("rows at the queries, each of which keeps one in 1,000", f"{came[0]:,} of {wanted:,}, the last {max(0, newest[0] - end):.1f} s after the last acknowledgement")
    line("counted from history meanwhile, every half second", f"median {statistics.median(asked) * 1e3:.0f} ms, slowest {max(asked) * 1e3:.0f} ms")
    with open(f"/proc/{weir.server.process.pid}/status", encoding="utf-8") as status:
        most = re.search(r"VmHWM:\s+(\d+)", status.read())
    line("most memory of the process", f"{int(most[1]) // 1024} MiB")


PARTS = {"history": history, "follow": follow, "latency": latency, "load": load}


def main():
    program, *rest = sys.argv[1:]
    count = int(rest.pop(0)) if rest and rest[0].isdigit() else 1_000_000
    for name in rest or PARTS:
        weir = Weir(program)
        try:
            PARTS[name](weir, count)
            print()
        finally:
            weir.server.stop()


if __name__ == "__main__":
    main()
