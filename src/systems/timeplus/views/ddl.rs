//! The SQL that makes and changes views, of both kinds.

use weir_api::timeplus::{
    materialized_view::{Create, Update},
    quote,
    view::{CreateView, UpdateView},
};

fn comment(description: Option<&str>) -> String {
    let text = description.filter(|text| !text.is_empty());
    text.map_or_else(String::new, |text| {
        format!("\nCOMMENT {}", quote::text(text))
    })
}

fn named(view: &str) -> String {
    quote::name(if view.is_empty() { "name" } else { view })
}

/// The statement without what closes it.
fn query(text: &str) -> &str {
    text.trim().trim_end_matches(';').trim_end()
}

pub fn create(view: &CreateView) -> String {
    format!(
        "CREATE VIEW {} AS\n{}{}",
        named(&view.name),
        query(&view.query),
        comment(view.description.as_deref())
    )
}

/// Another query makes the view anew in its place; `None` where nothing changes.
pub fn change(view: &str, before: &UpdateView, change: &UpdateView) -> Option<String> {
    let description = change.description.as_deref();
    if let Some(text) = &change.query {
        let description = description.or(before.description.as_deref());
        return Some(format!(
            "CREATE OR REPLACE VIEW {} AS\n{}{}",
            quote::name(view),
            query(text),
            comment(description)
        ));
    }
    description.map(|text| {
        format!(
            "ALTER VIEW {} MODIFY COMMENT {}",
            quote::name(view),
            quote::text(text)
        )
    })
}

/// How long rows are kept has no place in the statement: it is changed afterwards.
pub fn create_materialized(view: &Create) -> String {
    let target = view.target_stream.as_deref().map(quote::name);
    let into = target.map_or_else(String::new, |target| format!(" INTO {target}"));
    format!(
        "CREATE MATERIALIZED VIEW {}{into} AS\n{}{}",
        named(&view.name),
        query(&view.query),
        comment(view.description.as_deref())
    )
}

/// `None` where nothing changes.
pub fn change_materialized(view: &str, change: &Update) -> Option<String> {
    let comment = change.description.as_deref().map(quote::text);
    let mut parts = Vec::new();
    if let Some(ttl) = &change.ttl_expression {
        parts.push(match ttl.trim() {
            "" => "REMOVE TTL".to_string(),
            ttl => format!("MODIFY TTL {ttl}"),
        });
    }
    let settings = [
        ("logstore_retention_bytes", change.logstore_retention_bytes),
        ("logstore_retention_ms", change.logstore_retention_ms),
    ];
    let settings: Vec<String> = settings
        .into_iter()
        .filter_map(|(setting, value)| Some(format!("{setting} = {}", value?)))
        .collect();
    if !settings.is_empty() {
        parts.push(format!("MODIFY SETTING {}", settings.join(", ")));
    }
    match (parts.is_empty(), comment) {
        (true, None) => None,
        (true, Some(comment)) => Some(format!(
            "ALTER VIEW {} MODIFY COMMENT {comment}",
            quote::name(view)
        )),
        (false, comment) => {
            parts.extend(comment.map(|comment| format!("MODIFY COMMENT {comment}")));
            Some(format!(
                "ALTER STREAM {} {}",
                quote::name(view),
                parts.join(", ")
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_are_made_and_replaced() {
        let view = CreateView {
            name: "v".into(),
            query: " SELECT 1;\n".into(),
            description: Some("it's".into()),
            ..CreateView::default()
        };
        assert_eq!(create(&view), "CREATE VIEW v AS\nSELECT 1\nCOMMENT 'it''s'");
        assert_eq!(create(&CreateView::default()), "CREATE VIEW name AS\n");
        let before = UpdateView {
            description: Some("old".into()),
            ..UpdateView::default()
        };
        let other = UpdateView {
            query: Some("SELECT 2".into()),
            ..UpdateView::default()
        };
        assert_eq!(
            change("v", &before, &other).as_deref(),
            Some("CREATE OR REPLACE VIEW v AS\nSELECT 2\nCOMMENT 'old'")
        );
        let words = UpdateView {
            description: Some(String::new()),
            ..UpdateView::default()
        };
        assert_eq!(
            change("v", &before, &words).as_deref(),
            Some("ALTER VIEW v MODIFY COMMENT ''")
        );
        assert_eq!(change("v", &before, &UpdateView::default()), None);
    }

    #[test]
    fn materialized_views_name_their_target() {
        let view = Create {
            name: "m".into(),
            query: "SELECT a FROM s".into(),
            target_stream: Some("my target".into()),
            ..Create::default()
        };
        assert_eq!(
            create_materialized(&view),
            "CREATE MATERIALIZED VIEW m INTO `my target` AS\nSELECT a FROM s"
        );
    }

    #[test]
    fn a_change_is_one_statement() {
        let mut change = Update {
            description: Some("d".into()),
            ..Update::default()
        };
        assert_eq!(
            change_materialized("m", &change).as_deref(),
            Some("ALTER VIEW m MODIFY COMMENT 'd'")
        );
        change.logstore_retention_ms = Some(5);
        change.ttl_expression = Some(String::new());
        assert_eq!(
            change_materialized("m", &change).as_deref(),
            Some(
                "ALTER STREAM m REMOVE TTL, MODIFY SETTING logstore_retention_ms = 5, MODIFY COMMENT 'd'"
            )
        );
        assert_eq!(change_materialized("m", &Update::default()), None);
    }
}
