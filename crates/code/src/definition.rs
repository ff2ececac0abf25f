//! One resource as what would have to be sent to make it anew.

use serde_json::{Map, Value};
use weir_api::{ApiRequest, Method, request::decode, timeplus::exec};

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
    /// The server takes the SQL only.
    pub by_sql: bool,
    /// Variables that have to hold what is secret.
    pub secrets: Vec<String>,
}

impl Definition {
    /// `requests` and `sql` may hold secrets: they do not get further than here.
    pub fn new(kind: &str, name: &str, requests: Vec<ApiRequest>, mut sql: Vec<String>) -> Self {
        let mut masked = Vec::new();
        let prefix = format!("{kind}_{name}");
        let requests = requests.into_iter().map(|mut request| {
            if let Some(body) = &mut request.body
                && let Ok(mut value) = serde_json::from_slice::<Value>(&body.bytes)
            {
                masked.extend(secret::mask(&prefix, &mut value));
                body.bytes = serde_json::to_vec(&value).unwrap_or_default();
            }
            request
        });
        let requests = requests.collect();
        for secret::Masked { variable, secret } in &masked {
            let (from, to) = (quoted(secret), format!("'${{{variable}}}'"));
            for statement in &mut sql {
                // What was withheld reads the same everywhere: one place for each variable.
                *statement = match secret == secret::WITHHELD {
                    true => statement.replacen(&from, &to, 1),
                    false => statement.replace(&from, &to),
                };
            }
        }
        Self {
            kind: kind.into(),
            name: name.into(),
            requests,
            sql,
            by_sql: false,
            secrets: masked.into_iter().map(|one| one.variable).collect(),
        }
    }

    /// What the first changing request says of the resource, whether as JSON or as a form.
    pub fn value(&self) -> Option<Value> {
        let changing = |request: &&ApiRequest| request.method != Method::Get;
        let request = self.requests.iter().find(changing)?;
        let body = request.body.as_ref();
        if let Some(body) = body
            && let Ok(value) = serde_json::from_slice(&body.bytes)
        {
            return Some(value);
        }
        let query = request.query.iter();
        let query = query.map(|(name, value)| (name.to_string(), Value::from(value.clone())));
        let form = body.map_or("", |body| {
            std::str::from_utf8(&body.bytes).unwrap_or_default()
        });
        let form = form.split('&').filter_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some((decode(name), Value::from(decode(value))))
        });
        let fields: Map<String, Value> = query.chain(form).collect();
        (!fields.is_empty()).then_some(Value::Object(fields))
    }

    /// The calls that make it.
    pub(crate) fn calls(&self) -> Vec<ApiRequest> {
        match self.by_sql && !self.sql.is_empty() {
            true => self
                .sql
                .iter()
                .filter_map(|sql| exec::ddl(sql).ok())
                .collect(),
            false => self.requests.clone(),
        }
    }

    /// `None` where the resource has no such form. `base` is the connection's base URL.
    pub fn write(&self, form: Form, base: &str) -> Option<String> {
        match form {
            Form::Sql if self.sql.is_empty() => None,
            Form::Sql => {
                let one = |sql: &String| format!("{};\n", sql.trim_end().trim_end_matches(';'));
                Some(self.sql.iter().map(one).collect())
            }
            Form::Curl => {
                let calls: Vec<String> = self.calls().iter().map(|one| curl(base, one)).collect();
                (!calls.is_empty()).then(|| calls.join("\n"))
            }
            Form::Json => {
                let text = serde_json::to_string_pretty(&self.value()?).ok()?;
                Some(text + "\n")
            }
            Form::Terraform => terraform(&self.kind, &self.name, &self.value()?),
        }
    }
}

/// As it stands in SQL.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
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
        let sql = r"CREATE EXTERNAL TABLE out SETTINGS password = 'p\'w'";
        Definition::new("sink", "out", vec![request], vec![sql.into()])
    }

    #[test]
    fn no_form_holds_the_secret_and_each_names_its_place() {
        let sink = sink();
        assert_eq!(sink.secrets, ["SINK_OUT_PROPERTIES_PASSWORD"]);
        for form in Form::ALL {
            let text = sink
                .write(form, "https://tp.example/default/api")
                .expect("text");
            assert!(!text.contains("p'w") && !text.contains(r"p\'w"), "{text}");
            assert!(
                text.to_uppercase().contains("SINK_OUT_PROPERTIES_PASSWORD"),
                "{text}"
            );
        }
    }

    #[test]
    fn sql_is_what_can_be_pasted_and_what_is_called_where_the_server_takes_nothing_else() {
        let sql = vec!["CREATE STREAM a (x int)".to_string(), "SELECT 1;\n".into()];
        let mut both = Definition::new("stream", "a", Vec::new(), sql);
        let text = both.write(Form::Sql, "").expect("SQL");
        assert_eq!(text, "CREATE STREAM a (x int);\nSELECT 1;\n");
        assert_eq!(both.write(Form::Json, ""), None);
        assert_eq!(both.write(Form::Curl, ""), None);
        both.by_sql = true;
        let text = both.write(Form::Curl, "").expect("curl");
        assert!(text.contains("/v1beta2/exec") && text.contains("CREATE STREAM a"));
    }

    #[test]
    fn parameters_of_a_form_are_fields_too() {
        let request = ApiRequest::post("/").query("Action", "Create").bytes(
            "application/x-www-form-urlencoded",
            b"ApiName=a%20b".to_vec(),
        );
        let one = Definition::new("API", "a b", vec![request], Vec::new());
        let expected = json!({"Action": "Create", "ApiName": "a b"});
        assert_eq!(one.value(), Some(expected));
    }
}
