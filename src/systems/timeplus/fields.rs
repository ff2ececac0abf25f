//! Fields that the forms of several kinds of resources have, and the statement beside a form.

use leptos::prelude::*;

use crate::ui::{
    CopyButton,
    field::{Bound, QuantityField, TextArea, TextField, unit::Measure},
};

/// See [`super::name::check`].
#[component]
pub fn Name(
    value: Bound,
    #[prop(default = true)] autofocus: bool,
    #[prop(default = "Letters, digits and _, beginning with a letter; at most 64.")]
    help: &'static str,
) -> impl IntoView {
    view! { <TextField label="Name" name="name" required=true mono=true autofocus=autofocus value help /> }
        .into_any()
}

#[component]
pub fn Description(value: Bound) -> impl IntoView {
    view! { <TextArea label="Description" name="description" rows=2 value /> }.into_any()
}

/// How much and how long a stream keeps; `most` and `longest` stand where nothing is typed.
#[component]
pub fn Retention(
    bytes: Bound,
    ms: Bound,
    ttl: Bound,
    most: &'static str,
    longest: &'static str,
) -> impl IntoView {
    view! {
        <div class="pair-of-fields">
            <QuantityField
                label="Maximum size"
                name="logstore_retention_bytes"
                measure=Measure::Size
                unit="GiB"
                unlimited=true
                value=bytes
                placeholder=most
            />
            <QuantityField
                label="Retention"
                name="logstore_retention_ms"
                measure=Measure::Span
                unit="d"
                unlimited=true
                value=ms
                placeholder=longest
            />
        </div>
        <TextField
            label="TTL expression"
            name="ttl_expression"
            mono=true
            value=ttl
            placeholder="to_datetime(_tp_time) + INTERVAL 7 DAY"
            help="When rows are removed from the historical store."
        />
    }
    .into_any()
}

/// Stands for the statements where there are none.
pub const UNCHANGED: &str = "-- No changes.";

/// What a form amounts to, in SQL.
pub fn equivalent_sql(text: Signal<String>) -> AnyView {
    view! {
        <section class="sql-aside" aria-label="Equivalent SQL">
            <header><h2>"Equivalent SQL"</h2> <CopyButton text=text label="Copy SQL" /></header>
            <pre tabindex="0">{text}</pre>
        </section>
    }
    .into_any()
}
