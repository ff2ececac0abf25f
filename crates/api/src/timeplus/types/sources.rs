//! What sources read from.

use super::common::{BROKERS, PASSWORD, REDPANDA, SASL, TLS_OFF, TLS_UNVERIFIED, TOPIC, USERNAME};
use crate::property::{Property as P, TypeOf};

const DATA: P = P::choice(
    "data_type",
    "Data type",
    &["json", "text"],
    "How messages become rows: the fields of a JSON object, or the whole text in one column.",
)
.default("json")
.required();

const NATS_URL: P = P::list(
    "url",
    "Servers",
    "One address per line, for example nats://127.0.0.1:4222.",
)
.required();

const NATS_SUBJECT: P = P::text(
    "subject",
    "Subject",
    "The subject to read; * and > match parts of it.",
);

const QUEUE: P = P::text(
    "queue",
    "Queue group",
    "Members of a group share the messages.",
);

pub(super) const PULSAR: &[P] = &[
    P::text(
        "broker_url",
        "Broker URL",
        "For example pulsar://127.0.0.1:6650.",
    )
    .required(),
    TOPIC,
    P::choice(
        "auth_type",
        "Authentication",
        &["", "oauth2", "token"],
        "Empty for none.",
    )
    .required(),
    P::map(
        "auth_params",
        "Authentication parameters",
        "Parameters of the authentication type, one name: value per line.",
    )
    .secret(),
];

pub static TYPES: &[TypeOf] = &[
    TypeOf::new(
        "stream_generator",
        "Generator",
        "Generates sample rows at a fixed rate.",
        &[
            P::choice(
                "template",
                "Template",
                &["iot", "user_logins", "devops"],
                "Device measurements, user sign-ins, or server metrics.",
            )
            .default("iot")
            .required(),
            P::span("interval", "Interval", "Time between rows.").default("200ms"),
        ],
    )
    .runs(),
    TypeOf::new(
        "websocket",
        "WebSocket",
        "Keeps a connection open and stores every received message.",
        &[
            P::text("url", "URL", "Begins with ws:// or wss://.").required(),
            DATA,
            P::long(
                "open_message",
                "First message",
                "Sent when the connection is open, for example to subscribe.",
            ),
            P::choice(
                "open_message_type",
                "First message frame",
                &["text", "binary"],
                "",
            )
            .default("text"),
        ],
    )
    .runs(),
    TypeOf::new(
        "nats",
        "NATS",
        "Messages of a subject as they are published; messages published while it is stopped are \
         lost.",
        &[
            NATS_URL,
            NATS_SUBJECT.required(),
            DATA,
            QUEUE,
            P::span(
                "nak_delay",
                "Delay after a rejection",
                "Time before a rejected message is redelivered.",
            ),
            P::number("prefetch_count", "Prefetch", "Maximum messages in memory.")
                .default("524288"),
            TLS_OFF,
            TLS_UNVERIFIED,
        ],
    )
    .runs(),
    TypeOf::new(
        "nats_jetstream",
        "NATS JetStream",
        "NATS keeps messages until they are stored here: none is lost.",
        &[
            NATS_URL,
            NATS_SUBJECT,
            P::text(
                "stream",
                "JetStream stream",
                "The stream that stores the messages. Leave it empty to find it by subject.",
            ),
            DATA,
            QUEUE,
            P::text(
                "durable",
                "Durable name",
                "The server stores the read position under this name.",
            ),
            P::choice(
                "deliver",
                "Start with",
                &["all", "last"],
                "Without a durable name: all stored messages, or the last one.",
            )
            .default("all"),
            P::flag(
                "bind",
                "Existing consumer",
                "Uses an existing consumer instead of creating one.",
            ),
            P::span(
                "ack_wait",
                "Wait for acknowledgement",
                "Time before the server redelivers a message.",
            )
            .default("30s"),
            P::number(
                "max_ack_pending",
                "Unacknowledged messages",
                "Maximum unacknowledged messages.",
            )
            .default("1024"),
            TLS_OFF,
            TLS_UNVERIFIED,
        ],
    )
    .one_of(&["subject", "stream"])
    .runs(),
    REDPANDA,
    TypeOf::new(
        "kafka",
        "Apache Kafka",
        "Newer servers read Kafka through external streams.",
        &[
            BROKERS,
            TOPIC,
            P::choice(
                "data_type",
                "Data type",
                &[
                    "json",
                    "text",
                    "avro",
                    "debezium-json",
                    "debezium-json-upsert",
                ],
                "How messages are read.",
            )
            .default("json")
            .required(),
            P::choice(
                "offset",
                "Start with",
                &["latest", "earliest"],
                "New messages, or all stored messages.",
            )
            .default("latest")
            .required(),
            P::text("group", "Consumer group", ""),
            SASL,
            USERNAME,
            PASSWORD,
            TLS_OFF,
            TLS_UNVERIFIED,
            P::text(
                "schema_registry_address",
                "Schema registry",
                "URL, for Avro.",
            ),
            P::text("schema_registry_api_key", "Schema registry key", ""),
            P::text("schema_registry_api_secret", "Schema registry secret", "").secret(),
        ],
    )
    .legacy(),
    TypeOf::new(
        "pulsar",
        "Apache Pulsar",
        "Newer servers read Pulsar through external streams.",
        PULSAR,
    )
    .legacy(),
    TypeOf::new(
        "livepeer",
        "Livepeer",
        "Metrics of the Livepeer network.",
        &[
            P::span("interval", "Interval", "Time between requests.").required(),
            P::text("api_key", "API key", "").required().secret(),
            DATA,
        ],
    )
    .legacy(),
    TypeOf::new(
        "ably",
        "Ably",
        "Messages of a channel.",
        &[
            P::text("api_key", "API key", "").required().secret(),
            P::text("channel", "Channel", "").required(),
        ],
    )
    .legacy(),
];
