//! What the connection's statements can read from and call, for completion and to choose from.

use leptos::prelude::*;
use serde_json::value::RawValue;
use weir_api::{
    capability::Capability,
    timeplus::{
        exec,
        udf::{self, Udf},
    },
};

use super::{functions, relation::completed, relations::Relations};
use crate::{
    connections::use_capabilities,
    kit::load::use_load,
    ui::{Readable, Words},
};

#[derive(Clone, Copy)]
pub struct Streams {
    pub relations: Relations,
    /// Names of the functions that people have defined.
    functions: RwSignal<Vec<String>>,
    /// What the server tells of its own.
    known: RwSignal<Vec<String>>,
}

/// A value that is a text.
fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

impl Streams {
    /// Loads now, and anew when the connection is back.
    pub fn load() -> Self {
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
            relations: Relations::load(),
            functions,
            known,
        }
    }

    pub fn reload(self) {
        self.relations.reload();
    }

    pub fn words(self) -> Words {
        let streams = self.relations.all.with(|all| {
            let told = all.iter().map(|one| Readable {
                name: completed(&one.name),
                kind: one.kind.label(),
                columns: one.columns.clone(),
            });
            told.collect()
        });
        Words {
            functions: functions::with(&self.known.get(), &self.functions.get()),
            streams,
        }
    }
}
