//! Where external streams read from and write to.

use super::common::{BROKERS, COLLECTION, CONFIG, PASSWORD, SECURE, TOPIC, USER, USERNAME};
use crate::property::{Property as P, TypeOf};

const SCHEMA: P = P::text(
    "format_schema",
    "Schema",
    "For Protobuf and Avro: name of a schema, for example orders:Order.",
);
const ONE_MESSAGE: P = P::flag(
    "one_message_per_row",
    "One message per row",
    "When writing, rows are not joined to larger messages.",
);
const CA_FILE: P = P::text("ssl_ca_cert_file", "CA certificate file", "On the server.");
const ANY_CERTIFICATE: P = P::flag(
    "skip_ssl_cert_check",
    "Accept any certificate",
    "Does not check the server's certificate. Only for tests.",
);
const FORMAT: P = P::choice(
    "data_format",
    "Data format",
    &[
        "JSONEachRow",
        "CSV",
        "TSV",
        "ProtobufSingle",
        "Protobuf",
        "Avro",
        "RawBLOB",
    ],
    "How a message becomes a row. If empty, a single text column contains the whole message.",
);

pub static TYPES: &[TypeOf] = &[
    TypeOf::new(
        "kafka",
        "Apache Kafka",
        "A topic of Kafka, Redpanda or a compatible broker.",
        &[
            BROKERS,
            TOPIC,
            P::choice(
                "security_protocol",
                "Security protocol",
                &["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
                "",
            )
            .default("PLAINTEXT"),
            P::choice(
                "sasl_mechanism",
                "SASL mechanism",
                &["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "AWS_MSK_IAM"],
                "For security protocols that begin with SASL.",
            ),
            USERNAME,
            PASSWORD,
            FORMAT,
            SCHEMA,
            ONE_MESSAGE,
            P::text("kafka_schema_registry_url", "Schema registry", "URL."),
            P::text(
                "kafka_schema_registry_credentials",
                "Schema registry credentials",
                "user:password.",
            )
            .secret(),
            CA_FILE,
            P::long("ssl_ca_pem", "CA certificate", "As PEM text."),
            ANY_CERTIFICATE,
            P::text(
                "properties",
                "Client properties",
                "Settings of librdkafka: key=value, separated by semicolons.",
            ),
            CONFIG,
            COLLECTION,
        ],
    )
    .runs(),
    TypeOf::new(
        "pulsar",
        "Apache Pulsar",
        "A topic of Pulsar.",
        &[
            P::text(
                "service_url",
                "Service URL",
                "For example pulsar://127.0.0.1:6650.",
            )
            .required(),
            TOPIC,
            P::text("jwt", "Token", "A JSON Web Token.").secret(),
            FORMAT,
            SCHEMA,
            ONE_MESSAGE,
            P::flag(
                "skip_server_cert_check",
                "Accept any certificate",
                "Does not check the server's certificate. Only for tests.",
            ),
            P::flag(
                "validate_hostname",
                "Check the host name",
                "The certificate must match the host.",
            ),
            P::long("ca_cert", "CA certificate", "As PEM text."),
            P::long("client_cert", "Client certificate", "As PEM text."),
            P::long("client_key", "Client key", "As PEM text.").secret(),
            P::number("connections_per_broker", "Connections per broker", ""),
            P::number("memory_limit", "Memory limit", "Bytes."),
            P::number("io_threads", "Threads", ""),
            P::number("max_insert_block_size", "Rows per batch", "When writing."),
            P::number("max_insert_block_bytes", "Bytes per batch", "When writing."),
            CONFIG,
            COLLECTION,
        ],
    ),
    TypeOf::new(
        "timeplus",
        "Timeplus",
        "A stream of another server.",
        &[
            P::text("hosts", "Hosts", "host:port, several separated by commas.").required(),
            P::text("stream", "Stream", "").required(),
            P::text("db", "Database", "").default("default"),
            USER,
            PASSWORD,
            SECURE,
            CONFIG,
            COLLECTION,
        ],
    ),
    TypeOf::new(
        "log",
        "Log files",
        "Lines of files on the server as they are written.",
        &[
            P::text(
                "log_files",
                "Files",
                "Names or a pattern, separated by commas.",
            )
            .required(),
            P::text("log_dir", "Folder", "On the server.").required(),
            P::text(
                "timestamp_regex",
                "Time pattern",
                "A regular expression that finds the time of a row.",
            ),
            P::text(
                "row_delimiter",
                "Row separator pattern",
                "A regular expression. Leave it empty for one row per line.",
            ),
        ],
    )
    .runs(),
    TypeOf::new(
        "nats_jetstream",
        "NATS JetStream",
        "A stream stored by NATS.",
        &[
            P::text(
                "url",
                "Servers",
                "nats://host:port, several separated by commas.",
            )
            .required(),
            P::text("stream_name", "JetStream stream", "").required(),
            P::text("subject", "Subject", "").required(),
            P::number(
                "consumer_stall_timeout_ms",
                "Stall timeout",
                "Milliseconds without a response before it reconnects.",
            ),
            USERNAME,
            PASSWORD,
            P::text("token", "Token", "").secret(),
            SECURE,
            CA_FILE,
            ANY_CERTIFICATE,
            P::text("ssl_cert_file", "Client certificate file", "On the server."),
            P::text("ssl_key_file", "Client key file", "On the server."),
            P::text("nats_nkey", "NKey", "The public key."),
            P::text("nats_nkey_seed", "NKey seed", "").secret(),
            P::text("nats_nkey_seed_file", "NKey seed file", "On the server."),
            P::text("nats_creds_file", "Credentials file", "On the server."),
            P::text("nats_jwt", "JSON Web Token", "").secret(),
            FORMAT,
            SCHEMA,
            ONE_MESSAGE,
            CONFIG,
            COLLECTION,
        ],
    )
    .runs(),
    TypeOf::new(
        "http",
        "HTTP",
        "Write-only: sends rows to a URL, for example of Slack, Splunk or Elastic.",
        &[
            P::text("url", "URL", "").required(),
            P::choice(
                "data_format",
                "Data format",
                &[
                    "JSONEachRow",
                    "CSV",
                    "TSV",
                    "ProtobufSingle",
                    "Protobuf",
                    "Avro",
                    "RawBLOB",
                    "OpenSearch",
                    "ElasticSearch",
                    "Template",
                ],
                "How rows are written.",
            ),
            P::text("write_method", "Method", "For example POST."),
            P::text("compression_method", "Compression", "For example gzip."),
            P::flag(
                "use_chunked_encoding",
                "Chunked encoding",
                "Sends without a known length.",
            ),
            P::map("http_header_*", "Headers", "One name: value per line."),
            USERNAME,
            PASSWORD,
            P::map(
                "format_template_*",
                "Template settings",
                "Names without the prefix format_template_, one name: value per line.",
            ),
            P::text("client_key", "Client key", "").secret(),
            P::map(
                "ssl_*",
                "TLS settings",
                "Names without the prefix ssl_, one name: value per line.",
            ),
            COLLECTION,
        ],
    ),
    TypeOf::new(
        "python",
        "Python",
        "Functions that read and write, on servers 3.2.2 and later.",
        &[
            P::text("read_function_name", "Read function", ""),
            P::text("write_function_name", "Write function", ""),
            P::map(
                "init_*",
                "Set-up",
                "Names without the prefix init_, one name: value per line.",
            ),
            P::map(
                "deinit_*",
                "Clean-up",
                "Names without the prefix deinit_, one name: value per line.",
            ),
            P::choice("mode", "Mode", &["auto", "streaming", "batch"], "").default("auto"),
        ],
    )
    .one_of(&["read_function_name", "write_function_name"]),
    TypeOf::new(
        "iceberg",
        "Apache Iceberg",
        "Created with CREATE DATABASE; only its settings are shown here.",
        super::external_tables::ICEBERG,
    ),
];
