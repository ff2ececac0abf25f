//! One resource as what would have to be sent to make it anew.

use serde_json::Value;
use weir_api::{ApiRequest, Method};

use crate::{curl, secret, terraform};

/// A form that a definition can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Sql,
    Curl,
    Json,
    Terraform,
}

impl Form {
    pub const ALL: [Self; 4] = [Self::Sql, Self::Curl, Self::Json, Self::Terraform];

    pub fn label(self) -> &'static str {
        match self {
            Self::Sql => "SQL",
            Self::Curl => "curl",
            Self::Json => "JSON",
            Self::Terraform => "Terraform",
        }
    }

    /// Of a file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Curl => "sh",
            Self::Json => "json",
            Self::Terraform => "tf",
        }
    }
}

/// Made of the requests of a resource's own form, without secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Kind of resource, for example `stream`.
    pub kind: String,
    pub name: String,
    /// Creates it over REST, one after the other.
    pub requests: Vec<ApiRequest>,
    /// Creates it where definitions are SQL; empty where there is no such way.
    pub sql: Vec<String>,
    /// Type of the vendor's Terraform resource, for example `timeplus_stream`.
    pub terraform: Option<&'static str>,
    /// Variables that have to hold what is secret.
    pub secrets: Vec<String>,
}

impl Definition {
    /// `requests` may hold secrets: they do not get further than here.
    pub fn new(
        kind: &str,
        name: &str,
        requests: Vec<ApiRequest>,
        sql: Vec<String>,
        terraform: Option<&'static str>,
    ) -> Self {
        let mut secrets = Vec::new();
        let requests = requests.into_iter().map(|mut request| {
            if let Some(body) = &mut request.body
                && let Ok(mut value) = serde_json::from_slice::<Value>(&body.bytes)
            {
                secrets.extend(secret::mask(&format!("{kind}_{name}"), &mut value));
                body.bytes = serde_json::to_vec(&value).unwrap_or_default();
            }
            request
        });
        let requests = requests.collect();
        Self {
            kind: kind.into(),
            name: name.into(),
            requests,
            sql,
            terraform,
            secrets,
        }
    }

    /// What the first request says of the resource.
    pub fn value(&self) -> Option<Value> {
        let changing = |request: &&ApiRequest| request.method != Method::Get;
        let request = self.requests.iter().find(changing)?;
        serde_json::from_slice(&request.body.as_ref()?.bytes).ok()
    }

    /// `None` where the resource has no such form. `base` is the connection's base URL.
    pub fn write(&self, form: Form, base: &str) -> Option<String> {
        match form {
            Form::Sql if self.sql.is_empty() => None,
            Form::Sql => Some(self.sql.iter().map(|one| format!("{one};\n")).collect()),
            Form::Curl => {
                let calls = self.requests.iter().map(|request| curl(base, request));
                let calls: Vec<String> = calls.collect();
                (!calls.is_empty()).then(|| calls.join("\n"))
            }
            Form::Json => {
                let text = serde_json::to_string_pretty(&self.value()?).ok()?;
                Some(text + "\n")
            }
            Form::Terraform => Some(terraform(self.terraform?, &self.name, &self.value()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sink() -> Definition {
        let body = json!({"name": "out", "properties": {"url": "https://x", "password": "p'w"}});
        let request = ApiRequest::post("/v1beta2/sinks")
            .json(&body)
            .expect("JSON");
        Definition::new(
            "sink",
            "out",
            vec![request],
            Vec::new(),
            Some("timeplus_sink"),
        )
    }

    #[test]
    fn no_form_holds_the_secret_and_each_names_its_place() {
        let sink = sink();
        assert_eq!(sink.secrets, ["SINK_OUT_PROPERTIES_PASSWORD"]);
        for form in [Form::Curl, Form::Json, Form::Terraform] {
            let text = sink
                .write(form, "https://tp.example/default/api")
                .expect("text");
            assert!(!text.contains("p'w"), "{text}");
            assert!(
                text.to_uppercase().contains("SINK_OUT_PROPERTIES_PASSWORD"),
                "{text}"
            );
        }
        assert_eq!(sink.write(Form::Sql, ""), None);
    }

    #[test]
    fn sql_is_what_can_be_pasted() {
        let sql = vec!["CREATE STREAM a (x int)".to_string(), "SELECT 1".into()];
        let both = Definition::new("stream", "a", Vec::new(), sql, None);
        let text = both.write(Form::Sql, "").expect("SQL");
        assert_eq!(text, "CREATE STREAM a (x int);\nSELECT 1;\n");
        assert_eq!(both.write(Form::Json, ""), None);
    }
}
