//! Signing in at a provider that the backend trusts.

use leptos::prelude::*;
use weir_api::session::{self, Ways};

use super::{Auth, Connection, backend::backend, keep, tester::page_origin};
use crate::{http, paths};

/// The way to the provider and back to `next`, where the backend has one; nothing is asked of other
/// systems.
#[component]
pub fn ProviderLink(
    connection: Connection,
    next: String,
    /// A page stays as it is meanwhile.
    #[prop(optional)]
    other_tab: bool,
) -> impl IntoView {
    let name = RwSignal::new(None::<String>);
    let server = backend(&connection);
    let address = match connection.auth {
        Auth::Session => address(&server.base, &page_origin(), &next),
        _ => None,
    };
    if address.is_some() {
        leptos::task::spawn_local(async move {
            // A backend that does not know the question has no provider.
            if let Ok(body) = http::send(&server, session::ways()).await
                && let Ok(Ways { provider }) = weir_api::json_response(&body)
            {
                name.try_set(provider.map(|provider| provider.name));
            }
        });
    }
    let id = StoredValue::new(connection.id);
    let link = move || {
        let (name, address) = (name.get()?, address.clone()?);
        let words = match other_tab {
            true => format!("Sign in with {name} in another tab"),
            false => format!("Sign in with {name}"),
        };
        Some(view! {
            <p class="actions">
                <a
                    class="button"
                    rel="external"
                    href=address
                    target=other_tab.then_some("_blank")
                    on:click=move |_| keep::set_signing_in(&id.get_value())
                >
                    {words}
                </a>
            </p>
        })
    };
    link.into_any()
}

/// Of a page of the backend whose API is at `api`; none where it could not lead back to this page.
fn address(api: &str, origin: &str, next: &str) -> Option<String> {
    let root = api.strip_suffix("/api")?;
    let begins = |rest: &str| rest.is_empty() || rest.starts_with('/') && !rest.starts_with("//");
    let start = match root.strip_prefix(origin).filter(|_| !origin.is_empty()) {
        Some(rest) if begins(rest) => "",
        _ if begins(root) => paths::base(),
        _ => return None,
    };
    Some(format!("{start}{root}{}", session::provider(next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_backend_of_this_origin_leads_back() {
        let of = |api| address(api, "https://weir.example", "/c/a?b=c");
        let expected = "/signin/oidc?next=%2Fc%2Fa%3Fb%3Dc";
        assert_eq!(of("/api").as_deref(), Some(expected));
        assert_eq!(
            of("https://weir.example/api"),
            Some(format!("https://weir.example{expected}"))
        );
        assert_eq!(
            of("https://weir.example/x/api"),
            Some(format!("https://weir.example/x{expected}"))
        );
        for other in [
            "https://other.example/api",
            "https://weir.example.evil/api",
            "https://weir.example:8443/api",
            "//evil.example/api",
            "https://weir.example",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
