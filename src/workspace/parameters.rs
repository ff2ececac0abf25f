//! Values of `{{name}}` in a tab's statements: a field for each, kept with the tab in this browser's
//! storage, written into statements as dashboards do it.

use std::collections::BTreeMap;

use leptos::{ev::KeyboardEvent, prelude::*};

use super::tabs::QueryTabs;
use crate::{
    dashboards::{
        control::Snapshot,
        variables::{self, Unusable, Value},
    },
    storage::{read, write},
    ui::unique,
};

type Values = BTreeMap<String, String>;

/// `sql` with the values in it. Nobody else has looked at what is typed, so it is not trusted
/// outside quotes.
pub fn filled(sql: &str, values: &Values) -> Result<String, Unusable> {
    let value = |(name, text): (&String, &String)| {
        let value = Value {
            text: text.clone(),
            trusted: false,
        };
        (name.clone(), value)
    };
    variables::substitute(sql, &Snapshot(values.iter().map(value).collect()))
}

/// Those of all tabs of a connection; a tab that is gone keeps none.
#[derive(Clone, Copy)]
pub struct Stored {
    key: StoredValue<String>,
    tabs: QueryTabs,
}

impl Stored {
    pub fn new(connection: &str, tabs: QueryTabs) -> Self {
        Self {
            key: StoredValue::new(format!("weir.parameters.{connection}")),
            tabs,
        }
    }

    fn all(self) -> BTreeMap<u32, Values> {
        self.key.with_value(|key| read(key)).unwrap_or_default()
    }

    /// On what is stored now, which another window may have written.
    fn keep(self, tab: u32, values: &Values) {
        let mut all = self.all();
        let open = self.tabs.all.get_untracked();
        all.retain(|id, _| open.iter().any(|tab| tab.id == *id));
        match values.is_empty() {
            true => all.remove(&tab),
            false => all.insert(tab, values.clone()),
        };
        self.key.with_value(|key| write(key, &all));
    }
}

/// Those of one tab.
#[derive(Clone, Copy)]
pub struct Parameters {
    pub values: RwSignal<Values>,
    /// What the tab's text asks for, in order.
    pub names: Memo<Vec<String>>,
    stored: Stored,
    tab: u32,
}

impl Parameters {
    pub fn of(tab: u32, text: RwSignal<String>, stored: Stored) -> Self {
        Self {
            values: RwSignal::new(stored.all().remove(&tab).unwrap_or_default()),
            names: Memo::new(move |_| text.with(|text| variables::names(text))),
            stored,
            tab,
        }
    }

    fn set(self, name: &str, text: String) {
        self.values.update(|values| {
            values.insert(name.into(), text);
        });
        self.values
            .with_untracked(|values| self.stored.keep(self.tab, values));
    }
}

/// A row of fields while the text has parameters; Enter in one of them runs.
#[component]
pub fn ParameterRow(parameters: Parameters, #[prop(into)] on_run: Callback<()>) -> impl IntoView {
    let any = Memo::new(move |_| parameters.names.with(|names| !names.is_empty()));
    view! {
        <Show when=move || any.get()>
            <div class="parameter-row" role="group" aria-label="Parameters">
                <For each=move || parameters.names.get() key=String::clone let:name>
                    <ParameterField parameters name on_run />
                </For>
            </div>
        </Show>
    }
    .into_any()
}

#[component]
fn ParameterField(parameters: Parameters, name: String, on_run: Callback<()>) -> impl IntoView {
    let id = unique("parameter");
    let of = StoredValue::new(name.clone());
    let value = move || {
        let values = parameters.values.read();
        of.with_value(|name| values.get(name).cloned().unwrap_or_default())
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            on_run.run(());
        }
    };
    view! {
        <div class="sql-parameter">
            <label for=id.clone() class="mono">{name}</label>
            <input
                id=id
                class="input mono"
                autocomplete="off"
                spellcheck="false"
                placeholder="value"
                prop:value=value
                on:input:target=move |event| {
                    of.with_value(|name| parameters.set(name, event.target().value()));
                }
                on:keydown=keys
            />
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(all: &[(&str, &str)]) -> Values {
        let pair = |(name, text): &(&str, &str)| (name.to_string(), text.to_string());
        all.iter().map(pair).collect()
    }

    #[test]
    fn values_are_quoted_as_in_dashboards() {
        let values = values(&[("host", "o'hara"), ("n", "10")]);
        assert_eq!(
            filled(
                "select * from s where h = '{{host}}' limit {{ n }}",
                &values
            )
            .as_deref(),
            Ok("select * from s where h = 'o''hara' limit 10")
        );
        let evil = self::values(&[("n", "1; drop stream s")]);
        assert!(matches!(
            filled("select 1 limit {{n}}", &evil),
            Err(Unusable::Unsafe { .. })
        ));
    }

    #[test]
    fn what_is_not_typed_is_named() {
        let values = values(&[("a", "")]);
        assert_eq!(
            filled("select '{{a}}', {{b}}", &values),
            Err(Unusable::Missing(vec!["a".into(), "b".into()]))
        );
        assert_eq!(filled("select 1", &values).as_deref(), Ok("select 1"));
    }
}
