//! How far something done to many is.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Waiting,
    Running,
    Done,
    /// In words.
    Failed(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub key: String,
    pub name: String,
    pub state: State,
}

/// Each item is done once; those that failed are tried again when asked, or as long as others of
/// the same round went well, because what is read goes after what reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    pub items: Vec<Item>,
    rounds: bool,
    /// Some went well in this round.
    moved: bool,
}

impl Progress {
    pub fn new(items: Vec<(String, String)>, rounds: bool) -> Self {
        let item = |(key, name)| Item {
            key,
            name,
            state: State::Waiting,
        };
        Self {
            items: items.into_iter().map(item).collect(),
            rounds,
            moved: false,
        }
    }

    /// The next to do, which then runs.
    pub fn begin_next(&mut self) -> Option<(usize, String)> {
        let waiting = |items: &[Item]| items.iter().position(|it| it.state == State::Waiting);
        let at = match waiting(&self.items) {
            Some(at) => at,
            None if self.rounds && self.moved => {
                self.retry();
                waiting(&self.items)?
            }
            None => return None,
        };
        self.items[at].state = State::Running;
        Some((at, self.items[at].key.clone()))
    }

    pub fn finish(&mut self, at: usize, result: Result<(), String>) {
        self.moved |= result.is_ok();
        self.items[at].state = match result {
            Ok(()) => State::Done,
            Err(words) => State::Failed(words),
        };
    }

    pub fn retry(&mut self) {
        self.moved = false;
        for item in &mut self.items {
            if matches!(item.state, State::Failed(_)) {
                item.state = State::Waiting;
            }
        }
    }

    pub fn count(&self, which: fn(&State) -> bool) -> usize {
        self.items.iter().filter(|item| which(&item.state)).count()
    }

    pub fn done(&self) -> Vec<String> {
        let done = self.items.iter().filter(|it| it.state == State::Done);
        done.map(|it| it.key.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(progress: &mut Progress, mut fails: impl FnMut(&str) -> bool) -> Vec<String> {
        let mut order = Vec::new();
        while let Some((at, key)) = progress.begin_next() {
            let result = if fails(&key) {
                Err("no".into())
            } else {
                Ok(())
            };
            progress.finish(at, result);
            order.push(key);
        }
        order
    }

    fn of(names: &[&str], rounds: bool) -> Progress {
        let items = names.iter().map(|name| ((*name).into(), (*name).into()));
        Progress::new(items.collect(), rounds)
    }

    #[test]
    fn each_is_done_once_and_only_what_failed_again() {
        let mut progress = of(&["a", "b", "c"], false);
        assert_eq!(run(&mut progress, |key| key == "b"), ["a", "b", "c"]);
        assert_eq!(progress.done(), ["a", "c"]);
        progress.retry();
        assert_eq!(run(&mut progress, |_| false), ["b"]);
        assert_eq!(progress.count(|state| *state == State::Done), 3);
    }

    #[test]
    fn what_is_read_goes_in_a_later_round_and_no_round_is_in_vain() {
        let mut progress = of(&["read", "reads"], true);
        let mut gone = false;
        let order = run(&mut progress, |key| {
            let fails = key == "read" && !gone;
            gone |= key == "reads";
            fails
        });
        assert_eq!(order, ["read", "reads", "read"]);
        let mut stuck = of(&["a", "b"], true);
        assert_eq!(run(&mut stuck, |_| true), ["a", "b"]);
    }
}
