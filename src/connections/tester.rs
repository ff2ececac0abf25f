//! The button "Test connection".

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest, FieldError, System,
    auth::Credential,
    timeplus::{info, workspace},
};

use super::{
    Connection, server,
    test_result::{Answer, Facts, TestResult, test_result, version},
    vendor_test_result,
};
use crate::{
    http::{self, Endpoint},
    ui::{Banner, Button, HeldBack, Tone, field::FormErrors},
};

/// Calls the system the way its pages would.
pub async fn test(connection: &Connection, credential: Credential) -> TestResult {
    let endpoint = connection.endpoint(credential);
    match connection.system() {
        System::Timeplus => timeplus(connection, &endpoint).await,
        system => {
            let outcome = match system {
                // Either version of its API will do.
                System::Azion => server::ask_azion(&endpoint).await.map(|_| b"{}".to_vec()),
                _ => http::send(&endpoint, system.probe()).await,
            };
            let silent = matches!(outcome, Err(ApiError::Network(_)));
            let found = vendor_test_result::Facts {
                connection,
                page: &page_origin(),
                credential_typed: endpoint.credential != Credential::None,
                outcome: &outcome,
                answers_unread: silent && http::answers(&endpoint.url(&ApiRequest::get(""))).await,
            };
            vendor_test_result::test_result(&found)
        }
    }
}

async fn timeplus(connection: &Connection, endpoint: &Endpoint) -> TestResult {
    let credential_typed = endpoint.credential != Credential::None;
    let info = http::send(endpoint, info::get()).await;
    let version = info.as_ref().ok().and_then(|body| version(body));
    let answer = Answer::of(&info, |_| version.is_some());
    let answers_unread =
        answer == Answer::None && http::answers(&endpoint.url(&ApiRequest::get("/info"))).await;
    // Servers of 2025 have no `/info`.
    let without_info = matches!(answer, Answer::Refused { status: 404, .. });
    let workspace = if answer == Answer::Good || without_info {
        let outcome = http::send(endpoint, workspace::get()).await;
        Answer::of(&outcome, |body| {
            weir_api::json_response::<workspace::Workspace>(body).is_ok()
        })
    } else {
        Answer::None
    };
    let server = match workspace {
        Answer::Good => server::ask(endpoint).await,
        _ => None,
    };
    test_result(&Facts {
        connection,
        page: &page_origin(),
        credential_typed,
        info: answer,
        answers_unread,
        version,
        workspace,
        server,
    })
}

pub fn page_origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// `read` gives what is typed now, or what is wrong with it.
#[component]
pub fn TestConnection(
    read: Callback<(), Result<(Connection, Credential), Vec<FieldError>>>,
) -> impl IntoView {
    let errors = expect_context::<FormErrors>();
    let testing = RwSignal::new(false);
    let found = RwSignal::new(None::<TestResult>);
    let start = move || match read.run(()) {
        Err(wrong) => {
            found.set(None);
            errors.set(wrong);
            errors.focus_first();
        }
        Ok((connection, credential)) => {
            testing.set(true);
            found.set(None);
            leptos::task::spawn_local(async move {
                let result = test(&connection, credential).await;
                testing.set(false);
                found.set(Some(result));
            });
        }
    };
    view! {
        <div class="test-connection">
            <Button on_click=start busy=testing>"Test connection"</Button>
            <HeldBack busy=testing />
            <div aria-live="polite">
                {move || {
                    found.get().map(|TestResult { works, title, detail }| {
                        view! {
                            <Banner tone=if works { Tone::Good } else { Tone::Bad }>
                                <strong>{title}</strong>
                                <p class="detail">{detail}</p>
                            </Banner>
                        }
                    })
                }}
            </div>
        </div>
    }
    .into_any()
}

/// True for the answer that a wrong credential gets.
pub fn is_refusal(error: &ApiError) -> bool {
    matches!(error.status(), Some(401 | 403))
}
