//! The page of one function.

use leptos::prelude::*;
use weir_api::{
    Owner,
    timeplus::udf::{Kind, Udf},
};

use super::{draft::Form, list};
use crate::{
    kit::described,
    paths,
    ui::{Badge, CopyButton, Tab, Time},
};

pub fn facts(model: Signal<Udf>) -> AnyView {
    let kind = Signal::derive(move || model.with(|f| Form::of(f).as_str().to_string()));
    let signature = move || model.with(signature);
    let description = move || model.with(|function| described(&function.description));
    view! { <Badge text=kind /> <code>{signature}</code> {description} }.into_any()
}

fn signature(function: &Udf) -> String {
    let head = format!("{}({})", function.name, list::arguments(function));
    match function.kind {
        // Of any type.
        Kind::Sql => head,
        _ => format!("{head} → {}", function.return_type),
    }
}

pub fn tabs(connection: &str, model: Signal<Udf>) -> Vec<Tab> {
    let connection = connection.to_string();
    let label = match model.with_untracked(|function| function.kind) {
        Kind::Remote => "Service",
        _ => "Code",
    };
    vec![
        Tab::new("code", label, move || view! { <Body model /> }),
        Tab::new("usage", "Usage", move || {
            view! { <Usage connection=connection.clone() model /> }
        }),
    ]
}

#[component]
fn Body(model: Signal<Udf>) -> impl IntoView {
    let source = Memo::new(move |_| model.with(|function| function.source.clone()));
    let settings = move || model.with(settings);
    view! {
        <div class="function-body">
            {move || (!source.with(String::is_empty)).then(|| view! {
                <section class="sql-aside" aria-label="Code">
                    <header><h2>"Code"</h2> <CopyButton text=source label="Copy code" /></header>
                    <pre tabindex="0">{source}</pre>
                </section>
            })}
            <dl class="settings" aria-label="Settings">{settings}</dl>
        </div>
    }
    .into_any()
}

fn settings(function: &Udf) -> Vec<AnyView> {
    let by = |owner: &Option<Owner>| owner.as_ref().map(|o| o.name.clone()).unwrap_or_default();
    let header = function.auth_context.clone().and_then(|c| c.key_name);
    let header = header.map_or_else(String::new, |header| format!("{header}: ••••••••"));
    let changed_by = function
        .last_modified_by
        .as_ref()
        .or(function.last_updated_by.as_ref());
    let texts = [
        ("Language", list::language(function), false),
        ("URL", function.url.clone(), true),
        ("Header", header, true),
        ("Created by", by(&function.created_by), false),
        ("Changed by", by(&changed_by.cloned()), false),
    ];
    let times = [
        ("Created", function.created_at.as_deref().map(list::moment)),
        ("Changed", list::updated(function)),
    ];
    let times = times.into_iter().filter_map(|(term, time)| {
        let iso = time?;
        Some(view! { <div><dt>{term}</dt><dd><Time iso /></dd></div> }.into_any())
    });
    texts
        .into_iter()
        .filter(|(_, text, _)| !text.is_empty())
        .map(|(term, text, mono)| {
            view! { <div><dt>{term}</dt><dd class:mono=mono>{text}</dd></div> }.into_any()
        })
        .chain(times)
        .collect()
}

/// A call that runs as it stands.
pub fn example(function: &Udf) -> String {
    let literal = |data_type: &str| match data_type.trim_start_matches("nullable(") {
        t if t.starts_with("array") => "[]".to_string(),
        t if t.starts_with("date") || t.starts_with("map") || t.starts_with("tuple") => {
            format!("cast('', '{data_type}')")
        }
        t if t.starts_with("bool") => "true".into(),
        t if t.starts_with("float") => "1.5".into(),
        t if t.starts_with("int") || t.starts_with("uint") => "1".into(),
        _ => "'a'".into(),
    };
    let arguments: Vec<String> = function
        .arguments
        .iter()
        .map(|argument| literal(&argument.data_type))
        .collect();
    format!("SELECT {}({})", function.name, arguments.join(", "))
}

/// The function in queries over streams.
fn patterns(function: &Udf) -> Vec<String> {
    let arguments: Vec<&str> = function.arguments.iter().map(|a| a.name.as_str()).collect();
    let call = format!("{}({})", function.name, arguments.join(", "));
    if function.is_aggregation {
        vec![
            format!("SELECT window_start, {call}\nFROM tumble(stream, 10s)\nGROUP BY window_start"),
            format!("SELECT {call}\nFROM table(stream)"),
        ]
    } else {
        vec![
            format!("SELECT *, {call}\nFROM stream"),
            format!("CREATE VIEW view AS\nSELECT {call} AS result\nFROM stream"),
        ]
    }
}

#[component]
fn Usage(connection: String, model: Signal<Udf>) -> impl IntoView {
    let connection = StoredValue::new(connection);
    let examples = move || {
        let patterns = model.with(patterns);
        patterns
            .into_iter()
            .map(|sql| {
                let href = paths::workspace_with(&connection.get_value(), &sql);
                view! {
                    <div class="usage-example">
                        <pre class="mono" tabindex="0">{sql}</pre>
                        <a href=href>"Open in SQL workspace"</a>
                    </div>
                }
            })
            .collect_view()
    };
    let used = move || match model.with(|function| function.used_by.clone()) {
        None => view! { <p>"This server does not report which views call it."</p> }.into_any(),
        Some(views) if views.is_empty() => view! { <p>"No view calls it."</p> }.into_any(),
        Some(views) => {
            let items = views.into_iter().map(|view| {
                let href = paths::item(&connection.get_value(), "views", &view);
                view! { <li><a class="mono" href=href>{view}</a></li> }
            });
            view! { <ul class="used-by" aria-label="Used by">{items.collect_view()}</ul> }
                .into_any()
        }
    };
    view! {
        <section class="usage">
            <h2>"Examples"</h2>
            {examples}
            <h2>"Used by"</h2>
            {used}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_fit_the_arguments() {
        let function: Udf = serde_json::from_str(
            r#"{"name":"f","type":"javascript","arguments":[{"name":"x","type":"uint64"},{"name":"y","type":"string"}]}"#,
        )
        .expect("function");
        assert_eq!(example(&function), "SELECT f(1, 'a')");
        assert!(patterns(&function)[0].starts_with("SELECT *, f(x, y)"));
    }
}
