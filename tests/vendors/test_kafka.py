"""External streams and Azion's endpoint against a broker of somebody else's, with what a third
client sends to it and reads from it."""

import base64
import json
import queue
import subprocess
import threading
import time
import urllib.request

import pytest

import server as backend
from gate import Gate
from kafka import PATIENCE, Broker, Cluster, free_port

API = "/default/api/v1beta2"
OWN = [
    {"name": "_tp_message_key", "type": "nullable(string)"},
    {"name": "_tp_message_headers", "type": "map(string, string)"},
    {"name": "_tp_sn", "type": "int64"},
    {"name": "_tp_shard", "type": "int32"},
]


@pytest.fixture(scope="module")
def cluster():
    cluster = Cluster()
    yield cluster
    cluster.stop()


def stream(server, name, broker, topic, columns=None, **settings):
    pairs = {"type": "kafka", "brokers": broker, "topic": topic, **settings}
    body = {
        "name": name,
        "columns": columns or [{"name": "raw", "type": "string"}],
        "settings": [{"key": key, "value": value} for key, value in pairs.items()],
    }
    server.json("POST", f"{API}/external_streams", body)


class Followed:
    """The rows of a query while it runs."""

    def __init__(self, server, sql):
        pair = base64.b64encode(f"{backend.USER}:{backend.PASSWORD}".encode()).decode()
        request = urllib.request.Request(
            f"http://{server.address}{API}/queries",
            data=json.dumps({"sql": sql}).encode(),
            headers={"Authorization": f"Basic {pair}", "Content-Type": "application/json"},
        )
        self.answer = urllib.request.urlopen(request, timeout=2 * PATIENCE)
        self.rows = queue.Queue()
        self.event = None
        # The query is told of before any row; what is sent from now on is seen.
        self.read()
        threading.Thread(target=self.follow, daemon=True).start()

    def read(self):
        for line in self.answer:
            line = line.decode().rstrip("\n")
            if line.startswith("event:"):
                self.event = line[6:].strip()
            elif line.startswith("data:"):
                return self.event, json.loads(line[5:])
            elif not line:
                self.event = None
        return None

    def follow(self):
        try:
            while told := self.read():
                event, data = told
                if event in (None, "", "message"):
                    for row in data:
                        self.rows.put(row)
                elif event in ("finished", "error", "query") and data.get("status") == "failed":
                    self.rows.put(data)
        except (OSError, ValueError):
            pass

    def take(self, count):
        return [self.rows.get(timeout=2 * PATIENCE) for _ in range(count)]

    def close(self):
        self.answer.close()


def history(server, name, columns="*"):
    body = {"sql": f"SELECT {columns} FROM table({name})", "type": "historical"}
    return server.json("POST", f"{API}/exec", body)["data"]


@pytest.mark.parametrize("codec", ["none", "gzip", "snappy", "lz4", "zstd"])
def test_messages_are_read_however_they_are_packed(server, cluster, codec):
    topic = f"packed_{codec}"
    texts = [f"message {n} " + "x" * 500 for n in range(50)]
    packed = {"compression.codec": codec}
    cluster.send(topic, *({"value": text, "partition": 0} for text in texts), **packed)
    stream(server, topic, cluster.address, topic)
    assert history(server, topic, "raw") == [[text] for text in texts]
    followed = Followed(server, f"SELECT raw FROM {topic}")
    cluster.send(topic, {"value": "later"}, **packed)
    assert followed.take(1) == [["later"]]
    followed.close()


def test_every_partition_is_read_with_what_stands_beside_a_message(server, cluster):
    columns = [{"name": "id", "type": "int64"}, *OWN]
    stream(server, "beside", cluster.address, "beside", columns, data_format="JSONEachRow")
    sent = [
        {"value": '{"id":1}', "key": "k", "headers": [("trace", "a")], "partition": 0},
        {"value": '{"id":2}', "partition": 1},
        {"value": '{"id":3}\n{"id":4}', "key": "", "partition": 2},
        {"value": '{"id":5}', "headers": [("a", "1"), ("b", "2")], "partition": 2},
    ]
    cluster.send("beside", *sent)
    names = "id, _tp_message_key, _tp_message_headers, _tp_sn, _tp_shard"
    assert sorted(history(server, "beside", names)) == [
        [1, "k", {"trace": "a"}, 0, 0],
        [2, None, {}, 0, 1],
        [3, "", {}, 0, 2],
        [4, "", {}, 0, 2],
        [5, None, {"a": "1", "b": "2"}, 1, 2],
    ]


@pytest.mark.parametrize("form", ["RawBLOB", "CSV"])
def test_the_key_stands_beside_other_formats(server, cluster, form):
    topic = f"key_{form}"
    columns = [{"name": "t", "type": "string"}, OWN[0]]
    stream(server, topic, cluster.address, topic, columns, data_format=form)
    cluster.send(topic, {"value": "a text", "key": "k"})
    assert history(server, topic, "t, _tp_message_key") == [["a text", "k"]]


def test_a_message_may_be_empty(server, cluster):
    stream(server, "empty_raw", cluster.address, "empty")
    columns = [{"name": "id", "type": "int64"}]
    stream(server, "empty_json", cluster.address, "empty", columns, data_format="JSONEachRow")
    sent = [{"value": ""}, {"value": None, "key": "gone"}, {"value": '{"id":1}'}]
    cluster.send("empty", *({**one, "partition": 0} for one in sent))
    assert history(server, "empty_raw", "raw") == [[""], [""], ['{"id":1}']]
    assert history(server, "empty_json", "id") == [[1]]


def test_a_query_outlives_a_break(server):
    """The broker cannot be reached for a while, as when it is started again; nothing is lost and
    nothing comes twice."""
    broker = Broker(told=free_port())
    gate = Gate(broker.told, broker.port)
    broker.address = gate.address
    broker.topic("breaks")
    stream(server, "breaks", gate.address, "breaks")
    followed = Followed(server, "SELECT raw FROM breaks")
    broker.send("breaks", {"value": "before"})
    assert followed.take(1) == [["before"]]
    gate.close()
    time.sleep(1)
    gate.open()
    for text in ("after", "and later"):
        broker.send("breaks", {"value": text})
    assert followed.take(2) == [["after"], ["and later"]]
    followed.close()
    gate.close()
    broker.stop()


def test_tls_is_spoken(server, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"]
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate]
    subprocess.run(
        ["openssl", "req", "-x509", *made, "-subj", "/CN=127.0.0.1", "-days", "2", *names],
        check=True,
        capture_output=True,
    )
    broker = Broker(told=free_port())
    gate = Gate(broker.told, broker.port, (certificate, key))
    broker.address = gate.address
    tls = {"security.protocol": "SSL", "ssl.ca.location": str(certificate)}
    broker.topic("secret", **tls)
    broker.send("secret", {"value": "hush"}, **tls)
    pem = certificate.read_text()
    settings = {"security_protocol": "SSL", "ssl_ca_pem": pem}
    stream(server, "secret", gate.address, "secret", **settings)
    assert history(server, "secret", "raw") == [["hush"]]
    # A certificate that nobody vouches for.
    stream(server, "doubted", gate.address, "secret", security_protocol="SSL")
    body = {"sql": "SELECT raw FROM table(doubted)", "type": "historical"}
    refused = server.call("POST", f"{API}/exec", body)
    assert refused.status == 400 and b"certificate" in refused.body, refused.body
    gate.close()
    broker.stop()
