use weir_api::Column;

use crate::ring::{Limits, Ring, RingColumn};

/// A ring with columns `c0`, `c1`, … that holds `batch`.
pub(crate) fn ring(types: &[&str], batch: &str) -> Ring {
    let header: Vec<Column> = types
        .iter()
        .enumerate()
        .map(|(index, data_type)| Column {
            name: format!("c{index}"),
            data_type: (*data_type).to_string(),
        })
        .collect();
    let mut ring = Ring::new(RingColumn::from_header(&header), Limits::default());
    ring.push(batch.as_bytes())
        .unwrap_or_else(|error| panic!("{error}"));
    ring
}
