//! Which events are shown, kept in the page's address.

use super::event::Event;
use crate::text::Search;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Words that all have to be there, in any case.
    pub search: String,
    pub who: String,
    pub action: String,
    pub kind: String,
    /// Only what failed or was refused.
    pub failed: bool,
    /// Queries that were canceled, too: each page with live results that is left cancels some.
    pub canceled: bool,
}

impl Filter {
    pub fn keeps(&self, event: &Event) -> bool {
        let is = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
        let haystack = event.haystack();
        is(&self.who, &event.who)
            && is(&self.action, &event.action)
            && is(&self.kind, &event.kind)
            && (!self.failed || event.failed())
            && (self.canceled || !event.is_canceled_query())
            && Search::new(&self.search).is_in(&haystack)
    }
}

/// What can be chosen, each once and in order.
pub fn choices(events: &[Event], of: fn(&Event) -> &String) -> Vec<String> {
    let mut all: Vec<String> = events.iter().map(|event| of(event).clone()).collect();
    all.retain(|one| !one.is_empty());
    all.sort();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_narrows() {
        let event = |who: &str, action: &str, status: u16| Event {
            who: who.into(),
            action: action.into(),
            name: "Orders".into(),
            status,
            ..Event::default()
        };
        let all = [event("ada", "create", 201), event("bob", "delete", 403)];
        let kept = |filter: Filter| all.iter().filter(|event| filter.keeps(event)).count();
        assert_eq!(kept(Filter::default()), 2);
        let filter = Filter {
            who: "ada".into(),
            ..Filter::default()
        };
        assert_eq!(kept(filter), 1);
        let filter = Filter {
            search: "orders BOB".into(),
            ..Filter::default()
        };
        assert_eq!(kept(filter), 1);
        let filter = Filter {
            failed: true,
            action: "create".into(),
            ..Filter::default()
        };
        assert_eq!(kept(filter), 0);
        let canceled = [Event {
            kind: "query".into(),
            ..event("ada", "cancel", 200)
        }];
        let kept = |canceled_too| {
            let filter = Filter {
                canceled: canceled_too,
                ..Filter::default()
            };
            canceled.iter().filter(|event| filter.keeps(event)).count()
        };
        assert_eq!((kept(false), kept(true)), (0, 1));
        assert_eq!(choices(&all, |event| &event.who), ["ada", "bob"]);
    }
}
