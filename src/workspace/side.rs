//! Streams and their columns beside the editor; a click puts a name at the cursor.

use leptos::prelude::*;
use weir_api::timeplus::{
    stream::{self, Stream},
    udf::{self, Udf},
};

use crate::{
    kit::load::{Load, use_load},
    ui::{Button, ButtonKind, Icon, IconName, Words, number},
};

use super::functions;

/// Streams listed at once; the search finds the others.
const LISTED: usize = 200;

#[derive(Clone, Copy)]
pub struct Streams {
    all: RwSignal<Vec<Stream>>,
    /// Names of the functions that people have defined.
    functions: RwSignal<Vec<String>>,
    load: Load,
}

impl Streams {
    /// Loads now, and anew when the connection is back.
    pub fn load() -> Self {
        let all = RwSignal::new(Vec::new());
        let load = use_load(
            Signal::stored(stream::list()),
            None,
            Callback::new(move |body: Vec<u8>| {
                let mut streams: Vec<Stream> = weir_api::json_response(&body)?;
                streams.sort_by(|a, b| a.name.cmp(&b.name));
                all.set(streams);
                Ok(())
            }),
        );
        let functions = RwSignal::new(Vec::new());
        // Where they cannot be read, completion does without.
        use_load(
            Signal::stored(udf::list()),
            None,
            Callback::new(move |body: Vec<u8>| {
                let defined: Vec<Udf> = weir_api::json_response(&body)?;
                functions.set(defined.into_iter().map(|function| function.name).collect());
                Ok(())
            }),
        );
        Self {
            all,
            functions,
            load,
        }
    }

    pub fn reload(self) {
        self.load.reload();
    }

    pub fn words(self) -> Words {
        let streams = self.all.with(|all| {
            all.iter()
                .map(|stream| {
                    let columns = stream.columns.iter();
                    let columns = columns.map(|c| (c.name.clone(), c.data_type.clone()));
                    (stream.name.clone(), columns.collect())
                })
                .collect()
        });
        Words {
            functions: functions::with(&self.functions.get()),
            streams,
        }
    }
}

/// A name as SQL wants it.
pub fn quoted(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        name.into()
    } else {
        format!("`{}`", name.replace('`', "\\`"))
    }
}

#[component]
pub fn SideList(streams: Streams, #[prop(into)] on_insert: Callback<String>) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = search.get().to_lowercase();
        streams.all.with(|all| {
            let hits = all
                .iter()
                .filter(|stream| stream.name.to_lowercase().contains(&wanted));
            let total = hits.clone().count();
            (hits.take(LISTED).cloned().collect::<Vec<_>>(), total)
        })
    });
    let note = move || {
        if let Some(error) = streams.load.complaint().get() {
            return Some(crate::errors::words(&error).sentence());
        }
        let total = found.with(|(_, total)| *total);
        match total {
            _ if !streams.load.ready.get() => None,
            0 if search.with(String::is_empty) => Some("There are no streams yet.".into()),
            0 => Some("No stream has this in its name.".into()),
            more if more > LISTED => Some(format!(
                "{} more: search for them.",
                number::count((more - LISTED) as u64)
            )),
            _ => None,
        }
    };
    view! {
        <aside class="side-list" aria-label="Streams">
            <div class="side-search">
                <input
                    type="search"
                    class="input"
                    aria-label="Find a stream"
                    placeholder="Find a stream"
                    prop:value=move || search.get()
                    on:input:target=move |event| search.set(event.target().value())
                />
                <Button kind=ButtonKind::Quiet label="Reload streams" on_click=move || streams.reload()>
                    <Icon name=IconName::Reload />
                </Button>
            </div>
            <ul>
                <For each=move || found.with(|(found, _)| found.clone()) key=key let:stream>
                    <SideStream stream on_insert />
                </For>
            </ul>
            <p class="side-note">{note}</p>
        </aside>
    }
    .into_any()
}

fn key(stream: &Stream) -> (String, usize) {
    (stream.name.clone(), stream.columns.len())
}

#[component]
fn SideStream(stream: Stream, on_insert: Callback<String>) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = stream.name.clone();
    let insert_name = quoted(&stream.name);
    let columns = StoredValue::new(stream.columns);
    let fold_label = format!("Columns of {name}");
    view! {
        <li>
            <div class="side-stream">
                <button
                    type="button"
                    class="side-fold"
                    aria-label=fold_label
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon name=IconName::Chevron />
                </button>
                <button
                    type="button"
                    class="side-name mono"
                    title=format!("Put {name} at the cursor")
                    on:click=move |_| on_insert.run(insert_name.clone())
                >
                    {name.clone()}
                </button>
            </div>
            <Show when=move || open.get()>
                <ul class="side-columns">
                    {columns.with_value(|columns| columns.iter().map(|column| {
                        let insert = quoted(&column.name);
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="side-name mono"
                                    title=format!("Put {} at the cursor", column.name)
                                    on:click=move |_| on_insert.run(insert.clone())
                                >
                                    {column.name.clone()} " "
                                    <span class="type">{column.data_type.clone()}</span>
                                </button>
                            </li>
                        }
                    }).collect_view())}
                </ul>
            </Show>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_need_it_are_quoted() {
        assert_eq!(quoted("host_metrics2"), "host_metrics2");
        assert_eq!(quoted("2fast"), "`2fast`");
        assert_eq!(quoted("a`b c"), "`a\\`b c`");
    }
}
