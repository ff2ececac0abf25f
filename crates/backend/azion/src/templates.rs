//! Templates: those that everyone has, all variables of a data source as one JSON object, and one's
//! own.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use serde::{Deserialize, Serialize};
use weir_api::azion::{
    DataSource,
    template::Template,
    v4::template::{Template as WireTemplate, TemplateDef},
};
use weir_store::{Store, StoreError};

use super::{error::VendorError, record::Edits};
use crate::clock;

const TEMPLATES: &[(i64, &str, DataSource)] = &[
    (2, "Edge Applications, event collector", DataSource::Http),
    (4, "WAF, event collector", DataSource::Waf),
    (
        86,
        "Edge Functions, event collector",
        DataSource::CellsConsole,
    ),
    (
        184,
        "Edge Applications + WAF, event collector",
        DataSource::Http,
    ),
    (251, "Activity History collector", DataSource::Activity),
];
/// The first id of one's own.
const FIRST_OWN: i64 = 1000;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS backend_azion_templates (
    id INTEGER PRIMARY KEY AUTOINCREMENT, template TEXT NOT NULL
) STRICT";

/// When everybody's templates were made: the vendor's clients need a time.
const EVERYBODYS: &str = "2024-01-01T00:00:00Z";

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Templates(Arc<Inner>);

struct Inner {
    store: Store,
    own: RwLock<BTreeMap<i64, Own>>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Own {
    definition: TemplateDef,
    edits: Edits,
}

impl Own {
    fn shown(self, id: i64) -> WireTemplate {
        WireTemplate {
            id,
            name: self.definition.name,
            last_editor: self.edits.editor,
            created_at: clock::iso(self.edits.created_ms),
            last_modified: clock::iso(self.edits.modified_ms),
            custom: true,
            active: self.definition.active,
            data_set: self.definition.data_set,
        }
    }
}

impl Templates {
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        let rows: Vec<(i64, String)> = store
            .write(|tx| {
                tx.execute_batch(TABLE)?;
                let mut select = tx.prepare("SELECT id, template FROM backend_azion_templates")?;
                let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await?;
        let read = |(id, text): (i64, String)| {
            let own = serde_json::from_str(&text).map_err(damaged)?;
            Ok((id, own))
        };
        let own = rows
            .into_iter()
            .map(read)
            .collect::<Result<_, StoreError>>()?;
        Ok(Self(Arc::new(Inner {
            store: store.clone(),
            own: RwLock::new(own),
        })))
    }

    fn all_own(&self) -> BTreeMap<i64, Own> {
        let own = self.0.own.read().unwrap_or_else(PoisonError::into_inner);
        own.clone()
    }

    /// Everybody's first, then one's own.
    pub(super) fn list(&self) -> Vec<WireTemplate> {
        let everybodys = TEMPLATES.iter().map(|one| {
            let template = made(one);
            WireTemplate {
                id: template.id,
                name: template.name,
                active: true,
                data_set: template.template_model,
                created_at: EVERYBODYS.into(),
                last_modified: EVERYBODYS.into(),
                ..WireTemplate::default()
            }
        });
        let own = self.all_own().into_iter();
        everybodys
            .chain(own.map(|(id, own)| own.shown(id)))
            .collect()
    }

    /// As version 3 has them.
    pub(super) fn get(&self, id: i64) -> Option<Template> {
        let everybodys = TEMPLATES.iter().find(|one| one.0 == id).map(made);
        everybodys.or_else(|| {
            let own = self.all_own().remove(&id)?;
            Some(Template {
                id,
                name: own.definition.name,
                template_model: own.definition.data_set,
                ..Template::default()
            })
        })
    }

    pub(super) fn find(&self, id: i64) -> Result<WireTemplate, VendorError> {
        let mut all = self.list().into_iter();
        all.find(|one| one.id == id)
            .ok_or_else(VendorError::not_found)
    }

    /// One that can be changed.
    pub(super) fn own(&self, id: i64) -> Result<WireTemplate, VendorError> {
        let found = self.find(id)?;
        match found.custom {
            true => Ok(found),
            false => {
                let words = "This template is everybody's and cannot be changed.";
                Err(VendorError::new(axum::http::StatusCode::FORBIDDEN, words))
            }
        }
    }

    pub(super) async fn create(
        &self,
        definition: TemplateDef,
        editor: &str,
    ) -> Result<WireTemplate, VendorError> {
        let own = Own {
            definition,
            edits: Edits::begun(editor),
        };
        let text = serde_json::to_string(&own).map_err(damaged)?;
        let id = self
            .0
            .store
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO backend_azion_templates (id, template) VALUES (
                         (SELECT max(coalesce(max(id) + 1, 0), ?1) FROM backend_azion_templates), ?2
                     )",
                    (FIRST_OWN, text),
                )?;
                Ok(tx.last_insert_rowid())
            })
            .await?;
        self.keep(id, own.clone());
        Ok(own.shown(id))
    }

    fn keep(&self, id: i64, own: Own) {
        let mut all = self.0.own.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(id, own);
    }

    pub(super) async fn change(
        &self,
        id: i64,
        definition: TemplateDef,
        editor: &str,
    ) -> Result<WireTemplate, VendorError> {
        let stands = self
            .all_own()
            .remove(&id)
            .ok_or_else(VendorError::not_found)?;
        let own = Own {
            definition,
            edits: stands.edits.by(editor),
        };
        let text = serde_json::to_string(&own).map_err(damaged)?;
        self.0
            .store
            .write(move |tx| {
                let sql = "UPDATE backend_azion_templates SET template = ?2 WHERE id = ?1";
                tx.execute(sql, (id, text))?;
                Ok(())
            })
            .await?;
        self.keep(id, own.clone());
        Ok(own.shown(id))
    }

    pub(super) async fn delete(&self, id: i64) -> Result<(), VendorError> {
        self.0
            .store
            .write(move |tx| {
                let sql = "DELETE FROM backend_azion_templates WHERE id = ?1";
                tx.execute(sql, [id])?;
                Ok(())
            })
            .await?;
        let mut all = self.0.own.write().unwrap_or_else(PoisonError::into_inner);
        all.remove(&id);
        Ok(())
    }
}

fn damaged(error: serde_json::Error) -> StoreError {
    StoreError::Damaged {
        name: "template of data streamings".into(),
        reason: error.to_string(),
    }
}

/// Those that everyone has; one's own are only in version 4.
pub(super) fn everybodys() -> Vec<Template> {
    TEMPLATES.iter().map(made).collect()
}

/// The one that holds for a streaming that names none.
pub(super) fn of(source: DataSource) -> i64 {
    let mut fitting = TEMPLATES.iter().filter(|one| one.2 == source);
    fitting.next().map_or(TEMPLATES[0].0, |one| one.0)
}

fn made((id, name, source): &(i64, &str, DataSource)) -> Template {
    // The one with both shows what the firewall found; the first one does not.
    let shown = |variable: &str| *id != 2 || !variable.starts_with("waf_");
    let names = source.variables().iter().map(|one| one.name);
    let pairs: Vec<String> = names
        .filter(|name| shown(name))
        .map(|name| format!("\"{name}\":\"${name}\""))
        .collect();
    Template {
        id: *id,
        name: (*name).into(),
        template_model: format!("{{{}}}", pairs.join(",")),
        ..Template::default()
    }
}

#[cfg(test)]
mod tests {
    use weir_api::azion::Model;

    use super::*;

    #[test]
    fn their_variables_exist() {
        for one in TEMPLATES {
            let template = made(one);
            let model = Model::parse(&template.template_model);
            assert!(model.unknown(one.2).is_empty(), "{template:?}");
        }
        assert_ne!(
            everybodys()[0].template_model,
            everybodys()[3].template_model
        );
    }
}
