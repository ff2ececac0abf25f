//! Materialized views: queries that run all the time and keep their rows.

pub mod control;
pub mod detail;
pub mod draft;
pub mod form;
pub mod list;
pub mod stats;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::{Capabilities, Capability},
    timeplus::{exec, materialized_view as api, materialized_view::MaterializedView},
};

use crate::{
    kit::{Deletion, Edited, FieldGroup, Figured, Load, ResourceSpec, sendable},
    systems::timeplus::views::{self, ddl, nothing},
    ui::{
        Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;

pub struct MaterializedViews;

impl ResourceSpec for MaterializedViews {
    type Model = MaterializedView;
    type Draft = Draft;

    const SEGMENT: &'static str = "materialized-views";
    const KIND: &'static str = "materialized-view";
    const ONE: &'static str = "materialized view";
    const MANY: &'static str = "materialized views";
    const TITLE: &'static str = "Materialized views";
    const HINT: &'static str =
        "A materialized view runs a query all the time and writes its rows into a stream.";
    const FIGURES: Option<Figured> = Some(Figured {
        request: |key| api::stats(key, None),
        cells: list::figures,
    });
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: api::delete,
        loss: "Its query stops and the rows it keeps itself are deleted; rows in a target stream stay. Queries that read it fail; one that views read from cannot be deleted before them.",
    });

    fn list() -> ApiRequest {
        api::list()
    }

    fn get(key: &str) -> ApiRequest {
        api::get(key)
    }

    fn key(model: &MaterializedView) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &MaterializedView) -> Vec<Cell> {
        list::cells(model)
    }

    fn search(model: &MaterializedView) -> String {
        format!("{} {}", model.description, model.select())
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        views::deeds(connection, Self::SEGMENT, key)
    }

    fn draft(model: &MaterializedView) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<MaterializedView>) -> Vec<FieldGroup> {
        match edited {
            Edited::New => form::create(draft),
            Edited::Existing(_) => form::edit(draft),
        }
    }

    fn aside(draft: RwSignal<Draft>, edited: &Edited<MaterializedView>) -> Option<ViewFn> {
        match edited {
            Edited::New => Some(ViewFn::from(move || form::sql(draft))),
            Edited::Existing(before) => {
                let before = before.clone();
                Some(ViewFn::from(move || {
                    let before = before.clone();
                    let text = Memo::new(move |_| {
                        draft.with(|draft| {
                            let change = draft.change(&before).0;
                            ddl::change_materialized(&before.name, &change)
                                .unwrap_or_else(|| "-- nothing to change".into())
                        })
                    });
                    views::form::aside(text.into())
                }))
            }
        }
    }

    fn parse(
        draft: &Draft,
        edited: &Edited<MaterializedView>,
        can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let rest = can.has(Capability::Definitions);
        let (request, errors) = match edited {
            Edited::New => {
                let (definition, errors) = draft.definition();
                let request = if rest {
                    api::create(&definition)
                } else {
                    exec::ddl(&ddl::create_materialized(&definition))
                };
                (request, errors)
            }
            Edited::Existing(before) => {
                let (change, errors) = draft.change(before);
                let request = match ddl::change_materialized(&before.name, &change) {
                    _ if rest => api::update(&before.name, &change),
                    Some(sql) => exec::ddl(&sql),
                    None if errors.is_empty() => return Err(nothing()),
                    None => return Err(errors),
                };
                (request, errors)
            }
        };
        sendable(request, errors)
    }

    fn made(draft: &Draft, _answer: &[u8]) -> String {
        draft.name.trim().into()
    }

    fn facts(model: Signal<MaterializedView>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<MaterializedView>,
        load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, load, delete)
    }

    fn tabs(_connection: &str, model: Signal<MaterializedView>) -> Vec<Tab> {
        detail::tabs(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(
        draft: &Draft,
        edited: &Edited<MaterializedView>,
        can: Capabilities,
    ) -> (String, String) {
        let request = MaterializedViews::parse(draft, edited, can).expect("request");
        let body = request.body.expect("body").bytes;
        (request.path, String::from_utf8(body).expect("text"))
    }

    #[test]
    fn servers_that_take_no_definitions_are_told_in_sql() {
        let all = Capabilities::all();
        let sql_only = all.without(Capability::Definitions);
        let draft = Draft {
            name: "m".into(),
            query: "SELECT a FROM s".into(),
            target: "t".into(),
            ..Draft::default()
        };
        let (path, body) = sent(&draft, &Edited::New, all);
        assert_eq!(path, "/v1beta2/materialized_views");
        assert!(body.contains(r#""target_stream":"t""#), "{body}");
        let (path, body) = sent(&draft, &Edited::New, sql_only);
        assert_eq!(path, "/v1beta2/exec");
        assert!(
            body.contains("CREATE MATERIALIZED VIEW m INTO t AS"),
            "{body}"
        );

        let before = MaterializedView {
            name: "m".into(),
            query: "SELECT a FROM s".into(),
            ..MaterializedView::default()
        };
        let mut draft = Draft::of(&before);
        let unchanged = Edited::Existing(before);
        assert!(MaterializedViews::parse(&draft, &unchanged, sql_only).is_err());
        draft.description = "d".into();
        let (path, body) = sent(&draft, &unchanged, sql_only);
        assert_eq!(path, "/v1beta2/exec");
        assert!(body.contains("ALTER VIEW m MODIFY COMMENT 'd'"), "{body}");
        assert_eq!(
            sent(&draft, &unchanged, all).0,
            "/v1beta2/materialized_views/m"
        );
    }
}
