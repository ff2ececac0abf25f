//! Every operation, on this backend in both revisions and on any server.

use weir_backend::config::{self, Config};

use super::{
    administration, alerts, dashboards, definitions, everything, external, flows, newer,
    operations::Revision,
    queries,
    server::{Credential, Server},
    streams,
};

/// Operations that cannot succeed here, and why.
const EXCUSED: [(&str, &str); 4] = [
    (
        "POST /v1beta2/licenses",
        "the embedded backend takes no licence",
    ),
    (
        "POST /v1beta2/licenses/trial",
        "the embedded backend needs no trial",
    ),
    (
        "POST /v1beta2/materialized_views/{name}/transfer",
        "there is one node",
    ),
    (
        "POST /v1beta2/materialized_views/{name}/recover",
        "needs a view that failed: tested elsewhere",
    ),
];

async fn walk(mut server: Server) {
    let all = &mut server;
    streams::walk(all).await;
    queries::walk(all).await;
    queries::saved(all).await;
    definitions::views(all).await;
    definitions::materialized_views(all).await;
    definitions::schemas(all).await;
    definitions::functions(all).await;
    flows::sources(all).await;
    flows::sinks(all).await;
    alerts::walk(all).await;
    dashboards::walk(all).await;
    external::streams(all).await;
    external::tables(all).await;
    administration::walk(all).await;
    newer::walk(all).await;
    everything::without_credential(all).await;
    everything::malformed(all).await;
    everything::missing(all).await;
    everything::forbidden(all).await;
    let excused = |name: &str| EXCUSED.iter().any(|(one, _)| *one == name);
    let all = server.operations.iter().map(|operation| operation.name());
    let left: Vec<String> = all
        .filter(|name| !server.done.contains(name) && !excused(name))
        .collect();
    for name in left {
        server.complain(&name, "never succeeded");
    }
    let verdict = server.verdict();
    assert!(
        verdict.is_empty(),
        "{} deviations from revision {}:\n{}",
        verdict.len(),
        server.revision.year(),
        verdict.join("\n")
    );
}

async fn embedded(revision: Revision) {
    const PASSWORD: &str = "correct horse";
    let dir = tempfile::tempdir().expect("folder");
    let running = weir_backend::start(Config {
        listen: ([127, 0, 0, 1], 0).into(),
        data: dir.path().join("data"),
        console: Some(dir.path().join("dist")),
        admin_password: Some(PASSWORD.into()),
        revision: match revision {
            Revision::Y2025 => config::Revision::Y2025,
            Revision::Y2026 => config::Revision::Y2026,
        },
        ..Config::default()
    })
    .await
    .expect("start");
    let base = format!("http://{}/default/api", running.address);
    let credential = Credential::Basic("admin".into(), PASSWORD.into());
    walk(Server::new(base, credential, revision)).await;
    running.stop().await;
}

#[tokio::test]
async fn the_embedded_backend_as_of_2025() {
    embedded(Revision::Y2025).await;
}

#[tokio::test]
async fn the_embedded_backend_as_of_2026() {
    embedded(Revision::Y2026).await;
}

#[tokio::test]
async fn a_server_elsewhere() {
    let variable = |name: &str| std::env::var(format!("WEIR_COMPLIANCE_{name}")).ok();
    let Some(base) = variable("URL") else {
        return;
    };
    let credential = match (variable("KEY"), variable("USER")) {
        (Some(key), _) => Credential::Key(key),
        (None, Some(user)) => Credential::Basic(user, variable("PASSWORD").unwrap_or_default()),
        (None, None) => Credential::None,
    };
    let revision = match variable("REVISION").as_deref() {
        Some("2025") => Revision::Y2025,
        None | Some("2026") => Revision::Y2026,
        Some(other) => panic!("WEIR_COMPLIANCE_REVISION is 2025 or 2026, not {other}"),
    };
    walk(Server::new(base, credential, revision)).await;
}
