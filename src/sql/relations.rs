//! What statements can read from: streams, views and what is outside.

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use weir_api::{
    ApiError, ApiRequest,
    capability::Capability,
    timeplus::{
        dictionary::{self, Dictionary},
        external_stream::{self, ExternalStream},
        external_table::{self, ExternalTable},
        stream::{self, Stream, StreamColumn},
        view::{self, View},
    },
};

use crate::{
    connections::use_capabilities,
    kit::load::{Load, use_load},
    ui::IconName,
};

/// In the navigation's words and signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Stream,
    View,
    MaterializedView,
    ExternalStream,
    ExternalTable,
    Dictionary,
}

impl Kind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::ExternalStream => "external stream",
            Self::ExternalTable => "external table",
            Self::Dictionary => "dictionary",
        }
    }

    pub fn icon(self) -> IconName {
        match self {
            Self::Stream => IconName::Layers,
            Self::View => IconName::Eye,
            Self::MaterializedView => IconName::Funnel,
            Self::ExternalStream => IconName::Incoming,
            Self::ExternalTable => IconName::Table,
            Self::Dictionary => IconName::Book,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    pub name: String,
    pub kind: Kind,
    /// Name and type of each, where the list tells them.
    pub columns: Vec<(String, String)>,
}

impl Relation {
    fn new(kind: Kind, name: String, columns: Vec<StreamColumn>) -> Self {
        let columns = columns.into_iter().map(|one| (one.name, one.data_type));
        Self {
            name,
            kind,
            columns: columns.collect(),
        }
    }

    fn stream(one: Stream) -> Self {
        Self::new(Kind::Stream, one.name, one.columns)
    }

    fn view(one: View) -> Self {
        let kind = match one.materialized {
            true => Kind::MaterializedView,
            false => Kind::View,
        };
        Self::new(kind, one.name, one.columns)
    }

    fn external_stream(one: ExternalStream) -> Self {
        Self::new(Kind::ExternalStream, one.name, one.columns)
    }

    fn external_table(one: ExternalTable) -> Self {
        Self::new(Kind::ExternalTable, one.name, Vec::new())
    }

    fn dictionary(one: Dictionary) -> Self {
        Self::new(Kind::Dictionary, one.name, Vec::new())
    }
}

fn read<T: DeserializeOwned>(
    body: &[u8],
    one: fn(T) -> Relation,
) -> Result<Vec<Relation>, ApiError> {
    let all: Vec<T> = weir_api::json_response(body)?;
    Ok(all.into_iter().map(one).collect())
}

/// By name, each once: some servers list what is materialized among streams as well.
fn merged(parts: Vec<Vec<Relation>>) -> Vec<Relation> {
    let mut all: Vec<Relation> = parts.into_iter().flatten().collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all.dedup_by(|next, kept| {
        let same = next.name == kept.name;
        if same {
            kept.kind = next.kind;
        }
        same
    });
    all
}

type Part = RwSignal<Vec<Relation>>;

fn part<T: DeserializeOwned + 'static>(
    request: ApiRequest,
    one: fn(T) -> Relation,
) -> (Part, Load) {
    let found = Part::new(Vec::new());
    let load = use_load(
        Signal::stored(request),
        None,
        Callback::new(move |body: Vec<u8>| {
            found.set(read(&body, one)?);
            Ok(())
        }),
    );
    (found, load)
}

/// All of the connection, and how the loading of its streams is doing. What cannot be read besides
/// is not offered.
#[derive(Clone, Copy)]
pub struct Relations {
    pub all: Memo<Vec<Relation>>,
    pub load: Load,
    loads: StoredValue<Vec<Load>>,
}

impl Relations {
    pub fn load() -> Self {
        let (streams, load) = part(stream::CRUD.list(), Relation::stream);
        let mut parts = vec![
            (streams, load),
            part(view::CRUD.list(), Relation::view),
            part(external_stream::CRUD.list(), Relation::external_stream),
            part(external_table::CRUD.list(), Relation::external_table),
        ];
        if use_capabilities()
            .get_untracked()
            .has(Capability::Dictionaries)
        {
            parts.push(part(dictionary::CRUD.list(), Relation::dictionary));
        }
        let (found, loads): (Vec<Part>, Vec<Load>) = parts.into_iter().unzip();
        Self {
            all: Memo::new(move |_| merged(found.iter().map(|part| part.get()).collect())),
            load,
            loads: StoredValue::new(loads),
        }
    }

    pub fn reload(self) {
        self.loads
            .with_value(|loads| loads.iter().for_each(|load| load.reload()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_and_what_is_outside_stand_among_streams_by_name() {
        let streams =
            r#"[{"name":"readings","columns":[{"name":"v","type":"float64"}]},{"name":"load"}]"#;
        let views = r#"[{"name":"machine","columns":[{"name":"n","type":"string"}]},{"name":"load","materialized":true}]"#;
        let parts = vec![
            read(streams.as_bytes(), Relation::stream).unwrap(),
            read(views.as_bytes(), Relation::view).unwrap(),
            read(br#"[{"name":"kafka_orders"}]"#, Relation::external_stream).unwrap(),
            read(br#"[{"name":"users_db"}]"#, Relation::external_table).unwrap(),
            read(br#"[{"name":"countries"}]"#, Relation::dictionary).unwrap(),
        ];
        let all = merged(parts);
        let told: Vec<_> = all
            .iter()
            .map(|one| (one.name.as_str(), one.kind, one.columns.len()))
            .collect();
        assert_eq!(
            told,
            [
                ("countries", Kind::Dictionary, 0),
                ("kafka_orders", Kind::ExternalStream, 0),
                ("load", Kind::MaterializedView, 0),
                ("machine", Kind::View, 1),
                ("readings", Kind::Stream, 1),
                ("users_db", Kind::ExternalTable, 0),
            ]
        );
    }
}
