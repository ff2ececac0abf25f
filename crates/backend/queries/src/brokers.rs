//! How long clients of Kafka try, which never give up by themselves.

use std::time::Duration;

use rskafka::{BackoffConfig, client::ClientBuilder};
use tokio::time::timeout;

/// At most between two tries while a broker is away; the client's own pauses grow to minutes.
const PAUSE: Duration = Duration::from_secs(5);
/// In all, where only the reason is looked for.
const LOOK: Duration = Duration::from_secs(2);

/// Bytes of one answer: what is not a broker may announce two gigabytes, and each connection would
/// hold as much as this of them.
const ANSWER: usize = 64 << 20;

pub fn steady(builder: ClientBuilder) -> ClientBuilder {
    builder
        .max_message_size(ANSWER)
        .backoff_config(BackoffConfig {
            max_backoff: PAUSE,
            ..BackoffConfig::default()
        })
}

/// Why no broker can be spoken to; `None` where none answers at all.
pub async fn why(builder: ClientBuilder) -> Option<String> {
    tried(builder, LOOK).await
}

/// What a broker will refuse however often it is asked: asked once, so that the wrong password of
/// somebody who waits is not one of somebody who guesses.
pub async fn refusal(builder: ClientBuilder) -> Option<String> {
    let words = tried(builder, Duration::ZERO).await?;
    let lasting = |part: &&&str| words.contains(**part);
    LASTING.iter().find(lasting).map(|_| words.clone())
}

/// In what the client says.
const LASTING: [&str; 3] = [
    "SaslAuthenticationFailed",
    "UnsupportedSaslMechanism",
    "invalid peer certificate",
];

async fn tried(builder: ClientBuilder, deadline: Duration) -> Option<String> {
    let builder = builder
        .max_message_size(ANSWER)
        .backoff_config(BackoffConfig {
            deadline: Some(deadline),
            ..BackoffConfig::default()
        });
    let tried = timeout(2 * LOOK, builder.build()).await.ok()?;
    let words = tried.err()?.to_string();
    let reason = words.rsplit_once("Source: ");
    Some(reason.map_or(words.clone(), |(_, reason)| reason.into()))
}
