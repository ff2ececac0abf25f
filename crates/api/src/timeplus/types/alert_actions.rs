//! What an alert does. Of the actions only `slack` has published properties.

use crate::property::{Property as P, TypeOf};

const TRIGGERED: P = P::long(
    "trigger_template",
    "Message when triggered",
    "{{ .name }} stands for the value of a column. The alert's name and the row when left empty.",
);

const RESOLVED: P = P::long(
    "resolve_template",
    "Message when resolved",
    "The same for the row that resolves it.",
);

pub static TYPES: &[TypeOf] = &[
    TypeOf::new(
        "slack",
        "Slack",
        "Posts to a channel when the alert triggers and when it resolves.",
        &[
            P::text(
                "url",
                "Webhook URL",
                "Whoever knows it can post to the channel, so it is kept secret.",
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
        "Calls an address when the alert triggers and when it resolves. Other servers may not know \
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
            P::map("http_header", "Headers", "One name: value a line."),
            TRIGGERED,
            RESOLVED,
            P::span("timeout", "Timeout", "How long a call may take.").default("10s"),
        ],
    )
    .runs(),
    TypeOf::new(
        "email",
        "E-mail",
        "Its properties are not published: give them as JSON.",
        &[],
    ),
    TypeOf::new(
        "pagerduty",
        "PagerDuty",
        "Its properties are not published: give them as JSON.",
        &[],
    ),
];
