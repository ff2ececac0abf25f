//! Signed tokens (JSON Web Signature, compact form) and the keys that a provider publishes.
//!
//! Only algorithms with two keys count: whoever can check a signature with a shared secret, or
//! needs none, could also make it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde::Deserialize;
use serde_json::Value;

/// More are not read.
const MOST_KEYS: usize = 64;

enum Method {
    Rsa(&'static signature::RsaParameters),
    /// The curve, as keys name it, the bytes of a coordinate.
    Curve(
        &'static str,
        usize,
        &'static signature::EcdsaVerificationAlgorithm,
    ),
    Edwards,
}

static METHODS: [(&str, Method); 10] = [
    ("RS256", Method::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256)),
    ("RS384", Method::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384)),
    ("RS512", Method::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512)),
    ("PS256", Method::Rsa(&signature::RSA_PSS_2048_8192_SHA256)),
    ("PS384", Method::Rsa(&signature::RSA_PSS_2048_8192_SHA384)),
    ("PS512", Method::Rsa(&signature::RSA_PSS_2048_8192_SHA512)),
    (
        "ES256",
        Method::Curve("P-256", 32, &signature::ECDSA_P256_SHA256_FIXED),
    ),
    (
        "ES384",
        Method::Curve("P-384", 48, &signature::ECDSA_P384_SHA384_FIXED),
    ),
    ("EdDSA", Method::Edwards),
    // The same by its newer name.
    ("Ed25519", Method::Edwards),
];

/// A public key, as a provider publishes it.
#[derive(Debug, Clone, Default, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Keys(Vec<Key>);

impl Keys {
    /// Keys of unknown form are left out.
    pub(super) fn read(json: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(json).ok()?;
        let keys = set.keys.into_iter().take(MOST_KEYS);
        let known = keys.filter_map(|key| serde_json::from_value(key).ok());
        Some(Self(known.collect()))
    }
}

/// A token taken apart; nothing in it is believed yet.
pub(super) struct Token<'a> {
    algorithm: &'static str,
    method: &'static Method,
    kid: Option<String>,
    signed: &'a str,
    signature: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Right,
    Wrong,
    /// None of the keys can be the one; perhaps there are new ones.
    UnknownKey,
}

impl<'a> Token<'a> {
    /// An error completes "the token cannot be believed: …".
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Header {
            alg: String,
            kid: Option<String>,
            crit: Option<Value>,
        }
        let form = || "it is not a signed token".to_string();
        let (signed, signature) = text.rsplit_once('.').ok_or_else(form)?;
        let (header, payload) = signed.split_once('.').ok_or_else(form)?;
        let header: Header = bytes(header)
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or_else(form)?;
        if header.crit.is_some() {
            return Err("its header asks for an extension (crit)".into());
        }
        let known = METHODS.iter().find(|(name, _)| *name == header.alg);
        let (algorithm, method) = known.ok_or_else(|| {
            let name: String = header
                .alg
                .chars()
                .filter(|c| c.is_ascii_alphanumeric())
                .collect();
            format!("it is signed by '{name:.10}'; only algorithms with a public key are taken")
        })?;
        Ok(Self {
            algorithm,
            method,
            kid: header.kid,
            signed,
            signature: bytes(signature).ok_or_else(form)?,
            payload: bytes(payload).ok_or_else(form)?,
        })
    }

    pub(super) fn check(&self, keys: &Keys) -> Outcome {
        let named = |key: &&Key| self.kid.is_none() || key.kid == self.kid;
        let mut outcome = Outcome::UnknownKey;
        for key in keys.0.iter().filter(named).filter(|key| self.fits(key)) {
            match self.is_signed_by(key) {
                Some(()) => return Outcome::Right,
                // Without a name any key may be meant, also one that is not known yet.
                None if self.kid.is_some() => outcome = Outcome::Wrong,
                None => {}
            }
        }
        outcome
    }

    fn fits(&self, key: &Key) -> bool {
        let (kind, curve) = match self.method {
            Method::Rsa(_) => ("RSA", None),
            Method::Curve(curve, ..) => ("EC", Some(*curve)),
            Method::Edwards => ("OKP", Some("Ed25519")),
        };
        key.kty == kind
            && curve.is_none_or(|curve| key.crv.as_deref() == Some(curve))
            && key.usage.as_deref().is_none_or(|usage| usage == "sig")
            && key.alg.as_deref().is_none_or(|alg| alg == self.algorithm)
    }

    fn is_signed_by(&self, key: &Key) -> Option<()> {
        let part = |text: &Option<String>| bytes(text.as_deref()?);
        let plain = |algorithm: &'static dyn VerificationAlgorithm, key: &[u8]| {
            let key = UnparsedPublicKey::new(algorithm, key);
            key.verify(self.signed.as_bytes(), &self.signature).ok()
        };
        match self.method {
            Method::Rsa(parameters) => {
                let (n, e) = (part(&key.n)?, part(&key.e)?);
                let key = RsaPublicKeyComponents {
                    n: without_zeros(&n),
                    e: without_zeros(&e),
                };
                let signed = self.signed.as_bytes();
                key.verify(parameters, signed, &self.signature).ok()
            }
            Method::Curve(_, size, algorithm) => {
                let (x, y) = (part(&key.x)?, part(&key.y)?);
                let whole = x.len() == *size && y.len() == *size;
                whole.then_some(())?;
                plain(*algorithm, &[&[4], &x[..], &y[..]].concat())
            }
            Method::Edwards => plain(&signature::ED25519, &part(&key.x)?),
        }
    }
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use ring::{
        hmac,
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
    };
    use serde_json::json;

    use super::*;

    /// A key pair of a provider.
    pub(in crate::auth::oidc) struct Signer {
        pair: Ed25519KeyPair,
        kid: &'static str,
    }

    impl Signer {
        pub(in crate::auth::oidc) fn new(kid: &'static str) -> Self {
            let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
            let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key");
            Self { pair, kid }
        }

        pub(in crate::auth::oidc) fn public(&self) -> Value {
            let x = encoded(self.pair.public_key().as_ref());
            json!({"kty": "OKP", "crv": "Ed25519", "kid": self.kid, "use": "sig", "x": x})
        }

        pub(in crate::auth::oidc) fn sign(&self, claims: &Value) -> String {
            self.signed(&json!({"alg": "EdDSA", "kid": self.kid}), claims)
        }

        fn signed(&self, header: &Value, claims: &Value) -> String {
            let signed = unsigned(header, claims);
            let signature = self.pair.sign(signed.as_bytes());
            format!("{signed}.{}", encoded(signature.as_ref()))
        }
    }

    fn encoded(bytes: impl AsRef<[u8]>) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn unsigned(header: &Value, claims: &Value) -> String {
        format!(
            "{}.{}",
            encoded(header.to_string()),
            encoded(claims.to_string())
        )
    }

    fn keys(all: &[Value]) -> Keys {
        Keys::read(json!({"keys": all}).to_string().as_bytes()).expect("keys")
    }

    fn outcome(token: &str, keys: &Keys) -> Outcome {
        Token::parse(token).expect("a token").check(keys)
    }

    #[test]
    fn only_the_providers_key_makes_a_right_token() {
        let (ours, other) = (Signer::new("a"), Signer::new("a"));
        let published = keys(&[json!({"kty": "new"}), json!(5), ours.public()]);
        let claims = json!({"sub": "17"});
        let token = ours.sign(&claims);
        assert_eq!(outcome(&token, &published), Outcome::Right);
        assert_eq!(outcome(&other.sign(&claims), &published), Outcome::Wrong);
        assert_eq!(
            outcome(&Signer::new("b").sign(&claims), &published),
            Outcome::UnknownKey
        );
        let changed = token.replacen(&encoded(claims.to_string()), &encoded(r#"{"sub":"18"}"#), 1);
        assert_eq!(outcome(&changed, &published), Outcome::Wrong);
        let nameless = ours.signed(&json!({"alg": "EdDSA"}), &claims);
        assert_eq!(outcome(&nameless, &published), Outcome::Right);
        let nameless = other.signed(&json!({"alg": "EdDSA"}), &claims);
        assert_eq!(outcome(&nameless, &published), Outcome::UnknownKey);
        for (name, value) in [
            ("use", "enc"),
            ("alg", "ES256"),
            ("crv", "X25519"),
            ("x", "AA"),
        ] {
            let mut spoiled = ours.public();
            spoiled[name] = value.into();
            assert_ne!(outcome(&token, &keys(&[spoiled])), Outcome::Right, "{name}");
        }
    }

    #[test]
    fn a_curve_of_its_own_is_checked_too() {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).expect("a key");
        let point = pair.public_key().as_ref();
        let (x, y) = (encoded(&point[1..33]), encoded(&point[33..]));
        let key = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
        let signed = unsigned(&json!({"alg": "ES256"}), &json!({}));
        let signature = pair.sign(&random, signed.as_bytes()).expect("signed");
        let token = format!("{signed}.{}", encoded(signature.as_ref()));
        assert_eq!(outcome(&token, &keys(&[key])), Outcome::Right);
    }

    #[test]
    fn tokens_without_two_keys_are_refused_whatever_they_are_signed_with() {
        let ours = Signer::new("a");
        let public = ours.public();
        let secret = bytes(public["x"].as_str().expect("x")).expect("bytes");
        for alg in ["none", "None", "HS256", "HS512", "", "RS1", "ES256K"] {
            let signed = unsigned(&json!({"alg": alg, "kid": "a"}), &json!({"sub": "17"}));
            let by_public_key = hmac::sign(
                &hmac::Key::new(hmac::HMAC_SHA256, &secret),
                signed.as_bytes(),
            );
            for signature in [String::new(), encoded(by_public_key.as_ref())] {
                let token = format!("{signed}.{signature}");
                let words = Token::parse(&token).err().expect("refused");
                assert!(words.contains("public key"), "{alg}: {words}");
            }
        }
        // An algorithm of another kind of key.
        let other = unsigned(&json!({"alg": "RS256", "kid": "a"}), &json!({}));
        assert_eq!(
            outcome(&format!("{other}.AAAA"), &keys(&[public])),
            Outcome::UnknownKey
        );
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let header = encoded(r#"{"alg":"EdDSA"}"#);
        let asking = encoded(r#"{"alg":"EdDSA","crit":["b64"],"b64":false}"#);
        for text in [
            "",
            "a",
            "a.b",
            "a.b.c",
            &format!("{header}.e30"),
            &format!("{header}.e30.AA=="),
            &format!("{header}.e3 0.AA"),
            &format!("{header}.e30.AA.AA"),
            &format!("{asking}.e30.AA"),
        ] {
            assert!(Token::parse(text).is_err(), "{text}");
        }
    }
}
