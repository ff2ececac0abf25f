//! Rows taken from a result, edited and ingested again.

use leptos::prelude::*;
use weir_api::timeplus::ingest::{self, Format};

use super::{grid_menu, rule_dialog::open_while, session::Session};
use crate::{
    connections::use_endpoint,
    errors, http,
    ui::{Button, ButtonKind, Dialog, number, unique, use_toasts},
};

/// Lines with something on them; each must be a JSON object. The first that is none, counted from
/// 1, otherwise.
fn check(text: &str) -> Result<u64, usize> {
    let lines = text.lines().enumerate();
    let mut rows = 0;
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let object = line.trim_start().starts_with('{');
        if !object || serde_json::from_str::<serde::de::IgnoredAny>(line).is_err() {
            return Err(at + 1);
        }
        rows += 1;
    }
    Ok(rows)
}

/// The same rows without their event time, so that the server gives them a new one. Digits and
/// order of the other values stay.
fn without_time(text: &str) -> String {
    type Cells<'a> = Vec<(String, &'a serde_json::value::RawValue)>;
    let line = |line: &str| {
        let Some(cells) = cells(line) else {
            return line.to_string();
        };
        let kept = cells.iter().filter(|(name, _)| name != "_tp_time");
        let parts = kept.map(|(name, value)| {
            format!("{}:{}", serde_json::Value::from(name.as_str()), value.get())
        });
        format!("{{{}}}", parts.collect::<Vec<_>>().join(","))
    };
    fn cells(line: &str) -> Option<Cells<'_>> {
        struct Reader;
        impl<'de> serde::de::Visitor<'de> for Reader {
            type Value = Cells<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut cells = Vec::new();
                while let Some(cell) = map.next_entry()? {
                    cells.push(cell);
                }
                Ok(cells)
            }
        }
        let mut json = serde_json::Deserializer::from_str(line);
        serde::Deserializer::deserialize_map(&mut json, Reader).ok()
    }
    text.lines().map(|one| line(one) + "\n").collect()
}

#[component]
pub fn AgainDialog(session: Session, rows: RwSignal<Option<String>>) -> impl IntoView {
    let open = open_while(rows);
    let form = move || {
        let text = rows.get_untracked().unwrap_or_default();
        view! { <AgainForm session text open /> }
    };
    view! { <Dialog open title="Edit and ingest again" children=form /> }
}

#[component]
fn AgainForm(session: Session, text: String, open: RwSignal<bool>) -> impl IntoView {
    let (endpoint, toasts) = (use_endpoint(), use_toasts());
    let stream = RwSignal::new(grid_menu::source(session).unwrap_or_default());
    let original = StoredValue::new(text.clone());
    let text = RwSignal::new(without_time(&text));
    let keep_time = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let send = move || {
        let (name, body) = (stream.get_untracked(), text.get_untracked());
        if name.trim().is_empty() {
            return problem.set(Some("Enter a stream.".into()));
        }
        let rows = match check(&body) {
            Ok(0) => return problem.set(Some("No rows.".into())),
            Ok(rows) => rows,
            Err(line) => {
                return problem.set(Some(format!("Line {line} is not a JSON object.")));
            }
        };
        let Some(endpoint) = endpoint.get_untracked() else {
            return;
        };
        busy.set(true);
        problem.set(None);
        leptos::task::spawn_local(async move {
            let request = ingest::ingest(name.trim(), Format::Streaming, body.into_bytes());
            let answer = http::send(&endpoint, request).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    let rows = number::plural(rows, "row", "rows");
                    toasts.success(format!("{rows} ingested into {}", name.trim()));
                    open.set(false);
                }
                Err(error) => problem.set(Some(errors::words(&error).sentence())),
            }
        });
    };
    let error = unique("again-error");
    let described = error.clone();
    view! {
        <form
            class="again-form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <label>
                "Stream"
                <input class="input mono" autocomplete="off" spellcheck="false" prop:value=stream on:input:target=move |event| stream.set(event.target().value()) />
            </label>
            <label>
                "Rows, one JSON object per line"
                <textarea
                    class="input mono"
                    rows="12"
                    spellcheck="false"
                    aria-describedby=described
                    prop:value=text
                    on:input:target=move |event| text.set(event.target().value())
                ></textarea>
            </label>
            <label class="side-choice">
                <input
                    type="checkbox"
                    prop:checked=keep_time
                    on:change:target=move |event| {
                        let keep = event.target().checked();
                        keep_time.set(keep);
                        let all = original.get_value();
                        // What was typed is not thrown away: only untouched rows change.
                        let untouched = text.with_untracked(|text| *text == all || *text == without_time(&all));
                        if untouched {
                            text.set(if keep { all } else { without_time(&all) });
                        } else if !keep {
                            text.update(|text| *text = without_time(text));
                        }
                    }
                />
                " Keep _tp_time (otherwise the ingest time is used)"
            </label>
            <p class="field-error" id=error role="alert">{move || problem.get()}</p>
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true busy>"Ingest"</Button>
                <Button on_click=move || open.set(false)>"Cancel"</Button>
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_and_the_wrong_one_is_named() {
        assert_eq!(check("{\"a\":1}\n\n{\"a\":2}\n"), Ok(2));
        assert_eq!(check("{\"a\":1}\n[1]\n"), Err(2));
        assert_eq!(check("{\"a\":1\n"), Err(1));
        assert_eq!(check(" \n"), Ok(0));
    }

    #[test]
    fn only_the_time_goes_and_every_digit_stays() {
        let row =
            "{\"u\":18446744073709551615,\"_tp_time\":\"x\",\"d\":1.50,\"j\":{\"_tp_time\":1}}\n";
        assert_eq!(
            without_time(row),
            "{\"u\":18446744073709551615,\"d\":1.50,\"j\":{\"_tp_time\":1}}\n"
        );
        assert_eq!(without_time("{broken"), "{broken\n");
    }
}
