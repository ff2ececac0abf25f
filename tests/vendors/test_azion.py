"""Azion without a client of its own for Python: each endpoint type and field of both revisions, what
lists are asked for, and where what is wrong is pointed at."""

import base64
import datetime

import pytest

import server as backend

STREAMS, TEMPLATES = "/workspace/stream/streams", "/workspace/stream/templates"


@pytest.fixture(scope="module")
def version3(server):
    def call(method, path, body=None, credential=None):
        headers = {
            "Accept": "application/json; version=3",
            "Authorization": credential or f"Token {server.key}",
        }
        answer = server.call(method, f"/azion{path}", body, headers)
        return answer.status, answer.json() if answer.body else None

    return call


@pytest.fixture(scope="module")
def version4(server):
    def call(method, path, body=None):
        headers = {"Authorization": f"Token {server.key}", "Accept": "application/json"}
        answer = server.call(method, f"/azion/v4{path}", body, headers)
        return answer.status, answer.json() if answer.body else None

    return call


# By the model of each type in the vendor's client: all fields that it requires.
ENDPOINTS = {
    "standard": {"url": "http://127.0.0.1:9", "headers": {"a": "b"}},
    "kafka": {"bootstrap_servers": "127.0.0.1:9", "kafka_topic": "t", "use_tls": True},
    "s3": {
        "access_key": "a",
        "secret_key": "b",
        "region": "r",
        "bucket_name": "b",
        "content_type": "application/gzip",
        "host_url": "http://127.0.0.1:9",
    },
    "big_query": {
        "dataset_id": "d",
        "project_id": "p",
        "table_id": "t",
        "service_account_key": '{"a":1}',
    },
    "elasticsearch": {"url": "http://127.0.0.1:9", "api_key": "k"},
    "splunk": {"url": "http://127.0.0.1:9", "api_key": "k"},
    "aws_kinesis_firehose": {
        "access_key": "a",
        "stream_name": "s",
        "region": "r",
        "secret_key": "s",
    },
    "datadog": {"url": "http://127.0.0.1:9", "api_key": "k"},
    "qradar": {"url": "http://127.0.0.1:9"},
    "azure_monitor": {"log_type": "L", "shared_key": "c2VjcmV0", "workspace_id": "w"},
    "azure_blob_storage": {"storage_account": "a", "container_name": "c", "blob_sas_token": "t"},
}
SECRETS = {"secret_key", "service_account_key", "api_key", "shared_key", "blob_sas_token"}


def stream(kind, **more):
    parts = {
        "name": f"of type {kind}",
        "active": False,
        "inputs": [{"type": "raw_logs", "attributes": {"data_source": "workloads"}}],
        "transform": [{"type": "render_template", "attributes": {"template": 2}}],
        "outputs": [{"type": kind, "attributes": {"type": kind, **ENDPOINTS[kind]}}],
    }
    return {**parts, **more}


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_every_type_of_version_4_lives(version4, kind):
    status, answer = version4("POST", STREAMS, stream(kind))
    assert status == 201, answer
    path = f"{STREAMS}/{answer['data']['id']}"
    told = answer["data"]["outputs"][0]["attributes"]
    assert set(ENDPOINTS[kind]) <= set(told)
    assert not {told.get(key) for key in SECRETS} & {"a", "b", "k", "s", "t", "c2VjcmV0"}
    # What was told is sent back, as a client does that changes one field.
    read = version4("GET", path)[1]["data"]
    changed = {key: read[key] for key in ("active", "inputs", "transform", "outputs")}
    status, answer = version4("PUT", path, {**changed, "name": "changed"})
    assert (status, answer["data"]["name"]) == (200, "changed")
    status, _ = version4("PATCH", path, {"transform": []})
    assert status == 200
    assert version4("DELETE", path) == (200, {"state": "executed"})


def test_what_version_4_requires_is_pointed_at(version4):
    body = stream("qradar")
    for key in ("inputs", "transform", "outputs"):
        without = {name: value for name, value in body.items() if name != key}
        for sent in (without, {**body, key: None}):
            status, answer = version4("POST", STREAMS, sent)
            assert (status, answer["errors"][0]["source"]) == (400, {"pointer": f"/{key}"})
    transform = [
        {"type": "render_template", "attributes": {"template": 2}},
        {"type": "sampling", "attributes": {"rate": 101}},
    ]
    status, answer = version4("POST", STREAMS, stream("qradar", transform=transform))
    assert answer["errors"][0]["source"] == {"pointer": "/transform/1/attributes/rate"}


@pytest.mark.parametrize("source", ["workloads", "http", "functions_console", "cells_console"])
def test_a_data_source_keeps_its_name(version3, version4, source):
    """Two names of version 4 can be one of version 3, which knows no other."""
    inputs = [{"type": "raw_logs", "attributes": {"data_source": source}}]
    status, answer = version4("POST", STREAMS, stream("qradar", inputs=inputs))
    assert (status, answer["data"]["inputs"]) == (201, inputs)
    id = answer["data"]["id"]
    status, answer = version3("GET", f"/data_streaming/streamings/{id}")
    older = {"workloads": "http", "functions_console": "cells_console"}.get(source, source)
    assert answer["results"]["data_source"] == older
    status, answer = version3(
        "PATCH", f"/data_streaming/streamings/{id}", {"data_source": source}
    )
    assert status == (200 if older == source else 400), answer
    version4("DELETE", f"{STREAMS}/{id}")


def test_pages_are_followed_by_their_links(version4, server):
    made = [
        version4("POST", STREAMS, stream("qradar", name=f"page {n}"))[1]["data"]["id"]
        for n in range(3)
    ]
    found, status, page = [], 200, None
    path = f"{STREAMS}?search=page&ordering=-id&page_size=2"
    while path:
        status, page = version4("GET", path)
        found += [one["id"] for one in page["results"]]
        link = page["next"] or ""
        path = link.removeprefix(f"http://{server.address}/azion/v4")
        assert path != link or not link, link
    assert found == made[::-1]
    for query, parameter in (
        ("page=99", "page"),
        ("page_size=0", "page_size"),
        ("created__gte=soon", "created__gte"),
    ):
        status, answer = version4("GET", f"{STREAMS}?{query}")
        assert status in (400, 404)
        assert answer["errors"][0]["source"] == {"parameter": parameter}
    assert version4("GET", f"{STREAMS}?data_set_id=86")[1]["count"] == 0
    assert version4("GET", f"{STREAMS}?created__gte=2020-01-01")[1]["count"] >= 3
    for id in made:
        version4("DELETE", f"{STREAMS}/{id}")


def test_elements_of_lists_have_the_keys_of_their_models(version4):
    status, answer = version4("POST", STREAMS, stream("qradar", name="keys"))
    id = answer["data"]["id"]
    keys = {"id", "name", "last_editor", "last_modified", "active"}
    (listed,) = version4("GET", f"{STREAMS}?name=keys")[1]["results"]
    parts = {"product_version", "inputs", "transform", "outputs"}
    assert set(listed) == keys | parts
    assert set(version4("GET", f"{STREAMS}/{id}")[1]["data"]) == keys | parts | {"created"}
    version4("DELETE", f"{STREAMS}/{id}")
    template = version4("GET", f"{TEMPLATES}?page_size=1")[1]["results"][0]
    assert set(template) == keys | {"custom", "data_set"}
    assert datetime.datetime.fromisoformat(template["last_modified"].replace("Z", "+00:00"))
    source = version4("GET", "/workspace/stream/data_sources")[1]["results"][0]
    assert set(source) == {"slug", "name", "active"}


def test_workloads_are_listed_as_what_a_stream_is_filtered_by(version4):
    status, answer = version4("GET", "/workspace/workloads?page_size=2000")
    assert status == 200 and {1, 4} <= {one["id"] for one in answer["results"]}


def test_templates_of_version_4_are_replaced_and_deleted(version4):
    body = {"name": "own", "data_set": '{"a":"$time"}'}
    status, answer = version4("POST", TEMPLATES, body)
    path = f"{TEMPLATES}/{answer['data']['id']}"
    assert version4("PUT", path, {**body, "name": "other"})[1]["data"]["name"] == "other"
    assert version4("PATCH", path, {"active": False})[1]["data"]["active"] is False
    assert version4("DELETE", path)[0] == 200
    assert version4("GET", path)[0] == 404


def test_the_preview_clients_addresses_are_the_same_streams(version4):
    """Of the preview of version 4, which the vendor's older guides and console still use."""
    below = "/data_stream"
    sources = version4("GET", f"{below}/data_sources")
    assert sources == version4("GET", "/workspace/stream/data_sources")
    body = {"name": "of the preview", "data_set": '{"a":"$time"}'}
    status, answer = version4("POST", f"{below}/templates", body)
    assert status == 201, answer
    template = answer["data"]["id"]
    render = {"type": "render_template", "attributes": {"template": template}}
    status, answer = version4("POST", f"{below}/streams", stream("splunk", transform=[render]))
    assert status == 201, answer
    one = f"{below}/streams/{answer['data']['id']}"
    assert version4("PATCH", one, {"name": "renamed"})[0] == 200
    assert version4("PUT", one, stream("qradar", name="replaced"))[0] == 200
    (listed,) = version4("GET", f"{below}/streams?name=replaced&ordering=-id&fields=id,name")[1]["results"]
    assert listed["name"] == "replaced"
    new = one.replace(below, "/workspace/stream")
    assert version4("GET", new) == version4("GET", one)
    assert version4("DELETE", one)[0] == 200
    assert version4("GET", new)[0] == 404
    assert version4("PATCH", f"{below}/templates/{template}", {"active": False})[0] == 200
    assert version4("DELETE", f"{below}/templates/{template}")[0] == 200
    status, answer = version4("GET", f"{below}/data_sets")
    assert status == 404 and answer["errors"]


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_every_type_of_version_3_lives(version3, kind):
    endpoint = {"endpoint_type": kind, **ENDPOINTS[kind]}
    if kind == "standard":
        endpoint |= {"log_line_separator": "\n", "payload_format": "$dataset"}
    body = {"name": kind, "template_id": 2, "domain_ids": [1], "active": False}
    streamings = "/data_streaming/streamings"
    status, answer = version3("POST", streamings, {**body, "endpoint": endpoint})
    assert status == 201, answer
    path = f"{streamings}/{answer['results']['id']}"
    for change in ({"name": "n"}, {"endpoint": endpoint}, {"all_domains": True, "domain_ids": []}):
        status, answer = version3("PATCH", path, change)
        assert status == 200, answer
    status, answer = version3("PUT", path, {**body, "endpoint": endpoint})
    assert (status, answer["results"]["domain_ids"]) == (200, [1])
    assert version3("DELETE", path)[0] == 204


def test_a_token_is_had_for_a_password_and_ended(version3):
    pair = f"{backend.USER}:{backend.PASSWORD}".encode()
    status, answer = version3(
        "POST", "/tokens", credential="Basic " + base64.b64encode(pair).decode()
    )
    assert status == 201 and set(answer) == {"token", "created_at", "expires_at"}
    token = f"Token {answer['token']}"
    assert version3("GET", "/data_streaming/streamings", credential=token)[0] == 200
    assert version3("DELETE", f"/tokens/{answer['token']}", credential=token)[0] == 204
    assert version3("GET", "/data_streaming/streamings", credential=token)[0] == 401
    wrong = base64.b64encode(b"admin:wrong").decode()
    status, answer = version3("POST", "/tokens", credential=f"Basic {wrong}")
    assert status == 401 and answer["detail"]


def test_a_personal_token_lives(version3):
    path = "/iam/personal_tokens"
    body = {"name": "mine", "description": "words", "expires_at": "2099-01-01T00:00:00Z"}
    status, made = version3("POST", path, body)
    assert status == 201, made
    keys = {"uuid", "name", "user_id", "created", "expires_at", "description"}
    assert set(made) == keys | {"key"}
    token = f"Token {made['key']}"
    assert version3("GET", "/data_streaming/streamings", credential=token)[0] == 200
    one = f"{path}/{made['uuid']}"
    status, shown = version3("GET", one)
    assert status == 200 and set(shown) == keys
    assert (shown["name"], shown["description"]) == ("mine", "words")
    assert isinstance(made["user_id"], int) and shown["user_id"] == made["user_id"]
    assert made["uuid"] in [key["uuid"] for key in version3("GET", path)[1]["results"]]
    assert version3("DELETE", one)[0] == 204
    assert version3("GET", one)[0] == 404
    for wrong in ({}, {"name": 7}, {"name": "a", "expires_at": "2001-01-01T00:00:00Z"}):
        assert version3("POST", path, wrong)[0] == 400
