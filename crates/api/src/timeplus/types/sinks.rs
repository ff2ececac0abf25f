//! Where sinks send rows.

use super::{
    common::{
        BROKERS, DATABASE, PASSWORD, REDPANDA, SASL, TLS_OFF, TLS_UNVERIFIED, TOPIC, USERNAME,
    },
    sources,
};
use crate::property::{Property as P, TypeOf};

pub static TYPES: &[TypeOf] = &[
    TypeOf::new(
        "http",
        "HTTP",
        "Sends an HTTP request for each row.",
        &[
            P::text("url", "URL", "").required(),
            P::choice(
                "http_method",
                "Method",
                &["POST", "PUT", "PATCH", "GET", "DELETE"],
                "",
            )
            .default("POST"),
            P::text("content_type", "Content type", "For example application/json."),
            P::long(
                "payload_field",
                "Body",
                "{{ .name }} inserts the value of a column. Leave it empty to send the whole row as JSON.",
            ),
            P::map("http_header", "Headers", "One name: value per line."),
            P::number("paralism", "Parallel requests", "").default("1"),
            P::number("retries", "Retries", "How often a failed request is retried.").default("0"),
            P::span("retry_interval", "Time between retries", "").default("10s"),
            P::span("timeout", "Timeout", "Maximum duration of a request.").default("10s"),
            P::flag(
                "oauth2.enabled",
                "OAuth 2",
                "Fetches a token with the client credentials below and sends it with each request.",
            ),
            P::text("oauth2.client_key", "OAuth 2 client", ""),
            P::text("oauth2.client_secret", "OAuth 2 client secret", "").secret(),
            P::text("oauth2.token_url", "OAuth 2 token URL", ""),
            P::list("oauth2.scopes", "OAuth 2 scopes", "One per line."),
        ],
    )
    .runs(),
    TypeOf::new(
        "slack",
        "Slack",
        "Posts a message to a channel for each row.",
        &[
            P::text(
                "url",
                "Webhook URL",
                "A secret: anyone who has it can post to the channel.",
            )
            .required()
            .secret(),
            P::long(
                "template",
                "Message",
                "{{ .name }} inserts the value of a column. Leave it empty to send the row as JSON.",
            ),
            P::map("header", "Headers", "One name: value per line."),
        ],
    )
    .runs(),
    REDPANDA,
    TypeOf::new(
        "kafka",
        "Apache Kafka",
        "Newer servers write to Kafka through external streams.",
        &[
            BROKERS,
            TOPIC,
            P::number("batch_count", "Rows per batch", "").default("1000"),
            P::text("data_type", "Data type", "How rows are written.").default("json"),
            SASL,
            USERNAME,
            PASSWORD,
            TLS_OFF,
            TLS_UNVERIFIED,
        ],
    )
    .legacy(),
    TypeOf::new(
        "timeplus",
        "Timeplus",
        "Writes to a stream of the same system.",
        &[P::text("stream_name", "Stream", "").required()],
    )
    .legacy(),
    TypeOf::new(
        "clickhouse",
        "ClickHouse",
        "Newer servers write to ClickHouse through external tables.",
        &[
            P::text("table_name", "Table", "").required(),
            P::text(
                "dsn",
                "Data source name",
                "Address, user and password in one value; replaces the fields below.",
            )
            .secret(),
            P::text("hosts", "Hosts", "host:port, several separated by commas."),
            USERNAME,
            PASSWORD,
            DATABASE,
            P::text("engine", "Table engine", "Used if the table is created."),
            P::text("suffix", "Table definition suffix", ""),
            P::long("init_sql", "SQL before the first row", ""),
            P::number("batch_count", "Rows per batch", "").default("128"),
            P::span("batch_duration", "Maximum wait for a batch", "").default("100ms"),
        ],
    )
    .legacy(),
    TypeOf::new(
        "pulsar",
        "Apache Pulsar",
        "Newer servers write to Pulsar through external streams.",
        sources::PULSAR,
    )
    .legacy(),
];
