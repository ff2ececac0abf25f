"""The request examples of the source documents, with what belongs to somebody's account (ids,
addresses) put in."""

import http.server
import json
import queue
import threading
import time

import pytest

import server as backend

VERSION_3 = {"Accept": "application/json; version=3"}
PATH = "/azion/data_streaming"
# Of the embedded backend: what its documents' examples call 1616535973.
DOMAIN = 4


@pytest.fixture(scope="module")
def azion(server):
    """Status and body of a request as the document writes it."""

    def call(method, path, body=None, scheme="Token"):
        headers = {**VERSION_3, "Authorization": f"{scheme} {server.key}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        answer = server.call(method, f"{PATH}{path}", body, headers)
        return answer.status, answer.json() if answer.body else None

    return call


def test_azion_a_streaming_to_kafka_is_registered(azion, made):
    endpoint = {
        "endpoint_type": "kafka",
        "kafka_topic": "mykafka.dts.topic",
        "bootstrap_servers": "infra.my.net:9094,infra.my.net:9094",
    }
    body = {
        "name": "Kafka Connector",
        "template_id": 2,
        "domain_ids": [DOMAIN],
        "endpoint": endpoint,
    }
    status, answer = azion("POST", "/streamings", body)
    assert status == 201, answer
    assert answer["schema_version"] == 3
    result = answer["results"]
    assert {key: result["endpoint"][key] for key in endpoint} == endpoint
    assert (result["data_source"], result["active"]) == ("http", True)
    made["kafka"] = result["id"]


def test_azion_a_streaming_with_five_headers_is_registered(azion, made):
    headers = {f"header-name-{n}": f"header-api-value-{n}" for n in range(1, 6)}
    body = {
        "name": "HTTP Connector",
        "template_id": 2,
        "domain_ids": [DOMAIN],
        "endpoint": {
            "endpoint_type": "standard",
            "url": "http://myhost.com",
            "payload_format": "$dataset",
            "log_line_separator": "\n",
            "headers": headers,
        },
    }
    status, answer = azion("POST", "/streamings", body)
    assert status == 201, answer
    made["http"] = answer["results"]["id"]


# The document posts it to the address of templates; servers also take it at that of streamings.
@pytest.mark.parametrize("path", ["/templates", "/streamings"])
def test_azion_a_streaming_with_a_template_of_its_own_is_registered(azion, path):
    model = '{"custom_template_field":"$custom_value", "status":"$status"}'
    body = {
        "name": "DTS - Custom template",
        "template_model": model,
        "domain_ids": [DOMAIN],
        "endpoint": {
            "endpoint_type": "datadog",
            "url": "http://mydatadoghost.com",
            "api_key": "BNIAudh9s8dASJKLhksaidua9i9",
        },
    }
    status, answer = azion("POST", path, body)
    assert status in (200, 201), answer
    assert answer["results"]["template_model"] == model
    status, _ = azion("DELETE", f"/streamings/{answer['results']['id']}")
    assert status == 204


def test_azion_streamings_are_listed_and_detailed(azion, made):
    status, answer = azion("GET", "/streamings")
    assert status == 200 and made["kafka"] in [one["id"] for one in answer["results"]]
    status, answer = azion("GET", f"/streamings/{made['kafka']}")
    assert status == 200 and answer["results"]["name"] == "Kafka Connector"


def test_azion_a_streaming_is_edited(azion, made):
    change = {"name": "Temp Name", "active": False}
    status, answer = azion("PATCH", f"/streamings/{made['kafka']}", change, scheme="token")
    assert status == 200, answer
    assert (answer["results"]["name"], answer["results"]["active"]) == ("Temp Name", False)


def test_azion_templates(azion):
    status, answer = azion("GET", "/templates")
    assert status == 200 and answer["results"][0]["template_model"]
    status, answer = azion("GET", "/templates/86", scheme="token")
    assert status == 200 and answer["results"]["id"] == 86


def test_azion_streamings_are_deleted(azion, made):
    for name in ("kafka", "http"):
        assert azion("DELETE", f"/streamings/{made[name]}", scheme="token")[0] == 204
        assert azion("GET", f"/streamings/{made[name]}")[0] == 404


# SecMaster


WORKSPACE = "/v1/default/workspaces/default"


@pytest.fixture(scope="module")
def pipes(server):
    """Two pipes, which the document's example names."""
    for name in ("doc_from", "doc_to"):
        body = {
            "dataspace_id": "default",
            "pipe_name": name,
            "shards": 1,
            "storage_period": 7,
        }
        server.json("POST", f"{WORKSPACE}/siem/pipes", body, {"X-Auth-Token": server.key})


def test_secmaster_a_delivery_is_created(server, pipes, made):
    place = {
        "dataspace": "default",
        "dataspace_name": "default",
        "workspace": "default",
        "workspace_name": "default",
        "identity_role": "pipe-strategy",
    }
    end = lambda which, pipe, more: {
        **{f"{which}_{key}": value for key, value in place.items()},
        f"{which}_pipe": pipe,
        f"{which}_pipe_name": pipe,
        **more,
    }
    body = {
        "consumption_type": 0,
        "dataspace_id": "default",
        "dataspace_name": "default",
        "domain_id": "default",
        "pipe_id": "doc_from",
        "pipe_name": "doc_from",
        "project_id": "default",
        "shipper_destination": end(
            "destination",
            "doc_to",
            {"data_param": "{}", "destination_region": "r", "destination_shipper_type": 0},
        ),
        "shipper_name": "shipperName",
        "shipper_source": end("source", "doc_from", {"region": "r", "source_type": 0}),
        "version": "v1",
        "workspace_id": "default",
        "workspace_name": "default",
    }
    headers = {"X-Auth-Token": server.key}
    answer = server.json("POST", f"{WORKSPACE}/siem/shippers", body, headers)
    assert answer["code"] == 0 and isinstance(answer["data"], int)


def test_secmaster_objects_are_created_at_once(server):
    headers = {"X-Auth-Token": server.key, "Content-Type": "application/json;charset=UTF-8"}
    listed = server.json(
        "GET", f"{WORKSPACE}/soc/dataclasses?offset=0&limit=10", headers=headers
    )
    alert = next(one for one in listed["dataclass_details"] if one["name"] == "Alert")
    body = {
        "format_version": 1,
        "name": "n",
        "type": "t",
        "trigger_flag": False,
        # As the document has it; the vendor's client writes data_object_list.
        "data_object": [{"title": "one", "severity": "Low"}],
    }
    path = f"{WORKSPACE}/soc/datapanel/{alert['id']}/data-objects/batch-create"
    answer = server.call("POST", path, json.dumps(body), headers)
    assert answer.status == 200, answer.body
    assert set(answer.json()[0]) == {"id", "event_id"}
    assert answer.headers["X-request-id"]


# Addresses that nobody has


# Java's own way of asking, where a program says nothing.
HTML_FIRST = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"


@pytest.mark.parametrize(
    ("path", "header", "status"),
    [
        # Who names no version gets the only one.
        ("/azion/data_streaming/streamings", "Authorization", 200),
        ("/azion/v4/workspace/stream/streams", "Authorization", 200),
        ("/v1/default/workspaces/default/siem/pipes", "X-Auth-Token", 200),
        ("/default/api/v1beta2/streams", "X-Api-Key", 200),
        ("/v1/default/workspaces/default/nonsense", "X-Auth-Token", 404),
    ],
)
def test_a_program_that_takes_html_gets_an_answer(server, path, header, status):
    credential = f"Token {server.key}" if header == "Authorization" else server.key
    answer = server.call("GET", path, headers={header: credential, "Accept": HTML_FIRST})
    assert answer.status == status
    assert "json" in answer.headers["Content-Type"]


@pytest.mark.parametrize("path", ["/v1/x/unknown", "/nothing/here", "/v2/x"])
def test_an_unknown_address_is_no_page(server, path):
    answer = server.call("GET", path, headers={"Accept": "application/json"})
    assert answer.status == 404 and b"<title>" not in answer.body
    browser = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}
    page = server.call("GET", path, headers=browser)
    assert page.status == 200 and b"<title>" in page.body


# Azion, version 4


@pytest.fixture(scope="module")
def azion4(server):
    def call(method, path, body=None):
        headers = {"Authorization": f"Token {server.key}", "Accept": "application/json"}
        answer = server.call(method, f"/azion/v4/workspace/stream{path}", body, headers)
        return answer.status, answer.json() if answer.body else None

    return call


def stream_body(template, url):
    return {
        "name": "version 4",
        "active": True,
        "inputs": [{"type": "raw_logs", "attributes": {"data_source": "workloads"}}],
        "transform": [{"type": "render_template", "attributes": {"template": template}}],
        "outputs": [
            {
                "type": "standard",
                "attributes": {
                    "type": "standard",
                    "url": url,
                    "log_line_separator": "\n",
                    "payload_format": "$dataset",
                    "headers": {},
                },
            }
        ],
    }


@pytest.fixture(scope="module")
def receiver():
    """Keeps what is posted to it."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    got = queue.Queue()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", got
    server.shutdown()


def test_azion4_a_template_is_created(azion4, made):
    body = {"name": "mine", "data_set": '{"path":"$requestPath","own":"yes"}'}
    status, answer = azion4("POST", "/templates", body)
    assert status in (200, 201) and answer["state"] == "executed", answer
    assert answer["data"]["custom"] is True
    made["template"] = answer["data"]["id"]


def test_azion4_a_stream_is_created(azion4, made, receiver):
    status, answer = azion4("POST", "/streams", stream_body(made["template"], receiver[0]))
    assert status in (200, 201), answer
    stream = answer["data"]
    for key in ("id", "last_editor", "created", "last_modified", "product_version"):
        assert stream[key], key
    assert stream["inputs"][0]["attributes"]["data_source"] == "workloads"
    assert stream["outputs"][0]["attributes"]["type"] == "standard"
    made["stream"] = stream["id"]


def arrives(azion4, server, made, receiver, text):
    """Makes requests, which are streamed; what waits for others is sent when the stream stops."""
    deadline = time.monotonic() + backend.PATIENCE
    while time.monotonic() < deadline:
        server.call("GET", "/default/api/v1beta2/streams")
        for active in (False, True):
            status, answer = azion4("PATCH", f"/streams/{made['stream']}", {"active": active})
            assert status == 200, answer
        try:
            if text in receiver[1].get(timeout=1):
                return
        except queue.Empty:
            pass
    raise AssertionError("nothing arrived")


def test_azion4_what_it_streams_arrives(azion4, server, made, receiver):
    arrives(azion4, server, made, receiver, b'"own":"yes"')


def test_azion4_a_changed_template_holds_at_once(azion4, server, made, receiver):
    body = {"data_set": '{"own":"changed"}'}
    status, answer = azion4("PATCH", f"/templates/{made['template']}", body)
    assert status == 200, answer
    arrives(azion4, server, made, receiver, b'"own":"changed"')


def test_azion4_streams_are_listed(azion4, made):
    status, answer = azion4("GET", "/streams?search=VERSION&ordering=-id&page=1&page_size=1")
    assert status == 200 and answer["count"] >= 1, answer
    assert answer["results"][0]["id"] == made["stream"]
    status, answer = azion4("GET", "/streams?active=false")
    assert made["stream"] not in [one["id"] for one in answer["results"]]


def test_azion4_a_stream_is_changed(azion4, made):
    path = f"/streams/{made['stream']}"
    status, answer = azion4("PATCH", path, {"active": False})
    assert (status, answer["data"]["active"]) == (200, False)
    body = {**stream_body(2, "http://127.0.0.1:9/"), "name": "renamed", "active": False}
    body["transform"].append({"type": "filter_workloads", "attributes": {"workloads": [1, 4]}})
    status, answer = azion4("PUT", path, body)
    assert status == 200, answer
    kinds = {part["type"]: part["attributes"] for part in answer["data"]["transform"]}
    assert kinds["filter_workloads"] == {"workloads": [1, 4]}
    assert kinds["render_template"] == {"template": 2}
    status, answer = azion4("GET", path)
    assert answer["data"]["name"] == "renamed"


def test_azion4_errors_are_json_api(azion4):
    body = stream_body(2, "not a url")
    status, answer = azion4("POST", "/streams", body)
    assert status == 400
    error = answer["errors"][0]
    assert error["source"]["pointer"] == "/outputs/0/attributes/url" and error["detail"]
    status, answer = azion4("GET", "/streams/99999")
    assert status == 404 and answer["errors"][0]["status"] == "404"


def test_azion4_data_sources(azion4):
    status, answer = azion4("GET", "/data_sources?page_size=100")
    assert status == 200
    assert {"workloads", "waf"} <= {one["slug"] for one in answer["results"]}


def test_azion4_everybodys_templates_stay(azion4):
    status, answer = azion4("GET", "/templates?page_size=100")
    assert status == 200
    everybodys = next(one for one in answer["results"] if not one["custom"])
    assert azion4("DELETE", f"/templates/{everybodys['id']}")[0] == 403


def test_azion4_streams_and_templates_are_deleted(azion4, made):
    status, answer = azion4("DELETE", f"/streams/{made['stream']}")
    assert (status, answer) == (200, {"state": "executed"})
    status, answer = azion4("DELETE", f"/templates/{made['template']}")
    assert status == 200
    assert azion4("GET", f"/streams/{made['stream']}")[0] == 404
