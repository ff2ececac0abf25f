//! What is looked for among the objects of a class, kept in the page's address.

use leptos::prelude::*;
use weir_api::secmaster::{
    data_object::{self, DataObject},
    page,
    search::{Condition, Operator, Search, Term},
};

use super::{
    super::pick::{Item, Pick, PickField},
    classes::use_fields,
};
use crate::kit::address;
use crate::{
    connections::use_connection_id,
    kit::Narrow,
    paths,
    ui::{
        Button, ButtonKind, Icon, IconName,
        field::{Bound, Choice, Select, TextField},
        number::count,
    },
};

const PAGE: u32 = 100;

/// What the person asks for; a context of the page.
#[derive(Clone, Copy)]
pub struct Asked {
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

impl Asked {
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

fn write_terms(terms: &[Term]) -> String {
    let all: Vec<[&str; 3]> = terms
        .iter()
        .map(|term| [term.field.as_str(), term.operator.as_str(), &term.value])
        .collect();
    match all.is_empty() {
        true => String::new(),
        false => serde_json::to_string(&all).unwrap_or_default(),
    }
}

fn read_terms(text: &str) -> Vec<Term> {
    let all: Vec<[String; 3]> = serde_json::from_str(text).unwrap_or_default();
    let term = |[field, operator, value]: [String; 3]| Term {
        operator: Operator::named(&operator).unwrap_or_default(),
        field,
        value,
    };
    all.into_iter().map(term).collect()
}

pub fn narrow(_connection: &str) -> Narrow {
    let asked = expect_context::<Asked>();
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
        told: Callback::new(move |body: Vec<u8>| {
            let total = page::<DataObject>(&body).ok().and_then(|page| page.total);
            asked.total.set(total);
        }),
    }
}

fn bar(asked: Asked) -> AnyView {
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
            <a class="button" href=many>"Create many"</a>
        </div>
        {conditions(asked)}
        {pages(asked)}
    }
    .into_any()
}

fn pages(asked: Asked) -> AnyView {
    let page = Memo::new(move |_| asked.found.with(|found| found.page));
    let words = move || {
        let total = asked.total.get()?;
        let first = u64::from(page.get() * PAGE) + 1;
        let last = (first + u64::from(PAGE) - 1).min(total);
        (total > u64::from(PAGE))
            .then(|| format!("{} to {} of {}", count(first), count(last), count(total)))
    };
    let more = Memo::new(move |_| {
        let total = asked.total.get().unwrap_or_default();
        u64::from((page.get() + 1) * PAGE) < total
    });
    let turn = move |by: i32| {
        asked
            .found
            .update(|found| found.page = found.page.saturating_add_signed(by));
    };
    let shown = Memo::new(move |_| page.get() > 0 || more.get());
    (move || {
        shown.get().then(|| {
            view! {
                <nav class="object-pages" aria-label="Pages">
                    <Button disabled=Signal::derive(move || page.get() == 0) reason="This is the first page." on_click=move || turn(-1)>"Previous"</Button>
                    <span role="status">{words}</span>
                    <Button disabled=Signal::derive(move || !more.get()) reason="This is the last page." on_click=move || turn(1)>"Next"</Button>
                </nav>
            }
        })
    })
    .into_any()
}

/// What is typed is searched for when the button is pressed.
fn conditions(asked: Asked) -> AnyView {
    let start = asked.found.get_untracked();
    let open = start.narrows();
    let draft = RwSignal::new(start);
    let fields = use_fields(asked.class.into());
    let known = Signal::derive(move || {
        let own = ["create_time", "update_time", "version"];
        let mut choices = vec![Choice::new("", "Choose a field")];
        fields.all.with(|all| {
            let all = all
                .iter()
                .map(|field| Choice::new(&field.field_key, field.label()));
            choices.extend(all);
        });
        choices.extend(own.map(|name| Choice::new(name, name)));
        choices
    });
    let rows = Memo::new(move |_| draft.with(|draft| draft.terms.len()));
    let rows = move || {
        (0..rows.get())
            .map(|at| row(draft, at, known))
            .collect_view()
    };
    let search = move || {
        draft.update(|draft| {
            draft.page = 0;
            draft.terms.retain(|term| !term.field.is_empty());
        });
        asked.found.set(draft.get_untracked());
    };
    let clear = move || {
        draft.set(Found::default());
        asked.found.set(Found::default());
    };
    let active = Memo::new(move |_| asked.found.with(Found::narrows));
    let title = move || match asked.found.with(|found| found.terms.len()) {
        0 => "Conditions".to_owned(),
        n => format!("Conditions ({n})"),
    };
    let text = |of: fn(&mut Found) -> &mut String| {
        Bound::new(
            move || draft.with(|draft| of(&mut draft.clone()).clone()),
            move |text| draft.update(|draft| *of(draft) = text.trim().into()),
        )
    };
    let flag = |of: fn(&mut Found) -> &mut bool| {
        Bound::new(
            move || draft.with(|draft| of(&mut draft.clone()).to_string()),
            move |text| draft.update(|draft| *of(draft) = text == "true"),
        )
    };
    let by = vec![
        Choice::new("false", "Time of creation"),
        Choice::new("true", "Time of change"),
    ];
    let order = vec![
        Choice::new("false", "Newest first"),
        Choice::new("true", "Oldest first"),
    ];
    let time = "For example 2026-11-23T00:00:00Z.";
    view! {
        <details class="filters" open=open>
            <summary>{title}</summary>
            <form class="object-search" on:submit=move |event| { event.prevent_default(); search(); }>
                {rows}
                <Button kind=ButtonKind::Quiet on_click=move || draft.update(|draft| draft.terms.push(Term::default()))>
                    "Add condition"
                </Button>
                <div class="filters-fields">
                    <TextField label="Created from" value=text(|f| &mut f.from) help=time />
                    <TextField label="Created until" value=text(|f| &mut f.to) help=time />
                    <Select label="Sorted by" value=flag(|f| &mut f.by_change) choices=by />
                    <Select label="Order" value=flag(|f| &mut f.oldest_first) choices=order />
                </div>
                <div class="filters-actions">
                    <Button kind=ButtonKind::Primary submit=true>"Search"</Button>
                    {move || active.get().then(|| view! {
                        <Button kind=ButtonKind::Quiet on_click=clear>"Clear"</Button>
                    })}
                </div>
            </form>
        </details>
    }
    .into_any()
}

fn row(draft: RwSignal<Found>, at: usize, fields: Signal<Vec<Choice>>) -> AnyView {
    let term = move |read: fn(&Term) -> String| {
        move || draft.with(|draft| draft.terms.get(at).map(read).unwrap_or_default())
    };
    let change = move |write: fn(&mut Term, String)| {
        move |text: String| {
            draft.update(|draft| {
                if let Some(term) = draft.terms.get_mut(at) {
                    write(term, text);
                }
            });
        }
    };
    let field = Bound::new(
        term(|term| term.field.clone()),
        change(|term, text| term.field = text),
    );
    let operator = Bound::new(
        term(|term| term.operator.as_str().into()),
        change(|term, text| term.operator = Operator::named(&text).unwrap_or_default()),
    );
    let value = Bound::new(
        term(|term| term.value.clone()),
        change(|term, text| term.value = text),
    );
    let operators: Vec<Choice> = Operator::ALL
        .into_iter()
        .map(|operator| Choice::new(operator.as_str(), words(operator)))
        .collect();
    let number = at + 1;
    let remove = move || {
        draft.update(|draft| {
            draft.terms.remove(at);
        });
    };
    view! {
        <div class="object-condition">
            <Select label=format!("Condition {number} field") bare=true value=field choices=fields />
            <Select label=format!("Condition {number} operator") bare=true value=operator choices=operators />
            <TextField label=format!("Condition {number} value") bare=true value />
            <Button kind=ButtonKind::Quiet label=format!("Remove condition {number}") on_click=remove>
                <Icon name=IconName::Delete />
            </Button>
        </div>
    }
    .into_any()
}

fn words(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "is",
        Operator::Unequal => "is not",
        Operator::Contains => "contains",
        Operator::In => "is one of (a,b)",
        Operator::AtLeast => "is at least",
        Operator::AtMost => "is at most",
    }
}

#[cfg(test)]
mod tests {
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
