//! The graph of everything that is defined, computed from the definitions when asked for.

mod graph;
mod parts;
mod reads;

use axum::{
    Json,
    extract::{RawQuery, State},
};
use weir_api::timeplus::topology::Graph;

use crate::{Services, error::HttpError};
use graph::Builder;
use weir_platform::operations::Operations;

/// There is one database.
const DATABASE: &str = "default";
/// Kinds that are left out unless asked for.
const EXTRA: [&str; 3] = ["dashboard", "schema", "udf"];

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("topology").get("/topology", get)
}

async fn get(
    State(app): State<Services>,
    RawQuery(query): RawQuery,
) -> Result<Json<Graph>, HttpError> {
    let asked = GraphQuery::read(query.as_deref().unwrap_or_default())?;
    let graph = tokio::task::spawn_blocking(move || build(&app, &asked)).await;
    graph.map(Json).map_err(HttpError::internal)
}

fn build(app: &Services, asked: &GraphQuery) -> Graph {
    let catalog = app.store.catalog();
    let mut builder = Builder::new(&*catalog);
    parts::all(app, &mut builder);
    builder.finish(|node| !EXTRA.contains(&node.node_type.as_str()) || asked.wants(&node.node_type))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct GraphQuery {
    /// Of [`EXTRA`].
    extra: Vec<String>,
}

impl GraphQuery {
    /// `extraResources` may come several times, or once with commas.
    fn read(query: &str) -> Result<Self, HttpError> {
        let mut asked = Self::default();
        let uri = format!("/?{query}")
            .parse()
            .map_err(|_| HttpError::bad_request("the query string is malformed"))?;
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri)
            .map_err(|rejection| HttpError::bad_request(rejection.body_text()))?;
        for (name, value) in pairs.0 {
            match name.as_str() {
                "db" if !value.is_empty() && value != DATABASE => {
                    return Err(HttpError::not_found(format!("database '{value}'")));
                }
                "extraResources" => {
                    let names = value.split(',').filter(|name| !name.is_empty());
                    asked.extra.extend(names.map(String::from));
                }
                _ => {}
            }
        }
        for kind in &asked.extra {
            if !EXTRA.contains(&kind.as_str()) {
                let words = format!("'{kind}' is none of {}", EXTRA.join(", "));
                return Err(HttpError::field("extraResources", words));
            }
        }
        Ok(asked)
    }

    fn wants(&self, kind: &str) -> bool {
        self.extra.iter().any(|extra| extra == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_kinds_come_as_a_list_or_one_by_one() {
        let one_by_one = GraphQuery::read("extraResources=udf&extraResources=schema&db=default");
        let list = GraphQuery::read("extraResources=udf%2Cschema");
        let (one_by_one, list) = (one_by_one.expect("asked"), list.expect("asked"));
        assert_eq!(one_by_one, list);
        assert!(list.wants("schema") && !list.wants("dashboard"));
        assert!(GraphQuery::read("extraResources=cat").is_err());
        assert!(GraphQuery::read("db=other").is_err());
    }
}
