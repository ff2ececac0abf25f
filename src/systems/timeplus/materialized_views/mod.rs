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
    capability::Capabilities,
    timeplus::{exec, materialized_view as api, materialized_view::MaterializedView},
};

use crate::{
    kit::{Actions, Calls, Edited, Figured, Names, Resource, ResourceSpec, Submit, sendable},
    systems::timeplus::{
        fields::{UNCHANGED, equivalent_sql},
        streams::detail::query_action,
        views::{ddl, nothing},
    },
};

use draft::Draft;

pub struct MaterializedViews;

const NAMES: Names = Names {
    segment: "materialized-views",
    kind: "materialized-view",
    one: "materialized view",
    many: "materialized views",
    title: "Materialized views",
    hint: "A materialized view runs a query continuously in the background and writes the result to a stream.",
};

impl Resource for MaterializedViews {
    type Model = MaterializedView;
    type Draft = Draft;

    const SPEC: ResourceSpec<MaterializedView, Draft> = ResourceSpec {
        state: Some(|view| {
            view.status
                .map_or_else(String::new, |status| status.words().into())
        }),
        loss: Some(
            "The query stops, and the rows in its internal stream are deleted; rows in a target stream are kept. Dependent queries fail. Delete dependent views first.",
        ),
        figures: Some(Figured {
            request: |key| api::stats(key, None),
            cells: list::figures,
        }),
        search: |model| format!("{} {}", model.description, model.select()),
        column_names: Some(|it| it.columns.iter().map(|one| one.name.clone()).collect()),
        row_actions: |connection, key| vec![query_action(connection, key)],
        edit: Some("Edit"),
        bulk: &[control::PAUSE, control::RESUME],
        draft: Draft::of,
        fields: |draft, edited| match edited {
            Edited::New => form::create(draft),
            Edited::Existing(_) => form::edit(draft),
        },
        aside,
        submit: Submit::One(parse),
        made: Some(|draft, _| draft.name.trim().into()),
        facts: detail::facts,
        actions: Actions::With(detail::actions),
        tabs: |_, model| detail::tabs(model),
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: api::list,
                get: api::get,
                delete: Some(api::delete),
            },
            |model| &model.name,
            list::COLUMNS,
        )
    };
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
                            .unwrap_or_else(|| UNCHANGED.into())
                    })
                });
                equivalent_sql(text.into())
            }))
        }
    }
}

fn parse(
    draft: &Draft,
    edited: &Edited<MaterializedView>,
    can: Capabilities,
) -> Result<ApiRequest, Vec<FieldError>> {
    let (request, errors) = match edited {
        Edited::New => {
            let (definition, errors) = draft.definition();
            let rest = || api::create(&definition);
            let request = exec::define(can, rest, || ddl::create_materialized(&definition));
            (request, errors)
        }
        Edited::Existing(before) => {
            let (change, errors) = draft.change(before);
            let request = match ddl::change_materialized(&before.name, &change) {
                _ if !can.by_sql() => api::update(&before.name, &change),
                Some(sql) => exec::ddl(&sql),
                None if errors.is_empty() => return Err(nothing()),
                None => return Err(errors),
            };
            (request, errors)
        }
    };
    sendable(request, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(
        draft: &Draft,
        edited: &Edited<MaterializedView>,
        can: Capabilities,
    ) -> (String, String) {
        let request = parse(draft, edited, can).expect("request");
        let body = request.body.expect("body").bytes;
        (request.path, String::from_utf8(body).expect("text"))
    }

    #[test]
    fn servers_that_take_no_definitions_are_told_in_sql() {
        let all = Capabilities::all();
        let sql_only = all.without(weir_api::capability::Capability::Definitions);
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
        assert!(parse(&draft, &unchanged, sql_only).is_err());
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
