//! What each kind of resource adds to the graph.

use std::collections::BTreeMap;

use serde_json::Value;
use weir_api::timeplus::{alert::TRIGGERED, query::Status, topology::RATE};

use super::graph::{Builder, Thing};
use crate::Services;

pub(super) fn all(app: &Services, builder: &mut Builder<'_>) {
    let rates = app.store.written_now();
    streams(app, builder, &rates);
    views(app, builder, &rates);
    dictionaries(app, builder);
    queries(app, builder);
    sinks(app, builder);
    alerts(app, builder);
    sources(app, builder);
    functions(app, builder);
    dashboards(app, builder);
}

type Rates = BTreeMap<String, f64>;

/// Nothing where no rows are written to it.
fn rate(rates: &Rates, name: &str) -> Option<(&'static str, Value)> {
    let rate = rates.get(name).filter(|rate| **rate > 0.0)?;
    Some((RATE, Value::from(*rate)))
}

fn streams(app: &Services, builder: &mut Builder<'_>, rates: &Rates) {
    for stream in app.store.streams() {
        let mut properties = vec![("mode", stream.mode.as_str().into())];
        properties.extend(rate(rates, &stream.name));
        builder.relation(Thing {
            kind: "stream",
            key: &stream.name,
            name: &stream.name,
            owner: stream.created_by.clone(),
            properties,
        });
    }
}

fn views(app: &Services, builder: &mut Builder<'_>, rates: &Rates) {
    for view in app.store.views() {
        let kind = if view.materialized {
            "materialized_view"
        } else {
            "view"
        };
        let mut properties = vec![("query", Value::from(view.query.as_str()))];
        if let Some(state) = app.materialized.state(&view.name) {
            let status = serde_json::to_value(state.status);
            properties.push(("status", status.unwrap_or_default()));
        }
        if view.target.is_none() {
            properties.extend(rate(rates, &view.name));
        }
        let id = builder.relation(Thing {
            kind,
            key: &view.name,
            name: &view.name,
            owner: view.audit.created_by.clone(),
            properties,
        });
        builder.runs(&id, &view.query);
        if let Some(target) = &view.target {
            builder.writes(&id, target);
        }
    }
}

fn dictionaries(app: &Services, builder: &mut Builder<'_>) {
    for dictionary in app.store.dictionaries() {
        let id = builder.relation(Thing {
            kind: "dictionary",
            key: &dictionary.name,
            name: &dictionary.name,
            owner: dictionary.audit.created_by.clone(),
            properties: vec![("query", dictionary.query.as_str().into())],
        });
        builder.runs(&id, &dictionary.query);
    }
}

/// Those that run now.
fn queries(app: &Services, builder: &mut Builder<'_>) {
    let queries = app.queries.list().into_iter();
    for query in queries.filter(|query| query.status == Status::Running) {
        let name = match query.name.as_str() {
            "" => &query.id,
            name => name,
        };
        let id = builder.add(Thing {
            kind: "query",
            key: &query.id,
            name,
            owner: query.audit.created_by.clone(),
            properties: vec![
                ("status", query.status.as_str().into()),
                ("query", query.sql.as_str().into()),
            ],
        });
        builder.runs(&id, &query.sql);
    }
}

fn sinks(app: &Services, builder: &mut Builder<'_>) {
    for sink in app.sinks.list() {
        let id = builder.add(Thing {
            kind: "sink",
            key: &sink.id,
            name: &sink.name,
            owner: sink.created_by.clone(),
            properties: vec![
                ("status", sink.status.as_str().into()),
                ("type", sink.kind.as_str().into()),
            ],
        });
        builder.runs(&id, &sink.query);
    }
}

fn alerts(app: &Services, builder: &mut Builder<'_>) {
    for alert in app.alerts.list() {
        let id = builder.add(Thing {
            kind: "alert",
            key: &alert.id,
            name: &alert.name,
            owner: alert.created_by.clone(),
            // What fires needs somebody, which "running" does not say.
            properties: vec![(
                "status",
                match alert.is_triggered() {
                    true => TRIGGERED.into(),
                    false => alert.status.as_str().into(),
                },
            )],
        });
        builder.runs(&id, &alert.trigger_sql);
        builder.runs(&id, &alert.resolve_sql);
    }
}

fn functions(app: &Services, builder: &mut Builder<'_>) {
    for function in app.store.functions() {
        let name = &function.definition.name;
        builder.add(Thing {
            kind: "udf",
            key: name,
            name,
            owner: function.audit.created_by.clone(),
            properties: Vec::new(),
        });
    }
}

fn dashboards(app: &Services, builder: &mut Builder<'_>) {
    for dashboard in app.dashboards.list() {
        let id = builder.add(Thing {
            kind: "dashboard",
            key: &dashboard.id,
            name: &dashboard.name,
            owner: dashboard.created_by.clone(),
            properties: Vec::new(),
        });
        for sql in dashboard.panels.iter().filter_map(|panel| panel.sql()) {
            builder.runs(&id, &sql);
        }
    }
}

fn sources(app: &Services, builder: &mut Builder<'_>) {
    for source in app.sources.list() {
        let id = builder.add(Thing {
            kind: "source",
            key: &source.id,
            name: &source.name,
            owner: source.audit.created_by.clone(),
            properties: vec![
                ("status", app.sources.state(&source.id).into()),
                ("type", source.kind.as_str().into()),
            ],
        });
        builder.writes(&id, &source.stream);
    }
}
