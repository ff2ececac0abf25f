//! Templates that everyone has, with the line that each makes of an example.

use leptos::prelude::*;
use weir_api::azion::{DataSource, Model, template::Template};

use super::super::streamings::use_templates;
use crate::{
    kit::notice::{Incomplete, Waiting},
    ui::{Badge, Empty, ErrorBanner},
};

/// The data source whose variables it names.
pub fn source(model: &Model) -> DataSource {
    let all = DataSource::ALL.into_iter();
    let fitting = all.min_by_key(|source| model.unknown(*source).len());
    fitting.unwrap_or_default()
}

pub fn page() -> AnyView {
    let (templates, load) = use_templates();
    let all = move || {
        let all = templates.get();
        if all.is_empty() {
            return view! { <Empty title="No templates" hint="Data streamings can define custom templates." /> }.into_any();
        }
        all.into_iter().map(one).collect_view().into_any()
    };
    view! {
        <div class="page">
            <header class="page-head"><h1>"Templates"</h1></header>
            <p class="template-intro">"A template defines what is sent for each record. These templates are shared; a custom template is part of its data streaming."</p>
            <ErrorBanner error=load.page_error() />
            <Incomplete load many="templates" />
            {move || if load.ready.get() { all() } else { view! { <Waiting load /> }.into_any() }}
        </div>
    }
    .into_any()
}

fn one(template: Template) -> AnyView {
    let model = Model::parse(&template.template_model);
    let source = source(&model);
    let line = model.preview(source);
    let name = template.name.clone();
    view! {
        <section class="template" aria-label=name>
            <h2>{template.name}</h2>
            <p class="template-facts"><Badge text=Signal::stored(source.title().to_string()) /> "ID " {template.id}</p>
            <pre class="sql-text" tabindex="0">{template.template_model}</pre>
            <h3>"Example line"</h3>
            <pre class="sql-text" tabindex="0">{line}</pre>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_of_the_source_that_knows_its_variables() {
        for (text, fits) in [
            ("$status $asn", DataSource::Http),
            ("$waf_args $blocked", DataSource::Waf),
            ("$log_message", DataSource::CellsConsole),
            ("$author_name $title", DataSource::Activity),
        ] {
            assert_eq!(source(&Model::parse(text)), fits, "{text}");
        }
    }
}
