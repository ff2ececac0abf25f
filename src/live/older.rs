//! Above the live rows: older ones from history, a bounded page at a time, asked for by scrolling up
//! over the oldest row or by the button.

use leptos::prelude::*;

use super::{arrange::Sort, core::Core, grid::LiveGrid, past, session::Session};
use crate::{
    connections::use_endpoint,
    live::core::State,
    ui::{Button, ButtonKind, ErrorBanner, Icon, IconName, number},
};

/// Rows of a page, and how many stand above at most.
pub const PAGE: u64 = 500;
const MOST: u64 = 10_000;

const TIME: &str = "_tp_time";

/// Where the rows held begin: the older ones stand before it.
fn join(core: &Core) -> Option<String> {
    let ring = core.rows.shown();
    let column = ring.column(TIME)?;
    let cell = (!ring.is_empty()).then(|| ring.cell(ring.first(), column))?;
    (!cell.is_null()).then(|| cell.text())
}

/// Whether older rows can be asked for: the statement gives a stream's rows, and each has a time.
pub fn has_older(session: Session) -> Memo<bool> {
    let possible = Memo::new(move |_| session.sql.with(|sql| past::has_past(sql)));
    Memo::new(move |_| {
        session.header.track();
        let empty = session.facts.with(|facts| facts.shown == 0);
        possible.get() && !empty && session.read(|core| core.rows.shown().column(TIME).is_some())
    })
}

/// What was asked for: where it ends, and how many rows.
#[derive(Clone, PartialEq)]
struct Wanted {
    until: String,
    rows: u64,
}

#[component]
pub fn OlderRows(session: Session) -> impl IntoView {
    let open = Memo::new(move |_| session.older.get() > 0);
    // Another result has another past.
    Effect::new(move |before: Option<u64>| {
        let header = session.header.get();
        if before.is_some_and(|before| before != header) {
            session.older.set(0);
        }
        header
    });
    view! {
        <Show when=move || open.get()>
            <Older session />
        </Show>
    }
    .into_any()
}

#[component]
fn Older(session: Session) -> impl IntoView {
    let past_session = Session::new();
    let endpoint = use_endpoint();
    past_session.arrangement.update(|all| {
        all.sort = Some(Sort {
            column: TIME.into(),
            descending: false,
        });
    });
    // The rows above end where those below began when they were first asked for; what the ring
    // drops after that comes with the next page.
    let wanted = Memo::new(move |before: Option<&Option<Wanted>>| {
        let rows = session.older.get().min(MOST);
        let until = before
            .and_then(|before| before.as_ref())
            .filter(|before| before.rows >= rows)
            .map(|before| before.until.clone());
        let until = until.or_else(|| session.read(join))?;
        Some(Wanted { until, rows })
    });
    Effect::new(move || {
        let (Some(endpoint), Some(Wanted { until, rows })) = (endpoint.get(), wanted.get()) else {
            return;
        };
        let sql = session
            .sql
            .with_untracked(|sql| past::before(sql, &until, rows));
        if let Some(sql) = sql {
            past_session.run(endpoint, sql);
        }
    });
    let come = Memo::new(move |_| past_session.facts.with(|facts| facts.shown));
    let over = Memo::new(move |_| !past_session.state.get().is_live());
    let asked = move || wanted.with(|wanted| wanted.as_ref().map_or(0, |wanted| wanted.rows));
    // The first page is looked at from where it joins, the next ones from their oldest row.
    let settled = Memo::new(move |_| {
        let sorted = past_session
            .facts
            .with(|facts| facts.shown > 0 && !facts.filtering);
        over.get() && sorted && session.older.get() <= PAGE
    });
    Effect::new(move || {
        if settled.get() {
            past_session
                .steps
                .update(|steps| *steps = steps.wrapping_add(1));
        }
    });
    let more = move || over.get() && come.get() >= asked() && asked() < MOST;
    let go_on = move || {
        if untrack(more) {
            session
                .older
                .update(|rows| *rows = (*rows + PAGE).min(MOST));
        }
    };
    let words = move || {
        let until = wanted.with(|wanted| wanted.as_ref().map(|one| one.until.clone()));
        let until = until.unwrap_or_default();
        match past_session.state.get() {
            state if state.is_live() => "Loading older rows from history…".to_string(),
            State::Failed => "Older rows could not be loaded.".into(),
            _ if come.get() == 0 => format!("History has no rows before {until}."),
            _ => {
                let rows = number::plural(come.get(), "row", "rows");
                let rest = match come.get() {
                    rows if rows < asked() => " No older rows.",
                    rows if rows >= MOST => " Limit reached: narrow the statement.",
                    _ => "",
                };
                format!("{rows} from history · live since {until}.{rest}")
            }
        }
    };
    view! {
        <section class="older" aria-label="Older rows from history">
            <ErrorBanner error=past_session.problem />
            <div class="live-grid older-grid" class:hidden=move || come.get() == 0>
                <LiveGrid session=past_session label="Older rows" on_top=move |()| go_on() />
            </div>
            <div class="older-join">
                <p role="status" title=words>{words}</p>
                <Show when=more>
                    <Button kind=ButtonKind::Quiet on_click=go_on>
                        {format!("{PAGE} more")}
                    </Button>
                </Show>
                <Button
                    kind=ButtonKind::Quiet
                    label="Close older rows"
                    on_click=move || session.older.set(0)
                >
                    <Icon name=IconName::Close />
                </Button>
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use weir_live::Limits;

    use super::*;

    fn begins(columns: &str, rows: &str) -> Option<String> {
        let mut core = Core::new(Limits::default());
        core.ask(false, 0.0);
        let header = format!(
            "event: query\ndata: {{\"id\":\"q\",\"status\":\"running\",\"result\":{{\"header\":{columns}}}}}\n\ndata: {rows}\n\n"
        );
        core.bytes(header.as_bytes(), 0.0);
        join(&core)
    }

    #[test]
    fn older_rows_end_where_the_oldest_row_held_begins() {
        let columns = r#"[{"name":"_tp_time","type":"datetime64(3)"},{"name":"n","type":"int64"}]"#;
        let rows = r#"[["2026-01-02T03:04:05.678Z",1],["2026-01-02T03:04:06.000Z",2]]"#;
        assert_eq!(
            begins(columns, rows).as_deref(),
            Some("2026-01-02T03:04:05.678Z")
        );
        assert_eq!(begins(columns, "[[null,1]]"), None);
        assert_eq!(begins(r#"[{"name":"n","type":"int64"}]"#, "[[1]]"), None);
    }
}
