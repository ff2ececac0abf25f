//! What holds secrets is encrypted in the database: whole documents, with ChaCha20-Poly1305. The
//! key is not in the database, so a copy of that alone tells no secret.
//!
//! Whoever keeps such a document writes `seal(?1)` and reads `unsealed(document)` in SQL on the
//! writer's connection, and names the column in [`COLUMNS`].

use std::{path::Path, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};
use rusqlite::{
    Connection, OptionalExtension,
    functions::{Context, FunctionFlags},
};

use crate::{
    StoreError,
    secret_key::{KeyFile, SecretKey},
};

/// What is encrypted: table and column. Older databases hold them in clear and are changed when
/// they are opened.
const COLUMNS: [(&str, &str); 9] = [
    ("externals", "definition"),
    ("functions", "definition"),
    ("backend_sources", "definition"),
    ("backend_sinks", "record"),
    ("backend_alerts", "record"),
    // SQL that people ran can hold passwords.
    ("backend_queries", "record"),
    ("backend_azion_streamings", "definition"),
    ("backend_dataworks", "document"),
    ("backend_secmaster", "document"),
];

const PREFIX: &str = "sealed:1:";

/// Tells whether a key is the right one.
const PROOF: &str = "CREATE TABLE IF NOT EXISTS sealing (
    id INTEGER PRIMARY KEY CHECK (id = 1), proof TEXT NOT NULL
) STRICT";

/// A database up to this size is written anew when it is encrypted for the first time, so that
/// nothing in clear is left in pages that are free. A larger one would be locked for long.
const REWRITTEN: i64 = 256 << 20;

/// Cheap to clone.
#[derive(Clone)]
struct Sealer {
    key: Arc<LessSafeKey>,
    random: SystemRandom,
}

impl Sealer {
    fn new(key: &SecretKey) -> Result<Self, String> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, key.bytes());
        let key = key.map_err(|_| "the key does not fit".to_string())?;
        Ok(Self {
            key: Arc::new(LessSafeKey::new(key)),
            random: SystemRandom::new(),
        })
    }

    fn seal(&self, text: &str) -> Result<String, String> {
        let failed = |_| "it cannot be encrypted".to_string();
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(failed)?;
        let mut sealed = text.as_bytes().to_vec();
        let once = Nonce::assume_unique_for_key(nonce);
        self.key
            .seal_in_place_append_tag(once, Aad::empty(), &mut sealed)
            .map_err(failed)?;
        let mut bytes = nonce.to_vec();
        bytes.append(&mut sealed);
        Ok(format!("{PREFIX}{}", STANDARD_NO_PAD.encode(bytes)))
    }

    /// What is in clear stays as it is.
    fn open(&self, text: &str) -> Result<String, String> {
        let Some(encoded) = text.strip_prefix(PREFIX) else {
            return Ok(text.to_owned());
        };
        let damaged = || "it is damaged, or encrypted with another key".to_string();
        let bytes = STANDARD_NO_PAD.decode(encoded).map_err(|_| damaged())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut sealed = sealed.to_vec();
        let opened = self.key.open_in_place(nonce, Aad::empty(), &mut sealed);
        let opened = opened.map_err(|_| damaged())?;
        String::from_utf8(opened.to_vec()).map_err(|_| damaged())
    }
}

/// Makes ready what is encrypted, with `key` or that of the file in `folder`, which is made where
/// nothing was encrypted yet.
pub(crate) fn prepare(
    conn: &Connection,
    folder: &Path,
    key: Option<SecretKey>,
) -> Result<(), StoreError> {
    conn.execute_batch(PROOF)?;
    let proof = proof(conn)?;
    let sealer = match (&key, &proof) {
        (Some(key), _) => sealer(key)?,
        (None, None) => sealer(&KeyFile::of(folder).read_or_make()?)?,
        (None, Some(proof)) => of_file(folder, proof)?,
    };
    match proof {
        Some(proof) => {
            sealer.open(&proof).map_err(|_| StoreError::WrongKey)?;
        }
        None => {
            let proof = sealer.seal("weir").map_err(damaged)?;
            conn.execute("INSERT INTO sealing VALUES (1, ?1)", [proof])?;
        }
    }
    register(conn, &sealer)?;
    encrypt_older(conn)
}

/// A change of the key can have ended between the database and the file.
fn of_file(folder: &Path, proof: &str) -> Result<Sealer, StoreError> {
    let file = KeyFile::of(folder);
    if let Some(key) = file.read()? {
        let sealer = sealer(&key)?;
        if sealer.open(proof).is_ok() {
            return Ok(sealer);
        }
    }
    if let Some(key) = file.read_next()? {
        let sealer = sealer(&key)?;
        if sealer.open(proof).is_ok() {
            file.take_next()?;
            return Ok(sealer);
        }
    }
    Err(StoreError::WrongKey)
}

/// Encrypts all with another key: `next`, or a new one in the file. `current` is that of the file
/// where it is not given. The store must not be open.
pub(crate) fn rotate(
    conn: &mut Connection,
    folder: &Path,
    current: Option<SecretKey>,
    next: Option<SecretKey>,
) -> Result<(), StoreError> {
    prepare(conn, folder, current)?;
    let file = KeyFile::of(folder);
    let in_file = next.is_none();
    let next = match next {
        Some(key) => key,
        None => file.make_next()?,
    };
    let sealer = sealer(&next)?;
    let proof = sealer.seal("weir").map_err(damaged)?;
    let tx = conn.transaction()?;
    function(&tx, "sealed_anew", move |text| sealer.seal(text))?;
    for (table, column) in existing(&tx)? {
        tx.execute_batch(&format!(
            "UPDATE {table} SET {column} = sealed_anew(unsealed({column}))"
        ))?;
    }
    tx.execute("UPDATE sealing SET proof = ?1", [proof])?;
    tx.commit()?;
    checkpoint(conn)?;
    match in_file {
        true => file.take_next(),
        false => file.remove(),
    }
}

fn proof(conn: &Connection) -> Result<Option<String>, StoreError> {
    let select = "SELECT proof FROM sealing";
    Ok(conn.query_row(select, [], |row| row.get(0)).optional()?)
}

fn sealer(key: &SecretKey) -> Result<Sealer, StoreError> {
    Sealer::new(key).map_err(damaged)
}

fn damaged(reason: String) -> StoreError {
    StoreError::Damaged {
        name: "encryption of secrets".into(),
        reason,
    }
}

fn register(conn: &Connection, sealer: &Sealer) -> Result<(), StoreError> {
    let (seals, opens) = (sealer.clone(), sealer.clone());
    function(conn, "seal", move |text| seals.seal(text))?;
    function(conn, "unsealed", move |text| opens.open(text))
}

/// An SQL function of one text; NULL stays NULL.
fn function(
    conn: &Connection,
    name: &str,
    call: impl Fn(&str) -> Result<String, String> + Send + 'static,
) -> Result<(), StoreError> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    let run = move |context: &Context<'_>| {
        let text: Option<String> = context.get(0)?;
        let done = text.map(|text| call(&text)).transpose();
        done.map_err(|words| rusqlite::Error::UserFunctionError(words.into()))
    };
    Ok(conn.create_scalar_function(name, 1, flags, run)?)
}

/// Those of [`COLUMNS`] that this database has: other tables are made when they are first used.
fn existing(conn: &Connection) -> Result<Vec<(&'static str, &'static str)>, StoreError> {
    let mut find =
        conn.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1")?;
    let mut found = Vec::new();
    for (table, column) in COLUMNS {
        if find.exists([table])? {
            found.push((table, column));
        }
    }
    Ok(found)
}

fn encrypt_older(conn: &Connection) -> Result<(), StoreError> {
    let mut changed = 0;
    conn.execute_batch("PRAGMA secure_delete = ON; BEGIN IMMEDIATE")?;
    for (table, column) in existing(conn)? {
        changed += conn.execute(
            &format!("UPDATE {table} SET {column} = seal({column}) WHERE {column} NOT LIKE ?1"),
            [format!("{PREFIX}%")],
        )?;
    }
    conn.execute_batch("COMMIT; PRAGMA secure_delete = OFF")?;
    if changed == 0 {
        return Ok(());
    }
    let size: i64 = conn.query_row(
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        [],
        |row| row.get(0),
    )?;
    match size <= REWRITTEN {
        true => conn.execute_batch("VACUUM")?,
        false => tracing::warn!(
            "secrets are encrypted now; the database is too large to be written anew at once, so \
             what was deleted from it before may still be in its free pages: VACUUM it"
        ),
    }
    checkpoint(conn)
}

/// Nothing of before stays in the log.
fn checkpoint(conn: &Connection) -> Result<(), StoreError> {
    let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
    Ok(conn.query_row(truncate, [], |_| Ok(()))?)
}
