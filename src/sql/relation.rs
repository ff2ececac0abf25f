//! Names of streams and views in the statements that the console writes.

use leptos::prelude::*;
use weir_api::timeplus::{database, quote};

/// The database of the page's connection; empty: the default one.
#[derive(Clone, Copy)]
pub struct Database(pub Memo<String>);

/// A stream or view of the page's connection as SQL wants it.
pub fn relation(name: &str) -> String {
    inside(&chosen(), &quote::name(name), quote::name)
}

/// The same for the editor, which quotes by itself.
pub fn completed(name: &str) -> String {
    inside(&chosen(), name, |name| name.into())
}

fn chosen() -> String {
    let database = use_context::<Database>();
    database.map_or_else(String::new, |database| database.0.get())
}

/// With its database, where that is not the one that is meant without.
fn inside(database: &str, name: &str, quoted: fn(&str) -> String) -> String {
    match database {
        "" | database::DEFAULT => name.into(),
        other => format!("{}.{name}", quoted(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_other_databases_stand_before_a_name() {
        let of = |database| inside(database, "`my s`", quote::name);
        assert_eq!(
            (of("").as_str(), of("default").as_str()),
            ("`my s`", "`my s`")
        );
        assert_eq!(of("my db"), "`my db`.`my s`");
    }
}
