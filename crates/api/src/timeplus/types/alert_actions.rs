//! What an alert does. Of the actions only `slack` has published properties.

use crate::property::{Property as P, TypeOf};

const TRIGGERED: P = P::long(
    "trigger_template",
    "Message when firing",
    "{{ .name }} inserts the value of a column. Leave it empty to send the alert's name and the row.",
);

const RESOLVED: P = P::long(
    "resolve_template",
    "Message when resolved",
    "The same for the row that resolves the alert.",
);

pub static TYPES: &[TypeOf] = &[
    TypeOf::new(
        "slack",
        "Slack",
        "Posts to a channel when the alert fires and when it is resolved.",
        &[
            P::text(
                "url",
                "Webhook URL",
                "A secret: anyone who has it can post to the channel.",
            )
            .required()
            .secret(),
            TRIGGERED,
            RESOLVED,
        ],
    )
    .runs(),
    TypeOf::new(
        "http",
        "HTTP",
        "Sends an HTTP request when the alert fires and when it is resolved. Other servers may not know \
         this action.",
        &[
            P::text("url", "URL", "").required(),
            P::choice(
                "http_method",
                "Method",
                &["POST", "PUT", "PATCH", "GET"],
                "",
            )
            .default("POST"),
            P::text(
                "content_type",
                "Content type",
                "For example application/json.",
            ),
            P::map("http_header", "Headers", "One name: value per line."),
            TRIGGERED,
            RESOLVED,
            P::span("timeout", "Timeout", "Maximum duration of a request.").default("10s"),
        ],
    )
    .runs(),
    TypeOf::new(
        "email",
        "E-mail",
        "Its properties are not published: enter them as JSON.",
        &[],
    ),
    TypeOf::new(
        "pagerduty",
        "PagerDuty",
        "Its properties are not published: enter them as JSON.",
        &[],
    ),
];
