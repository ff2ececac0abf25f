//! Batches as objects of a store: S3 and Azure Blob Storage.

use std::io::Write;

use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use flate2::{Compression, write::GzEncoder};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    fields::Fields,
    http::answered,
    outcome::{ANSWER, PATIENCE, Retry, Sent},
    sigv4,
};
use crate::{
    outbound::{self, Call, Outbound},
    random,
};

/// As both stores want names of objects in an address.
const KEPT: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

pub(crate) struct ObjectStore {
    /// Of the bucket or container, without a slash at the end.
    place: String,
    prefix: String,
    gzip: bool,
    content_type: String,
    access: Access,
}

enum Access {
    S3 {
        region: String,
        key: String,
        secret: String,
    },
    /// A shared access signature, part of the address.
    Azure { token: String },
}

impl ObjectStore {
    pub(super) fn s3(fields: Fields<'_>) -> Result<Self, String> {
        let host = fields.text("host_url");
        outbound::url(&host)?;
        let bucket = encoded(&fields.text("bucket_name"));
        let content_type = fields.text("content_type");
        Ok(Self {
            place: format!("{}/{bucket}", host.trim().trim_end_matches('/')),
            prefix: fields.text("object_key_prefix"),
            gzip: content_type == "application/gzip",
            content_type,
            access: Access::S3 {
                region: fields.text("region"),
                key: fields.text("access_key"),
                secret: fields.text("secret_key"),
            },
        })
    }

    /// An address in place of the account's name is that of another server that speaks the same,
    /// for example of Azurite.
    pub(super) fn azure(fields: Fields<'_>) -> Result<Self, String> {
        let account = fields.text("storage_account");
        let host = match account.starts_with("http://") || account.starts_with("https://") {
            true => account.trim_end_matches('/').to_string(),
            false => format!("https://{account}.blob.core.windows.net"),
        };
        outbound::url(&host)?;
        let container = encoded(&fields.text("container_name"));
        let token = fields.text("blob_sas_token");
        Ok(Self {
            place: format!("{host}/{container}"),
            prefix: String::new(),
            gzip: false,
            content_type: "text/plain; charset=utf-8".into(),
            access: Access::Azure {
                token: token.trim_start_matches('?').to_string(),
            },
        })
    }

    pub(super) async fn send(&self, outbound: &Outbound, lines: &[String]) -> Result<Sent, Retry> {
        let call = self.call(lines, Utc::now(), &random::uuid())?;
        answered(outbound, call).await?;
        Ok(Sent::default())
    }

    fn call(&self, lines: &[String], now: DateTime<Utc>, id: &str) -> Result<Call, String> {
        let mut body = lines.join("\n").into_bytes();
        body.push(b'\n');
        let ending = if self.gzip { "log.gz" } else { "log" };
        if self.gzip {
            body = gzip(&body).map_err(|error| format!("gzip: {error}"))?;
        }
        let stamp = now.format("%Y%m%dT%H%M%SZ");
        let name = encoded(&format!("{}{stamp}-{id}.{ending}", self.prefix));
        let url = format!("{}/{name}", self.place);
        let mut headers = vec![("content-type".to_string(), self.content_type.clone())];
        let url = match &self.access {
            Access::Azure { token } => {
                headers.push(("x-ms-blob-type".into(), "BlockBlob".into()));
                headers.push(("x-ms-version".into(), "2021-08-06".into()));
                outbound::url(&format!("{url}?{token}"))?
            }
            Access::S3 {
                region,
                key,
                secret,
            } => {
                let url = outbound::url(&url)?;
                let host = url.authority().map(ToString::to_string).unwrap_or_default();
                let signing = sigv4::Signing {
                    key,
                    secret,
                    region,
                    service: "s3",
                };
                headers.push(("host".into(), host));
                headers = signing.headers("PUT", url.path(), headers, &body, now);
                // The client sets it.
                headers.retain(|(name, _)| name != "host");
                url
            }
        };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let (name, value) = outbound::header(&name, &value)?;
            map.insert(name, value);
        }
        Ok(Call {
            method: Method::PUT,
            url,
            headers: map,
            body: Bytes::from(body),
            timeout: PATIENCE,
            limit: ANSWER,
        })
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, &KEPT).to_string()
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use serde_json::json;

    use super::*;

    fn call(store: &ObjectStore) -> Call {
        let now = DateTime::from_timestamp(1_369_353_600, 0).expect("time");
        let lines = ["a".to_string(), "b".to_string()];
        store.call(&lines, now, "7").expect("call")
    }

    #[test]
    fn an_object_of_s3_is_signed_and_named_after_its_time() {
        let fields = json!({"host_url": "http://h:1/", "bucket_name": "b", "region": "r", "access_key": "K",
                            "secret_key": "S", "content_type": "application/gzip",
                            "object_key_prefix": "logs/a b="});
        let fields = fields.as_object().expect("object");
        let call = call(&ObjectStore::s3(Fields(fields)).expect("store"));
        assert_eq!(
            call.url.to_string(),
            "http://h:1/b/logs/a%20b%3D20130524T000000Z-7.log.gz"
        );
        let authorization = call.headers["authorization"].to_str().expect("text");
        assert!(
            authorization.starts_with(
                "AWS4-HMAC-SHA256 Credential=K/20130524/r/s3/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature="
            ),
            "{authorization}"
        );
        let mut text = String::new();
        flate2::read::GzDecoder::new(&call.body[..])
            .read_to_string(&mut text)
            .expect("gzip");
        assert_eq!(text, "a\nb\n");
    }

    #[test]
    fn a_blob_carries_its_signature_in_the_address() {
        let fields = json!({"storage_account": "acc", "container_name": "c", "blob_sas_token": "?sv=1&sig=x%3D"});
        let fields = fields.as_object().expect("object");
        let call = call(&ObjectStore::azure(Fields(fields)).expect("store"));
        assert_eq!(
            call.url.to_string(),
            "https://acc.blob.core.windows.net/c/20130524T000000Z-7.log?sv=1&sig=x%3D"
        );
        assert_eq!(call.headers["x-ms-blob-type"], "BlockBlob");
        assert_eq!(&call.body[..], b"a\nb\n");
    }
}
