use leptos::prelude::*;

use super::{
    Bound, Field,
    unit::{self, Measure, UNLIMITED},
    use_wiring,
};

/// A whole or decimal number, kept as text so that nothing is rounded.
#[component]
pub fn NumberField(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: String,
    #[prop(into)] value: Bound,
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional, into)] unit: String,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let control = move || {
        let wiring = use_wiring();
        let (invalid, described) = (wiring.invalid(), wiring.described());
        view! {
            <span class="with-unit">
                <input
                    class="input number"
                    inputmode="decimal"
                    autocomplete="off"
                    id=wiring.id.clone()
                    placeholder=placeholder
                    aria-required=wiring.required.then_some("true")
                    aria-invalid=invalid
                    aria-describedby=described
                    prop:value=value.get
                    on:input:target=move |event| {
                        wiring.touched();
                        value.set.run(event.target().value());
                    }
                />
                {(!unit.is_empty()).then(|| view! { <span class="unit">{unit}</span> })}
            </span>
        }
        .into_any()
    };
    view! {
        <Field label name help required error>
            {control()}
        </Field>
    }
    .into_any()
}

/// A size or a duration: a number beside its unit. `7 d` typed into the number does the same as
/// 7 with the unit chosen; the text is kept as `7 d`.
#[component]
pub fn QuantityField(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: String,
    #[prop(into)] value: Bound,
    measure: Measure,
    /// The unit that is there before anything is typed.
    unit: &'static str,
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] placeholder: String,
    /// Offers the choice of no limit.
    #[prop(optional)]
    unlimited: bool,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let chosen = RwSignal::new(unit);
    // The unit follows the text, also when the text comes from elsewhere.
    let typed_unit = Memo::new(move |_| {
        value.get.with(|text| {
            if text == UNLIMITED {
                return Some(UNLIMITED);
            }
            let typed = unit::split(text).1;
            measure
                .units()
                .iter()
                .map(|(name, _)| *name)
                .find(|name| *name == typed)
        })
    });
    Effect::new(move || {
        if let Some(unit) = typed_unit.get() {
            chosen.set(unit);
        }
    });
    let is_unlimited = move || typed_unit.get() == Some(UNLIMITED);
    // While somebody types, the number stays as typed, a unit in it too; it moves over when they
    // are done.
    let typing = RwSignal::new(None::<String>);
    let number = move || {
        if let Some(typed) = typing.get() {
            return typed;
        }
        value.get.with(|text| match typed_unit.get() {
            Some(UNLIMITED) => String::new(),
            Some(_) => unit::split(text).0.to_string(),
            None => text.clone(),
        })
    };
    // A number alone has the unit beside it.
    let with_unit = move |typed: &str| match unit::split(typed) {
        ("", "") => String::new(),
        (number, "") => {
            let unit = chosen.get_untracked();
            let unit = if unit == UNLIMITED {
                measure.units()[0].0
            } else {
                unit
            };
            format!("{number} {unit}")
        }
        _ => typed.to_string(),
    };
    let label_of_unit = format!("Unit of {}", label.to_lowercase());
    let control = move || {
        let wiring = use_wiring();
        let (invalid, described) = (wiring.invalid(), wiring.described());
        let (touch, touched) = (wiring.clone(), wiring.clone());
        let names = measure.units().iter().map(|(name, _)| (*name, *name));
        let names = names.chain(unlimited.then_some((UNLIMITED, "no limit")));
        let options: Vec<_> = names
            .map(|(name, words)| {
                view! { <option value=name prop:selected=move || chosen.get() == name>{words}</option> }
            })
            .collect();
        view! {
            <span class="with-unit">
                <input
                    class="input number"
                    inputmode="text"
                    autocomplete="off"
                    id=wiring.id.clone()
                    placeholder=move || if is_unlimited() { "no limit".into() } else { placeholder.clone() }
                    aria-invalid=invalid
                    aria-describedby=described
                    prop:value=number
                    // Whoever saves or leaves while the focus is here means what stands here.
                    on:input:target=move |event| {
                        let typed = event.target().value();
                        touched.touched();
                        value.set.run(with_unit(&typed));
                        typing.set(Some(typed));
                    }
                    on:blur=move |_| typing.set(None)
                    on:change:target=move |event| {
                        let text = with_unit(&event.target().value());
                        typing.set(None);
                        wiring.touched();
                        // Words such as `2 weeks` or `90m` become the number and unit they mean.
                        let text = match measure.parse(&text) {
                            Ok(Some(value)) if unit::split(&text).1 != chosen.get_untracked() => measure.format(value),
                            _ => text,
                        };
                        value.set.run(text);
                    }
                />
                <select
                    class="input unit-choice"
                    aria-label=label_of_unit
                    on:change:target=move |event| {
                        let unit = event.target().value();
                        touch.touched();
                        if unit == UNLIMITED {
                            value.set.run(unit);
                            return;
                        }
                        if let Some((name, _)) = measure.units().iter().find(|(name, _)| *name == unit) {
                            chosen.set(name);
                        }
                        let number = value.get.with_untracked(|text| {
                            if text == UNLIMITED { String::new() } else { unit::split(text).0.to_string() }
                        });
                        value.set.run(if number.is_empty() { number } else { format!("{number} {unit}") });
                    }
                >
                    {options}
                </select>
            </span>
        }
        .into_any()
    };
    view! {
        <Field label name help error>
            {control()}
        </Field>
    }
    .into_any()
}
