//! What external streams and external tables have in common.

pub mod ddl;

use leptos::prelude::*;
use weir_api::{
    FieldError, Owner,
    property::{self, TypeOf, Typed},
    timeplus::external_stream::Setting,
};

use super::fields::equivalent_sql;
use crate::ui::Time;

/// The settings of a form, with errors where a type or a value is missing.
pub fn settings(
    types: &'static [TypeOf],
    typed: &Typed,
    errors: &mut Vec<FieldError>,
) -> Vec<Setting> {
    if typed.kind.is_empty() {
        errors.push(FieldError::new("type", "Choose a type"));
        return Vec::new();
    }
    match typed.values.settings(property::find(types, &typed.kind)) {
        Ok(settings) => settings,
        Err(wrong) => {
            errors.extend(wrong);
            Vec::new()
        }
    }
}

/// The title of a type, or its name where no table knows it.
pub fn title(types: &'static [TypeOf], kind: &str) -> String {
    match property::find(types, kind).title {
        _ if property::find(types, kind).name.is_empty() => kind.into(),
        title => title.into(),
    }
}

/// What a page of one tells of its settings and of who made it when.
#[derive(Clone)]
pub struct Configuration {
    pub settings: Vec<Setting>,
    pub create_query: String,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
}

#[component]
pub fn ConfigurationTab(types: &'static [TypeOf], of: Signal<Configuration>) -> impl IntoView {
    let lines = move || {
        let Configuration {
            settings,
            created_at,
            created_by,
            ..
        } = of.get();
        let kind = settings.iter().find(|one| one.key == "type");
        let kind = property::find(types, kind.map_or("", |one| one.value.as_str()));
        let settings = settings.into_iter().map(|Setting { key, value }| {
            let term = match kind.property(&key) {
                Some(property) => property.label.to_string(),
                None if key == "type" => "Type".into(),
                None => key,
            };
            view! { <div><dt>{term}</dt><dd class="mono">{value}</dd></div> }.into_any()
        });
        let by = created_by.map(|owner| {
            view! { <div><dt>"Created by"</dt><dd>{owner.name}</dd></div> }.into_any()
        });
        let at = created_at
            .map(|iso| view! { <div><dt>"Created"</dt><dd><Time iso /></dd></div> }.into_any());
        settings.chain(by).chain(at).collect_view()
    };
    let query = Memo::new(move |_| of.with(|of| of.create_query.clone()));
    let statement = move || (!query.with(String::is_empty)).then(|| equivalent_sql(query.into()));
    view! {
        <div class="configuration">
            <dl class="settings" aria-label="Settings">{lines}</dl>
            {statement}
        </div>
    }
    .into_any()
}
