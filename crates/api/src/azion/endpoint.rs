//! Where streamings send to: the eleven endpoint types and their fields.

use crate::property::{Property as P, TypeOf};

/// The key of the type within an endpoint.
pub const TYPE: &str = "endpoint_type";

/// Posts to an address.
pub const STANDARD: &str = "standard";

const REGION: P = P::text("region", "Region", "For example us-east-1.").required();

pub static TYPES: &[TypeOf] = &[
    TypeOf::new(
        STANDARD,
        "Standard HTTP/HTTPS POST",
        "Posts batches of lines to a URL.",
        &[
            P::text("url", "URL", "").required(),
            P::text(
                "log_line_separator",
                "Line separator",
                "Between two lines; \\n is a new line.",
            )
            .required()
            .default("\\n"),
            P::text(
                "payload_format",
                "Payload format",
                "$dataset stands for the lines of a batch.",
            )
            .required()
            .default("$dataset"),
            P::number(
                "max_size",
                "Largest payload",
                "Bytes, from 1000000 to 2147483647.",
            ),
            P::map("headers", "Headers", "One name: value per line, at most 5."),
        ],
    )
    .runs(),
    TypeOf::new(
        "kafka",
        "Apache Kafka",
        "Writes each line as a record of a topic.",
        &[
            P::text("kafka_topic", "Topic", "").required(),
            P::text(
                "bootstrap_servers",
                "Bootstrap servers",
                "host:port, several separated by commas without spaces.",
            )
            .required(),
            P::flag("use_tls", "TLS", "The connection is encrypted."),
        ],
    )
    .runs(),
    TypeOf::new(
        "s3",
        "Simple Storage Service (S3)",
        "Stores each batch as an object in a bucket.",
        &[
            P::text(
                "host_url",
                "Host URL",
                "For example https://s3.us-east-1.amazonaws.com.",
            )
            .required(),
            P::text("bucket_name", "Bucket", "").required(),
            REGION,
            P::text("access_key", "Access key", "").required(),
            P::text("secret_key", "Secret key", "").required().secret(),
            P::choice(
                "content_type",
                "Content type",
                &["plain/text", "application/gzip"],
                "application/gzip compresses each object.",
            )
            .required()
            .default("plain/text"),
            P::text(
                "object_key_prefix",
                "Object name prefix",
                "For example logs/.",
            ),
        ],
    )
    .runs(),
    TypeOf::new(
        "big_query",
        "Google BigQuery",
        "Inserts each record into a table.",
        &[
            P::text("project_id", "Project", "").required(),
            P::text("dataset_id", "Data set", "").required(),
            P::text("table_id", "Table", "").required(),
            P::long(
                "service_account_key",
                "Service account key",
                "The JSON key file of a Google service account.",
            )
            .required()
            .secret(),
        ],
    ),
    TypeOf::new(
        "elasticsearch",
        "Elasticsearch",
        "Adds each record to an index.",
        &[
            P::text(
                "url",
                "URL",
                "With the index, for example https://es.example.com/logs.",
            )
            .required(),
            P::text("api_key", "API key", "Base64-encoded.")
                .required()
                .secret(),
        ],
    )
    .runs(),
    TypeOf::new(
        "splunk",
        "Splunk",
        "Sends events to an HTTP event collector.",
        &[
            P::text(
                "url",
                "URL",
                "For example https://splunk.example.com:8088/services/collector.",
            )
            .required(),
            P::text("api_key", "Token", "").required().secret(),
        ],
    )
    .runs(),
    TypeOf::new(
        "aws_kinesis_firehose",
        "AWS Kinesis Data Firehose",
        "Sends records to a delivery stream, up to 500 per request.",
        &[
            P::text("stream_name", "Delivery stream", "").required(),
            REGION,
            P::text("access_key", "Access key", "").required(),
            P::text("secret_key", "Secret key", "").required().secret(),
        ],
    ),
    TypeOf::new(
        "datadog",
        "Datadog",
        "Sends records to the logs intake.",
        &[
            P::text(
                "url",
                "URL",
                "For example https://http-intake.logs.datadoghq.com/v1/input.",
            )
            .required(),
            P::text("api_key", "API key", "").required().secret(),
        ],
    )
    .runs(),
    TypeOf::new(
        "qradar",
        "IBM QRadar",
        "Posts batches of lines to a log source of type HTTP receiver.",
        &[P::text("url", "URL", "").required()],
    )
    .runs(),
    TypeOf::new(
        "azure_monitor",
        "Azure Monitor",
        "Adds records to a table of a Log Analytics workspace.",
        &[
            P::text(
                "log_type",
                "Log type",
                "Letters, digits and _, at most 100.",
            )
            .required(),
            P::text("workspace_id", "Workspace ID", "").required(),
            P::text("shared_key", "Shared key", "").required().secret(),
            P::text(
                "time_generated_field",
                "Time field",
                "The field with the time of a record.",
            ),
        ],
    ),
    TypeOf::new(
        "azure_blob_storage",
        "Azure Blob Storage",
        "Stores each batch as a blob in a container.",
        &[
            P::text("storage_account", "Storage account", "").required(),
            P::text("container_name", "Container", "").required(),
            P::text("blob_sas_token", "SAS token", "")
                .required()
                .secret(),
        ],
    )
    .runs(),
];

/// Some endpoint has a field of this name.
pub(super) fn is_field(key: &str) -> bool {
    key == TYPE || TYPES.iter().any(|kind| kind.property(key).is_some())
}

/// `\n`, `\r`, `\t` and `\\` as typed, and what they stand for.
pub fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some('\\') | None => plain.push('\\'),
            Some(other) => plain.extend(['\\', other]),
        }
    }
    plain
}

/// What cannot be seen in a field of one line is written as `\n` and so on.
pub fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t")
}

/// Of a field that is typed as one line and may hold a new line.
pub const ESCAPED: [&str; 1] = ["log_line_separator"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::property::{Map, Typed, Values, find};

    #[test]
    fn there_are_eleven_and_their_secrets_are_known() {
        assert_eq!(TYPES.len(), 11);
        let secrets: Vec<_> = TYPES.iter().flat_map(TypeOf::secrets).collect();
        assert_eq!(
            secrets,
            [
                "secret_key",
                "service_account_key",
                "api_key",
                "api_key",
                "secret_key",
                "api_key",
                "shared_key",
                "blob_sas_token"
            ]
        );
        assert_eq!(TYPES.iter().filter(|one| one.runs).count(), 8);
    }

    #[test]
    fn separators_are_typed_as_one_line() {
        for text in ["\n", "\r\n", "\t", "a\\b", "plain"] {
            assert_eq!(unescaped(&escaped(text)), text);
        }
        assert_eq!(unescaped("\\n"), "\n");
        assert_eq!(unescaped("\\x\\"), "\\x\\");
    }

    #[test]
    fn a_secret_is_of_the_type_that_the_server_has_it_for() {
        let held = Map::new();
        let mut typed = Typed {
            kind: "splunk".into(),
            values: Values::of(find(TYPES, "splunk"), &held),
        };
        assert!(typed.values.unchanged("api_key"));
        typed.choose(TYPES, "datadog");
        assert!(!typed.values.kept("api_key"));
        typed.choose(TYPES, "splunk");
        assert!(typed.values.unchanged("api_key"));
    }
}
