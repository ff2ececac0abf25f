"""`huaweicloudsdksecmaster`, v1 and v2. Its endpoint keeps no path, so that it calls the backend's
root."""

import json
import time

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.http.formdata import FormFile
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdksecmaster.v1 import *
from huaweicloudsdksecmaster.v1 import SecMasterClient
from huaweicloudsdksecmaster import v2

import server as backend

WORKSPACE = "default"
WORKSPACE_PATH = "/v1/default/workspaces/default"

# What fields of the client's models can hold besides what their type says.
WORDS = {
    "severity": "Low",
    "verification_state": "Unknown",
    "handle_status": "Open",
    "verdict": "BLACK",
}
TIME = "2024-08-15T19:18:38.000Z+0800"


def every(model, skip=()):
    """A value of the client's model with all its fields."""
    types = model.openapi_types.items()
    return model(**{name: some(kind, name) for name, kind in types if name not in skip})


def some(kind, name):
    if name in WORDS:
        return WORDS[name]
    if kind == "str":
        return TIME if name.endswith("time") else "text"
    plain = {"int": 1, "float": 1.5, "bool": True, "object": {"k": "v"}}
    if kind in plain:
        return plain[kind]
    if kind.startswith("list["):
        return [some(kind[5:-1], name)]
    if kind.startswith("dict("):
        return {"k": some(kind[len("dict(str, ") : -1], name)}
    return every(globals()[kind])


def client_of(kind, server):
    credentials = BasicCredentials(server.key_id, server.key, "default")
    endpoint = f"http://{server.address}/secmaster"
    return kind.new_builder().with_credentials(credentials).with_endpoint(endpoint).build()


@pytest.fixture(scope="module")
def client(server):
    return client_of(SecMasterClient, server)


def within(request, workspace=WORKSPACE, **parts):
    """A request of the client about a workspace."""
    return request(workspace_id=workspace, **parts)


def succeeded(answer):
    assert answer.code in (0, "0", "00000000"), answer
    return answer


# Workspaces


def test_a_workspace_is_created(client, made):
    body = CreateWorkspaceRequestBody(
        region_id="default",
        name="second",
        description="words",
        project_name="default",
        enterprise_project_id="enterprise",
        is_view=False,
    )
    made["workspace"] = client.create_workspace(CreateWorkspaceRequest(body=body)).id


def test_workspaces_are_listed(client, made):
    listed = client.list_workspaces(ListWorkspacesRequest(offset=0, limit=10))
    assert {WORKSPACE, made["workspace"]} <= {one.id for one in listed.workspaces}
    assert listed.count >= 2
    named = client.list_workspaces(ListWorkspacesRequest(offset=0, limit=10, name="second"))
    assert [one.id for one in named.workspaces] == [made["workspace"]]


def test_a_workspace_is_changed(client, made):
    body = UpdateWorkspaceRequestBody(
        name="second", description="other words", view_bind_id="view"
    )
    client.update_workspace(within(UpdateWorkspaceRequest, made["workspace"], body=body))
    shown = client.show_workspace(within(ShowWorkspaceRequest, made["workspace"]))
    assert shown.workspace.description == "other words"
    assert (shown.workspace.view_bind_id, shown.workspace.enterprise_project_id) == (
        "view",
        "enterprise",
    )


# Data spaces and pipes


def test_a_data_space_lives(client, made):
    body = CreateDataspaceRequestBody(dataspace_name="space", description="words")
    space = client.create_dataspace(within(CreateDataspaceRequest, body=body))
    made["space"] = space.dataspace_id
    body = UpdateDataspaceRequestBody(description="new")
    client.update_dataspace(within(UpdateDataspaceRequest, dataspace_id=made["space"], body=body))
    shown = client.show_dataspace(within(ShowDataspaceRequest, dataspace_id=made["space"]))
    assert shown.description == "new"
    listed = client.list_dataspaces(within(ListDataspacesRequest, offset=0, limit=10))
    assert made["space"] in [one.dataspace_id for one in listed.records]


def pipe_body(name, space):
    mapping = {
        "host": KeyIndex(type="keyword"),
        "size": KeyIndex(type="long"),
        "nested": KeyIndex(properties={"inner": KeyIndex(type="text", is_chinese_exist=False)}),
    }
    return CreatePipeRequestBody(
        dataspace_id=space,
        pipe_name=name,
        description="words",
        shards=1,
        storage_period=7,
        mapping=mapping,
        timestamp_field="",
    )


@pytest.mark.parametrize("name", ["from_pipe", "to_pipe"])
def test_a_pipe_is_created(client, made, name):
    body = pipe_body(name, made["space"])
    pipe = client.create_pipe(within(CreatePipeRequest, body=body))
    made[name] = pipe.pipe_id
    assert pipe.pipe_name == name


def test_a_pipe_is_changed(client, made):
    body = UpdatePipeRequestBody(description="new", shards=2, storage_period=30)
    client.update_pipe(within(UpdatePipeRequest, pipe_id=made["to_pipe"], body=body))
    listed = client.list_pipes(
        within(ListPipesRequest, dataspace_id=made["space"], offset=0, limit=10)
    )
    changed = next(pipe for pipe in listed.records if pipe.pipe_id == made["to_pipe"])
    assert (changed.description, changed.shards, changed.storage_period) == ("new", 2, 30)


def test_a_pipe_is_shown(client, made):
    shown = client.show_pipe(within(ShowPipeRequest, pipe_id=made["from_pipe"]))
    assert shown.pipe_name == "from_pipe"
    assert "host" in [column.column_name for column in shown.schema.columns]


def test_a_pipes_index(client, made):
    shown = client.show_pipe_index(within(ShowPipeIndexRequest, pipe_id=made["from_pipe"]))
    assert shown.mapping["host"].type in ("keyword", "text")
    body = UpdateIndexRequestBody(pipe_id=made["from_pipe"], mapping=shown.mapping)
    client.update_pipe_index(
        within(UpdatePipeIndexRequest, pipe_id=made["from_pipe"], body=body)
    )
    shown = client.show_pipe_index(within(ShowPipeIndexRequest, pipe_id=made["from_pipe"]))
    assert "host" in shown.mapping
    mapping = {"added": KeyIndex(type="long")}
    body = UpdateIndexRequestBody(
        pipe_id=made["from_pipe"], mapping=mapping, status="open", timestamp_field=""
    )
    grown = client.update_pipe_index(
        within(UpdatePipeIndexRequest, pipe_id=made["from_pipe"], body=body)
    )
    assert grown.mapping["added"].type == "long" and "host" in grown.mapping


def test_a_pipes_consumption(client, made):
    pipe = {"pipe_id": made["from_pipe"]}
    body = EnableConsumptionRequestBody(**pipe)
    client.create_pipe_consumption(within(CreatePipeConsumptionRequest, body=body, **pipe))
    assert client.show_pipe_consumption(within(ShowPipeConsumptionRequest, **pipe)).status
    client.delete_pipe_consumption(within(DeletePipeConsumptionRequest, **pipe))


# Deliveries


def shipper_body(made, name, destination):
    source = CreateShipperBodyShipperSource(
        region="default",
        source_dataspace=made["space"],
        source_dataspace_name="space",
        source_identity_role="pipe-strategy",
        source_pipe=made["from_pipe"],
        source_pipe_name="from_pipe",
        source_table="t",
        source_table_name="a table",
        source_type=0,
        source_workspace=WORKSPACE,
        source_workspace_name=WORKSPACE,
    )
    return CreateShipperBody(
        consumption_type=0,
        dataspace_id=made["space"],
        dataspace_name="space",
        domain_id="default",
        pipe_id=made["from_pipe"],
        pipe_name="from_pipe",
        project_id="default",
        shipper_destination=destination,
        shipper_name=name,
        shipper_source=source,
        version="v1",
        workspace_id=WORKSPACE,
        workspace_name=WORKSPACE,
    )


def destination(workspace, space, pipe):
    return CreateShipperBodyShipperDestination(
        data_param="{}",
        destination_dataspace=space,
        destination_dataspace_name="",
        destination_identity_role="pipe-strategy",
        destination_pipe=pipe,
        destination_pipe_name="",
        destination_region="default",
        destination_shipper_type=0,
        destination_workspace=workspace,
        destination_workspace_name="",
    )


def shippers(client, workspace=WORKSPACE, **parts):
    listed = client.list_shippers(within(ListShippersRequest, workspace, **parts))
    return {one.shipper_name: one for one in succeeded(listed).data.data}


def test_a_delivery_is_created(client, made):
    body = shipper_body(made, "within", destination(WORKSPACE, made["space"], made["to_pipe"]))
    answer = client.create_shipper(within(CreateShipperRequest, body=body))
    assert succeeded(answer).data > 0
    made["shipper"] = shippers(client, offset=0, limit=10)["within"].shipper_id


def test_a_delivery_is_shown(client, made):
    shown = client.show_shipper(within(ShowShipperRequest, shipper_id=made["shipper"]))
    assert succeeded(shown).data.shipper_destination.pipe == made["to_pipe"]


def test_a_delivery_delivers(client, server, made):
    address = "/default/api/v1beta2"
    server.json(
        "POST",
        f"{address}/streams/{made['from_pipe']}/ingest",
        {"columns": ["host", "size"], "data": [["a", 1]]},
    )
    sql = f"SELECT host FROM table(`{made['to_pipe']}`)"
    deadline = time.monotonic() + backend.PATIENCE
    while time.monotonic() < deadline:
        answer = server.call("POST", f"{address}/queries", {"sql": sql})
        if b'["a"]' in answer.body:
            return
        time.sleep(0.05)
    raise AssertionError("the row did not arrive")


@pytest.mark.parametrize(
    ("call", "request_of"),
    [("pause_shipper", PauseShipperRequest), ("resume_shipper", ResumeShipperRequest)],
)
def test_a_delivery_is_stopped_and_goes_on(client, made, call, request_of):
    succeeded(getattr(client, call)(within(request_of, shipper_id=made["shipper"])))


def test_a_delivery_to_another_workspace_is_authorized(client, made):
    other = made["workspace"]
    space = client.create_dataspace(
        within(
            CreateDataspaceRequest,
            other,
            body=CreateDataspaceRequestBody(dataspace_name="there", description=""),
        )
    ).dataspace_id
    pipe = client.create_pipe(
        within(CreatePipeRequest, other, body=pipe_body("far_pipe", space))
    ).pipe_id
    made["far"] = (space, pipe)
    body = shipper_body(made, "across", destination(other, space, pipe))
    succeeded(client.create_shipper(within(CreateShipperRequest, body=body)))
    made["across"] = shippers(client)["across"].shipper_id

    def asked():
        listed = client.list_shipper_authorizations(
            within(ListShipperAuthorizationsRequest, other, offset=0, limit=10)
        )
        return succeeded(listed).data.data[0]

    assert asked().authorize_status == 1
    decide = lambda kind: succeeded(
        client.handle_shipper_authorization(
            within(
                HandleShipperAuthorizationRequest,
                other,
                body=AuthorizeHandlerRequestBody(ids=[str(asked().id)], type=kind),
            )
        )
    )
    decide(0)
    assert asked().authorize_status == 0
    decide(3)
    retry = within(RetryShipperAuthorizationRequest, shipper_id=made["across"], param="x")
    succeeded(client.retry_shipper_authorization(retry))
    assert asked().authorize_status == 1
    decide(2)
    assert asked().authorize_status == 2


def test_an_agency_is_delegated(client):
    body = CreateShipperDelegateAuthRequestBody(agency_name="agency")
    succeeded(
        client.create_shipper_delegate_auth(
            within(CreateShipperDelegateAuthRequest, domain_id="default", body=body)
        )
    )
    succeeded(
        client.show_shipper_delegate_auth(
            within(ShowShipperDelegateAuthRequest, domain_id="default", agency_name="agency")
        )
    )


@pytest.mark.parametrize("kind", ["workspace", "dataspace", "pipe"])
def test_menus_of_deliveries(client, kind):
    succeeded(client.show_shipper_param(within(ShowShipperParamRequest, param_type=kind)))


def test_deliveries_are_deleted(client, made):
    ids = [made["shipper"], made["across"]]
    body = DeleteShipperRequestBody(ids=ids)
    succeeded(client.delete_shipper(within(DeleteShipperRequest, body=body)))
    assert not {"within", "across"} & set(shippers(client))


# Data classes


def test_data_classes(client, made):
    listed = client.list_dataclass(within(ListDataclassRequest, offset=0, limit=100))
    made["classes"] = {one.name: one.id for one in listed.dataclass_details}
    alert = made["classes"]["Alert"]
    shown = client.show_data_class_info(within(ShowDataClassInfoRequest, dataclass_id=alert))
    assert shown.name == "Alert" and shown.is_built_in


def test_fields_of_a_data_class(client, made):
    request = within(
        ListDataclassFieldsRequest, dataclass_id=made["classes"]["Alert"], offset=0, limit=100
    )
    fields = client.list_dataclass_fields(request).field_details
    assert "title" in [field.field_key for field in fields]


def test_types_of_a_data_class(client, made):
    alert = {"dataclass_id": made["classes"]["Alert"]}
    body = CreateDataclassTypeRequestBody(
        category="Attack",
        category_code="attack",
        sub_category="Scan",
        sub_category_code="scan",
        name="Scan",
        business_code="scan",
        dataclass_business_code="Alert",
        description="words",
        level=1,
        enabled=True,
        sla=1,
    )
    kind = client.create_dataclass_type(within(CreateDataclassTypeRequest, body=body, **alert))
    assert kind.sub_category == "Scan"
    body = EnableDataclassTypeRequestBody(enable=False, ids=[kind.id])
    succeeded(client.enable_dataclass_type(within(EnableDataclassTypeRequest, body=body, **alert)))
    body = DeleteDataclassTypeRequestBody(is_delete=True, ids=[kind.id])
    client.delete_dataclass_type(within(DeleteDataclassTypeRequest, body=body, **alert))


def test_a_layout_lives(client):
    """Kept for the vendor's own pages."""
    body = LayoutCreateRequestPojo(
        name="a layout", description="words", layout_json={"tabs": []}, used_by="Alert", fields_sum=3
    )
    made = succeeded(client.create_layout(within(CreateLayoutRequest, body=body))).data
    assert json.loads(made.layout_json) == {"tabs": []} and made.fields_sum == 3
    body = LayoutSearch(name="LAY", used_by="Alert", offset=0, limit=10)
    found = succeeded(client.list_layout(within(ListLayoutRequest, body=body)))
    assert (found.total, [one.id for one in found.data]) == (1, [made.id])
    body = LayoutUpdateRequestPojo(description="new", layout_json={"tabs": [1]})
    changed = client.update_layout(within(UpdateLayoutRequest, layout_id=made.id, body=body))
    assert succeeded(changed).data.name == "a layout"
    shown = succeeded(client.show_layout(within(ShowLayoutRequest, layout_id=made.id))).data
    assert (shown.description, json.loads(shown.layout_json)) == ("new", {"tabs": [1]})
    body = LayoutDeleteRequestBody(ids=[made.id], is_delete=True)
    succeeded(client.delete_layouts(within(DeleteLayoutsRequest, body=body)))
    with pytest.raises(ClientRequestException) as refused:
        client.show_layout(within(ShowLayoutRequest, layout_id=made.id))
    assert refused.value.status_code == 400


# Objects


def test_objects_are_created_at_once(client, made):
    body = DataObjectBatchCreateForm(
        format_version=1,
        name="batch",
        type="test",
        trigger_flag=False,
        data_object_list=[{"title": f"t{n}", "severity": "Low"} for n in range(3)],
    )
    alert = made["classes"]["Alert"]
    answer = client.batch_create_datapanel_objects(
        within(BatchCreateDatapanelObjectsRequest, dataclass=alert, body=body)
    )
    made["objects"] = [one.id for one in answer.body]
    assert len(made["objects"]) == 3


def search(**parts):
    return DataobjectSearch(limit=10, offset=0, **parts)


def test_objects_are_found_by_class(client, made):
    condition = DataobjectSearchCondition(
        conditions=[DataobjectSearchConditionConditions(name="c1", data=["title", "=", "t1"])],
        logics=["c1"],
    )
    found = client.list_datapanel_objects(
        within(
            ListDatapanelObjectsRequest,
            dataclass=made["classes"]["Alert"],
            body=search(sort_by="create_time", order="DESC", condition=condition),
        )
    )
    assert succeeded(found).total == 1 and found.data[0].data_object["title"] == "t1"


def test_an_object_is_shown_by_class(client, made):
    shown = client.show_datapanel_object(
        within(
            ShowDatapanelObjectRequest,
            dataclass=made["classes"]["Alert"],
            dataobject_id=made["objects"][0],
        )
    )
    assert succeeded(shown).data.dataclass_ref.name == "Alert"


def test_an_object_is_created_by_name(client, made):
    body = DataObjectCreateForm(
        format_version=1, name="n", type="t", trigger_flag=False,
        data_object={"title": "named", "severity": "Low"},
    )
    answer = client.create_dataobject(
        within(CreateDataobjectRequest, dataclass_name="alerts", body=body)
    )
    made["named"] = succeeded(answer).data.id
    shown = client.show_dataobject(
        within(ShowDataobjectRequest, dataclass_name="alerts", data_object_id=made["named"])
    )
    assert succeeded(shown).data.id == made["named"]


def test_objects_are_found_by_name(client, made):
    found = client.list_dataobjects(
        within(ListDataobjectsRequest, dataclass_name="alerts", body=search())
    )
    assert made["named"] in [one.id for one in succeeded(found).data]


def test_an_object_is_changed(client, made):
    body = DataObjectBatchUpdateForm(
        batch_ids=[made["named"]], trigger_flag=False, data_object={"severity": "High"}
    )
    changed = client.update_dataobject(
        within(
            UpdateDataobjectRequest,
            dataclass_name="alerts",
            data_object_id=made["named"],
            body=body,
        )
    )
    assert succeeded(changed).data.data_object["severity"] == "High"


def test_objects_are_related(client, made):
    incident = client.create_dataobject(
        within(
            CreateDataobjectRequest,
            dataclass_name="incidents",
            body=DataObjectCreateForm(data_object={"title": "i", "severity": "Low"}),
        )
    ).data.id
    pair = {"dataclass_type": "alerts", "related_dataclass_type": "incidents"}
    one = {**pair, "data_object_id": made["named"]}
    body = CreateDataobjectRelationRequestBody(ids=[incident])
    answer = client.create_dataobject_relation(
        within(CreateDataobjectRelationRequest, body=body, **one)
    )
    assert succeeded(answer).data.success_ids == [incident]
    found = client.list_dataobject_relations(
        within(ListDataobjectRelationsRequest, body=search(), **one)
    )
    assert [one.id for one in succeeded(found).data] == [incident]
    body_of_many = BatchCreateDataobjectRelationsRequestBody(
        dataobject_ids=made["objects"], related_dataobject_ids=[incident]
    )
    succeeded(
        client.batch_create_dataobject_relations(
            within(BatchCreateDataobjectRelationsRequest, body=body_of_many, **pair)
        )
    )
    answer = client.delete_dataobject_relation(
        within(DeleteDataobjectRelationRequest, body=body, **one)
    )
    assert succeeded(answer).data.success_ids == [incident]
    found = client.list_dataobject_relations(
        within(ListDataobjectRelationsRequest, body=search(), **one)
    )
    assert found.total == 0


def test_objects_are_exported_and_imported(client, server, made, tmp_path):
    body = CommonDataObjectExportRequest(
        data_object_filters_form=search(), action="export", title=["title", "severity"]
    )
    client.export_dataobjects(within(ExportDataobjectsRequest, dataclass_name="alerts", body=body))
    # The client drops what it is answered.
    exported = server.call(
        "POST",
        "/secmaster/v1/default/workspaces/default/soc/alerts/export",
        {"data_object_filters_form": {"limit": 10, "offset": 0}, "title": ["title", "severity"]},
        {"X-Auth-Token": server.key},
    )
    assert b"named" in exported.body
    file = tmp_path / "alerts.csv"
    file.write_text("title,severity\nimported,Low\n")
    with open(file, "rb") as upload:
        answer = client.import_dataobjects(
            within(
                ImportDataobjectsRequest,
                dataclass_name="alerts",
                body=ImportDataobjectsRequestBody(upload_file=FormFile(upload)),
            )
        )
    assert len(succeeded(answer).data.ids) == 1


def test_objects_are_deleted(client, made):
    body = DataObjectDeleteForm(batch_ids=[made["named"], "none"])
    answer = client.delete_dataobjects(
        within(DeleteDataobjectsRequest, dataclass_name="alerts", body=body)
    )
    assert answer.success_ids == [made["named"]] and answer.error_ids == ["none"]


def test_an_alert_lives(client):
    alert = Alert(title="an alert", severity="Low", description="words")
    created = client.create_alert(
        within(CreateAlertRequest, body=CreateAlertRequestBody(data_object=alert))
    )
    detail = succeeded(created).data
    assert detail.data_object.title == "an alert"
    found = client.list_alerts(within(ListAlertsRequest, body=search()))
    assert detail.id in [one.id for one in succeeded(found).data]
    changed = client.change_alert(
        within(
            ChangeAlertRequest,
            alert_id=detail.id,
            body=ChangeAlertRequestBody(data_object=Alert(severity="High")),
        )
    )
    assert succeeded(changed).data.data_object.severity == "High"
    shown = client.show_alert(within(ShowAlertRequest, alert_id=detail.id))
    assert succeeded(shown).data.data_object.severity == "High"
    deleted = client.delete_alert(
        within(DeleteAlertRequest, body=DeleteAlertRequestBody(batch_ids=[detail.id]))
    )
    assert succeeded(deleted).data.success_ids == [detail.id]


def looked_for(client, *conditions, logics=(), **more):
    conditions = [
        DataobjectSearchConditionConditions(name=name, data=data) for name, data in conditions
    ]
    condition = DataobjectSearchCondition(conditions=conditions, logics=list(logics))
    body = DataobjectSearch(**{"limit": 10, "offset": 0, "condition": condition, **more})
    found = succeeded(client.list_alerts(within(ListAlertsRequest, body=body)))
    return [one.data_object.title for one in found.data], found.total


def test_alerts_are_looked_for(client):
    ids = []
    for title, severity, count in (("s0", "Low", 0), ("s1", "High", 1), ("s2", "Low", 2)):
        alert = Alert(title=title, severity=severity, count=count, description="looked for")
        body = CreateAlertRequestBody(data_object=alert)
        ids.append(client.create_alert(within(CreateAlertRequest, body=body)).data.id)
    ours = ("ours", ["description", "=", "looked for"])
    low = ("low", ["severity", "in", "Low,Tips"])
    many = ("many", ["count", ">=", "1"])
    first = ("first", ["data_object.title", "contains", "s0"])
    oldest = {"sort_by": "create_time", "order": "ASC"}
    every = lambda *terms, **more: looked_for(client, ours, *terms, **{**oldest, **more})
    assert every() == (["s0", "s1", "s2"], 3)
    assert every(low, many, logics=["ours", "AND", "low", "and", "many"]) == (["s2"], 1)
    logics = ["ours", "and", "many", "or", "ours", "and", "first"]
    assert every(many, first, logics=logics) == (["s0", "s1", "s2"], 3)
    assert every(limit=1, offset=1) == (["s1"], 3)
    assert every(order="DESC") == (["s2", "s1", "s0"], 3)
    assert every(from_date="2100-01-01T00:00:00.000Z+0800") == ([], 0)
    for wrong, words in (
        ({"logics": ["none"]}, "none"),
        ({"from_date": "yesterday"}, "2024-08-15T19:18:38Z"),
        ({"sort_by": "severity"}, "create_time"),
        ({"limit": 10_000}, "9999"),
    ):
        with pytest.raises(ClientRequestException, match=words):
            every(**wrong)
    assert every(("not", ["title", "not in", "s0"])) == (["s1", "s2"], 2)
    assert every(("above", ["count", ">", "0"])) == every(many)
    with pytest.raises(ClientRequestException, match="contains, in, not in, >="):
        every(("like", ["title", "like", "s0"]))
    deleted = within(DeleteAlertRequest, body=DeleteAlertRequestBody(batch_ids=ids))
    assert succeeded(client.delete_alert(deleted)).data.success_ids == ids


def test_an_incident_lives(client):
    incident = Incident(title="an incident", severity="Low")
    created = client.create_incident(
        within(CreateIncidentRequest, body=CreateIncidentRequestBody(data_object=incident))
    )
    id = succeeded(created).data.id
    found = client.list_incidents(within(ListIncidentsRequest, body=search()))
    assert id in [one.id for one in succeeded(found).data]
    shown = client.show_incident(within(ShowIncidentRequest, incident_id=id))
    assert succeeded(shown).data.data_object.title == "an incident"
    deleted = client.delete_incident(
        within(DeleteIncidentRequest, body=DeleteIncidentRequestBody(batch_ids=[id]))
    )
    assert succeeded(deleted).data.success_ids == [id]


def test_an_indicator_lives(client):
    indicator = CreateIndicatorDetail(
        name="bad", value="192.0.2.1", indicator_type={"indicator_type": "ipv4"}, verdict="BLACK"
    )
    created = client.create_indicator(
        within(CreateIndicatorRequest, body=IndicatorCreateRequest(data_object=indicator))
    )
    id = succeeded(created).data.id
    found = client.list_indicators(
        within(ListIndicatorsRequest, body=IndicatorListSearchRequest(limit=10, offset=0))
    )
    assert id in [one.id for one in succeeded(found).data]
    shown = client.show_indicator_detail(within(ShowIndicatorDetailRequest, indicator_id=id))
    assert succeeded(shown).data.id == id
    changed = client.update_indicator(
        within(
            UpdateIndicatorRequest,
            indicator_id=id,
            body=UpdateIndicatorRequestBody(
                data_object=IndicatorDataObjectDetail(name="worse", verdict="BLACK")
            ),
        )
    )
    assert succeeded(changed).data.data_object.name == "worse"
    deleted = client.delete_indicator(
        within(DeleteIndicatorRequest, body=DeleteIndicatorRequestBody(batch_ids=[id]))
    )
    assert succeeded(deleted).data.success_ids == [id]


def test_an_alert_of_all_fields_is_kept(client):
    """Whatever the client's model holds."""
    whole = every(Alert, skip=("id",))
    created = client.create_alert(
        within(CreateAlertRequest, body=CreateAlertRequestBody(data_object=whole))
    )
    kept = succeeded(created).data.data_object.to_dict()
    sent = whole.to_dict()
    assert {key: kept[key] for key in sent if key != "id"} == {
        key: sent[key] for key in sent if key != "id"
    }


def test_alerts_become_an_incident(client):
    ids = [
        client.create_alert(
            within(
                CreateAlertRequest,
                body=CreateAlertRequestBody(data_object=Alert(title=title, severity="High")),
            )
        ).data.id
        for title in ("one", "two")
    ]
    kind = OrderAlertIncidentContentIncidentType(category="Attack", incident_type="Scan")
    body = OrderAlert(
        ids=[*ids, "none"],
        incident_content=OrderAlertIncidentContent(title="both", incident_type=kind),
    )
    answer = client.create_batch_order_alerts(within(CreateBatchOrderAlertsRequest, body=body))
    done = succeeded(answer).data
    assert (done.success_ids, done.error_ids) == (ids, ["none"])
    found = client.list_dataobject_relations(
        within(
            ListDataobjectRelationsRequest,
            dataclass_type="alerts",
            data_object_id=ids[1],
            related_dataclass_type="incidents",
            body=search(),
        )
    )
    incident = succeeded(found).data[0].data_object
    assert (incident["title"], incident["severity"]) == ("both", "High")
    assert incident["incident_type"]["incident_type"] == "Scan"
    changed = client.change_alerts(
        within(
            ChangeAlertsRequest,
            body=BatchChangeAlertRequestBody(batch_ids=ids, data_object=Alert(severity="Low")),
        )
    )
    assert succeeded(changed).data.data_object.severity == "Low"
    body = DeleteAlertRequestBody(batch_ids=ids)
    deleted = client.delete_alerts(within(DeleteAlertsRequest, body=body))
    assert succeeded(deleted).data.success_ids == ids


def test_incidents_are_changed_and_deleted_together(client):
    ids = [
        client.create_incident(
            within(
                CreateIncidentRequest,
                body=CreateIncidentRequestBody(data_object=Incident(title=title, severity="Low")),
            )
        ).data.id
        for title in ("one", "two")
    ]
    body = ChangeIncidentRequestBody(batch_ids=ids, data_object=Incident(severity="High"))
    changed = client.change_incidents(within(ChangeIncidentsRequest, body=body))
    assert succeeded(changed).data.data_object.severity == "High"
    body = DeleteIncidentRequestBody(batch_ids=ids)
    deleted = client.delete_incidents(within(DeleteIncidentsRequest, body=body))
    assert succeeded(deleted).data.success_ids == ids


@pytest.mark.parametrize("kind", ["alert", "incident", "indicator", "vulnerability"])
def test_a_template_of_a_file_is_had(client, server, kind):
    part = kind if kind == "vulnerability" else f"{kind}s"
    answer = server.call(
        "GET",
        f"/secmaster{WORKSPACE_PATH}/soc/{part}/template/download",
        headers={"X-Auth-Token": server.key},
    )
    assert answer.status == 200 and b"," in answer.body
    request = globals()[f"Download{kind.capitalize()}TemplateRequest"]
    getattr(client, f"download_{kind}_template")(within(request))


def test_vulnerabilities_are_imported_searched_and_shown(client, tmp_path):
    file = tmp_path / "vulnerabilities.csv"
    file.write_text("vul_name,count\nCVE-2026-1,2\n")
    with open(file, "rb") as upload:
        body = ImportVulnerabilitiesRequestBody(upload_file=FormFile(upload))
        answer = client.import_vulnerabilities(within(ImportVulnerabilitiesRequest, body=body))
    (id,) = succeeded(answer).data.ids
    body = VulnerabilityDataObjectSearch(limit=10, offset=0)
    found = client.list_vulnerabilities(within(ListVulnerabilitiesRequest, body=body))
    assert id in [one.id for one in succeeded(found).data]
    shown = client.show_vulnerability(within(ShowVulnerabilityRequest, vul_id=id))
    assert succeeded(shown).data.data_object.vul_name == "CVE-2026-1"
    body = ExportVulnerabilitiesRequestBody(data_object_filters_form=body, title=["vul_name"])
    client.export_vulnerabilities(within(ExportVulnerabilitiesRequest, body=body))


@pytest.mark.parametrize("kind", ["alert", "incident", "indicator"])
def test_each_kind_is_imported_and_exported(client, tmp_path, kind):
    file = tmp_path / "file.csv"
    name = {"indicator": "name"}.get(kind, "title")
    heads, cells = {"indicator": ("name,value", "from a file,1.2.3.4")}.get(
        kind, ("title,severity", "from a file,Low")
    )
    file.write_text(f"{heads}\n{cells}\n")
    with open(file, "rb") as upload:
        body = globals()[f"Import{kind.capitalize()}sRequestBody"](upload_file=FormFile(upload))
        request = globals()[f"Import{kind.capitalize()}sRequest"]
        answer = getattr(client, f"import_{kind}s")(within(request, body=body))
    assert len(succeeded(answer).data.ids) == 1
    request = globals()[f"Export{kind.capitalize()}sRequest"]
    forms = globals()[f"Export{kind.capitalize()}sRequestBody"]
    body = forms(data_object_filters_form=search(), title=[name])
    getattr(client, f"export_{kind}s")(within(request, body=body))


# Version 2


def test_pipes_of_version_2(server, made):
    client = client_of(v2.SecMasterClient, server)
    within2 = lambda request, **parts: request(workspace_id=WORKSPACE, **parts)
    listed = client.list_pipes(within2(v2.ListPipesRequest, offset=0, limit=10))
    assert made["from_pipe"] in [pipe.pipe_id for pipe in listed.records]
    shown = client.show_pipe(within2(v2.ShowPipeRequest, pipe_id=made["from_pipe"]))
    assert shown.pipe_name == "from_pipe"


TYPES = "STRING KEYWORD VARCHAR CHAR ROW TINYINT SMALLINT INT BIGINT DECIMAL FLOAT DOUBLE BOOLEAN"
TYPES += " DATE TIME TIMESTAMP TIMESTAMP_LTZ MAP_STRING MAP_DECIMAL"


def column2(name, kind):
    return v2.TableColumnForIsapPipe(
        column_name=name,
        column_data_type=kind,
        column_data_type_setting="",
        column_type="PHYSICAL",
        column_type_setting="",
        default_value="",
        nullable=False,
        array=False,
        depth=0,
        parent_name="",
        own_name=name,
    )


def test_a_pipe_of_version_2_lives(server):
    client = client_of(v2.SecMasterClient, server)
    within2 = lambda request, **parts: request(workspace_id=WORKSPACE, **parts)
    columns = [column2(f"c_{kind.lower()}", kind) for kind in TYPES.split()]
    schema = v2.PipeSchema(columns=columns, watermark_column="c_timestamp", watermark_interval=5.0)
    body = v2.CreatePipeRequestBody(
        pipe_name="newer",
        pipe_alias="an alias",
        category="STREAMING_TO_INDEX",
        directory="a/b",
        description="words",
        schema=schema,
    )
    made = client.create_pipe(within2(v2.CreatePipeRequest, body=body))
    assert (made.pipe_alias, made.category, made.directory) == (
        "an alias",
        "STREAMING_TO_INDEX",
        "a/b",
    )
    told = {column.column_name: column.column_data_type for column in made.schema.columns}
    assert (told["c_bigint"], told["c_boolean"], told["c_keyword"]) == (
        "BIGINT",
        "BOOLEAN",
        "STRING",
    )
    pipe = {"pipe_id": made.pipe_id}
    body = v2.UpdatePipeRequestBody(pipe_alias="another", description="new", directory="c")
    changed = client.update_pipe(within2(v2.UpdatePipeRequest, body=body, **pipe))
    assert (changed.pipe_alias, changed.category) == ("another", "STREAMING_TO_INDEX")
    body = v2.PipeSchema(
        columns=[*columns, column2("added", "STRING")], watermark_interval=9.0, time_filter="added"
    )
    grown = client.update_pipe_schema(within2(v2.UpdatePipeSchemaRequest, body=body, **pipe))
    assert "added" in [column.column_name for column in grown.columns]
    shown = client.show_pipe(within2(v2.ShowPipeRequest, **pipe))
    assert (shown.schema.watermark_interval, shown.schema.time_filter) == (9.0, "added")
    client.delete_pipe(within2(v2.DeletePipeRequest, **pipe))


# The end, and what is refused


@pytest.mark.parametrize("falls", [False, True])
def test_records_come_in_the_order_that_is_asked_for(client, server, falls):
    """Of all three lists of records; the newer one was alone in having an order."""
    order = {"sort_dir": "desc" if falls else "asc", "limit": 100}
    spaces = within(ListDataspacesRequest, sort_key="create_time", **order)
    pipes = within(ListPipesRequest, sort_key="pipe_name", **order)
    newer = v2.ListPipesRequest(workspace_id=WORKSPACE, sort_key="pipe_name", offset=0, **order)
    told = [
        [one.create_time for one in client.list_dataspaces(spaces).records],
        [one.pipe_name.lower() for one in client.list_pipes(pipes).records],
        [
            one.pipe_name.lower()
            for one in client_of(v2.SecMasterClient, server).list_pipes(newer).records
        ],
    ]
    for names in told:
        assert len(names) > 1
        assert names == sorted(names, reverse=falls)
    part = client.list_pipes(within(ListPipesRequest, sort_key="pipe_name", offset=1, limit=1))
    assert part.count == len(told[1])
    assert part.records[0].pipe_name.lower() == sorted(told[1])[1]


def test_pipes_and_data_spaces_are_deleted(client, made):
    for name in ("from_pipe", "to_pipe"):
        client.delete_pipe(within(DeletePipeRequest, pipe_id=made[name]))
    client.delete_dataspace(within(DeleteDataspaceRequest, dataspace_id=made["space"]))
    listed = client.list_dataspaces(within(ListDataspacesRequest, offset=0, limit=10))
    assert made["space"] not in [one.dataspace_id for one in listed.records]


def test_a_workspace_is_deleted(client, made):
    space, pipe = made["far"]
    client.delete_pipe(within(DeletePipeRequest, made["workspace"], pipe_id=pipe))
    client.delete_dataspace(within(DeleteDataspaceRequest, made["workspace"], dataspace_id=space))
    client.delete_workspace(within(DeleteWorkspaceRequest, made["workspace"], permanent_delete=True))
    listed = client.list_workspaces(ListWorkspacesRequest(offset=0, limit=10))
    assert made["workspace"] not in [one.id for one in listed.workspaces]


def test_what_does_not_exist_is_an_error(client):
    with pytest.raises(ClientRequestException) as refused:
        client.list_playbooks(within(ListPlaybooksRequest))
    assert refused.value.status_code in (404, 405)


def test_the_client_finds_its_project(server):
    """Of a key alone it asks IAM; temporary keys bring a token that is signed with the rest."""
    credentials = BasicCredentials(server.key_id, server.key)
    credentials.with_iam_endpoint(f"http://{server.address}").with_security_token("temporary")
    region = Region("default", f"http://{server.address}")
    builder = SecMasterClient.new_builder().with_credentials(credentials).with_region(region)
    listed = builder.build().list_dataspaces(within(ListDataspacesRequest, offset=0, limit=10))
    assert listed.count >= 1 and credentials.project_id == "default"
    accounts = server.json("GET", "/v3/auth/domains", headers={"X-Auth-Token": server.key})
    assert [one["id"] for one in accounts["domains"]] == ["default"]


def test_a_wrong_secret_is_refused(server):
    credentials = BasicCredentials(server.key_id, "x" * 60, "default")
    builder = SecMasterClient.new_builder().with_credentials(credentials)
    client = builder.with_endpoint(f"http://{server.address}").build()
    with pytest.raises(ClientRequestException) as refused:
        client.list_workspaces(ListWorkspacesRequest(offset=0, limit=10))
    assert refused.value.status_code == 401
