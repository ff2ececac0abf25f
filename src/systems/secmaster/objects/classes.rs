//! The data classes, and the fields of the chosen one.

use leptos::{prelude::*, task::spawn_local};
use weir_api::{
    ApiError,
    secmaster::{
        PAGE,
        data_class::{self, DataClass, Field},
        page, part,
    },
};

use super::super::pick::{Item, Pick, Where, use_pick};
use crate::{
    connections::use_endpoint,
    http::{Abort, Endpoint},
    kit::fetch_all,
};

/// Their ids and names.
pub fn use_classes() -> Pick {
    let ask = || Some((Where::Here, data_class::list(0, PAGE)));
    use_pick(Signal::derive(ask), |body| {
        let all = page::<DataClass>(body)?.items.into_iter();
        let item = |class: DataClass| Item {
            id: class.id,
            name: class.name,
            region: String::new(),
        };
        Ok(all.map(item).collect())
    })
}

/// The fields of a class, and why they are not known.
#[derive(Clone, Copy)]
pub struct ClassFields {
    pub all: RwSignal<Vec<Field>>,
    pub error: RwSignal<Option<ApiError>>,
    pub ready: RwSignal<bool>,
}

/// Of the class with this id; none while it is empty.
pub fn use_fields(class: Signal<String>) -> ClassFields {
    let fields = ClassFields {
        all: RwSignal::new(Vec::new()),
        error: RwSignal::new(None),
        ready: RwSignal::new(false),
    };
    let endpoint = use_endpoint();
    let class = Memo::new(move |_| class.get());
    Effect::new(move || {
        let (id, endpoint) = (class.get(), endpoint.get());
        fields.ready.set(false);
        let Some(endpoint) = endpoint.filter(|_| !id.is_empty()) else {
            return fields.all.set(Vec::new());
        };
        spawn_local(async move {
            let read = all_fields(&endpoint, &id).await;
            // Another class was chosen meanwhile, or the page is gone.
            if class.try_get_untracked() != Some(id) {
                return;
            }
            match read {
                Ok(all) => {
                    fields.all.set(all);
                    fields.error.set(None);
                }
                Err(error) => {
                    fields.all.set(Vec::new());
                    fields.error.set(Some(error));
                }
            }
            fields.ready.set(true);
        });
    });
    fields
}

async fn all_fields(endpoint: &Endpoint, class: &str) -> Result<Vec<Field>, ApiError> {
    let abort = Abort::new()?;
    let request = data_class::fields(class, 0, PAGE);
    let parts = fetch_all(endpoint, request, part, &abort).await?;
    let fields: Result<Vec<_>, _> = parts.iter().map(|part| page::<Field>(part)).collect();
    Ok(fields?.into_iter().flat_map(|page| page.items).collect())
}
