//! Version 4 of the signatures of AWS, for requests without a query.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

pub(super) struct Signing<'a> {
    pub key: &'a str,
    pub secret: &'a str,
    pub region: &'a str,
    pub service: &'a str,
}

impl Signing<'_> {
    /// `headers` have lower-case names and `host` among them; all are signed. `path` is encoded
    /// as it is sent. Adds the headers of the time, of the body and of the signature.
    pub(super) fn headers(
        &self,
        method: &str,
        path: &str,
        mut headers: Vec<(String, String)>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Vec<(String, String)> {
        let time = now.format("%Y%m%dT%H%M%SZ").to_string();
        let day = now.format("%Y%m%d").to_string();
        let content = hex::encode(Sha256::digest(body));
        headers.push(("x-amz-content-sha256".into(), content.clone()));
        headers.push(("x-amz-date".into(), time.clone()));
        headers.sort();
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let mut canonical = format!("{method}\n{path}\n\n");
        for (name, value) in &headers {
            // Writing to a text cannot fail.
            let _ = writeln!(canonical, "{name}:{}", value.trim());
        }
        let _ = write!(canonical, "\n{names}\n{content}");
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let digest = hex::encode(Sha256::digest(canonical.as_bytes()));
        let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}");
        let parts = [day.as_str(), self.region, self.service, "aws4_request"];
        let first = format!("AWS4{}", self.secret).into_bytes();
        let key = parts.iter().fold(first, |key, part| mac(&key, part));
        let signature = hex::encode(mac(&key, &to_sign));
        let words = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.key
        );
        headers.push(("authorization".into(), words));
        headers
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples that AWS publishes for S3.
    fn sign(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
        let signing = Signing {
            key: "AKIAIOSFODNN7EXAMPLE",
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
            service: "s3",
        };
        let now = DateTime::from_timestamp(1_369_353_600, 0).expect("time");
        let own = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        let headers = headers.iter().map(own).collect();
        let signed = signing.headers(method, path, headers, body, now);
        let (_, words) = signed.last().expect("authorization");
        words.rsplit('=').next().expect("signature").to_string()
    }

    #[test]
    fn signatures_are_those_of_the_published_examples() {
        let host = ("host", "examplebucket.s3.amazonaws.com");
        assert_eq!(
            sign("GET", "/test.txt", &[host, ("range", "bytes=0-9")], b""),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
        let headers = [
            ("date", "Fri, 24 May 2013 00:00:00 GMT"),
            host,
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ];
        assert_eq!(
            sign(
                "PUT",
                "/test%24file.text",
                &headers,
                b"Welcome to Amazon S3."
            ),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        );
    }
}
