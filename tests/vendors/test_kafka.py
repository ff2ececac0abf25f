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
from confluent_kafka import Consumer

import server as backend
from gate import Gate
from kafka import PATIENCE, Broker, Cluster, free_port
from sasl import Asking

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


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """A certificate of 127.0.0.1 that only those trust who are given it, and its key."""
    folder = tmp_path_factory.mktemp("certified")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"]
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate]
    subprocess.run(
        ["openssl", "req", "-x509", *made, "-subj", "/CN=127.0.0.1", "-days", "2", *names],
        check=True,
        capture_output=True,
    )
    return certificate, key


def test_tls_is_spoken(server, certified):
    broker = Broker(told=free_port())
    gate = Gate(broker.told, broker.port, certified)
    broker.address = gate.address
    tls = {"security.protocol": "SSL", "ssl.ca.location": str(certified[0])}
    broker.topic("secret", **tls)
    broker.send("secret", {"value": "hush"}, **tls)
    settings = {"security_protocol": "SSL", "ssl_ca_pem": certified[0].read_text()}
    stream(server, "secret", gate.address, "secret", **settings)
    assert history(server, "secret", "raw") == [["hush"]]
    # A certificate that nobody vouches for.
    stream(server, "doubted", gate.address, "secret", security_protocol="SSL")
    refused(server, "doubted", b"certificate")
    gate.close()
    broker.stop()


def refused(server, name, words):
    """Reading it is, and soon: what a broker will never take is not said to it again and again."""
    body = {"sql": f"SELECT raw FROM table({name})", "type": "historical"}
    begun = time.monotonic()
    answer = server.call("POST", f"{API}/exec", body)
    assert answer.status == 400 and words in answer.body, answer.body
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
def test_a_password_is_told(server, certified, mechanism, protocol):
    encrypted = protocol == "SASL_SSL"
    broker = Broker(told=free_port())
    known = (mechanism, "weir", "secret")
    gate = Asking(broker.told, broker.port, *known, certified if encrypted else None)
    broker.address = gate.address
    sasl = {"security.protocol": protocol, "ssl.ca.location": str(certified[0])}
    names = {"sasl.mechanism": mechanism, "sasl.username": "weir", "sasl.password": "secret"}
    broker.topic("asked", **sasl, **names)
    broker.send("asked", {"value": "hush"}, **sasl, **names)
    settings = {"security_protocol": protocol, "sasl_mechanism": mechanism, "username": "weir"}
    if encrypted:
        settings["ssl_ca_pem"] = certified[0].read_text()
    name = f"asked_{mechanism}_{protocol}".replace("-", "_")
    stream(server, name, gate.address, "asked", password="secret", **settings)
    assert history(server, name, "raw") == [["hush"]]
    stream(server, f"{name}_wrong", gate.address, "asked", password="wrong", **settings)
    refused(server, f"{name}_wrong", b"Authentication")
    other = "PLAIN" if mechanism != "PLAIN" else "SCRAM-SHA-256"
    settings["sasl_mechanism"] = other
    stream(server, f"{name}_other", gate.address, "asked", password="secret", **settings)
    refused(server, f"{name}_other", b"SaslMechanism")
    gate.close()
    broker.stop()


class Delivery:
    """A streaming of Azion that sends what it is told of to a topic."""

    def __init__(self, server, broker, topic):
        self.server = server
        endpoint = {"bootstrap_servers": broker, "kafka_topic": topic, "use_tls": False}
        body = {
            "name": f"to {topic}",
            "template_model": '{"uri":"$request_uri","n":"$status"}',
            "data_source": "http",
            "all_domains": True,
            "endpoint": {"endpoint_type": "kafka", **endpoint},
        }
        self.id = self.call("POST", "", body)["id"]

    def call(self, method, path, body=None):
        key = f"Token {self.server.key}"
        headers = {"Accept": "application/json; version=3", "Authorization": key}
        answer = self.server.json(method, f"/azion/data_streaming/streamings{path}", body, headers)
        return answer and answer["results"]

    def log(self, mark):
        """A request whose log is delivered."""
        self.server.call("GET", f"{API}/streams/{mark}")

    def end(self):
        self.call("DELETE", f"/{self.id}")


def read_until(consumers, mark):
    """Until some consumer has read `mark`; all of them are asked, which keeps them in their group."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for message in [consumer.poll(0.2) for consumer in consumers]:
            if message is None or message.error():
                continue
            lines = message.value().decode().splitlines()
            if any(mark in json.loads(line)["uri"] for line in lines):
                return
    raise AssertionError(f"{mark} was not read")


def test_azion_sends_to_a_group_that_is_shared_out_anew(server):
    broker = Broker()
    broker.topic("logs", 2)
    group = {"group.id": "readers", "auto.offset.reset": "earliest", "session.timeout.ms": 6000}
    shares = {}

    def reader(name):
        consumer = Consumer(broker.client(**group))
        told = lambda _, parts: shares.update({name: {part.partition for part in parts}})
        consumer.subscribe(["logs"], on_assign=told)
        return consumer

    def shared_out(consumers):
        """Each partition with one of them, whoever that is."""
        each = 2 // len(consumers)
        right = lambda: sorted(map(len, shares.values())) == [each] * len(consumers)
        deadline = time.monotonic() + PATIENCE
        while not right() and time.monotonic() < deadline:
            for consumer in consumers:
                assert consumer.poll(0.1) is None
        assert right() and set().union(*shares.values()) == {0, 1}, shares

    first = reader("first")
    delivery = Delivery(server, broker.address, "logs")
    delivery.log("mark_one")
    read_until([first], "mark_one")
    second = reader("second")
    shared_out([first, second])
    # Batches go to each partition in its turn.
    for mark in ("mark_two", "mark_three"):
        delivery.log(mark)
        read_until([first, second], mark)
    first.close()
    del shares["first"]
    shared_out([second])
    delivery.log("mark_four")
    read_until([second], "mark_four")
    second.close()
    delivery.end()
    broker.stop()


def test_azion_outlives_a_break(server):
    """What could not be sent while the broker was away is sent when it is back."""
    broker = Broker(told=free_port())
    gate = Gate(broker.told, broker.port)
    broker.address = gate.address
    broker.topic("kept")
    group = {"group.id": "kept", "auto.offset.reset": "earliest"}
    reader = Consumer(broker.client(**group))
    reader.subscribe(["kept"])
    delivery = Delivery(server, gate.address, "kept")
    delivery.log("mark_before")
    read_until([reader], "mark_before")
    gate.close()
    delivery.log("mark_between")
    failing = lambda: delivery.call("GET", f"/{delivery.id}")["delivery"]["state"] == "failing"
    deadline = time.monotonic() + 2 * PATIENCE
    while not failing():
        assert time.monotonic() < deadline, "the delivery does not tell that it fails"
        time.sleep(0.2)
    gate.open()
    read_until([reader], "mark_between")
    delivery.log("mark_after")
    read_until([reader], "mark_after")
    reader.close()
    delivery.end()
    gate.close()
    broker.stop()
