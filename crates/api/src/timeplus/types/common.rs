//! Properties that several kinds of connectors have.

use crate::property::{Property as P, TypeOf};

pub(super) const CONFIG: P = P::text(
    "config_file",
    "Configuration file",
    "On the server; its key=value lines are settings.",
);
pub(super) const COLLECTION: P = P::text(
    "named_collection",
    "Named collection",
    "Settings stored on the server under a name; they can include required ones.",
);
pub(super) const BROKERS: P = P::text(
    "brokers",
    "Brokers",
    "host:port, several separated by commas.",
)
.required();
pub(super) const TOPIC: P = P::text("topic", "Topic", "").required();
pub(super) const USER: P = P::text("user", "User", "");
pub(super) const USERNAME: P = P::text("username", "User", "");
pub(super) const PASSWORD: P = P::text("password", "Password", "").secret();
pub(super) const DATABASE: P = P::text("database", "Database", "");
pub(super) const SECURE: P = P::flag("secure", "TLS", "The connection is encrypted.");
pub(super) const SASL: P = P::choice(
    "sasl",
    "SASL",
    &["none", "plain", "scram-sha-256", "scram-sha-512"],
    "How the user is authenticated.",
)
.default("none");
pub(super) const TLS_OFF: P = P::flag(
    "tls.disable",
    "Without TLS",
    "The connection is never encrypted.",
);
pub(super) const TLS_UNVERIFIED: P = P::flag(
    "tls.skip_verify_server",
    "Accept any certificate",
    "Does not check the server's certificate. Only for tests.",
);
pub(super) const REDPANDA: TypeOf = TypeOf::new(
    "redpanda_connect",
    "Redpanda Connect",
    "A pipeline of Redpanda Connect. Its properties are not published: enter them as JSON.",
    &[],
);
