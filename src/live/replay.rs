//! Playing a recording without a connection: at its own pace, faster, slower, or event by event.

use std::time::Duration;

use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};
use weir_api::sse::capture::Replay;

use super::{core::State, frame::clock, session::Session};
use crate::ui::{Button, ButtonKind, Icon, IconName, time};

/// Milliseconds of work between two frames.
const SLICE: f64 = 6.0;
const TICK: Duration = Duration::from_millis(16);

/// The events of a recording that are due.
struct Tape {
    bytes: Vec<u8>,
    /// Where the next event starts.
    next: usize,
    /// Milliseconds from the recording's start.
    length: u64,
}

impl Tape {
    /// `None` where there is no event in it.
    fn new(bytes: Vec<u8>) -> Option<Self> {
        let length = Replay::new(&bytes).map(|(at, _)| at).last()?;
        let known = bytes.starts_with(b": +");
        known.then_some(Self {
            bytes,
            next: 0,
            length,
        })
    }

    /// Time of the next event and its bytes.
    fn peek(&self) -> Option<(u64, &[u8])> {
        Replay::new(&self.bytes[self.next..]).next()
    }

    fn advance(&mut self) -> Option<u64> {
        let (at, length) = self.peek().map(|(at, bytes)| (at, bytes.len()))?;
        self.next += length;
        Some(at)
    }
}

/// Speeds a person can choose; 0 stands for as fast as it goes.
const SPEEDS: [(f64, &str); 6] = [
    (0.25, "¼ speed"),
    (1.0, "1 × speed"),
    (4.0, "4× speed"),
    (16.0, "16× speed"),
    (100.0, "100× speed"),
    (0.0, "Maximum speed"),
];

#[derive(Clone, Copy)]
pub struct Player {
    session: Session,
    tape: StoredValue<Option<Tape>>,
    pub open: RwSignal<bool>,
    playing: RwSignal<bool>,
    speed: RwSignal<f64>,
    /// Milliseconds of the recording that were played.
    at: RwSignal<f64>,
    length: RwSignal<f64>,
    last: StoredValue<f64>,
}

impl Player {
    pub fn new(session: Session) -> Self {
        let player = Self {
            session,
            tape: StoredValue::new(None),
            open: RwSignal::new(false),
            playing: RwSignal::new(false),
            speed: RwSignal::new(1.0),
            at: RwSignal::new(0.0),
            length: RwSignal::new(0.0),
            last: StoredValue::new(0.0),
        };
        let timer = StoredValue::new(None::<IntervalHandle>);
        let stop = move || {
            if let Some(Some(timer)) = timer.try_update_value(Option::take) {
                timer.clear();
            }
        };
        Effect::new(move || {
            stop();
            if player.playing.get() {
                timer.set_value(set_interval_with_handle(move || player.tick(), TICK).ok());
            }
        });
        on_cleanup(stop);
        // Another result takes the place of the recording, whose events must not come into it.
        Effect::new(move || {
            let other = session.sql.with(|sql| !sql.is_empty());
            if other && player.open.get_untracked() {
                player.put_away();
            }
        });
        Effect::new(move || {
            if session.state.get() == State::Canceled {
                player.playing.set(false);
            }
        });
        player
    }

    /// False where this is no recording.
    pub fn load(self, bytes: Vec<u8>) -> bool {
        let Some(tape) = Tape::new(bytes) else {
            return false;
        };
        self.length.set(tape.length as f64);
        self.tape.set_value(Some(tape));
        self.open.set(true);
        self.start_over();
        true
    }

    fn start_over(self) {
        self.session.begin_replay();
        self.tape.update_value(|tape| {
            if let Some(tape) = tape {
                tape.next = 0;
            }
        });
        self.at.set(0.0);
        self.last.set_value(clock());
        self.playing.set(true);
    }

    pub fn close(self) {
        self.put_away();
        self.session.end_replay();
    }

    fn put_away(self) {
        self.playing.set(false);
        self.open.set(false);
        self.tape.set_value(None);
    }

    fn tick(self) {
        if self.playing.try_get_untracked() != Some(true) {
            return;
        }
        let now = clock();
        let passed = now - self.last.get_value();
        self.last.set_value(now);
        let speed = self.speed.get_untracked();
        let until = if speed == 0.0 {
            f64::INFINITY
        } else {
            self.at.get_untracked() + passed * speed
        };
        let mut reached = until.min(self.length.get_untracked());
        let stop = now + SLICE;
        let mut ended = false;
        self.tape.update_value(|tape| {
            let Some(tape) = tape else {
                return;
            };
            loop {
                match tape.peek() {
                    None => {
                        ended = true;
                        return;
                    }
                    Some((at, _)) if at as f64 > until => return,
                    // What is too much for one frame is played in the next.
                    Some((at, _)) if clock() > stop => {
                        reached = at as f64;
                        return;
                    }
                    Some((_, bytes)) => self.session.replay(bytes),
                }
                tape.advance();
            }
        });
        self.at.set(reached);
        if ended {
            self.playing.set(false);
            self.session.end_replay();
        }
    }

    fn step(self) {
        self.playing.set(false);
        let mut ended = false;
        self.tape.update_value(|tape| {
            let Some(tape) = tape else {
                return;
            };
            match tape.peek() {
                Some((at, bytes)) => {
                    self.at.set(at as f64);
                    self.session.replay(bytes);
                }
                None => ended = true,
            }
            tape.advance();
        });
        if ended {
            self.session.end_replay();
        }
    }
}

/// The recording's controls, while one is open.
#[component]
pub fn ReplayBar(player: Player) -> impl IntoView {
    move || player.open.get().then(|| view! { <Controls player /> })
}

#[component]
fn Controls(player: Player) -> impl IntoView {
    let over =
        Memo::new(move |_| player.session.state.get() != State::Running && !player.playing.get());
    let toggle = move || {
        if over.get_untracked() {
            player.start_over();
        } else {
            player.last.set_value(clock());
            player.playing.update(|playing| *playing = !*playing);
        }
    };
    let words = move || {
        if player.playing.get() {
            "Pause replay"
        } else if over.get() {
            "Replay again"
        } else {
            "Resume"
        }
    };
    let speeds = SPEEDS
        .iter()
        .enumerate()
        .map(|(at, (speed, words))| {
            let chosen = player.speed.get_untracked() == *speed;
            view! { <option value=at.to_string() selected=chosen>{*words}</option> }
        })
        .collect_view();
    view! {
        <div class="replay-bar" role="group" aria-label="Replay">
            <strong>"Recording"</strong>
            <Button kind=ButtonKind::Quiet on_click=toggle>
                {move || view! { <Icon name=if player.playing.get() { IconName::Pause } else { IconName::Play } /> }}
                {words}
            </Button>
            <Button
                kind=ButtonKind::Quiet
                disabled=Signal::derive(move || over.get())
                reason="End of the recording."
                on_click=move || player.step()
            >
                "Next event"
            </Button>
            <label>
                <span class="visually-hidden">"Speed"</span>
                <select
                    class="input"
                    on:change:target=move |event| {
                        let at = event.target().value().parse::<usize>().unwrap_or(1);
                        player.last.set_value(clock());
                        player.speed.set(SPEEDS.get(at).map_or(1.0, |(speed, _)| *speed));
                    }
                >
                    {speeds}
                </select>
            </label>
            <progress max=move || player.length.get().max(1.0) prop:value=move || player.at.get() aria-label="Position"></progress>
            <span class="tabular">
                {move || format!("{} of {}", time::span(player.at.get()), time::span(player.length.get()))}
            </span>
            <Button kind=ButtonKind::Quiet label="Close recording" on_click=move || player.close()>
                <Icon name=IconName::Close />
            </Button>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::Tape;

    #[test]
    fn a_tape_gives_its_events_one_by_one() {
        let mut tape =
            Tape::new(b": +0\ndata: [[1]]\n\n: +40\ndata: [[2]]\n\n".to_vec()).expect("tape");
        assert_eq!(tape.length, 40);
        assert_eq!(tape.advance(), Some(0));
        assert_eq!(tape.peek(), Some((40, &b": +40\ndata: [[2]]\n\n"[..])));
        assert_eq!(tape.advance(), Some(40));
        assert_eq!(tape.advance(), None);
        assert!(Tape::new(b"something else".to_vec()).is_none());
        assert!(Tape::new(Vec::new()).is_none());
    }
}
