//! Where external tables are.

use super::common::{COLLECTION, CONFIG, DATABASE, PASSWORD, SECURE, USER};
use crate::property::{Property as P, TypeOf};

/// Of the embedded backend; a Timeplus server takes none of them.
const TLS: P = P::flag(
    "secure",
    "TLS",
    "Understood by the embedded backend, which encrypts whatever leaves its machine unless this is \
     off.",
);
const AUTHORITIES: P = P::long(
    "ssl_ca_pem",
    "CA certificate",
    "As PEM text, in place of the usual authorities. Understood by the embedded backend.",
);
const ANY_CERTIFICATE: P = P::flag(
    "skip_ssl_cert_check",
    "Accept any certificate",
    "Understood by the embedded backend. Whoever stands in between can read everything.",
);
const ADDRESS: P = P::text("address", "Address", "host:port.").required();
const TABLE: P = P::text(
    "table",
    "Table",
    "The name of the external table when left empty.",
);

pub(super) const ICEBERG: &[P] = &[
    P::text("catalog_uri", "Catalogue URI", "").required(),
    P::text("catalog_type", "Catalogue type", "").default("rest"),
    P::text("warehouse", "Warehouse", ""),
    P::text("storage_endpoint", "Storage endpoint", ""),
    P::flag(
        "rest_catalog_sigv4_enabled",
        "Signed calls",
        "Calls of the catalogue are signed as AWS wants it.",
    ),
    P::text("rest_catalog_signing_region", "Signing region", ""),
    P::text("rest_catalog_signing_name", "Signing name", ""),
    P::flag(
        "use_environment_credentials",
        "Credentials of the environment",
        "Those of the machine the server runs on.",
    ),
    P::text(
        "credential",
        "Credential",
        "key:secret, for catalogue and storage.",
    )
    .secret(),
    P::text("catalog_credential", "Catalogue credential", "").secret(),
    P::text("storage_credential", "Storage credential", "").secret(),
];

pub static TYPES: &[TypeOf] = &[
    TypeOf::new(
        "postgresql",
        "PostgreSQL",
        "A table of a PostgreSQL server.",
        &[
            ADDRESS,
            USER,
            PASSWORD,
            DATABASE,
            TABLE,
            P::text("schema", "Schema", "").default("public"),
            P::text(
                "on_conflict",
                "On conflict",
                "When writing: what PostgreSQL does with a row that is there already.",
            ),
            TLS,
            AUTHORITIES,
            ANY_CERTIFICATE,
            P::number("pooled_connections", "Connections", "").default("16"),
            CONFIG,
            COLLECTION,
        ],
    )
    .runs(),
    TypeOf::new(
        "mysql",
        "MySQL",
        "A table of a MySQL or MariaDB server.",
        &[
            ADDRESS,
            USER,
            PASSWORD,
            DATABASE,
            TABLE,
            P::flag(
                "replace_query",
                "Replace rows",
                "When writing: REPLACE INTO instead of INSERT INTO.",
            ),
            P::text(
                "on_duplicate_clause",
                "On duplicate key",
                "When writing: what MySQL does with a row that is there already.",
            ),
            TLS,
            AUTHORITIES,
            ANY_CERTIFICATE,
            P::number("pooled_connections", "Connections", "").default("16"),
            CONFIG,
            COLLECTION,
        ],
    )
    .runs(),
    TypeOf::new(
        "clickhouse",
        "ClickHouse",
        "A table of a ClickHouse server.",
        &[
            ADDRESS,
            P::text("user", "User", "").default("default"),
            PASSWORD,
            P::text("database", "Database", "").default("default"),
            TABLE,
            SECURE,
            P::number("pooled_connections", "Connections", "").default("3000"),
            CONFIG,
            COLLECTION,
        ],
    ),
    TypeOf::new(
        "mongodb",
        "MongoDB",
        "A collection of a MongoDB server.",
        &[
            P::text(
                "uri",
                "URI",
                "For example mongodb://user:password@127.0.0.1:27017/database. Kept secret because of \
                 the password in it.",
            )
            .required()
            .secret(),
            P::text("collection", "Collection", ""),
            P::text("connection_options", "Connection options", "As they follow ? in a URI."),
            P::text(
                "oid_columns",
                "Columns of ids",
                "Those that hold an ObjectId, separated by commas.",
            ),
            COLLECTION,
        ],
    ),
    TypeOf::new(
        "s3",
        "S3",
        "Files in a bucket.",
        &[
            P::flag(
                "use_environment_credentials",
                "Credentials of the environment",
                "Those of the machine the server runs on.",
            ),
            P::text("access_key_id", "Access key", ""),
            P::text("secret_access_key", "Secret access key", "").secret(),
            P::text("region", "Region", ""),
            P::text("bucket", "Bucket", ""),
            P::text("read_from", "Files to read", "A path; * stands for parts of it."),
            P::text("write_to", "File to write", "A path."),
            P::text("data_format", "Data format", "For example JSONEachRow, CSV or Parquet."),
            P::text("compression_method", "Compression", "For example gzip."),
            P::text("endpoint", "Endpoint", "Of what speaks the protocol of S3."),
            CONFIG,
            COLLECTION,
        ],
    ),
    TypeOf::new(
        "iceberg",
        "Apache Iceberg",
        "Made with CREATE DATABASE; here so that its settings can be read.",
        ICEBERG,
    ),
];
