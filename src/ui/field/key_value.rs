use leptos::prelude::*;

use super::{Row, TextField};
use crate::ui::{Button, ButtonKind, Icon, IconName};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pair {
    pub key: String,
    pub value: String,
}

/// Rows of names and values, for settings and labels. Errors go to `name[2].key` and
/// `name[2].value`.
#[component]
pub fn KeyValue(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    pairs: RwSignal<Vec<Pair>>,
    #[prop(into)] key_label: String,
    #[prop(into)] value_label: String,
) -> impl IntoView {
    let count = Memo::new(move |_| pairs.with(Vec::len));
    let rows = move || {
        (0..count.get())
            .map(|index| {
                let row = Row::new(pairs, |all| all, index);
                let (key, value) = (row.part(|pair| &mut pair.key), row.part(|pair| &mut pair.value));
                let number = index + 1;
                view! {
                    <div class="pair">
                        <TextField bare=true label=format!("{key_label} {number}") name=format!("{name}[{index}].key") value=key />
                        <TextField bare=true label=format!("{value_label} {number}") name=format!("{name}[{index}].value") value />
                        <Button
                            kind=ButtonKind::Quiet
                            label=format!("Remove {number}")
                            on_click=move || row.remove()
                        >
                            <Icon name=IconName::Close />
                        </Button>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <fieldset class="field pairs">
            <legend>{label}</legend>
            {rows}
            <Button on_click=move || pairs.update(|all| all.push(Pair::default()))>"Add"</Button>
        </fieldset>
    }
    .into_any()
}
