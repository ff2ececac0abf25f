use leptos::prelude::*;

/// The head of a column.
#[derive(Debug, Clone, Copy)]
pub enum Head {
    Text(&'static str),
    /// Of figures, which stand at the right.
    Number(&'static str),
    /// Only read out, over buttons.
    Hidden(&'static str),
}

impl Head {
    fn view(self) -> AnyView {
        match self {
            Self::Text(words) => view! { <th scope="col">{words}</th> }.into_any(),
            Self::Number(words) => view! { <th scope="col" class="number">{words}</th> }.into_any(),
            Self::Hidden(words) => {
                view! { <th scope="col"><span class="visually-hidden">{words}</span></th> }
                    .into_any()
            }
        }
    }
}

/// A table of so few rows that all of them are there; the children are its rows.
#[component]
pub fn ShortTable(
    label: &'static str,
    heads: &'static [Head],
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let heads: Vec<_> = heads.iter().map(|head| head.view()).collect();
    view! {
        // Wider than its place, the keyboard can scroll it.
        <div class="table-box" tabindex="0" role="group" aria-label=label>
            <table class=format!("table {class}") aria-label=label>
                <thead><tr>{heads}</tr></thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
