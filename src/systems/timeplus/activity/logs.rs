use std::time::Duration;

use leptos::{html, prelude::*};
use weir_api::{ApiRequest, json_response};

use super::ranges;
use crate::{
    kit::{notice::Waiting, use_load},
    ui::{
        Button, ErrorBanner,
        field::{Bound, Checkbox, Select},
        save,
    },
};

const EVERY: Duration = Duration::from_secs(2);

/// The last log lines; follows them as long as that is wanted.
#[component]
pub fn LogsTab(
    key: Memo<String>,
    /// Key and number of lines.
    request: fn(&str, u32) -> ApiRequest,
    /// Of the downloaded file.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let lines = RwSignal::new(Vec::<String>::new());
    let most = RwSignal::new(String::from("200"));
    let follow = RwSignal::new(String::from("true"));
    let request =
        Signal::derive(move || request(&key.get(), most.get().parse().unwrap_or_default()));
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer: Option<Vec<String>> = json_response(&body)?;
        let answer = answer.unwrap_or_default();
        if lines.with_untracked(|old| *old != answer) {
            lines.set(answer);
        }
        Ok(())
    });
    let load = use_load(request, None, accept);
    let timer = set_interval_with_handle(
        move || {
            if follow.with_untracked(|on| on == "true") && !document().hidden() {
                load.reload();
            }
        },
        EVERY,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let text = Memo::new(move |_| lines.with(|lines| lines.join("\n")));
    let node = NodeRef::<html::Pre>::new();
    Effect::new(move || {
        text.track();
        // After the text is there.
        request_animation_frame(move || {
            if let Some(pre) = node.get_untracked()
                && follow.with_untracked(|on| on == "true")
            {
                pre.set_scroll_top(pre.scroll_height());
            }
        });
    });
    let download = move || {
        let name = format!("{}.log", name.get_untracked());
        save::file(&name, "text/plain", &text.get_untracked());
    };
    let choices = ranges(&[
        ("200", "Last 200 lines"),
        ("1000", "Last 1,000 lines"),
        ("2000", "Last 2,000 lines"),
    ]);
    view! {
        <ErrorBanner error=load.page_error() />
        <div class="log-tools">
            <Select bare=true label="Lines" value=Bound::from(most) choices />
            <Checkbox label="Follow" value=Bound::from(follow) />
            <Button on_click=download>"Download"</Button>
        </div>
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            view! {
                <pre class="log mono" tabindex="0" aria-label="Log" node_ref=node>
                    {move || {
                        let text = text.get();
                        if text.is_empty() { "No lines since the server started.".into() } else { text }
                    }}
                </pre>
            }
                .into_any()
        }}
    }
    .into_any()
}
