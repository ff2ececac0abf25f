"""A cluster of librdkafka's own, which keeps messages as they were packed: tells its address, and
lives as long as its input is open."""

import sys

from confluent_kafka import Producer

producer = Producer({"bootstrap.servers": "127.0.0.1:1", "test.mock.num.brokers": 3, "log_level": 0})
brokers = producer.list_topics(timeout=30).brokers.values()
print(",".join(f"{one.host}:{one.port}" for one in brokers), flush=True)
sys.stdin.read()
