//! The page of one API.

use leptos::prelude::*;
use weir_api::dataworks::{
    api::{Api, Details},
    codes,
    details::{RequestParameter, ResponseParameter},
};

use super::{super::moment, Model, list};
use crate::{
    connections::use_connection,
    kit::described,
    ui::{
        Badge, CopyButton, State, Time,
        table::{
            Head::{self, Text},
            ShortTable,
        },
    },
};

pub fn facts(model: Signal<Model>) -> AnyView {
    let state = Memo::new(move |_| model.with(|model| list::state(model.api.status)));
    let mode =
        Signal::derive(move || model.with(|model| codes::word(codes::MODES, model.api.api_mode)));
    let method = Signal::derive(move || {
        model.with(|model| codes::word(codes::METHODS, model.api.request_method))
    });
    let description = move || model.with(|model| described(&model.api.description));
    view! {
        <State tone=Signal::derive(move || state.get().0) word=Signal::derive(move || state.get().1) />
        <Badge text=mode />
        <Badge text=method />
        <code>{move || model.with(|model| model.api.api_path.clone())}</code>
        {description}
    }
    .into_any()
}

pub fn definition(model: Signal<Model>) -> AnyView {
    let connection = use_connection();
    let address = Memo::new(move |_| {
        let base = connection
            .get()
            .map(|connection| connection.url)
            .unwrap_or_default();
        model.with(|model| {
            let published = model.api.status == codes::PUBLISHED && base.ends_with("/dataworks");
            published.then(|| format!("{}/api{}", base, model.api.api_path))
        })
    });
    view! {
        <div class="configuration">
            {move || {
                address.get().map(|address| view! {
                    <p>
                        "The embedded backend responds at "
                        <code>{address.clone()}</code>
                        <CopyButton text=address label="Copy address" />
                        ", with a session, an API key ("
                        <code>"X-Api-Key"</code>
                        ") or an application code ("
                        <code>"Authorization: APPCODE …"</code>
                        ")."
                    </p>
                })
            }}
            {move || model.with(|model| shown(&model.api))}
        </div>
    }
    .into_any()
}

/// A version of an API, to read.
pub fn shown(api: &Api) -> AnyView {
    let protocols: Vec<String> = api
        .protocols
        .iter()
        .map(|code| codes::word(codes::PROTOCOLS, *code))
        .collect();
    let folder = match api.folder_id {
        0 => "none".to_string(),
        id => id.to_string(),
    };
    let mut rows = vec![
        ("Path", api.api_path.clone()),
        ("Method", codes::word(codes::METHODS, api.request_method)),
        ("Protocols", protocols.join(", ")),
        (
            "Response format",
            codes::word(codes::RESPONSE_TYPES, api.response_content_type),
        ),
        ("Timeout", format!("{} ms", api.timeout)),
        ("Visible to", codes::word(codes::VISIBLE, api.visible_range)),
        ("Group", api.group_id.clone()),
        ("Folder", folder),
        ("Id", api.api_id.to_string()),
    ];
    let mut text = None;
    match api.details() {
        Some(Details::Wizard(wizard)) => {
            rows.push((
                "Data source",
                wizard.wizard_connection.connection_id.to_string(),
            ));
            rows.push(("Table", wizard.wizard_connection.table_name));
            rows.push(("Pages", yes(wizard.is_paged_response)));
        }
        Some(Details::Script(script)) => {
            rows.push((
                "Data source",
                script.script_connection.connection_id.to_string(),
            ));
            rows.push(("Pages", yes(script.is_paged_response)));
            text = Some(script.script);
        }
        Some(Details::Registration(registration)) => {
            rows.push(("Service", registration.service_host));
            rows.push(("Path of the service", registration.service_path));
            rows.push((
                "Service response",
                codes::word(codes::RESPONSE_TYPES, registration.service_content_type),
            ));
        }
        None => {}
    }
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(term, value)| view! { <div><dt>{term}</dt><dd class="mono">{value}</dd></div> })
        .collect();
    let times = [
        ("Created", &api.created_time, &api.creator_id),
        ("Changed", &api.modified_time, &api.operator_id),
    ];
    let times = times.map(|(term, time, by)| {
        view! { <div><dt>{term}</dt><dd><Time iso=moment(time) /> " " {by.clone()}</dd></div> }
    });
    view! {
        <dl class="settings across" aria-label="Settings">{rows} {times.into_iter().collect_view()}</dl>
        {text.map(|text| view! { <h2>"Script"</h2> <pre class="sql-text" tabindex="0">{text}</pre> })}
        <h2>"Request parameters"</h2>
        {request_parameters(api.api_mode, api.request_parameters())}
        {(api.api_mode != codes::REGISTRATION).then(|| view! { <h2>"Response parameters"</h2> {response_parameters(api.response_parameters())} })}
    }
    .into_any()
}

fn yes(on: bool) -> String {
    if on { "yes".into() } else { "no".into() }
}

fn request_parameters(mode: i32, parameters: &[RequestParameter]) -> AnyView {
    if parameters.is_empty() {
        return view! { <p class="field-help">"None"</p> }.into_any();
    }
    let wizard = mode == codes::WIZARD;
    let rows: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            view! {
                <tr>
                    <th scope="row" class="mono">{parameter.parameter_name.clone()}</th>
                    {wizard.then(|| view! { <td class="mono">{parameter.column_name.clone()}</td> })}
                    <td>{codes::word(codes::DATA_TYPES, parameter.parameter_data_type)}</td>
                    <td>{codes::word(codes::OPERATORS, parameter.parameter_operator)}</td>
                    <td>{codes::word(codes::POSITIONS, parameter.parameter_position)}</td>
                    <td>{yes(parameter.is_required_parameter)}</td>
                    <td class="mono">{parameter.default_value.clone()}</td>
                    <td>{parameter.parameter_description.clone()}</td>
                </tr>
            }
        })
        .collect();
    let heads: &[Head] = match wizard {
        true => &[
            Text("Name"),
            Text("Column"),
            Text("Type"),
            Text("Operator"),
            Text("Position"),
            Text("Required"),
            Text("Default"),
            Text("Description"),
        ],
        false => &[
            Text("Name"),
            Text("Type"),
            Text("Operator"),
            Text("Position"),
            Text("Required"),
            Text("Default"),
            Text("Description"),
        ],
    };
    view! {
        <ShortTable label="Request parameters" heads>{rows}</ShortTable>
    }
    .into_any()
}

fn response_parameters(parameters: &[ResponseParameter]) -> AnyView {
    if parameters.is_empty() {
        return view! { <p class="field-help">"All columns of the script"</p> }.into_any();
    }
    let rows: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            view! {
                <tr>
                    <th scope="row" class="mono">{parameter.parameter_name.clone()}</th>
                    <td class="mono">{parameter.column_name.clone()}</td>
                    <td>{codes::word(codes::DATA_TYPES, parameter.parameter_data_type)}</td>
                    <td>{parameter.parameter_description.clone()}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <ShortTable
            label="Response parameters"
            heads=&[Text("Name"), Text("Column"), Text("Type"), Text("Description")]
        >
            {rows}
        </ShortTable>
    }
    .into_any()
}
