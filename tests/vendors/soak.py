"""soak.py BACKEND FOLDER [SECONDS] — schemathesis on the vendor's OpenAPI files of Timeplus in FOLDER
(one with 2025 in its name, one with 2026): each operation with input that its schema allows and with
input that it does not, by somebody who is signed in, about resources that exist. What answers 5xx,
or not as its schema says, is a failure; so is an operation that never succeeds."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from server import Server

API = "/default/api/v1beta2"
CHECKS = "not_a_server_error,content_type_conformance,response_schema_conformance"
# By the first part of its address: what makes a resource, and the key of the answer that names it.
RESOURCES = {
    "streams": (
        {"name": "soaked", "columns": [{"name": "id", "type": "int64"}]},
        "name",
    ),
    "views": ({"name": "soaked_view", "query": "SELECT * FROM soaked"}, "name"),
    "materialized_views": ({"name": "soaked_kept", "query": "SELECT id FROM soaked"}, "name"),
    "savedqueries": ({"name": "q", "sql": "SELECT 1", "description": "", "tags": []}, "id"),
    "dashboards": ({"name": "d", "panels": []}, "id"),
    "sinks": (
        {
            "name": "k",
            "type": "http",
            "query": "SELECT id FROM soaked",
            "properties": {
                "url": "http://127.0.0.1:9/",
                "http_method": "POST",
                "content_type": "application/json",
                "payload_field": "x",
            },
        },
        "id",
    ),
    "sources": (
        {
            "name": "s",
            "type": "stream_generator",
            "stream": "soaked",
            "properties": {"template": "iot"},
        },
        "id",
    ),
    "alerts": (
        {
            "name": "a",
            "action": "slack",
            "severity": 1,
            "properties": {"url": "http://127.0.0.1:9/"},
            "trigger_sql": "SELECT id FROM soaked",
            "resolve_sql": "",
        },
        "id",
    ),
    "schemas": (
        {
            "name": "soaked_schema",
            "type": "Protobuf",
            "content": 'syntax = "proto3"; message Car { string id = 1; }',
        },
        "name",
    ),
    "udfs": (
        {
            "name": "soaked_twice",
            "type": "javascript",
            "arguments": [{"name": "x", "type": "int64"}],
            "return_type": "int64",
            "source": "function soaked_twice(x) { return x; }",
        },
        "name",
    ),
    "users": (
        {"username": "soaked", "password": "Gx9-kfjw-2kk!pq", "role": "read_only"},
        "username",
    ),
    "external_streams": (
        {
            "name": "soaked_kafka",
            "columns": [{"name": "raw", "type": "string"}],
            "settings": [
                {"key": "type", "value": "kafka"},
                {"key": "brokers", "value": "127.0.0.1:9"},
                {"key": "topic", "value": "t"},
            ],
        },
        "name",
    ),
    "external_tables": (
        {
            "name": "soaked_table",
            "settings": [
                {"key": "type", "value": "clickhouse"},
                {"key": "address", "value": "127.0.0.1:9"},
                {"key": "user", "value": "u"},
                {"key": "password", "value": "p"},
                {"key": "database", "value": "d"},
                {"key": "table", "value": "t"},
            ],
        },
        "name",
    ),
    "pipelines": ({"name": "p", "description": "", "nodes_history": []}, "id"),
}
# The embedded backend has none that it could be.
NONE = {"GET /v1beta2/dictionaries/{name}"}
# schemathesis takes an event of a stream for the object that the event's data holds.
STREAMED = "POST /v1beta2/queries"
# Statuses that say nothing of an operation.
OUTSIDE = {401, 403, 404, 405}

HOOKS = '''
import atexit, collections, json, schemathesis
met = collections.defaultdict(set)

@schemathesis.hook
def after_call(context, case, response):
    met[f"{case.method} {case.path}"].add(response.status_code)

atexit.register(lambda: json.dump({k: sorted(v) for k, v in met.items()}, open("met.json", "w")))
'''


def made(server):
    """Names of resources that exist, by the first part of their address."""
    names = {}
    for part, (body, key) in RESOURCES.items():
        answer = server.call("POST", f"{API}/{part}", body)
        if answer.status < 300:
            told = answer.json() if answer.body else {}
            names[part] = told.get(key) or body.get(key)
        else:
            print(f"soak: no {part}: {answer.status} {answer.body!r}")
    server.call("POST", f"{API}/queries", {"sql": "SELECT 1"})
    names["queries"] = server.json("GET", f"{API}/queries")[0]["id"]
    return names


def configured(paths, names):
    """Of schemathesis: which resource is meant in each address."""
    parts = [f'[[operations]]\ninclude-name = "{STREAMED}"\nenabled = false\n']
    # 501: of a type that the embedded backend keeps, but does not run.
    parts.insert(0, '[checks]\nnot_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "501"]\n')
    for path in paths:
        resource = path.split("/")[2] if path.count("/") > 2 else ""
        if "{" in path and names.get(resource):
            key = path.split("{")[1].split("}")[0]
            place = f'"path.{key}" = "{names[resource]}"'
            parts.append(
                f'[[operations]]\ninclude-path = "{path}"\nparameters = {{ {place} }}\n'
            )
    return "\n".join(parts)


METHODS = {"get", "post", "put", "patch", "delete"}


def read(file):
    """The vendor's files leave out some parameters of addresses."""
    with open(file, encoding="utf-8") as opened:
        specification = json.load(opened)
    for path, operations in specification["paths"].items():
        for key in re.findall(r"{(\w+)}", path):
            for method in METHODS & set(operations):
                known = operations.get("parameters", []) + operations[method].get("parameters", [])
                if not any((one.get("name"), one.get("in")) == (key, "path") for one in known):
                    parameter = {
                        "name": key,
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string"},
                    }
                    operations[method].setdefault("parameters", []).append(parameter)
    return specification


def soak(server, year, file, seconds):
    """What is wrong, in words."""
    server.restart("--revision", year)
    specification = read(file)
    paths = specification["paths"]
    with tempfile.TemporaryDirectory(prefix="weir-soak-") as folder:
        within = lambda name: os.path.join(folder, name)
        with open(within("schemathesis.toml"), "w", encoding="utf-8") as config:
            config.write(configured(paths, server.names))
        with open(within("openapi.json"), "w", encoding="utf-8") as whole:
            json.dump(specification, whole)
        with open(within("soak_hooks.py"), "w", encoding="utf-8") as hooks:
            hooks.write(HOOKS)
        command = [
            os.path.join(os.path.dirname(sys.executable), "schemathesis"),
            *("--config-file", within("schemathesis.toml"), "run", "openapi.json"),
            *("--url", f"http://{server.address}/default/api"),
            *("-H", f"X-Api-Key: {server.key}", "--checks", CHECKS),
            *("--phases", "examples,coverage,fuzzing", "--max-time", str(seconds)),
            # They take away what the others are about.
            *("--exclude-method", "DELETE"),
            *("--request-timeout", "5", "--continue-on-failure", "--no-color", "-w", "1"),
            *("--suppress-health-check", "all", "--generation-deterministic"),
        ]
        ran = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "soak_hooks", "PYTHONPATH": folder},
        )
        with open(within("met.json"), encoding="utf-8") as met:
            met = json.load(met)
    wrong = [f"schemathesis ended with {ran.returncode}"] if ran.returncode else []
    operations = [
        (f"{method.upper()} {path}", method)
        for path in paths
        for method in sorted((METHODS - {"delete"}) & set(paths[path]))
    ]
    for operation, method in operations:
        if operation in NONE or operation == STREAMED:
            continue
        statuses = met.get(operation, [])
        # What is read exists; what is written is drawn at random, and may be refused for itself.
        reached = lambda status: status < 300 if method == "get" else status not in OUTSIDE
        if not any(map(reached, statuses)):
            wrong.append(f"{operation} was not reached: {statuses}")
    return wrong


def main(program, folder, seconds="150"):
    server = Server(program)
    server.names = made(server)
    failed = False
    try:
        for year in ("2025", "2026"):
            found = glob.glob(os.path.join(folder, f"*{year}*.json"))
            if not found:
                sys.exit(f"soak: there is no OpenAPI file of {year} in {folder}")
            wrong = soak(server, year, os.path.abspath(found[0]), int(seconds))
            for words in wrong:
                print(f"soak {year}: {words}")
            failed |= bool(wrong)
    finally:
        server.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
