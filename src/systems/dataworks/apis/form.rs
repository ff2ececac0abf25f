//! The forms that create and edit an API.

use leptos::prelude::*;
use weir_api::dataworks::{api::Api, codes, rules};

use super::{
    super::pick::{self, PickField, SuggestField, Suggestions},
    draft::Draft,
    parameters::{AskedRows, ErrorRows, ToldRows},
};
use crate::{
    kit::FieldGroup,
    ui::{
        EditorControl,
        field::{
            Bound, Checkbox, Code, ErrorPlace, Field, NumberField, Radio, Select, TextArea,
            TextField,
        },
    },
};

fn text(draft: RwSignal<Draft>, of: fn(&Draft) -> &String) -> Signal<String> {
    Signal::derive(move || draft.with(|draft| of(draft).clone()))
}

/// `fixed`: what exists and cannot be changed any more.
pub fn sections(draft: RwSignal<Draft>, fixed: Option<Api>) -> Vec<FieldGroup> {
    let exists = fixed.is_some();
    let first = match fixed {
        Some(api) => FieldGroup::new("", move || fixed_fields(&api, draft)),
        None => FieldGroup::new("", move || general(draft)),
    };
    let mode = Memo::new(move |_| draft.with(Draft::mode));
    vec![
        first,
        FieldGroup::new("Call", move || call(draft)),
        FieldGroup::new("Description", move || {
            (move || match mode.get() {
                codes::WIZARD => table(draft, "WizardDetails.wizardConnection", true),
                codes::SCRIPT => script(draft, exists),
                _ => service(draft),
            })
            .into_any()
        }),
        FieldGroup::new("Request parameters", move || request_parameters(draft)),
        FieldGroup::new("Response", move || {
            (move || match mode.get() {
                codes::REGISTRATION => samples(draft),
                _ => response_parameters(draft),
            })
            .into_any()
        }),
        FieldGroup::new("Limits", move || limits(draft)).advanced(),
    ]
}

fn general(draft: RwSignal<Draft>) -> AnyView {
    let group = text(draft, |draft| &draft.group);
    let (groups, folders) = (pick::groups(), pick::folders(group));
    let choose_group = Bound::new(
        move || group.get(),
        move |text| {
            draft.update(|draft| {
                draft.group = text;
                draft.folder.clear();
            });
        },
    );
    let mode = Bound::new(
        move || draft.with(|draft| draft.mode.clone()),
        move |text| draft.update(|draft| draft.choose_mode(&text)),
    );
    view! {
        <TextField
            label="Name"
            name="ApiName"
            required=true
            mono=true
            autofocus=true
            value=Bound::part(draft, |d| &mut d.name)
            help="4 to 50 letters, digits and _, beginning with a letter. It cannot be changed later; neither can mode, group and folder."
        />
        <TextArea label="Description" name="ApiDescription" required=true rows=2 value=Bound::part(draft, |d| &mut d.description) />
        <Radio label="Mode" name="ApiMode" value=mode choices=pick::all_coded(codes::MODES) />
        <PickField label="Group" name="GroupId" required=true value=choose_group picked=groups none="Choose a group" />
        <PickField label="Folder" name="FolderId" value=Bound::part(draft, |d| &mut d.folder) picked=folders none="Not in a folder" />
    }
    .into_any()
}

fn fixed_fields(api: &Api, draft: RwSignal<Draft>) -> AnyView {
    let folder = match api.folder_id {
        0 => "none".to_string(),
        id => id.to_string(),
    };
    let facts = [
        ("Name", api.api_name.clone()),
        ("Mode", codes::word(codes::MODES, api.api_mode)),
        ("Group", api.group_id.clone()),
        ("Folder", folder),
    ];
    let rows = facts
        .map(|(term, value)| view! { <div><dt>{term}</dt><dd class="mono">{value}</dd></div> });
    view! {
        <div class="fixed-fields">
            <h3>"Fixed"</h3>
            <dl class="settings across" aria-label="Fixed">{rows.into_iter().collect_view()}</dl>
            <p class="field-help">"DataWorks cannot change these, the SQL mode or the request body type."</p>
        </div>
        <TextArea label="Description" name="ApiDescription" required=true rows=2 value=Bound::part(draft, |d| &mut d.description) />
    }
    .into_any()
}

fn call(draft: RwSignal<Draft>) -> AnyView {
    let mode = Memo::new(move |_| draft.with(Draft::mode));
    let methods = Signal::derive(move || pick::coded(codes::METHODS, rules::methods(mode.get())));
    let method = Bound::new(
        move || draft.with(|draft| draft.method.clone()),
        move |text| draft.update(|draft| draft.choose_method(&text)),
    );
    let kinds = Signal::derive(move || {
        pick::coded(codes::RESPONSE_TYPES, rules::response_types(mode.get()))
    });
    let registered = move || mode.get() == codes::REGISTRATION;
    view! {
        <TextField
            label="Path"
            name="ApiPath"
            required=true
            mono=true
            placeholder="/people/by-id"
            value=Bound::part(draft, |d| &mut d.path)
            help="Letters, digits, _ and - between slashes, at most 200 characters."
        />
        <Select label="Method" name="RequestMethod" value=method choices=methods />
        <fieldset class="field">
            <legend>"Protocols"</legend>
            <ErrorPlace label="Protocols" name="Protocols" />
            <div class="radio-options">
                <Checkbox label="HTTP" value=Bound::part(draft, |d| &mut d.http) />
                <Checkbox label="HTTPS" value=Bound::part(draft, |d| &mut d.https) />
            </div>
        </fieldset>
        {move || registered().then(|| view! {
            <Select label="Request body" name="RequestContentType" value=Bound::part(draft, |d| &mut d.request_type) choices=Signal::stored(pick::all_coded(codes::REQUEST_TYPES)) />
        })}
        <Select label="Response format" name="ResponseContentType" value=Bound::part(draft, |d| &mut d.response_type) choices=kinds />
    }
    .into_any()
}

/// Id of the list of the chosen table's columns; a page has one form.
pub const COLUMNS: &str = "columns-of-the-table";

fn table(draft: RwSignal<Draft>, path: &'static str, needed: bool) -> AnyView {
    let help = match needed {
        true => "Its rows are returned, filtered by the request parameters.",
        false => "For documentation only; the script defines what is read.",
    };
    let (sources, known) = pick::data_sources();
    let kind = Memo::new(move |_| {
        let chosen = draft.with(|draft| draft.source.clone());
        known.with(|known| {
            let found = known.iter().find(|one| one.id.to_string() == chosen);
            found
                .map(|one| one.data_source_type.clone())
                .unwrap_or_default()
        })
    });
    let (tables, guids) = pick::tables(kind.into());
    let guid = Memo::new(move |_| {
        let chosen = draft.with(|draft| draft.table.trim().to_string());
        guids.with(|all| {
            let found = all.iter().find(|table| table.table_name == chosen);
            found
                .map(|table| table.table_guid.clone())
                .filter(|guid| !guid.is_empty())
        })
    });
    view! {
        <PickField label="Data source" name=format!("{path}.connectionId") required=true value=Bound::part(draft, |d| &mut d.source) picked=sources none="Choose a data source" />
        <SuggestField label="Table" name=format!("{path}.tableName") required=needed value=Bound::part(draft, |d| &mut d.table) picked=tables help=help />
        {move || guid.get().map(|guid| view! {
            <Suggestions id=COLUMNS.to_string() picked=pick::columns(guid) />
        })}
    }
    .into_any()
}

fn script(draft: RwSignal<Draft>, exists: bool) -> AnyView {
    view! {
        {table(draft, "ScriptDetails.scriptConnection", false)}
        <Field
            label="Script"
            name="ScriptDetails.script"
            required=true
            help="A SELECT. ${name} is a request parameter: write it without quotes; it is bound as a value, never inserted as text."
        >
            <Code value=Bound::part(draft, |d| &mut d.script) control=EditorControl::new() class="query-box" />
        </Field>
        {(!exists).then(|| view! {
            <Select label="SQL mode" name="SqlMode" value=Bound::part(draft, |d| &mut d.sql_mode) choices=Signal::stored(pick::all_coded(codes::SQL_MODES)) />
        })}
    }
    .into_any()
}

fn service(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <TextField
            label="Host of the service"
            name="RegistrationDetails.serviceHost"
            required=true
            mono=true
            placeholder="http://10.0.0.7:8080"
            value=Bound::part(draft, |d| &mut d.host)
        />
        <TextField
            label="Path of the service"
            name="RegistrationDetails.servicePath"
            required=true
            mono=true
            placeholder="/users/[uid]"
            value=Bound::part(draft, |d| &mut d.service_path)
            help="[name] is a request parameter in the path."
        />
        <Select label="Service response" name="RegistrationDetails.serviceContentType" value=Bound::part(draft, |d| &mut d.service_type) choices=Signal::stored(pick::all_coded(codes::RESPONSE_TYPES)) />
        <TextArea label="Description of the request body" rows=2 value=Bound::part(draft, |d| &mut d.body_description) />
    }
    .into_any()
}

fn request_parameters(draft: RwSignal<Draft>) -> AnyView {
    let mode = Memo::new(move |_| draft.with(Draft::mode));
    let help = move || match mode.get() {
        codes::WIZARD => {
            "Each filters by a column. A parameter that is neither sent nor has a default filters nothing."
        }
        codes::SCRIPT => "Available as ${name} in the script.",
        _ => "Each is passed on to the service at its position; a constant is always sent.",
    };
    view! {
        <p class="field-help">{help}</p>
        <AskedRows draft />
    }
    .into_any()
}

fn response_parameters(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <p class="field-help">"The columns that are returned. A script without any returns all of its columns."</p>
        <ErrorPlace label="Response parameters" name="WizardDetails.wizardResponseParameters" />
        <ToldRows draft />
        <Checkbox
            label="Paginate the response"
            value=Bound::part(draft, |d| &mut d.paged)
            help="Callers then choose a page with pageNum and pageSize."
        />
    }
    .into_any()
}

fn samples(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <TextArea label="Sample response" mono=true rows=3 value=Bound::part(draft, |d| &mut d.success_sample) />
        <TextArea label="Sample error" mono=true rows=3 value=Bound::part(draft, |d| &mut d.failure_sample) />
        <ErrorRows draft />
    }
    .into_any()
}

fn limits(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <NumberField
            label="Timeout"
            name="Timeout"
            required=true
            unit="ms"
            value=Bound::part(draft, |d| &mut d.timeout)
            help="At most 30000."
        />
        <Select label="Visible to" name="VisibleRange" value=Bound::part(draft, |d| &mut d.visible) choices=Signal::stored(pick::all_coded(codes::VISIBLE)) />
        <SuggestField
            label="Resource group"
            name="ResourceGroupId"
            picked=pick::resource_groups()
            value=Bound::part(draft, |d| &mut d.resource_group)
            help="The id of an exclusive resource group. DataWorks does not return it: leave it empty to keep it."
        />
    }
    .into_any()
}
