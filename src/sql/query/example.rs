//! What templates make of a row of the query.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use weir_template::{Template, Value};

use super::sample;
use crate::{
    connections::use_endpoint,
    errors,
    http::Abort,
    ui::{Button, CopyButton},
};

/// A template of the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// Over the text, for example `POST http://…`.
    pub title: String,
    /// Empty: the row is sent.
    pub template: String,
    /// What stands around a row that is sent without a template.
    pub around: (String, String),
    /// The text is that of a message to a chat.
    pub chat: bool,
}

impl Rendered {
    fn sent(&self, text: String) -> String {
        match self.chat {
            true => serde_json::json!({ "text": text }).to_string(),
            false => text,
        }
    }
}

/// The text that is sent, or what is wrong with the template: without a row only what can be told
/// of the template itself.
pub fn render(one: &Rendered, row: Option<&str>) -> Option<Result<String, String>> {
    let words = |error: weir_template::Error| error.to_string();
    if one.template.is_empty() {
        return row.map(|row| {
            let (before, after) = &one.around;
            Ok(one.sent(format!("{before}{row}{after}")))
        });
    }
    let template = match Template::parse(&one.template) {
        Ok(template) => template,
        Err(error) => return Some(Err(words(error))),
    };
    let row = Value::from_json(row?).ok()?;
    let columns: Vec<&str> = match &row {
        Value::Map(cells) => cells.iter().map(|(name, _)| name.as_str()).collect(),
        _ => Vec::new(),
    };
    let text = template
        .check_fields(&columns)
        .and_then(|()| template.render(&row));
    Some(text.map(|text| one.sent(text)).map_err(words))
}

/// Beside the form: takes a row of the query and shows what is sent for it, while the template is
/// typed.
#[component]
pub fn Example(
    #[prop(into)] sql: Signal<String>,
    rendered: Signal<Vec<Rendered>>,
) -> impl IntoView {
    let endpoint = use_endpoint();
    let row = RwSignal::new(None::<String>);
    let (busy, words) = (RwSignal::new(false), RwSignal::new(String::new()));
    let running = StoredValue::new_local(None::<Rc<Abort>>);
    let stop = move || {
        if let Some(Some(abort)) = running.try_update_value(Option::take) {
            abort.abort();
        }
    };
    on_cleanup(stop);
    let take = move || {
        if busy.get_untracked() {
            return;
        }
        let (Some(endpoint), Ok(abort)) = (endpoint.get_untracked(), Abort::new()) else {
            return;
        };
        let abort = Rc::new(abort);
        running.set_value(Some(abort.clone()));
        let asked = sql.get_untracked();
        if asked.trim().is_empty() {
            return words.set("Enter a query first.".into());
        }
        busy.set(true);
        words.set("Waiting for a row…".into());
        spawn_local(async move {
            let outcome = sample::first_row(&endpoint, &asked, &abort).await;
            if busy.try_set(false).is_some() {
                return;
            }
            words.set(match outcome {
                Ok(Some(found)) => {
                    row.set(Some(found));
                    String::new()
                }
                Ok(None) => "No rows.".into(),
                Err(error) => errors::words(&error).sentence(),
            });
        });
    };
    // A row of another query says nothing.
    Effect::new(move |before: Option<String>| {
        let now = sql.get();
        if before.is_some_and(|before| before != now) {
            stop();
            busy.set(false);
            row.set(None);
            words.set(String::new());
        }
        now
    });
    let results = move || {
        let row = row.get();
        let all = rendered.get().into_iter().map(|one| {
            let body = match render(&one, row.as_deref()) {
                None => return ().into_any(),
                Some(Ok(text)) => view! { <pre tabindex="0">{text}</pre> }.into_any(),
                Some(Err(words)) => view! { <p class="query-wrong">{words}</p> }.into_any(),
            };
            view! { <h3>{one.title}</h3> {body} }.into_any()
        });
        all.collect_view()
    };
    let of_row = move || {
        row.get().map(|row| {
            view! {
                <h3>"Row"</h3>
                <pre tabindex="0">{row.clone()}</pre>
                <CopyButton text=row label="Copy row" />
            }
        })
    };
    view! {
        <section class="sql-aside example" aria-label="Example">
            <header>
                <h2>"Preview"</h2>
                <Button on_click=take busy=busy>"Fetch a row"</Button>
            </header>
            <div class="example-body">
                <p role="status" class="field-help">
                    {move || {
                        let said = words.get();
                        let untaken = row.with(Option::is_none);
                        match said.is_empty() && untaken {
                            true => "Fetch a row of the query to preview the message.".to_string(),
                            false => said,
                        }
                    }}
                </p>
                {results}
                {of_row}
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(template: &str) -> Rendered {
        Rendered {
            title: String::new(),
            template: template.into(),
            around: ("<".into(), ">".into()),
            chat: false,
        }
    }

    #[test]
    fn a_template_is_checked_before_there_is_a_row() {
        assert_eq!(render(&one("{{ .a }}"), None), None);
        assert_eq!(render(&one(""), None), None);
        assert!(render(&one("{{ .a"), None).is_some_and(|check| check.is_err()));
    }

    #[test]
    fn a_row_shows_what_is_sent() {
        let row = Some(r#"{"a":1.50}"#);
        assert_eq!(render(&one("{{ .a }}"), row), Some(Ok("1.50".into())));
        assert_eq!(render(&one(""), row), Some(Ok(r#"<{"a":1.50}>"#.into())));
        let chat = Rendered {
            chat: true,
            ..one("{{ .a }}\n")
        };
        assert_eq!(render(&chat, row), Some(Ok(r#"{"text":"1.50\n"}"#.into())));
        let wrong = render(&one("{{ .b }}"), row).expect("check");
        assert!(wrong.is_err_and(|words| words.contains("no column 'b'")));
    }
}
