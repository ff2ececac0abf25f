"""`alibabacloud-dataworks-public20200518` (signatures of version 3) and `aliyun-python-sdk-core`
(version 1)."""

import base64
import hashlib
import hmac
import json
import time
import urllib.parse

import pytest
from alibabacloud_dataworks_public20200518 import models as m
from alibabacloud_dataworks_public20200518.client import Client
from alibabacloud_tea_openapi import models as open_api
from alibabacloud_tea_openapi.exceptions import ClientException
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import AccessKeyCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest

import server as backend

PROJECT, TENANT = 10000, 10001

# The three examples of the source document's operation. What belongs to somebody's account (the data
# source, the registered service's address) is put in by the tests.
WIZARD = {
    "isPagedResponse": True,
    "wizardConnection": {"connectionId": 122786, "tableName": "person"},
    "wizardRequestParameters": [
        {
            "columnName": "id",
            "defaultValue": "",
            "exampleValue": "1",
            "isRequiredParameter": True,
            "parameterDataType": 2,
            "parameterDescription": "",
            "parameterName": "id",
            "parameterOperator": 0,
            "parameterPosition": 0,
        }
    ],
    "wizardResponseParameters": [
        {
            "columnName": "id",
            "exampleValue": "11",
            "parameterDataType": 2,
            "parameterDescription": "",
            "parameterName": "id",
        }
    ],
}
SCRIPT = {
    "isPagedResponse": False,
    "script": "select id as id1, name as name1 from person where id=${inputid}",
    "scriptConnection": {"connectionId": 122786, "tableName": "person"},
    "scriptRequestParameters": [
        {
            "defaultValue": "",
            "exampleValue": "",
            "isRequiredParameter": True,
            "parameterDataType": 0,
            "parameterDescription": "",
            "parameterName": "inputid",
            "parameterOperator": 0,
            "parameterPosition": 1,
        }
    ],
    "scriptResponseParameters": [
        {
            "exampleValue": "",
            "parameterDataType": 0,
            "parameterDescription": "",
            "parameterName": name,
        }
        for name in ("id1", "name1")
    ],
}
REGISTRATION = {
    "failedResultSample": "fail",
    "registrationErrorCodes": [
        {"errorCode": "e1", "errorMessage": "msg1", "errorSolution": "sol1"},
        {"errorCode": "e2", "errorMessage": "msg2", "errorSolution": "sol2"},
    ],
    "registrationRequestParameters": [
        {
            "columnName": "",
            "defaultValue": default,
            "exampleValue": "",
            "isRequiredParameter": True,
            "parameterDataType": 0,
            "parameterDescription": "",
            "parameterName": name,
            "parameterOperator": operator,
            "parameterPosition": position,
        }
        for name, default, operator, position in (("id", "", 0, 1), ("cc", "xx", 2, 2))
    ],
    "serviceContentType": 1,
    "serviceHost": "http://www.baidu.com",
    "servicePath": "/[uid]",
    "serviceRequestBodyDescription": "body",
    "successfulResultSample": "success",
}


@pytest.fixture(scope="module")
def client(server):
    return Client(
        open_api.Config(
            access_key_id=server.key_id,
            access_key_secret=server.key,
            endpoint=f"{server.address}/dataworks",
            protocol="http",
        )
    )


@pytest.fixture(scope="module")
def person(server):
    """The table that the examples read."""
    address = "/default/api/v1beta2/streams"
    columns = [{"name": "id", "type": "int64"}, {"name": "name", "type": "string"}]
    server.json("POST", address, {"name": "person", "columns": columns})
    rows = {"columns": ["id", "name"], "data": [[1, "Ada"], [2, "Grace"]]}
    server.json("POST", f"{address}/person/ingest", rows)


def body_of(answer):
    assert answer.status_code == 200, answer
    return answer.body


# Where things are


def test_projects(client):
    page = body_of(client.list_projects(m.ListProjectsRequest(page_number=1, page_size=10)))
    assert page.page_result.project_list


def test_data_sources(client, made):
    request = m.ListDataSourcesRequest(project_id=PROJECT, page_number=1, page_size=10)
    sources = body_of(client.list_data_sources(request)).data.data_sources
    made["source"] = sources[0].id


def test_resource_groups(client):
    assert body_of(client.list_resource_groups(m.ListResourceGroupsRequest())).success


def test_tables_and_columns(client, person):
    request = m.GetMetaDBTableListRequest(
        data_source_type="weir", database_name="default", page_number=1, page_size=100
    )
    tables = body_of(client.get_meta_dbtable_list(request)).data.table_entity_list
    found = next(table for table in tables if table.table_name == "person")
    request = m.GetMetaTableColumnRequest(table_guid=found.table_guid, page_num=1, page_size=10)
    columns = body_of(client.get_meta_table_column(request)).data.column_list
    assert [column.column_name for column in columns][:2] == ["id", "name"]


GUID = "weir.default.person"
# Operations about what is known of tables, and what each answers of this one.
METADATA = {
    "get_meta_table_basic_info": {"table_guid": GUID, "extension": True},
    "get_meta_table_full_info": {"table_guid": GUID, "page_num": 1, "page_size": 10},
    "get_meta_table_partition": {"table_guid": GUID, "page_number": 1, "page_size": 10},
    "get_meta_table_lineage": {"table_guid": GUID, "direction": "down", "page_size": 10},
    "get_meta_column_lineage": {
        "column_guid": f"{GUID}.id",
        "direction": "up",
        "page_num": 1,
        "page_size": 10,
    },
    "get_meta_table_change_log": {"table_guid": GUID, "page_number": 1, "page_size": 10},
    "get_meta_table_intro_wiki": {"table_guid": GUID},
    "get_meta_table_list_by_category": {"category_id": 1, "page_number": 1, "page_size": 10},
    "get_meta_table_output": {
        "table_guid": GUID,
        "start_date": "2026-01-01",
        "end_date": "2026-02-01",
        "page_number": 1,
        "page_size": 10,
    },
    "get_meta_table_producing_tasks": {"table_guid": GUID},
    "get_meta_table_theme_level": {"table_guid": GUID},
    "get_meta_category": {"page_num": 1, "page_size": 10},
    "get_meta_dbinfo": {"app_guid": "weir.default"},
    "check_meta_table": {"table_guid": GUID},
    "check_meta_partition": {"table_guid": GUID, "partition": "ds=1"},
    "search_meta_tables": {"keyword": "PERS", "page_number": 1, "page_size": 10},
    "list_tables": {"data_source_type": "weir", "page_size": 100},
    "list_connections": {"project_id": PROJECT, "page_number": 1, "page_size": 10},
}


def metadata(client, operation, **parts):
    name = f"{operation}Request".replace("_", "").lower()
    (request,) = (known for known in dir(m) if known.lower() == name)
    return body_of(getattr(client, operation)(getattr(m, request)(**parts)))


@pytest.mark.parametrize("operation", METADATA)
def test_what_is_known_of_a_table(client, person, operation):
    answer = metadata(client, operation, **METADATA[operation])
    # The client has no name for what themes stand under but this one.
    told = getattr(answer, "data", None)
    assert told is not None or answer.entity is not None, answer


def test_a_table_in_full(client, person):
    full = metadata(client, "get_meta_table_full_info", **METADATA["get_meta_table_full_info"])
    assert [column.column_name for column in full.data.column_list][:2] == ["id", "name"]
    assert metadata(client, "check_meta_table", table_guid="weir.default.none").data is False
    found = metadata(client, "search_meta_tables", **METADATA["search_meta_tables"]).data
    assert "person" in [table.table_name for table in found.data_entity_list]
    with pytest.raises(ClientException):
        metadata(client, "get_meta_table_basic_info", table_guid="weir.default.none")


def test_tables_are_listed_to_the_end(client, person):
    names, token, parts = [], None, 0
    while token != "":
        parts += 1
        data = metadata(
            client, "list_tables", data_source_type="weir", page_size=2, next_token=token
        ).data
        part = [one.entity_content.table_name for one in data.table_entity_list]
        names, token = names + part, data.next_token
    assert parts > 1 and "person" in names and len(set(names)) == data.total


def test_what_a_view_reads(client, server, person):
    view = {"name": "persons", "query": "SELECT id FROM person"}
    server.json("POST", "/default/api/v1beta2/views", view)
    lineage = lambda table, way: [
        one.table_name
        for one in metadata(
            client,
            "get_meta_table_lineage",
            table_guid=f"weir.default.{table}",
            direction=way,
            page_size=10,
        ).data.data_entity_list
    ]
    assert lineage("persons", "up") == ["person"]
    assert "persons" in lineage("person", "down")
    server.json("DELETE", "/default/api/v1beta2/views/persons")


def test_a_group_lives(client, made):
    request = m.CreateDataServiceGroupRequest(
        project_id=PROJECT,
        tenant_id=TENANT,
        group_name="process",
        description="words",
        api_gateway_group_id="gateway",
    )
    made["group"] = body_of(client.create_data_service_group(request)).group_id
    request = m.GetDataServiceGroupRequest(
        project_id=PROJECT, tenant_id=TENANT, group_id=made["group"]
    )
    assert body_of(client.get_data_service_group(request)).group.group_name == "process"
    request = m.ListDataServiceGroupsRequest(
        project_id=PROJECT, tenant_id=TENANT, page_number=1, page_size=10
    )
    groups = body_of(client.list_data_service_groups(request)).group_paging_result.groups
    assert made["group"] in [group.group_id for group in groups]
    shown = metadata(client, "get_project", project_id=PROJECT)
    assert shown.data.project_identifier == f"workspace_{PROJECT}"


def test_a_folder_lives(client, made):
    request = m.CreateDataServiceFolderRequest(
        project_id=PROJECT,
        tenant_id=TENANT,
        group_id=made["group"],
        folder_name="folder",
        parent_id=0,
    )
    made["folder"] = body_of(client.create_data_service_folder(request)).folder_id
    request = m.GetDataServiceFolderRequest(
        project_id=PROJECT, tenant_id=TENANT, folder_id=made["folder"]
    )
    assert body_of(client.get_data_service_folder(request)).folder.folder_name == "folder"
    request = m.ListDataServiceFoldersRequest(
        project_id=PROJECT, tenant_id=TENANT, group_id=made["group"], page_number=1, page_size=10
    )
    assert body_of(client.list_data_service_folders(request)).folder_paging_result.folders


# The document's examples: created, submitted, tested, published, called


def with_source(details, made):
    """A document's example about this server's data source."""
    text = json.dumps(details)
    return text.replace("122786", str(made["source"]))


def create(client, made, name, path, mode, **more):
    parts = dict(
        api_description="API description",
        api_mode=mode,
        api_name=name,
        api_path=path,
        folder_id=0,
        group_id=made["group"],
        project_id=PROJECT,
        tenant_id=TENANT,
        protocols="0,1",
        request_content_type=0,
        request_method=0,
        resource_group_id=3242432423,
        response_content_type=0,
        sql_mode=0,
        timeout=10000,
        visible_range=0,
    )
    request = m.CreateDataServiceApiRequest(**{**parts, **more})
    made[name] = body_of(client.create_data_service_api(request)).data


def test_the_wizards_example_is_created(client, made, person):
    create(client, made, "wizard", "/test/1", 0, wizard_details=with_source(WIZARD, made))


def test_the_scripts_example_is_created(client, made, person):
    create(client, made, "script", "/test/2", 1, script_details=with_source(SCRIPT, made))


def test_the_registrations_example_is_created(client, server, made):
    details = {**REGISTRATION, "serviceHost": f"http://{server.address}"}
    create(client, made, "registration", "/test/3", 2, registration_details=json.dumps(details))


def test_all_three_details_may_be_sent(client, made, person):
    create(
        client,
        made,
        "three",
        "/test/4",
        0,
        wizard_details=with_source(WIZARD, made),
        script_details=with_source(SCRIPT, made),
        registration_details=json.dumps(REGISTRATION),
    )
    request = m.DeleteDataServiceApiRequest(
        api_id=made["three"], project_id=PROJECT, tenant_id=TENANT
    )
    assert body_of(client.delete_data_service_api(request)).data


EXAMPLES = ["wizard", "script", "registration"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_shown(client, made, name):
    request = m.GetDataServiceApiRequest(
        api_id=made[name], project_id=PROJECT, tenant_id=TENANT
    )
    api = body_of(client.get_data_service_api(request)).data
    assert (api.api_name, api.tenant_id) == (name, TENANT)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_submitted(client, made, name):
    request = m.SubmitDataServiceApiRequest(
        api_id=made[name], project_id=PROJECT, tenant_id=TENANT
    )
    assert body_of(client.submit_data_service_api(request)).data


PARAMETERS = {"wizard": {"id": "1"}, "script": {"inputid": "1"}, "registration": {"id": "1"}}


def ended(client, test):
    deadline = time.monotonic() + backend.PATIENCE
    while time.monotonic() < deadline:
        request = m.GetDataServiceApiTestRequest(test_id=test)
        told = body_of(client.get_data_service_api_test(request)).data
        if told.status != "RUNNING":
            return told
        time.sleep(0.05)
    raise AssertionError("the test did not end")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_tested(client, made, name):
    pairs = [
        m.TestDataServiceApiRequestQueryParam(param_key=key, param_value=value)
        for key, value in PARAMETERS[name].items()
    ]
    request = m.TestDataServiceApiRequest(api_id=made[name], query_param=pairs)
    told = ended(client, int(body_of(client.test_data_service_api(request)).data.test_id))
    if name != "registration":
        assert told.ret_code == 0, told
    listed = body_of(
        client.list_data_service_api_test(
            m.ListDataServiceApiTestRequest(api_id=made[name], page_size=10)
        )
    )
    assert [one.api_id for one in listed.data] == [made[name]]


@pytest.mark.parametrize("generate", [True, False])
def test_a_result_is_saved(client, made, generate):
    request = m.SaveDataServiceApiTestResultRequest(
        api_id=made["wizard"],
        project_id=PROJECT,
        auto_generate=generate,
        result_sample="{}",
        fail_result_sample="{}",
    )
    assert body_of(client.save_data_service_api_test_result(request)).data


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_published(client, made, name):
    request = m.PublishDataServiceApiRequest(
        api_id=made[name], project_id=PROJECT, tenant_id=TENANT
    )
    assert body_of(client.publish_data_service_api(request)).data
    request = m.GetDataServicePublishedApiRequest(
        api_id=made[name], project_id=PROJECT, tenant_id=TENANT
    )
    assert body_of(client.get_data_service_published_api(request)).data.api_id == made[name]


def test_published_apis_are_listed(client, made):
    request = m.ListDataServicePublishedApisRequest(
        project_id=PROJECT, tenant_id=TENANT, page_number=1, page_size=10
    )
    apis = body_of(client.list_data_service_published_apis(request)).data.apis
    assert {made[name] for name in EXAMPLES} <= {api.api_id for api in apis}


def test_apis_of_another_tenant_are_not_there(client, made):
    request = m.ListDataServiceApisRequest(
        project_id=PROJECT, tenant_id=TENANT, page_number=1, page_size=10
    )
    assert body_of(client.list_data_service_apis(request)).data.total_count >= 3
    with pytest.raises(ClientException):
        request = m.GetDataServiceApiRequest(
            api_id=made["wizard"], project_id=PROJECT, tenant_id=TENANT + 1
        )
        client.get_data_service_api(request)


def test_an_application_calls_what_is_published(client, server, made):
    request = m.ListDataServiceApplicationsRequest(
        tenant_id=TENANT, project_id_list=str(PROJECT), page_number=1, page_size=10
    )
    application = body_of(client.list_data_service_applications(request)).data.applications[0]
    request = m.GetDataServiceApplicationRequest(
        application_id=application.application_id, project_id=PROJECT, tenant_id=TENANT
    )
    told = body_of(client.get_data_service_application(request)).data
    headers = {"Authorization": f"APPCODE {told.application_code}"}
    for name, path in (("wizard", "/test/1"), ("script", "/test/2")):
        query = urllib.parse.urlencode(PARAMETERS[name])
        answer = server.call("GET", f"/dataworks/api{path}?{query}", headers=headers)
        assert answer.status == 200, answer.body
        assert b"1" in answer.body


def test_an_application_signs_its_calls(client, server, made):
    """As the documentation of the vendor's API Gateway has it."""
    request = m.GetDataServiceApplicationRequest(
        application_id=PROJECT, project_id=PROJECT, tenant_id=TENANT
    )
    told = body_of(client.get_data_service_application(request)).data
    path = "/dataworks/api/test/1"

    def call(nonce, secret=told.application_secret, query="id=1", method="HmacSHA256"):
        headers = {
            "Accept": "application/json",
            "X-Ca-Key": told.application_key,
            "X-Ca-Nonce": nonce,
            "X-Ca-Timestamp": str(int(time.time() * 1000)),
            "X-Ca-Signature-Method": method,
        }
        names = ["X-Ca-Key", "X-Ca-Nonce", "X-Ca-Timestamp"]
        signed = "".join(f"{name}:{headers[name]}\n" for name in sorted(names))
        text = f"GET\napplication/json\n\n\n\n{signed}{path}?{query}"
        kind = {"HmacSHA256": hashlib.sha256, "HmacSHA1": hashlib.sha1}[method]
        digest = hmac.new(secret.encode(), text.encode(), kind).digest()
        headers["X-Ca-Signature-Headers"] = ",".join(names)
        headers["X-Ca-Signature"] = base64.b64encode(digest).decode()
        # Basic would come along otherwise.
        headers["X-Api-Key"] = ""
        return server.call("GET", f"{path}?id=1", headers=headers)

    answer = call("one")
    assert answer.status == 200, answer.body
    assert call("two", method="HmacSHA1").status == 200
    assert call("one").status == 403, "a nonce is good once"
    assert call("three", secret="wrong").status == 403
    refused = call("four", query="id=2")
    assert refused.status == 403 and b"StringToSign" in refused.body


def test_an_api_is_changed(client, made):
    request = m.UpdateDataServiceApiRequest(
        api_id=made["wizard"],
        project_id=PROJECT,
        tenant_id=TENANT,
        api_description="new",
        api_path="/test/1",
        protocols="0",
        request_method=0,
        response_content_type=0,
        timeout=5000,
        visible_range=0,
        wizard_details=with_source(WIZARD, made),
    )
    assert body_of(client.update_data_service_api(request)).data


def test_another_project_is_let_in_and_out(client, made):
    request = m.CreateDataServiceApiAuthorityRequest(
        api_id=made["wizard"],
        authorized_project_id=2,
        project_id=PROJECT,
        tenant_id=TENANT,
        end_time=int(time.time()) + 3600,
    )
    client.create_data_service_api_authority(request)
    for wrong in (request.end_time * 1000, int(time.time()) - 1):
        wrong = m.CreateDataServiceApiAuthorityRequest(**{**vars(request), "end_time": wrong})
        with pytest.raises(ClientException, match="Unix seconds"):
            client.create_data_service_api_authority(wrong)
    request = m.ListDataServiceApiAuthoritiesRequest(
        project_id=PROJECT, tenant_id=TENANT, page_number=1, page_size=10
    )
    client.list_data_service_api_authorities(request)
    request = m.ListDataServiceAuthorizedApisRequest(
        project_id=2, tenant_id=TENANT, page_number=1, page_size=10
    )
    client.list_data_service_authorized_apis(request)
    request = m.DeleteDataServiceApiAuthorityRequest(
        api_id=made["wizard"], authorized_project_id=2, project_id=PROJECT, tenant_id=TENANT
    )
    client.delete_data_service_api_authority(request)


def parameter(name, kind=0, position=1, **more):
    return {
        "columnName": "",
        "defaultValue": "",
        "exampleValue": "",
        "isRequiredParameter": True,
        "parameterDataType": kind,
        "parameterDescription": "",
        "parameterName": name,
        "parameterOperator": 0,
        "parameterPosition": position,
        **more,
    }


# What lists are in a script: of IN, and of a tag of MyBatis.
LISTS = {
    "plain": ("select id from person where id in (${ids})", 0),
    "mybatis": (
        "select id from person <where><if test='ids != null'>id in <foreach collection='ids' "
        "item='one' open='(' separator=',' close=')'>#{one}</foreach></if></where>",
        1,
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_script_takes_a_list(client, made, person, name):
    script, mode = LISTS[name]
    details = {
        "isPagedResponse": False,
        "script": script,
        "scriptConnection": {"connectionId": made["source"]},
        "scriptRequestParameters": [parameter("ids", kind=8)],
        "scriptResponseParameters": [
            {**parameter("id", kind=2), "parameterOperator": None, "parameterPosition": None}
        ],
    }
    create(client, made, name, f"/lists/{name}", 1, script_details=json.dumps(details), sql_mode=mode)
    told = tried(client, made[name], query_param={"ids": "1,2"})
    assert [row["id"] for row in json.loads(told.ret_result)["data"]] == [1, 2]
    parts = dict(api_id=made[name], project_id=PROJECT, tenant_id=TENANT)
    client.delete_data_service_api(m.DeleteDataServiceApiRequest(**parts))


def tried(client, api, **lists):
    """How a trial with values in these lists of parameters ends."""
    names = {"query_param": "QueryParam", "path_params": "PathParams", "head_params": "HeadParams"}
    pairs = {
        part: [
            getattr(m, f"TestDataServiceApiRequest{names.get(part, 'BodyParams')}")(
                param_key=key, param_value=value
            )
            for key, value in values.items()
        ]
        for part, values in lists.items()
    }
    request = m.TestDataServiceApiRequest(api_id=api, **pairs)
    return ended(client, int(body_of(client.test_data_service_api(request)).data.test_id))


@pytest.mark.parametrize(("method", "word"), enumerate(["GET", "POST", "PUT", "DELETE"]))
def test_a_registered_service_is_called_by_each_method(client, server, made, method, word):
    parameters = [
        parameter("path", position=0),
        parameter("query", position=1),
        parameter("X-Const", position=2, parameterOperator=2, defaultValue="c"),
    ]
    values = {"path_params": {"path": "no such"}, "query_param": {"query": "a b&c"}}
    if word in ("POST", "PUT"):
        parameters.append(parameter("body", position=3))
        values["body_params"] = {"body": "b"}
    details = {
        **REGISTRATION,
        "serviceHost": f"http://{server.address}",
        "servicePath": "/v9/[path]",
        "registrationRequestParameters": parameters,
    }
    name = f"by_{word}"
    more = {"registration_details": json.dumps(details), "request_method": method}
    create(client, made, name, f"/methods/{word}", 2, **more)
    told = tried(client, made[name], **values)
    # It goes there as it was meant, and nobody is there.
    assert f"{word} http://{server.address}/v9/no%20such?query=a%20b%26c" in told.debug_info
    assert told.ret_code in (404, 405)
    parts = dict(api_id=made[name], project_id=PROJECT, tenant_id=TENANT)
    client.delete_data_service_api(m.DeleteDataServiceApiRequest(**parts))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_taken_back_and_deleted(client, made, name):
    parts = dict(api_id=made[name], project_id=PROJECT, tenant_id=TENANT)
    client.abolish_data_service_api(m.AbolishDataServiceApiRequest(**parts))
    client.delete_data_service_api(m.DeleteDataServiceApiRequest(**parts))
    with pytest.raises(ClientException) as gone:
        client.get_data_service_api(m.GetDataServiceApiRequest(**parts))
    assert gone.value.code and gone.value.message


# The older client


@pytest.fixture(scope="module")
def older(server):
    credential = AccessKeyCredential(server.key_id, server.key)
    return AcsClient(credential=credential, region_id="cn-hangzhou")


def older_call(older, server, action, method="POST", form="json", **parameters):
    """The client that reads answers itself always asks for JSON."""
    request = CommonRequest()
    request.set_accept_format(form)
    request.set_domain(f"{server.address}/dataworks")
    request.set_protocol_type("http")
    request.set_method(method)
    request.set_version("2020-05-18")
    request.set_action_name(action)
    add = request.add_query_param if method == "GET" else request.add_body_params
    for name, value in parameters.items():
        add(name, value)
    if form != "json":
        return older.do_action(request)
    return older.do_action_with_exception(request)


def test_the_older_client_lists(older, server):
    answer = older_call(
        older, server, "ListDataServiceApis", ProjectId=PROJECT, PageNumber=1, PageSize=10
    )
    assert json.loads(answer)["Success"]


def test_the_older_client_gets(older, server):
    answer = older_call(
        older, server, "ListDataSources", "GET", ProjectId=PROJECT, PageNumber=1, PageSize=10
    )
    assert json.loads(answer)["Data"]["DataSources"]


def test_the_older_client_gets_xml(older, server):
    answer = older_call(
        older, server, "ListDataServiceGroups", form="xml", ProjectId=PROJECT, TenantId=TENANT,
        PageNumber=1, PageSize=10,
    )
    assert answer.startswith(b"<") and b"<ListDataServiceGroupsResponse>" in answer
    assert b"<GroupName>process</GroupName>" in answer


def test_the_older_client_reads_errors(older, server):
    with pytest.raises(ServerException) as refused:
        older_call(older, server, "GetDataServiceApi", ProjectId=PROJECT, ApiId=999999)
    assert refused.value.get_error_code() not in (None, "", "SDK.UnknownServerError")
    assert "999999" in refused.value.get_error_msg()


def test_the_documents_sample_request(older, server, made, person):
    """All of it in the query of a GET, as the source document writes it."""
    answer = older_call(
        older,
        server,
        "CreateDataServiceApi",
        "GET",
        TenantId=TENANT,
        ProjectId=PROJECT,
        ApiName="API_name",
        GroupId=made["group"],
        ApiMode=0,
        RequestMethod=0,
        ResponseContentType=0,
        Timeout=10000,
        VisibleRange=0,
        Protocols="0,1",
        WizardDetails=with_source(WIZARD, made),
        ScriptDetails=with_source(SCRIPT, made),
        RegistrationDetails=json.dumps(REGISTRATION),
        ApiPath="/test/1",
        ApiDescription="API description",
        FolderId=0,
        SqlMode=0,
        ResourceGroupId=3242432423,
        RequestContentType=0,
    )
    assert json.loads(answer)["Data"] > 0
