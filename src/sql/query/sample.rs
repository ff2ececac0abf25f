//! One row of a query.

use weir_api::{
    ApiError, json_response,
    timeplus::{
        event::{QueryEvent, QueryEvents},
        query::{self, CreateQuery},
        read_only,
    },
};

use crate::http::{self, Abort, Endpoint};

/// The first row as a JSON object, its values as they are; `None` where the query ends without
/// one. Looks back an hour, where the server lets it.
pub async fn first_row(
    endpoint: &Endpoint,
    sql: &str,
    abort: &Abort,
) -> Result<Option<String>, ApiError> {
    let sql = sql.trim().trim_end_matches(';');
    if !sql.to_lowercase().contains("settings") {
        let back = format!("{sql} SETTINGS seek_to = '-1h'");
        match row(endpoint, back, abort).await {
            Err(ApiError::Status(_)) => {}
            found => return found,
        }
    }
    row(endpoint, sql.to_string(), abort).await
}

async fn row(endpoint: &Endpoint, sql: String, abort: &Abort) -> Result<Option<String>, ApiError> {
    read_only::check(&sql).map_err(|why| {
        let words = format!("Not run: a preview runs only statements that read, and {why}.");
        weir_api::timeplus::error(403, None, words.as_bytes())
    })?;
    let request = query::run(&CreateQuery {
        sql,
        read_only: true,
        ..CreateQuery::default()
    })?;
    let mut body = http::open(endpoint, request, abort).await?;
    let (mut events, mut names, mut id) = (QueryEvents::default(), Vec::new(), String::new());
    let mut found = None;
    while found.is_none() {
        let Some(piece) = body.next().await? else {
            break;
        };
        events.push(&piece, |event| match event {
            Ok(QueryEvent::Started(query)) => {
                names = query.result.header.into_iter().map(|c| c.name).collect();
                id = query.id;
            }
            Ok(QueryEvent::Rows(rows)) if found.is_none() => found = object(&names, rows),
            Ok(QueryEvent::Finished(query)) if !query.message.is_empty() => {
                found = Some(Err(ApiError::Decode(query.message)));
            }
            Ok(_) => {}
            Err(error) => found = Some(Err(error)),
        });
    }
    if !id.is_empty() {
        // It ends without a reader in any case.
        let _ = http::send(endpoint, query::cancel(&id)).await;
    }
    found.transpose()
}

fn object(names: &[String], rows: &[u8]) -> Option<Result<String, ApiError>> {
    let rows: Vec<Vec<Box<serde_json::value::RawValue>>> = match json_response(rows) {
        Ok(rows) => rows,
        Err(error) => return Some(Err(error)),
    };
    let row = rows.into_iter().next()?;
    let cells = names.iter().zip(row).map(|(name, value)| {
        let name = serde_json::to_string(name).unwrap_or_default();
        format!("{name}:{}", value.get())
    });
    let cells: Vec<String> = cells.collect();
    Some(Ok(format!("{{{}}}", cells.join(","))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_keeps_its_digits() {
        let names = ["a".to_string(), "b\"".to_string()];
        let row = object(&names, br#"[[18446744073709551615, 1.50],[1,2]]"#);
        let row = row.expect("row").expect("JSON");
        assert_eq!(row, r#"{"a":18446744073709551615,"b\"":1.50}"#);
        assert_eq!(object(&names, b"[]"), None);
    }
}
