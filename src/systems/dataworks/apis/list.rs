//! Columns of the list of APIs.

use weir_api::dataworks::{
    api::Api,
    codes::{self, PUBLISHED},
};

use super::super::moment;
use crate::ui::{
    Tone,
    table::{Cell, Column},
};

pub fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Name", 160),
        Column::text("state", "State", 104),
        Column::text("mode", "Mode", 96),
        Column::text("method", "Method", 76),
        Column::text("path", "Path", 200),
        Column::text("group", "Group", 110),
        Column::text("owner", "Creator", 100),
        Column::text("changed", "Changed", 96),
    ]
}

pub fn cells(api: &Api) -> Vec<Cell> {
    let (tone, state) = state(api.status);
    vec![
        Cell::Text(api.api_name.clone()),
        Cell::State(tone, state),
        Cell::Text(codes::word(codes::MODES, api.api_mode)),
        Cell::Text(codes::word(codes::METHODS, api.request_method)),
        Cell::Mono(api.api_path.clone()),
        Cell::Mono(api.group_id.clone()),
        Cell::Text(api.creator_id.clone()),
        Cell::Time(moment(&api.modified_time)),
    ]
}

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
    fn there_is_a_cell_for_each_column() {
        assert_eq!(cells(&Api::default()).len(), columns().len());
        assert_eq!(state(PUBLISHED), (Tone::Good, "published".to_string()));
    }
}
