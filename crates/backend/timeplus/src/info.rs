use axum::Json;
use weir_api::timeplus::info::{Build, Info};
use weir_platform::{operations::Operations, revision::Revision};

use crate::Services;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("info")
        .get("/info", get)
        .everybody()
        .only(Revision::Y2026)
}

/// The embedded backend is all parts in one.
pub(crate) async fn get() -> Json<Info> {
    let build = || Build {
        version: env!("CARGO_PKG_VERSION").into(),
        ..Build::default()
    };
    Json(Info {
        product_name: "Weir embedded backend".into(),
        product_version: env!("CARGO_PKG_VERSION").into(),
        axion: build(),
        neutron: build(),
        orbit: build(),
        proton: build(),
    })
}
