//! Trying what is developed: values for the parameters, a run, its answer and how long it took.

pub mod result;
pub mod runs;
mod values;

use std::time::Duration;

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest,
    dataworks::{
        answer,
        api::Api,
        codes,
        test::{self, FINISHED, Input, Test},
    },
};

use self::{result::Result, runs::Runs, values::Values};
use super::Model;
use crate::{
    connections::use_may_change,
    http,
    kit::{use_call_with, use_call_with_toast, use_load},
    ui::{
        Button, ButtonKind, ErrorBanner,
        field::{Bound, TextArea, TextField},
        use_toasts,
    },
};

const SHOWN: u32 = 20;
/// Between two looks at a run.
const LOOK: Duration = Duration::from_millis(500);

pub fn panel(model: Signal<Model>) -> AnyView {
    let api = Memo::new(move |_| model.with(|model| model.api.clone()));
    (move || {
        let api = api.get();
        view! { <Panel api /> }
    })
    .into_any()
}

#[component]
fn Panel(api: Api) -> impl IntoView {
    let (permit, toasts) = (use_may_change(), use_toasts());
    let saving = use_call_with_toast();
    let id = api.api_id;
    let values = RwSignal::new(Values::of(&api));
    let result = RwSignal::new(None::<Test>);
    let runs = RwSignal::new(Vec::<Test>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        runs.set(test::listed(&body)?);
        Ok(())
    });
    let load = use_load(Signal::derive(move || test::list(id, SHOWN)), None, accept);
    let fields = fields(&api, values);
    let sent = StoredValue::new(api);
    let error = RwSignal::new(None::<ApiError>);
    let call = use_call_with(Callback::new(move |failed| {
        error.set(Some(failed));
        load.reload();
    }));
    let busy = call.busy;
    let run = move || {
        let input = sent.with_value(|api| values.with_untracked(|values| values.input(api)));
        error.set(None);
        call.run(
            move |endpoint| async move { whole(&endpoint, id, &input, busy).await },
            move |test| {
                result.set(Some(test));
                load.reload();
            },
        );
    };
    let save = move || {
        saving.read(Ok(test::save_result(id, None)), answer::done, move |()| {
            toasts.success("Test results saved as samples");
        });
    };
    view! {
        <div class="configuration">
            <p>"A test runs the development version, not the published one."</p>
            <form
                class="trial"
                on:submit=move |event| {
                    event.prevent_default();
                    run();
                }
            >
                {fields}
                <div class="actions">
                    <Button kind=ButtonKind::Primary submit=true busy disabled=permit.denied reason=permit.reason>"Run test"</Button>
                    <Button on_click=save disabled=permit.denied reason=permit.reason>"Save results as samples"</Button>
                </div>
            </form>
            <ErrorBanner error=error />
            <p role="status">{move || busy.get().then_some("The test is running…")}</p>
            {move || result.get().map(|test| view! { <Result test /> })}
            <h2>"Tests"</h2>
            <Runs runs result load />
        </div>
    }
}

fn fields(api: &Api, values: RwSignal<Values>) -> AnyView {
    let all: Vec<_> = api
        .request_parameters()
        .iter()
        .enumerate()
        .filter(|(_, parameter)| parameter.parameter_operator != codes::CONST)
        .map(|(at, parameter)| {
            let value = Bound::new(
                move || values.with(|values| values.texts.get(at).cloned().unwrap_or_default()),
                move |text| {
                    values.update(|values| {
                        if let Some(value) = values.texts.get_mut(at) {
                            *value = text;
                        }
                    });
                },
            );
            let kind = codes::word(codes::DATA_TYPES, parameter.parameter_data_type);
            let position = codes::word(codes::POSITIONS, parameter.parameter_position);
            let help = format!("{kind}, {}", position.to_lowercase());
            let required = parameter.is_required_parameter;
            view! { <TextField label=parameter.parameter_name.clone() mono=true required value help /> }
        })
        .collect();
    let body = Bound::new(
        move || values.with(|values| values.body.clone()),
        move |text| values.update(|values| values.body = text),
    );
    let has_body = matches!(api.request_method, codes::POST | codes::PUT)
        && api.api_mode == codes::REGISTRATION;
    view! {
        {all}
        {has_body.then(|| view! { <TextArea label="Body" mono=true rows=4 value=body /> })}
    }
    .into_any()
}

/// Starts a run and waits for its end.
async fn whole(
    endpoint: &http::Endpoint,
    id: i64,
    input: &Input,
    busy: RwSignal<bool>,
) -> Result<Test, ApiError> {
    let call = async |request: ApiRequest| http::send(endpoint, request).await;
    let run = test::started(&call(test::start(id, input)).await?)?;
    loop {
        let mut test = test::got(&call(test::get(run)).await?)?;
        test.test_id = run;
        if test.status == FINISHED {
            return Ok(test);
        }
        http::pause(LOOK).await;
        if busy.is_disposed() {
            return Err(ApiError::Cancelled);
        }
    }
}

#[cfg(test)]
mod tests {
    use weir_api::dataworks::{
        api::Details,
        details::{Registration, RequestParameter},
    };

    use super::*;

    #[test]
    fn constants_and_empty_values_are_not_sent() {
        let parameter = |name: &str, operator, example: &str, default: &str| RequestParameter {
            parameter_name: name.into(),
            parameter_operator: operator,
            parameter_position: codes::HEAD,
            example_value: example.into(),
            default_value: default.into(),
            ..RequestParameter::default()
        };
        let mut api = Api::default();
        api.set_details(Details::Registration(Registration {
            registration_request_parameters: vec![
                parameter("a", codes::EQUAL, "1", "2"),
                parameter("b", codes::EQUAL, "", ""),
                parameter("c", codes::CONST, "", "x"),
            ],
            ..Registration::default()
        }));
        let values = Values::of(&api);
        assert_eq!(values.texts, ["1", "", "x"]);
        let input = values.input(&api);
        assert_eq!(
            input.parameters,
            [(codes::HEAD, "a".to_string(), "1".to_string())]
        );
    }
}
