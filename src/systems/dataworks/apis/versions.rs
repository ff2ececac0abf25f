//! What is published beside what is developed. DataWorks offers these two versions.

use leptos::prelude::*;
use weir_api::dataworks::{
    api::{self, Api, Details},
    codes,
};

use super::{Model, detail};
use crate::{
    kit::{notice::Waiting, use_load},
    ui::{Banner, Empty, ErrorBanner, Tone},
};

pub fn panel(model: Signal<Model>) -> AnyView {
    let published = Memo::new(move |_| model.with(|model| model.api.status == codes::PUBLISHED));
    (move || match published.get() {
        true => view! { <Published model /> }.into_any(),
        false => view! {
            <Empty
                title="Not published"
                hint="Submit a version, then publish it. Callers see the published version until it is published again."
            />
        }
        .into_any(),
    })
    .into_any()
}

#[component]
fn Published(model: Signal<Model>) -> impl IntoView {
    let answer = RwSignal::new(None::<Api>);
    let accept = Callback::new(move |body: Vec<u8>| {
        answer.set(Some(api::got(&body)?));
        Ok(())
    });
    let id = Memo::new(move |_| model.with(|model| model.api.api_id));
    let load = use_load(
        Signal::derive(move || api::get_published(id.get())),
        None,
        accept,
    );
    let words = move || {
        let published = answer.get()?;
        let changed = model.with(|model| differences(&model.api, &published));
        Some(match changed.as_slice() {
            [] => view! { <Banner tone=Tone::Good>"The published version is up to date."</Banner> }
                .into_any(),
            some => {
                let words = format!("Changed since publication: {}.", some.join(", "));
                view! { <Banner tone=Tone::Accent>{words}</Banner> }.into_any()
            }
        })
    };
    let samples = move || {
        let published = answer.get()?;
        let (success, failure) = match published.details()? {
            Details::Wizard(d) => (d.successful_result_sample, d.failed_result_sample),
            Details::Script(d) => (d.successful_result_sample, d.failed_result_sample),
            Details::Registration(d) => (d.successful_result_sample, d.failed_result_sample),
        };
        let all = [("Sample response", success), ("Sample error", failure)];
        let some = all.into_iter().filter(|(_, sample)| !sample.is_empty());
        let views = some.map(|(title, sample)| {
            view! { <h2>{title}</h2> <pre class="sql-text" tabindex="0">{sample}</pre> }
        });
        Some(views.collect_view())
    };
    view! {
        <ErrorBanner error=load.page_error() />
        <div class="configuration">
            {move || (!load.ready.get()).then(|| view! { <Waiting load /> })}
            {words}
            {move || answer.get().map(|published| detail::shown(&published))}
            {samples}
        </div>
    }
}

/// What differs, in words.
fn differences(developed: &Api, published: &Api) -> Vec<&'static str> {
    let bare = |api: &Api| {
        api.details().map(|mut details| {
            match &mut details {
                Details::Wizard(d) => {
                    d.wizard_error_codes.clear();
                    d.successful_result_sample.clear();
                    d.failed_result_sample.clear();
                }
                Details::Script(d) => {
                    d.script_error_codes.clear();
                    d.successful_result_sample.clear();
                    d.failed_result_sample.clear();
                }
                Details::Registration(d) => {
                    d.successful_result_sample.clear();
                    d.failed_result_sample.clear();
                }
            }
            let columns = |parameter: &mut weir_api::dataworks::details::RequestParameter| {
                parameter.column_name.clear();
            };
            // Published wizards do not tell the columns of their parameters.
            if let Details::Wizard(d) = &mut details {
                d.wizard_request_parameters.iter_mut().for_each(columns);
                for parameter in &mut d.wizard_response_parameters {
                    parameter.column_name.clear();
                }
            }
            // Published APIs may tell more than those that are developed.
            details.known()
        })
    };
    let (a, b) = (developed, published);
    let all = [
        (a.api_path != b.api_path, "path"),
        (a.description != b.description, "description"),
        (a.request_method != b.request_method, "method"),
        (a.protocols != b.protocols, "protocols"),
        (
            a.response_content_type != b.response_content_type,
            "response format",
        ),
        (a.timeout != b.timeout, "timeout"),
        (a.visible_range != b.visible_range, "visibility"),
        (bare(a) != bare(b), "definition"),
    ];
    all.into_iter()
        .filter(|(differs, _)| *differs)
        .map(|(_, word)| word)
        .collect()
}

#[cfg(test)]
mod tests {
    use weir_api::dataworks::details::Script;

    use super::*;

    #[test]
    fn samples_are_no_difference() {
        let mut developed = Api::default();
        developed.set_details(Details::Script(Script::default()));
        let mut published = developed.clone();
        published.set_details(Details::Script(Script {
            successful_result_sample: "{}".into(),
            ..Script::default()
        }));
        assert!(differences(&developed, &published).is_empty());
        published.set_details(Details::Script(Script {
            beside: serde_json::from_str(r#"{"later":1}"#).expect("an object"),
            ..Script::default()
        }));
        published.timeout = 5;
        assert_eq!(differences(&developed, &published), ["timeout"]);
        published.set_details(Details::Script(Script {
            script: "select 1".into(),
            ..Script::default()
        }));
        assert_eq!(
            differences(&developed, &published),
            ["timeout", "definition"]
        );
    }
}
