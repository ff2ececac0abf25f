//! The dialog that authorizes a workspace.

use leptos::prelude::*;
use weir_api::dataworks::{answer, authority};

use super::super::pick::{self, PickField, SuggestField};
use crate::{
    kit::{Load, use_form_call},
    ui::{
        Button, ButtonKind, ErrorBanner,
        field::{Bound, FormErrors, TextField},
        use_toasts,
    },
};

/// What is chosen in the dialog.
#[derive(Debug, Clone, Default, PartialEq)]
struct Draft {
    api: String,
    project: String,
    days: String,
}

impl Draft {
    /// API, workspace and end in Unix seconds.
    fn read(&self, now_ms: f64) -> Result<(i64, i64, i64), Vec<weir_api::FieldError>> {
        let mut errors = Vec::new();
        let mut number = |field: &str, text: &str, message: &str| {
            let number = text.trim().parse::<i64>().ok().filter(|number| *number > 0);
            if number.is_none() {
                errors.push(weir_api::FieldError::new(field, message));
            }
            number.unwrap_or_default()
        };
        let api = number("ApiId", &self.api, "Choose an API");
        let project = number(
            "AuthorizedProjectId",
            &self.project,
            "Enter the id of a workspace",
        );
        let days = number("EndTime", &self.days, "Enter a whole number of days");
        match errors.is_empty() {
            true => Ok((
                api,
                project,
                (now_ms / 1000.0) as i64 + days.saturating_mul(86_400),
            )),
            false => Err(errors),
        }
    }
}

#[component]
pub fn Authorize(open: RwSignal<bool>, load: Load) -> impl IntoView {
    let errors = FormErrors::new();
    provide_context(errors);
    let (call, toasts) = (use_form_call(errors, ""), use_toasts());
    let draft = RwSignal::new(Draft {
        days: "365".into(),
        ..Draft::default()
    });
    let (apis, projects) = (pick::apis(), pick::projects());
    let submit = move || {
        let read = draft.with_untracked(|draft| draft.read(js_sys::Date::now()));
        let (id, project, end) = match read {
            Ok(read) => read,
            Err(wrong) => return call.refuse(wrong),
        };
        let request = authority::create(id, project, end);
        call.read(Ok(request), answer::done, move |()| {
            toasts.success(format!("Workspace {project} is authorized"));
            open.set(false);
            load.reload();
        });
    };
    view! {
        <form
            class="dialog-form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <ErrorBanner error=call.error />
            <PickField label="API" name="ApiId" required=true value=Bound::part(draft, |d| &mut d.api) picked=apis none="Choose an API" />
            <SuggestField label="Workspace id" name="AuthorizedProjectId" required=true value=Bound::part(draft, |d| &mut d.project) picked=projects />
            <TextField label="Days" name="EndTime" required=true mono=true value=Bound::part(draft, |d| &mut d.days) help="How long, from now." />
            <div class="dialog-actions">
                <Button on_click=move || open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary submit=true busy=call.busy>"Authorize"</Button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authorization_ends_after_days() {
        let draft = Draft {
            api: "7".into(),
            project: "2".into(),
            days: "1".into(),
        };
        assert_eq!(draft.read(1_000.0), Ok((7, 2, 86_401)));
        let errors = Draft::default().read(0.0).expect_err("errors");
        assert_eq!(errors.len(), 3);
    }
}
