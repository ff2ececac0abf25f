//! What is looked for among the objects of a class, kept in the page's address.

mod conditions;
mod pages;
mod terms;

use leptos::prelude::*;
use weir_api::secmaster::{
    data_object::{self, DataObject},
    page,
    search::{Condition, Search, Term},
};

use self::{
    conditions::conditions,
    pages::pages,
    terms::{read_terms, write_terms},
};
use super::super::pick::{Item, Pick, PickField};
use crate::kit::address;
use crate::{
    connections::use_connection_id,
    kit::{Narrow, whole},
    paths,
    query::Query,
};

/// Of the page's address.
pub const SEGMENT: &str = "data-objects";

const PAGE: u32 = 100;

/// What the person asks for; a context of the page.
#[derive(Clone, Copy)]
pub struct SearchState {
    /// Id of the class.
    pub class: RwSignal<String>,
    found: RwSignal<Found>,
    total: RwSignal<Option<u64>>,
}

/// All but the class, as it was last searched for.
#[derive(Debug, Clone, Default, PartialEq)]
struct Found {
    terms: Vec<Term>,
    from: String,
    to: String,
    by_change: bool,
    oldest_first: bool,
    page: u32,
}

impl SearchState {
    pub fn of_address() -> Self {
        let parameter = address::parameter;
        let found = Found {
            terms: read_terms(&parameter("where")),
            from: parameter("from"),
            to: parameter("to"),
            by_change: parameter("by") == "update_time",
            oldest_first: parameter("order") == "ASC",
            page: parameter("page").parse().unwrap_or_default(),
        };
        let asked = Self {
            class: RwSignal::new(parameter("class")),
            found: RwSignal::new(found),
            total: RwSignal::new(None),
        };
        address::keep(Signal::derive(move || {
            let class = asked.class.get();
            asked.found.with(|found| {
                let when = |yes: bool, word: &str| if yes { word.into() } else { String::new() };
                vec![
                    ("class", class),
                    ("where", write_terms(&found.terms)),
                    ("from", found.from.clone()),
                    ("to", found.to.clone()),
                    ("by", when(found.by_change, "update_time")),
                    ("order", when(found.oldest_first, "ASC")),
                    ("page", when(found.page > 0, &found.page.to_string())),
                ]
            })
        }));
        asked
    }
}

impl Found {
    fn search(&self) -> Search {
        let word = |yes: bool, one: &str, other: &str| if yes { one.into() } else { other.into() };
        Search {
            limit: PAGE,
            offset: self.page * PAGE,
            sort_by: word(self.by_change, "update_time", "create_time"),
            order: word(self.oldest_first, "ASC", "DESC"),
            from_date: self.from.clone(),
            to_date: self.to.clone(),
            condition: Condition::all_of(&self.terms),
        }
    }

    fn narrows(&self) -> bool {
        !self.terms.is_empty() || !self.from.is_empty() || !self.to.is_empty() || self.page > 0
    }
}

/// The page that shows what of a class is found.
pub fn address(connection: &str, class: &str, terms: &[Term]) -> String {
    let mut query = Query::default();
    query.set("class", class);
    query.set("where", &write_terms(terms));
    format!("{}{query}", paths::section(connection, SEGMENT))
}

pub fn narrow(_connection: &str) -> Narrow {
    let asked = expect_context::<SearchState>();
    let request = move || {
        let class = asked.class.get();
        asked
            .found
            .with(|found| data_object::search(&class, &found.search()))
    };
    Narrow {
        request: Signal::derive(request),
        bar: ViewFn::from(move || bar(asked)),
        active: Signal::derive(move || asked.found.with(Found::narrows)),
        told: Callback::new(move |parts: Vec<Vec<u8>>| {
            let total = page::<DataObject>(whole(&parts))
                .ok()
                .and_then(|page| page.total);
            asked.total.set(total);
        }),
    }
}

fn bar(asked: SearchState) -> AnyView {
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let classes = expect_context::<Pick>();
    let set = Callback::new(move |item: Item| {
        asked.found.update(|found| found.page = 0);
        asked.class.set(item.id);
    });
    let many = format!("{}?class=", paths::section(&connection, "import-objects"));
    let many = move || format!("{many}{}", asked.class.get());
    view! {
        <div class="object-bar">
            <PickField label="Data class" value=asked.class.into() pick=classes set empty="Choose a class" />
            <a class="button" href=many>"Import objects"</a>
        </div>
        {conditions(asked)}
        {pages(asked)}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use weir_api::secmaster::search::Operator;

    use super::*;

    #[test]
    fn a_search_comes_back_from_the_address() {
        let terms = vec![Term {
            field: "a.b".into(),
            operator: Operator::AtLeast,
            value: "x,\"y".into(),
        }];
        assert_eq!(read_terms(&write_terms(&terms)), terms);
        assert_eq!(write_terms(&[]), "");
        assert_eq!(read_terms("nonsense"), []);
    }

    #[test]
    fn pages_begin_where_the_last_ended() {
        let found = Found {
            page: 2,
            oldest_first: true,
            ..Found::default()
        };
        let search = found.search();
        assert_eq!((search.offset, search.limit), (200, 100));
        assert_eq!(
            (search.sort_by.as_str(), search.order.as_str()),
            ("create_time", "ASC")
        );
        assert_eq!(search.condition, None);
    }
}
