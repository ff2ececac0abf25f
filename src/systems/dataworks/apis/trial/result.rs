//! The answer of a test.

use leptos::prelude::*;
use weir_api::dataworks::test::{FINISHED, Test};
use weir_live::format::pretty;

use crate::ui::{State, Tone, time};

pub(super) fn outcome(test: &Test) -> (Tone, String) {
    match (test.status.as_str(), test.ret_code) {
        (FINISHED, Some(0)) => (Tone::Good, "succeeded".into()),
        (FINISHED, Some(code)) => (Tone::Bad, format!("failed ({code})")),
        (FINISHED, None) => (Tone::Neutral, "finished".into()),
        (status, _) => (Tone::Accent, status.to_lowercase()),
    }
}

/// With line breaks where it is JSON; every number stays as it came.
fn laid_out(text: &str) -> String {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => pretty(text),
        Err(_) => text.into(),
    }
}

#[component]
pub fn Result(test: Test) -> impl IntoView {
    let (tone, word) = outcome(&test);
    let lines = (!test.debug_info.is_empty()).then(|| {
        view! {
            <details>
                <summary>"Result"</summary>
                <pre class="log" tabindex="0">{test.debug_info.clone()}</pre>
            </details>
        }
    });
    view! {
        <section class="trial-result" aria-label="Result">
            <h2>"Result"</h2>
            <p>
                <State tone=Signal::stored(tone) word=Signal::stored(word) />
                " in "
                {time::span(test.cost_time as f64)}
            </p>
            <pre class="sql-text" tabindex="0">{laid_out(&test.ret_result)}</pre>
            {lines}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_of_the_console_is_not_rounded() {
        let exact = laid_out(r#"{"b":123456789012345678901234567890.123}"#);
        assert!(
            exact.contains("123456789012345678901234567890.123"),
            "{exact}"
        );
        assert!(exact.contains('\n'), "{exact}");
        assert_eq!(laid_out("<ok/>"), "<ok/>");
    }
}
