//! Where external tables are.

use super::common::{COLLECTION, CONFIG, DATABASE, PASSWORD, SECURE, USER};
use crate::property::{Property as P, TypeOf};

/// Of the embedded backend; a Timeplus server takes none of them.
const TLS: P = P::flag(
    "secure",
    "TLS",
    "Supported by the embedded backend, which encrypts connections to other machines unless this is \
     off.",
);
const AUTHORITIES: P = P::long(
    "ssl_ca_pem",
    "CA certificate",
    "PEM text; replaces the system's authorities. Supported by the embedded backend.",
);
const ANY_CERTIFICATE: P = P::flag(
    "skip_ssl_cert_check",
    "Accept any certificate",
    "Supported by the embedded backend. Insecure: the connection can be intercepted.",
);
const ADDRESS: P = P::text("address", "Address", "host:port.").required();
const TABLE: P = P::text(
    "table",
    "Table",
    "Leave it empty to use the name of the external table.",
);

pub(super) const ICEBERG: &[P] = &[
    P::text("catalog_uri", "Catalog URI", "").required(),
    P::text("catalog_type", "Catalog type", "").default("rest"),
    P::text("warehouse", "Warehouse", ""),
    P::text("storage_endpoint", "Storage endpoint", ""),
    P::flag(
        "rest_catalog_sigv4_enabled",
        "Signed requests",
        "Signs catalog requests with AWS Signature Version 4.",
    ),
    P::text("rest_catalog_signing_region", "Signing region", ""),
    P::text("rest_catalog_signing_name", "Signing name", ""),
    P::flag(
        "use_environment_credentials",
        "Environment credentials",
        "The credentials of the server's machine.",
    ),
    P::text(
        "credential",
        "Credential",
        "key:secret, for catalog and storage.",
    )
    .secret(),
    P::text("catalog_credential", "Catalog credential", "").secret(),
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
                "When writing: what PostgreSQL does with an existing row.",
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
                "When writing: what MySQL does with an existing row.",
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
                "For example mongodb://user:password@127.0.0.1:27017/database. A secret because of \
                 the password in it.",
            )
            .required()
            .secret(),
            P::text("collection", "Collection", ""),
            P::text(
                "connection_options",
                "Connection options",
                "As after ? in a URI.",
            ),
            P::text(
                "oid_columns",
                "ObjectId columns",
                "Columns that contain an ObjectId, separated by commas.",
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
                "Environment credentials",
                "The credentials of the server's machine.",
            ),
            P::text("access_key_id", "Access key", ""),
            P::text("secret_access_key", "Secret access key", "").secret(),
            P::text("region", "Region", ""),
            P::text("bucket", "Bucket", ""),
            P::text(
                "read_from",
                "Files to read",
                "A path; * matches parts of it.",
            ),
            P::text("write_to", "File to write", "A path."),
            P::text(
                "data_format",
                "Data format",
                "For example JSONEachRow, CSV or Parquet.",
            ),
            P::text("compression_method", "Compression", "For example gzip."),
            P::text("endpoint", "Endpoint", "For S3-compatible storage."),
            CONFIG,
            COLLECTION,
        ],
    ),
    TypeOf::new(
        "iceberg",
        "Apache Iceberg",
        "Created with CREATE DATABASE; only its settings are shown here.",
        ICEBERG,
    ),
];
