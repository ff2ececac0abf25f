//! Columns of the list of APIs.

use weir_api::dataworks::codes::{self, PUBLISHED};

use super::{super::moment, Model};
use crate::{
    kit::Column,
    ui::{Tone, table::Cell},
};

pub const COLUMNS: &[Column<Model>] = &[
    Column::text("name", "Name", 160, |it| it.api.api_name.clone()),
    Column::cell("state", "State", 104, |it| {
        let (tone, state) = state(it.api.status);
        Cell::State(tone, state)
    }),
    Column::text("mode", "Mode", 96, |it| {
        codes::word(codes::MODES, it.api.api_mode)
    }),
    Column::text("method", "Method", 76, |it| {
        codes::word(codes::METHODS, it.api.request_method)
    }),
    Column::mono("path", "Path", 200, |it| it.api.api_path.clone()),
    Column::mono("group", "Group", 110, |it| it.api.group_id.clone()),
    Column::text("owner", "Creator", 100, |it| it.api.creator_id.clone()),
    Column::time("changed", "Changed", 96, |it| moment(&it.api.modified_time)),
];

pub fn state(status: i32) -> (Tone, String) {
    let tone = match status {
        PUBLISHED => Tone::Good,
        _ => Tone::Neutral,
    };
    (tone, codes::word(codes::STATES, status).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_api_is_good() {
        assert_eq!(state(PUBLISHED), (Tone::Good, "published".to_string()));
    }
}
