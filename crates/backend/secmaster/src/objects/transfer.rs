//! Objects as a CSV file: what a search finds, and what is to be created.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_api::secmaster::{
    data_class::{DataClass, Field},
    data_object::Fields,
    search::Search,
};

use super::{
    super::{
        classes,
        vendor_error::VendorError,
        wire::{Json, Rest, Workspace},
    },
    change::Sent,
    routes::answered,
};
use crate::{Services, audit::Change};

/// Rows of a file.
const MOST: u32 = 10_000;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Export {
    data_object_filters_form: Search,
    /// Keys of the fields to write; empty: all of the class.
    title: Vec<String>,
}

fn keys(class: &DataClass) -> Vec<String> {
    let fields = classes::fields(&class.id).into_iter();
    fields.map(|field| field.field_key).collect()
}

/// The first line of a file to import.
pub(super) async fn template(rest: Rest) -> Result<Response, VendorError> {
    let class = classes::by_plural(rest.part(0))?;
    let mut titles = keys(&class);
    titles.retain(|key| key != "id");
    file(&format!("{}-template.csv", class.plural()), &[titles])
}

fn file(name: &str, records: &[Vec<String>]) -> Result<Response, VendorError> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    for record in records {
        csv.write_record(record).map_err(VendorError::internal)?;
    }
    let bytes = csv.into_inner().map_err(VendorError::internal)?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

pub(super) async fn export(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(sent): Json<Export>,
) -> Result<Response, VendorError> {
    let class = classes::by_plural(rest.part(0))?;
    let titles = match sent.title.is_empty() {
        true => keys(&class),
        false => sent.title,
    };
    let mut search = sent.data_object_filters_form;
    if search.limit == 0 {
        search.limit = MOST;
    }
    let name = format!("{}.csv", class.plural());
    let (found, _) = app
        .secmaster
        .objects
        .search(class, &workspace, search)
        .await?;
    let mut records = vec![titles];
    for object in found {
        let cell = |key: &String| {
            object
                .data_object
                .get(key)
                .map_or_else(String::new, Field::text)
        };
        let record = records[0].iter().map(cell).collect();
        records.push(record);
    }
    Ok(Change::None.on(file(&name, &records)?))
}

/// The part `uploadFile` of a form. All rows or none.
pub(super) async fn import(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    request: Request,
) -> Result<Response, VendorError> {
    let class = classes::by_plural(rest.part(0))?;
    let file = upload(request, &app).await?;
    let objects = rows(&class, &file)?;
    let ids = app
        .secmaster
        .objects
        .create(&class, &workspace, 1, Sent::Batch(objects))
        .await?;
    let change = Change::named(format!("{} {}", ids.len(), class.plural()));
    Ok(change.on(answered(json!({"ids": ids})).into_response()))
}

async fn upload(request: Request, app: &Services) -> Result<Bytes, VendorError> {
    let wrong = |words: String| VendorError::field("uploadFile", words);
    let form = Multipart::from_request(request, app).await;
    let mut form = form.map_err(|error| wrong(error.body_text()))?;
    loop {
        let part = form.next_field().await;
        match part.map_err(|error| wrong(error.body_text()))? {
            Some(part) if part.name() == Some("uploadFile") => {
                let bytes = part.bytes().await;
                return bytes.map_err(|error| wrong(error.body_text()));
            }
            Some(_) => {}
            None => return Err(wrong("is needed".into())),
        }
    }
}

/// The first line names the fields, by key or by label.
fn rows(class: &DataClass, file: &[u8]) -> Result<Vec<Fields>, VendorError> {
    let wrong =
        |line: usize, words: String| VendorError::field(format!("uploadFile[{line}]"), words);
    let fields = classes::fields(&class.id);
    let mut csv = csv::Reader::from_reader(file);
    let header = csv
        .headers()
        .map_err(|error| wrong(1, error.to_string()))?
        .clone();
    let known = |title: &str| {
        fields
            .iter()
            .find(|f| f.field_key == title || f.label() == title)
    };
    let mut objects = Vec::new();
    for (at, record) in csv.records().enumerate() {
        let line = at + 2;
        let record = record.map_err(|error| wrong(line, error.to_string()))?;
        let mut object = Fields::new();
        for (title, text) in header.iter().zip(&record) {
            let (key, value) = match known(title) {
                Some(field) => {
                    let value = field.value(text);
                    let value = value.map_err(|words| wrong(line, format!("{title}: {words}")))?;
                    (field.field_key.clone(), value)
                }
                None => {
                    let value = Some(text).filter(|text| !text.is_empty());
                    (title.to_owned(), value.map(Value::from))
                }
            };
            if let Some(value) = value {
                object.insert(key, value);
            }
        }
        objects.push(object);
    }
    Ok(objects)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_fields_by_key_or_label() {
        let class = classes::by_plural("alerts").expect("class");
        let file = b"Title,severity,count,other\na,Low,3,x\n";
        let rows = rows(&class, file).expect("rows");
        assert_eq!(
            json!(rows),
            json!([{"title": "a", "severity": "Low", "count": 3, "other": "x"}])
        );
    }

    #[test]
    fn a_wrong_value_is_named_with_its_line() {
        let class = classes::by_plural("alerts").expect("class");
        let refused = super::rows(&class, b"title,count\na,many\n").expect_err("wrong");
        assert!(
            format!("{refused:?}").contains("uploadFile[2]"),
            "{refused:?}"
        );
    }
}
