//! Credentials that end by themselves: a warning before, and a new sign-in over the page after, so
//! that nothing typed is lost.

use leptos::prelude::*;
use weir_api::{auth::Credential, secmaster::iam};

use super::{
    Connections,
    again::{self, SignInDialog},
    status::Access,
};
use crate::ui::{Banner, Button, Tone, time::use_now};

/// The warning comes so long before the end.
const BEFORE_MS: f64 = 15.0 * 60.0 * 1000.0;

/// Tokens of Huawei Cloud live a day; one that was pasted may be older.
pub fn at_most_a_day(credential: Credential) -> Credential {
    match credential {
        Credential::HuaweiToken {
            token,
            expires_ms: None,
        } => Credential::HuaweiToken {
            token,
            expires_ms: Some(js_sys::Date::now() as i64 + iam::LIFE_MS),
        },
        other => other,
    }
}

pub fn has_ended(credential: &Credential) -> bool {
    let end = credential.expires_ms();
    end.is_some_and(|end| end as f64 <= js_sys::Date::now())
}

#[derive(Clone, Copy, PartialEq)]
enum Life {
    Long,
    /// Minutes that are left.
    Short(u32),
    Over,
}

fn life(end: Option<i64>, now: f64) -> Life {
    match end.map(|end| end as f64 - now) {
        None => Life::Long,
        Some(left) if left <= 0.0 => Life::Over,
        Some(left) if left <= BEFORE_MS => Life::Short((left / 60_000.0).ceil() as u32),
        Some(_) => Life::Long,
    }
}

/// Above the page of a connection.
#[component]
pub fn TokenEnds(id: String) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let now = use_now();
    let watched = id.clone();
    let life = Memo::new(move |_| {
        let end = connections.credential(&watched).expires_ms();
        life(end, now.get())
    });
    let ended = id.clone();
    Effect::new(move || {
        if life.get() == Life::Over {
            connections.statuses.change(&ended, |status| {
                if status.access == Access::Open {
                    status.access = Access::Expired;
                    status.refusals += 1;
                }
            });
        }
    });
    let open = RwSignal::new(false);
    view! {
        {move || match life.get() {
            Life::Short(minutes) => Some(view! {
                <Banner tone=Tone::Warn>
                    <strong>{words(minutes)}</strong>
                    " "
                    <Button on_click=move || again::open(open, || true)>"Renew sign-in"</Button>
                </Banner>
            }),
            Life::Long | Life::Over => None,
        }}
        <SignInDialog id open title="Renew sign-in" words="Your input is kept." />
    }
    .into_any()
}

fn words(minutes: u32) -> String {
    match minutes {
        1 => "The token of this connection expires within a minute.".into(),
        n => format!("The token of this connection expires in {n} minutes."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warning_comes_a_quarter_of_an_hour_before() {
        let at = |minutes: f64| life(Some(3_600_000), 3_600_000.0 - minutes * 60_000.0);
        assert!(at(16.0) == Life::Long);
        assert!(at(14.5) == Life::Short(15));
        assert!(at(0.2) == Life::Short(1));
        assert!(at(0.0) == Life::Over);
        assert!(life(None, 0.0) == Life::Long);
    }
}
