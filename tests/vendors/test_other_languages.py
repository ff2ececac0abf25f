"""What the vendors' clients in other languages send, replayed byte by byte, and what they require of
the answers: Timeplus' client for Go and its Terraform provider, Azion's client for Go, Huawei's
Terraform provider. There is neither Go nor Terraform here."""

import http.client
import json
import time

import pytest

import server as backend

API = "/default/api/v1beta2"


@pytest.fixture(scope="module")
def key(server):
    return {"X-Api-Key": server.key, "Content-Type": "application/json"}


# Timeplus: go-client


def lines(server, headers, body):
    """The lines of a query's events, as the client for Go reads them."""
    host, port = server.address.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=backend.PATIENCE)
    headers = {**headers, "Cache-Control": "no-cache", "Accept": "text/event-stream"}
    connection.request("POST", f"{API}/queries", json.dumps(body), headers)
    answer = connection.getresponse()
    assert answer.status == 200
    for line in answer:
        yield line.decode().rstrip("\n")
    connection.close()


def test_go_reads_a_query(server, key):
    """Its first line is an event's name, the second one its data; each later line that is not empty
    is a name with its data behind it, or rows."""
    body = {"sql": "SELECT 1 AS a, 'b' AS b", "name": "", "description": "", "tags": []}
    told = lines(server, key, {**body, "batching_policy": {}})
    assert next(told) == "event: query"
    query = json.loads(next(told).partition(":")[2])
    assert [column["name"] for column in query["result"]["header"]] == ["a", "b"]
    assert isinstance(query["duration"], int) and query["tags"] == []
    rows = []
    for line in told:
        field, _, data = line.partition(":")
        if field.strip() == "event":
            next(told)
        elif line:
            rows += json.loads(data)
    assert rows == [[1, "b"]]


def test_go_pushes_metrics(server, key):
    """Its example: columns without a default, what it reads from the list, rows with nulls. It puts
    `_tp_metric_` before the name, which the specification refuses: here is a name without `_`."""
    columns = ["timestamp", "namepsace", "subsystem", "tags", "a", "x", "value"]
    types = ["string", "string", "string", "json", "string", "string", "float64"]
    body = {
        "name": "metric_cpu",
        "columns": [
            {"name": name, "type": kind, "default": ""} for name, kind in zip(columns, types)
        ],
        "event_time_column": "to_datetime64(timestamp,9)",
        "ttl_expression": "to_datetime(_tp_time) + INTERVAL 30 DAY",
        "logstore_retention_bytes": 604800000,
        "logstore_retention_ms": 1342177280,
    }
    server.json("POST", f"{API}/streams", body, key)
    listed = server.json("GET", f"{API}/streams", headers=key)
    [found] = [one for one in listed if one["name"] == "metric_cpu"]
    # All but the last one are the client's own.
    assert [column["name"] for column in found["columns"]][:-1] == columns
    at = str(time.time_ns())
    data = [
        [at, "timeplus", "test", None, "xxx", "xxx", 128.9],
        [at, "timeplus", "test", {"a": "b"}, "xxx", "xxx", 12.3],
        [at, "timeplus", "x1", None, "xxx", None, None],
    ]
    sent = {"columns": columns, "data": data}
    server.json("POST", f"{API}/streams/metric_cpu/ingest", sent, key)
    server.json("DELETE", f"{API}/streams/metric_cpu", headers=key)


def test_go_sends_null_for_nothing(server):
    """A server in Go reads `null` as an object without fields."""
    made = server.json("POST", f"{API}/auth/api_keys", "null")
    assert len(made["api_key"]) == 60
    server.json("DELETE", f"{API}/auth/api_keys/{made['id']}")
    refused = server.call("POST", f"{API}/sinks", "null")
    assert refused.status == 400 and refused.json()["fields"][0]["field"] == "name"


# Timeplus: terraform-provider-timeplus


def test_terraforms_names_are_for_people(server):
    """The examples of its documentation."""
    columns = [{"name": "city_name", "type": "string", "codec": ""}]
    stream = {"name": "city_temperature", "columns": columns, "ttl": "", "event_time_timezone": ""}
    server.json("POST", f"{API}/streams", stream)
    sink = {
        "id": "",
        "name": "Hot Cities",
        "query": "select _tp_time, city_name from city_temperature",
        "type": "http",
        "properties": {
            "url": "http://127.0.0.1:9/",
            "content_type": "text/plain",
            "http_method": "POST",
            "payload_field": "City of {{ .city_name }} recorded at {{ ._tp_time }}",
        },
    }
    kafka = {"brokers": "127.0.0.1:9", "topic": "t", "offset": "latest", "data_type": "json"}
    source = {
        "id": "",
        "name": "secure kafka example",
        "stream": "city_temperature",
        "type": "kafka",
        "properties": {
            **kafka,
            "sasl": "scram-sha-256",
            "username": "some-username",
            "password": "some-password",
            "tls": {"disable": False, "skip_verify_server": False},
        },
    }
    for path, body in (("sinks", sink), ("sources", source)):
        made = server.json("POST", f"{API}/{path}", body)
        one = f"{API}/{path}/{made['id']}"
        # Each write answers JSON with texts where the provider has texts.
        replaced = server.json("PUT", one, {**body, "id": made["id"], "description": "words"})
        assert (replaced["name"], replaced["description"]) == (body["name"], "words")
        assert server.json("GET", one)["name"] == body["name"]
        assert server.call("DELETE", one).status < 300
    server.json("DELETE", f"{API}/streams/city_temperature")


def test_terraforms_streams_are_read_as_written(server):
    """What it reads must be what it wrote, or it plans a change for ever."""
    column = lambda name, kind, **more: {"name": name, "type": kind, "codec": "", **more}
    plain = {"description": "", "event_time_timezone": "", "ttl": ""}
    append = {
        **plain,
        "name": "tf_append",
        "columns": [
            column("a", "string") | {"codec": "LZ4"},
            column("t", "datetime64(3)", default="now64(3)"),
        ],
        "event_time_column": "t",
        "ttl_expression": "to_datetime(_tp_time) + INTERVAL 7 DAY",
        "mode": "append",
        "logstore_retention_bytes": 1000000,
        "logstore_retention_ms": 604800000,
    }
    keyed = {
        **plain,
        "name": "tf_keyed",
        "columns": [column("id", "string"), column("v", "int64")],
        "mode": "versioned_kv",
        "primary_key": "(`id`)",
    }
    for body in (append, keyed):
        server.json("POST", f"{API}/streams", body)
        path = f"{API}/streams/{body['name']}"
        read = server.json("GET", path)
        assert read["mode"] == body["mode"]
        for key in ("logstore_retention_bytes", "logstore_retention_ms"):
            assert key not in body or read[key] == body[key]
        assert read["ttl"] == body.get("ttl_expression", "")
        own = [one for one in read["columns"] if not one["name"].startswith("_tp_")]
        codecs = [one.get("codec") or "" for one in own]
        codecs = [one.removeprefix("CODEC(").removesuffix(")") for one in codecs]
        assert codecs == [one["codec"] for one in body["columns"]]
        change = {**body, "description": "other"}
        change.pop("primary_key", None)
        assert server.call("PATCH", path, change).status < 300
        assert server.json("GET", path)["description"] == "other"
        server.json("DELETE", path)


# Timeplus: the examples' own calls


def test_the_examples_are_taken(server):
    """NATS with a list of addresses and what stands in no table; a query without a content type."""
    stream = {"columns": [{"name": "raw", "type": "string"}], "name": "test_stream_raw"}
    server.json("POST", f"{API}/streams", {**stream, "description": "raw stream"})
    properties = {
        "urls": ["nats://127.0.0.1:9"],
        "subject": "test_topic",
        "queue": "",
        "nak_delay": "1s",
        "prefetch_count": 524288,
        "tls": {"disable": True, "skip_verify_server": True},
        "data_type": "text",
    }
    source = {"name": "nats_raw", "stream": "test_stream_raw", "type": "nats_jetstream"}
    made = server.json("POST", f"{API}/sources", {**source, "properties": properties})
    assert made["properties"]["url"].splitlines() == properties["urls"]
    server.json("DELETE", f"{API}/sources/{made['id']}")
    server.json("DELETE", f"{API}/streams/test_stream_raw")
    # `fetchEventSource` compares the type as a whole.
    headers = {"Content-Type": "text/plain;charset=UTF-8"}
    told = server.call("POST", f"{API}/queries", '{"sql":"SELECT 1"}', headers)
    assert told.headers["Content-Type"] == "text/event-stream"


# Azion: azionapi-go-sdk


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        # What the client sends by itself, and with the header that its users add: a second line.
        (["application/json"], 200),
        (["application/json", "application/json; version=3"], 200),
        ([], 200),
        (["*/*"], 200),
        (["application/json;version=3"], 200),
        (["application/json; version=1"], 406),
    ],
)
def test_go_says_which_version_it_reads(server, accept, status):
    host, port = server.address.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=backend.PATIENCE)
    connection.putrequest("GET", "/azion/data_streaming/streamings", skip_accept_encoding=True)
    connection.putheader("Authorization", f"token {server.key}")
    connection.putheader("User-Agent", "OpenAPI-Generator/1.0.0/go")
    for value in accept:
        connection.putheader("Accept", value)
    connection.endheaders()
    answer = connection.getresponse()
    body = json.loads(answer.read())
    assert answer.status == status, body
    connection.close()


# Huawei: terraform-provider-huaweicloud, secmaster

TIME = "2023-08-01T12:00:00.000Z+0800"


class Provider:
    def __init__(self, server):
        self.server = server

    def call(self, method, path, body=None):
        """It takes these statuses for success and reads JSON, if anything."""
        headers = {
            "X-Auth-Token": self.server.key,
            "Content-Type": "application/json;charset=UTF-8",
            "X-Language": "en-us",
        }
        answer = self.server.call(method, f"/v1/default{path}", body, headers)
        return answer.status, answer.json() if answer.body else None

    def __call__(self, method, path, body=None):
        status, read = self.call(method, path, body)
        fits = {"GET": [200], "DELETE": [200, 202, 204]}.get(method, [200, 201, 202])
        assert status in fits, (method, path, status, read)
        return read

    def gone(self, path, status, code):
        """So that it forgets a resource instead of failing."""
        told, read = self.call("GET", path)
        assert (told, read["code"]) == (status, code)


@pytest.fixture(scope="module")
def provider(server):
    return Provider(server)


@pytest.fixture(scope="module")
def workspace(provider, made):
    sent = {"region_id": "default", "name": "by terraform", "project_name": "default"}
    sent |= {"is_view": False, "tags": [{"key": "a", "value": "b"}]}
    id = provider("POST", "/workspaces", sent)["id"]
    # It waits until these are there.
    provider("GET", f"/workspaces/{id}/sa/guides?version=1")
    assert provider("GET", f"/workspaces/{id}")["workspace"]["name"] == "by terraform"
    yield f"/workspaces/{id}"
    provider("DELETE", f"/workspaces/{id}?permanent_delete=true")
    provider.gone(f"/workspaces/{id}", 400, "SecMaster.20011003")
    status, read = provider.call("GET", f"/workspaces/{id}/soc/alerts/x")
    assert (status, read["code"]) == (403, "SecMaster.20010001")


def test_terraform_keeps_a_data_space_and_pipes(provider, workspace, made):
    spaces, pipes = f"{workspace}/siem/dataspaces", f"{workspace}/siem/pipes"
    space = provider("POST", spaces, {"dataspace_name": "tfspace", "description": ""})
    space = made["space"] = space["dataspace_id"]
    provider("PUT", f"{spaces}/{space}", {"description": "words"})
    listed = provider("GET", f"{spaces}?limit=100&sort_key=create_time&sort_dir=desc&offset=0")
    assert [one["dataspace_id"] for one in listed["records"]] == [space]
    # The documented example: its time is in no mapping.
    mapping = {
        "id": {"is_chinese_exist": True, "properties": {}, "type": "text"},
        "name": {"is_chinese_exist": False, "properties": {}, "type": "text"},
    }
    body = {"dataspace_id": space, "pipe_name": "test01", "shards": 2, "storage_period": 20}
    more = {"description": "d", "mapping": mapping, "timestamp_field": "timestamp"}
    pipe = provider("POST", pipes, body | more)["pipe_id"]
    index = provider("GET", f"{pipes}/{pipe}/index")
    assert index["timestamp_field"] == "timestamp"
    plain = {key: {k: v for k, v in one.items() if v != {}} for key, one in mapping.items()}
    assert index["mapping"] == plain
    changed = {"update_id": {"is_chinese_exist": True, "properties": {}, "type": "date"}}
    sent = {"pipe_id": pipe, "timestamp_field": "update_id", "status": "close", "mapping": changed}
    provider("PUT", f"{pipes}/{pipe}/index", sent)
    index = provider("GET", f"{pipes}/{pipe}/index")
    assert (index["timestamp_field"], index["status"]) == ("update_id", "close")
    assert index["mapping"]["update_id"]["type"] == "date"
    provider("PUT", f"{pipes}/{pipe}", {"description": "e", "shards": 1, "storage_period": 30})
    shown = provider("GET", f"{pipes}/{pipe}")
    assert (shown["description"], shown["shards"], shown["storage_period"]) == ("e", 1, 30)
    consumption = f"{pipes}/{pipe}/consumption"
    for method, status in (("GET", "disable"), ("POST", "enable"), ("DELETE", "disable")):
        provider(method, consumption, {"pipe_id": pipe} if method == "POST" else None)
        assert provider("GET", consumption)["status"] == status
    provider("DELETE", f"{pipes}/{pipe}")
    provider.gone(f"{pipes}/{pipe}", 400, "SecMaster.20030001")


def test_a_time_must_be_one(provider, workspace, made):
    body = {"dataspace_id": made["space"], "pipe_name": "test02", "shards": 1, "storage_period": 7}
    more = {"mapping": {"a": {"type": "text"}}, "timestamp_field": "a"}
    status, read = provider.call("POST", f"{workspace}/siem/pipes", body | more)
    assert status == 400 and read["fields"][0]["field"] == "timestamp_field", read


def test_terraform_keeps_a_delivery(provider, workspace, made):
    space, id = made["space"], workspace.rpartition("/")[2]
    pipes = []
    for name in ("tffrom", "tfto"):
        body = {"dataspace_id": space, "pipe_name": name, "shards": 1, "storage_period": 30}
        pipes.append(provider("POST", f"{workspace}/siem/pipes", body)["pipe_id"])
    end = lambda pipe: {"dataspace": space, "dataspace_name": "tfspace", "pipe": pipe}
    end2 = lambda pipe: {"pipe_name": pipe, "workspace": id, "workspace_name": "by terraform"}
    named = lambda prefix, parts: {f"{prefix}_{key}": value for key, value in parts.items()}
    role = {"identity_role": "pipe-strategy"}
    destination = named("destination", {**end(pipes[1]), **end2(pipes[1]), **role})
    source = named("source", {**end(pipes[0]), **end2(pipes[0]), **role, "type": 0})
    body = {
        "shipper_name": "tfship",
        "consumption_type": 0,
        "dataspace_id": space,
        "pipe_id": pipes[0],
        "version": "v1",
        "workspace_id": id,
        "shipper_destination": {
            **destination,
            "data_param": "{}",
            "destination_region": "default",
            "destination_shipper_type": 0,
        },
        "shipper_source": {**source, "region": "default"},
    }
    shippers = f"{workspace}/siem/shippers"
    provider("POST", shippers, body)
    # It finds the id by the name.
    found = provider("GET", f"{shippers}?shipper_name=tfship&limit=10&offset=0")["data"]["data"][0]
    assert found["shipper_destination"]["pipe"] == pipes[1]
    assert found["shipper_source"]["data_type"] == 0
    for action in ("pause", "resume"):
        provider("POST", f"{shippers}/{found['shipper_id']}/{action}")
    provider("DELETE", shippers, {"ids": [found["shipper_id"]]})
    # The list that has become empty ends its paging.
    listed = provider("GET", f"{shippers}?limit=1000&offset=0")
    assert listed["data"]["data"] == []
    for pipe in pipes:
        provider("DELETE", f"{workspace}/siem/pipes/{pipe}")
    provider("DELETE", f"{workspace}/siem/dataspaces/{space}")
    status, _ = provider.call("GET", f"{workspace}/siem/dataspaces/{space}")
    assert status == 404


def test_terraform_keeps_objects(provider, workspace, made):
    soc = f"{workspace}/soc"
    origin = {"product_feature": "hss", "product_name": "hss", "source_type": 1}
    place = {"domain_id": "d", "project_id": "p", "region_id": "r"}
    common = {
        "title": "test",
        "description": "created by terraform",
        "data_source": origin | place,
        "severity": "Tips",
        "handle_status": "Open",
        "ipdrr_phase": "Preparation",
        "verification_state": "Unknown",
        "environment": {"vendor_type": "HWC", **place},
        "domain_id": "d",
        "region_id": "r",
        "first_observed_time": TIME,
        "last_observed_time": TIME,
        "simulation": "false",
        "labels": "test1,test2",
    }
    kind = {"category": "DDoS"}
    alert = common | {"alert_type": kind | {"alert_type": "DNS protocol attacks"}}
    incident = common | {"incident_type": kind | {"incident_type": "DNS protocol attacks"}}
    alert = provider("POST", f"{soc}/alerts", {"data_object": alert})["data"]["id"]
    incident = provider("POST", f"{soc}/incidents", {"data_object": incident})["data"]["id"]
    shown = provider("GET", f"{soc}/alerts/{alert}")["data"]["data_object"]
    assert shown["alert_type"]["alert_type"] == "DNS protocol attacks"
    assert shown["first_observed_time"] == TIME
    change = {"data_object": {"title": "other"}, "batch_ids": [alert]}
    provider("PUT", f"{soc}/alerts/{alert}", change)
    related = f"{soc}/alerts/{alert}/incidents"
    provider("POST", related, {"ids": [incident]})
    found = provider("POST", f"{related}/search", {"limit": 1000, "offset": 0})
    assert [one["data_object"]["id"] for one in found["data"]] == [incident]
    provider("DELETE", related, {"ids": [incident]})
    where = {"conditions": [{"name": "one", "data": ["title", "=", "other"]}], "logics": ["one"]}
    search = {"limit": 1000, "from_date": TIME, "to_date": TIME.replace("2023", "2099")}
    found = provider("POST", f"{soc}/alerts/search", search | {"condition": where})
    assert [one["data_object"]["id"] for one in found["data"]] == [alert]
    # Of one incident it sends no list.
    provider("DELETE", f"{soc}/incidents", {"batch_ids": incident})
    provider.gone(f"{soc}/incidents/{incident}", 400, "SecMaster.20030005")
    provider("DELETE", f"{soc}/alerts", {"batch_ids": [alert]})
    # What is wrong in a single one stands in no list.
    status, read = provider.call("POST", f"{soc}/alerts", {"data_object": {"severity": "Loud"}})
    fields = {one["field"] for one in read["fields"]}
    assert status == 400 and all(one.startswith("data_object.") for one in fields), read


def test_terraform_lists_types_of_a_class(provider, workspace):
    classes = f"{workspace}/soc/dataclasses"
    listed = provider("GET", f"{classes}?offset=0&limit=100&name=Alert")
    [alert] = [one for one in listed["dataclass_details"] if one["name"] == "Alert"]
    types = f"{classes}/{alert['id']}/types"
    ids = {}
    for name in ("Scan", "Attack"):
        ids[name] = provider("POST", types, {"category": name, "sub_category": "x", "level": 1})["id"]
    page = provider("GET", f"{types}?limit=1000&offset=0&order=asc&sortby=category")
    names = [one["category"] for one in page["dataclass_type_details"]]
    assert (names, page["total"]) == (["Attack", "Scan"], 2)
    page = provider("GET", f"{types}?limit=1&offset=1&enabled=false&level=1")
    assert len(page["dataclass_type_details"]) == 1
    provider("POST", f"{types}/layout", {"id": ids["Scan"], "layout_id": "7", "layout_name": "l"})
    page = provider("GET", f"{types}?limit=10&offset=0&layout_name=l")
    assert [one["id"] for one in page["dataclass_type_details"]] == [ids["Scan"]]
    provider("DELETE", types, {"ids": list(ids.values())})
