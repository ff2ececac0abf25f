//! The templates that everyone has: all variables of a data source as one JSON object.

use weir_api::azion::{DataSource, template::Template};

const TEMPLATES: &[(i64, &str, DataSource)] = &[
    (2, "Edge Applications, event collector", DataSource::Http),
    (4, "WAF, event collector", DataSource::Waf),
    (
        86,
        "Edge Functions, event collector",
        DataSource::CellsConsole,
    ),
    (
        184,
        "Edge Applications + WAF, event collector",
        DataSource::Http,
    ),
    (251, "Activity History collector", DataSource::Activity),
];

pub(super) fn list() -> Vec<Template> {
    TEMPLATES.iter().map(made).collect()
}

pub(super) fn get(id: i64) -> Option<Template> {
    TEMPLATES.iter().find(|one| one.0 == id).map(made)
}

fn made((id, name, source): &(i64, &str, DataSource)) -> Template {
    // The one with both shows what the firewall found; the first one does not.
    let shown = |variable: &str| *id != 2 || !variable.starts_with("waf_");
    let names = source.variables().iter().map(|one| one.name);
    let pairs: Vec<String> = names
        .filter(|name| shown(name))
        .map(|name| format!("\"{name}\":\"${name}\""))
        .collect();
    Template {
        id: *id,
        name: (*name).into(),
        template_model: format!("{{{}}}", pairs.join(",")),
    }
}

#[cfg(test)]
mod tests {
    use weir_api::azion::Model;

    use super::*;

    #[test]
    fn their_variables_exist() {
        for (id, _, source) in TEMPLATES {
            let template = get(*id).expect("template");
            let model = Model::parse(&template.template_model);
            assert!(model.unknown(*source).is_empty(), "{template:?}");
        }
        assert_ne!(list()[0].template_model, list()[3].template_model);
    }
}
