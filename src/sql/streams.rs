//! Streams and functions of the connection, for completion and to choose from.

use leptos::prelude::*;
use serde_json::value::RawValue;
use weir_api::{
    capability::Capability,
    timeplus::{
        exec,
        stream::{self, Stream},
        udf::{self, Udf},
    },
};

use super::{functions, relation::completed};
use crate::{
    connections::use_capabilities,
    kit::load::{Load, use_load},
    ui::Words,
};

#[derive(Clone, Copy)]
pub struct Streams {
    pub all: RwSignal<Vec<Stream>>,
    /// Names of the functions that people have defined.
    functions: RwSignal<Vec<String>>,
    /// What the server tells of its own.
    known: RwSignal<Vec<String>>,
    pub load: Load,
}

/// A value that is a text.
fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

impl Streams {
    /// Loads now, and anew when the connection is back.
    pub fn load() -> Self {
        let all = RwSignal::new(Vec::new());
        let load = use_load(
            Signal::stored(stream::CRUD.list()),
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
            Signal::stored(udf::CRUD.list()),
            None,
            Callback::new(move |body: Vec<u8>| {
                let defined: Vec<Udf> = weir_api::json_response(&body)?;
                functions.set(defined.into_iter().map(|function| function.name).collect());
                Ok(())
            }),
        );
        let known = RwSignal::new(Vec::new());
        let can = use_capabilities().get_untracked();
        if let (true, Ok(request)) = (
            can.has(Capability::Exec),
            exec::historical(functions::KNOWN),
        ) {
            use_load(
                Signal::stored(request),
                None,
                Callback::new(move |body: Vec<u8>| {
                    let answer: exec::Answer = weir_api::json_response(&body)?;
                    let lines = answer.data.iter().filter_map(|row| {
                        let [name, syntax, description] = row.as_slice() else {
                            return None;
                        };
                        Some(functions::told([
                            text(name)?,
                            text(syntax)?,
                            text(description)?,
                        ]))
                    });
                    known.set(lines.collect());
                    Ok(())
                }),
            );
        }
        Self {
            all,
            functions,
            known,
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
                    (completed(&stream.name), columns.collect())
                })
                .collect()
        });
        Words {
            functions: functions::with(&self.known.get(), &self.functions.get()),
            streams,
        }
    }
}
