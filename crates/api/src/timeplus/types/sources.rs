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
    "One address a line, for example nats://127.0.0.1:4222.",
)
.required();

const NATS_SUBJECT: P = P::text(
    "subject",
    "Subject",
    "What to read; * and > stand for parts of it.",
);

const QUEUE: P = P::text(
    "queue",
    "Queue group",
    "Members of a group share the messages among them.",
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
        "What the kind of authentication asks for, one name: value a line.",
    )
    .secret(),
];

pub static TYPES: &[TypeOf] = &[
    TypeOf::new(
        "stream_generator",
        "Generator",
        "Makes up plausible rows at a steady pace, for trying things out.",
        &[
            P::choice(
                "template",
                "Template",
                &["iot", "user_logins", "devops"],
                "Measurements of devices, sign-ins of people, or figures of servers.",
            )
            .default("iot")
            .required(),
            P::span("interval", "Interval", "Time from one row to the next.").default("200ms"),
        ],
    )
    .runs(),
    TypeOf::new(
        "websocket",
        "WebSocket",
        "Keeps a connection open and stores every message that comes.",
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
                "Frame of the first message",
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
        "Messages of a subject as they are published; what is published while nobody listens is \
         not seen.",
        &[
            NATS_URL,
            NATS_SUBJECT.required(),
            DATA,
            QUEUE,
            P::span(
                "nak_delay",
                "Delay after a refusal",
                "How long a refused message waits before it is sent again.",
            ),
            P::number(
                "prefetch_count",
                "Prefetch",
                "Messages held in memory at most.",
            )
            .default("524288"),
            TLS_OFF,
            TLS_UNVERIFIED,
        ],
    )
    .runs(),
    TypeOf::new(
        "nats_jetstream",
        "NATS JetStream",
        "Messages that NATS keeps until they are stored here, so that none is lost.",
        &[
            NATS_URL,
            NATS_SUBJECT,
            P::text(
                "stream",
                "JetStream stream",
                "Where the messages are kept. Found by the subject when left empty.",
            ),
            DATA,
            QUEUE,
            P::text(
                "durable",
                "Durable name",
                "The server remembers under this name what was read.",
            ),
            P::choice(
                "deliver",
                "Begin with",
                &["all", "last"],
                "Without a durable name: all kept messages, or the last one.",
            )
            .default("all"),
            P::flag(
                "bind",
                "Existing consumer",
                "The consumer is there already and is not made.",
            ),
            P::span(
                "ack_wait",
                "Wait for acknowledgement",
                "After this time the server sends a message again.",
            )
            .default("30s"),
            P::number(
                "max_ack_pending",
                "Unacknowledged messages",
                "So many may be under way at once.",
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
                "Begin with",
                &["latest", "earliest"],
                "New messages, or all that are kept.",
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
        "Figures of the Livepeer network.",
        &[
            P::span("interval", "Interval", "Time from one call to the next.").required(),
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
