//! Sends what a plan says, request by request.

use leptos::{prelude::*, task::spawn_local};
use weir_api::{
    ApiError,
    secmaster::{
        data_object::{self, Created, DataObject},
        page, plain,
        search::{Condition, Operator, Search, Term},
    },
};

use super::plan::{Phase, Plan, State};
use crate::http::{self, Endpoint};

/// Ids asked for at once.
const ASKED: usize = 50;

/// Until all is done, it is stopped, or something fails. Those whose fate is not known are asked
/// for first.
pub fn go(endpoint: Endpoint, plan: RwSignal<Option<Plan>>) {
    plan.update(|plan| {
        if let Some(plan) = plan {
            plan.phase = Phase::Running;
            plan.error = None;
        }
    });
    spawn_local(async move {
        if let Err(error) = look(&endpoint, plan).await {
            change(plan, |plan| {
                plan.phase = Phase::Stopped;
                plan.error = Some(error);
            });
            return;
        }
        while let Some((class, places, request)) = next(plan) {
            let answer = match request {
                Ok(request) => http::send(&endpoint, request).await,
                Err(error) => Err(error),
            };
            let made = answer.and_then(|body| plain::<Vec<Created>>(&body));
            change(plan, |plan| {
                // Not if another import was begun on the page meanwhile.
                if plan.class == class {
                    match made {
                        Ok(made) => plan.created(&places, &made),
                        Err(error) => plan.failed(&places, error),
                    }
                }
            });
        }
        change(plan, |plan| {
            if plan.phase == Phase::Running {
                plan.phase = match plan.unfinished() {
                    true => Phase::Stopped,
                    false => Phase::Finished,
                };
            }
        });
    });
}

type Next = (String, Vec<usize>, Result<weir_api::ApiRequest, ApiError>);

/// Nothing where it was stopped, there is nothing left, or the page is gone.
fn next(plan: RwSignal<Option<Plan>>) -> Option<Next> {
    let next = plan.try_with_untracked(|plan| {
        let plan = plan.as_ref().filter(|plan| plan.phase == Phase::Running)?;
        let places = plan.next();
        if places.is_empty() {
            return None;
        }
        let objects = plan.objects(&places);
        let request = data_object::batch_create(&plan.class, &objects, plan.list);
        Some((plan.class.clone(), places, request))
    });
    next.flatten()
}

fn change(plan: RwSignal<Option<Plan>>, change: impl FnOnce(&mut Plan)) {
    plan.try_update(|plan| {
        if let Some(plan) = plan {
            change(plan);
        }
    });
}

/// Asks for the objects of which it is not known whether they were created.
async fn look(endpoint: &Endpoint, plan: RwSignal<Option<Plan>>) -> Result<(), ApiError> {
    let unknown = plan.try_with_untracked(|plan| {
        let plan = plan.as_ref()?;
        let with_ids = plan.unknown().into_iter();
        let with_ids = with_ids.map(|at| (at, plan.id(at).to_owned()));
        Some((plan.class.clone(), with_ids.collect::<Vec<_>>()))
    });
    let Some((class, unknown)) = unknown.flatten() else {
        return Ok(());
    };
    for asked in unknown.chunks(ASKED) {
        let ids: Vec<&str> = asked.iter().map(|(_, id)| id.as_str()).collect();
        let search = Search {
            limit: ASKED as u32,
            condition: Condition::all_of(&[Term {
                field: "id".into(),
                operator: Operator::In,
                value: ids.join(","),
            }]),
            ..Search::default()
        };
        let body = http::send(endpoint, data_object::search(&class, &search)).await?;
        let found = page::<DataObject>(&body)?.items.into_iter();
        let found: Vec<String> = found.map(|object| object.id).collect();
        let places: Vec<usize> = asked.iter().map(|(at, _)| *at).collect();
        change(plan, |plan| plan.found(&places, &found));
    }
    Ok(())
}

pub fn is_unknown(state: &State) -> bool {
    *state == State::Unknown
}
