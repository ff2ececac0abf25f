//! What stands between browser and backend, and what is wrong with the browser's machine: resets,
//! impatient and buffering proxies, a certificate that nobody trusts, a clock that is a day off.

use std::{collections::HashSet, process::Stdio, time::Duration};

use serde_json::json;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use weir_e2e::{
    App, Page, Result,
    failure::fail,
    nginx::{self, Nginx},
    run, wait,
    wire::{Fault, Wire},
};

async fn wired(app: &App) -> Result<Wire> {
    let wire = Wire::to(app.address()).await?;
    app.sign_in_over(&wire).await?;
    Ok(wire)
}

/// No row of the result came twice, and as many as the status line says.
async fn each_row_once(page: &Page) -> Result {
    page.click("button", "Download CSV").await?;
    let csv = page.download(".csv").await?;
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    let distinct: HashSet<&str> = rows.iter().copied().collect();
    match distinct.len() == rows.len() {
        true => Ok(()),
        false => fail(format!("a row came twice: {csv}")),
    }
}

#[tokio::test]
async fn a_reset_is_said_and_what_was_typed_is_sent_once() {
    run("reset", |app| async move {
        let wire = wired(&app).await?;
        let page = &app.page;
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        let before = page.live_received(3).await?;
        wire.set(Fault::Reset);
        page.live_state("disconnected").await?;
        page.sees("The connection was lost while the query was running")
            .await?;
        wire.mend();
        page.live_state("running").await?;
        page.live_received(before + 3).await?;
        page.click("button", "Pause").await?;
        each_row_once(page).await?;
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await?;

        page.open(&format!("{}/c/local/new/stream", wire.origin))
            .await?;
        page.heading("Create stream").await?;
        page.fill("Name", "kept").await?;
        page.fill("Column 1 name", "n").await?;
        page.fill("Column 1 type", "int64").await?;
        wire.set(Fault::Reset);
        page.click("button", "Create stream").await?;
        page.sees("The server did not respond").await?;
        let typed = page.find("textbox", "Name").await?.prop("value").await?;
        assert_eq!(typed.as_deref(), Some("kept"));
        wire.mend();
        page.click("button", "Create stream").await?;
        page.heading("kept").await
    })
    .await;
}

#[tokio::test]
async fn a_proxy_that_closes_idle_connections_breaks_no_query_that_waits() {
    const PATIENCE: Duration = Duration::from_secs(10);
    run("idle", |app| async move {
        let wire = wired(&app).await?;
        wire.set(Fault::Idle(PATIENCE));
        let page = &app.page;
        let api = &app.backend.api;
        let columns = json!([{"name": "n", "type": "int64"}]);
        let stream = json!({"name": "quiet", "columns": columns});
        api.post("/v1beta2/streams", &stream).await?;
        page.write_sql("select n from quiet").await?;
        page.click("button", "Run").await?;
        page.live_state("running").await?;
        // What is tried is that nothing happens meanwhile.
        tokio::time::sleep(PATIENCE + PATIENCE / 2).await;
        assert!(!page.has_css(".banner").await?, "it broke");
        let row = json!({"columns": ["n"], "data": [[7]]});
        api.post("/v1beta2/streams/quiet/ingest", &row).await?;
        page.live_received(1).await?;
        page.live_state("running").await?;
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await?;
        // Connections that were kept for later are gone, which nobody has to know.
        page.click("link", "Streams").await?;
        page.sees("quiet").await
    })
    .await;
}

#[tokio::test]
async fn behind_a_proxy_that_buffers_and_compresses_every_row_counts_once() {
    run("buffered", |app| async move {
        let proxy = Nginx::buffering(app.address()).await?;
        let page = &app.page;
        let link = &app.backend.sign_in;
        page.open(&link.replace(&app.backend.origin, &proxy.origin))
            .await?;
        page.heading("Embedded backend").await?;
        page.open(&format!("{}/c/local/sql", proxy.origin)).await?;
        page.write_sql("select number from numbers(20000)").await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        assert_eq!(page.live_number("received").await?, 20_000);
        page.expect_log("net::ERR");
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        // Nothing gets through for as long as the proxy keeps it, which is said.
        page.sees("a proxy holds back").await?;
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_is_a_day_off_changes_neither_rows_nor_states() {
    // Both directions, in one browser after the other.
    for (name, hours) in [("clock-ahead", 24), ("clock-behind", -24)] {
        run(name, move |app| async move {
            let page = &app.page;
            let shifted = format!(
                "{{ const Real = Date, by = {hours} * 3600000; \
                 globalThis.Date = class extends Real {{ \
                   constructor(...a) {{ a.length ? super(...a) : super(Real.now() + by) }} \
                   static now() {{ return Real.now() + by }} }} }}"
            );
            let script = json!({ "source": shifted });
            page.devtools("Page.addScriptToEvaluateOnNewDocument", script)
                .await?;
            app.sign_in().await?;
            page.write_sql("select * from host_metrics settings seek_to='-1h'")
                .await?;
            page.click("button", "Run").await?;
            let before = page.live_received(2).await?;
            page.live_received(before + 3).await?;
            page.live_state("running").await?;
            assert!(!page.has_css(".banner").await?, "it counts as broken");
            page.click("button", "Pause").await?;
            each_row_once(page).await?;
            page.click("button", "Cancel").await?;
            page.live_state("canceled").await
        })
        .await;
    }
}

/// A server over TLS whose certificate only it trusts itself.
async fn untrusted(folder: &TempDir) -> Result<(Child, u16)> {
    let (key, certificate) = (folder.path().join("key"), folder.path().join("certificate"));
    let mut make = Command::new("openssl");
    make.args([
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
    ])
    .args(["-subj", "/CN=127.0.0.1", "-keyout"])
    .arg(&key)
    .arg("-out")
    .arg(&certificate)
    .stdout(Stdio::null())
    .stderr(Stdio::null());
    if !make.status().await?.success() {
        return fail("openssl makes no certificate");
    }
    let port = nginx::free_port()?;
    let server = Command::new("openssl")
        .args(["s_server", "-quiet", "-www", "-accept"])
        .arg(format!("127.0.0.1:{port}"))
        .arg("-key")
        .arg(&key)
        .arg("-cert")
        .arg(&certificate)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    wait::until("the server over TLS", async || {
        let connected = tokio::net::TcpStream::connect(("127.0.0.1", port)).await;
        Ok(connected.ok().map(drop))
    })
    .await?;
    Ok((server, port))
}

#[tokio::test]
async fn a_certificate_that_the_browser_does_not_trust_is_named_as_a_cause() {
    run("certificate", |app| async move {
        let folder = TempDir::with_prefix("weir-certificate-")?;
        let (_server, port) = untrusted(&folder).await?;
        let page = &app.page;
        page.expect_log("ERR_CERT");
        page.expect_log("net::ERR");
        app.open("/connections/new").await?;
        page.fill("Name", "Elsewhere").await?;
        page.fill("Base URL", &format!("https://127.0.0.1:{port}"))
            .await?;
        page.fill("Workspace", "default").await?;
        page.click("button", "Test connection").await?;
        page.sees("does not trust its certificate").await?;
        let typed = page
            .find("textbox", "Base URL")
            .await?
            .prop("value")
            .await?;
        assert_eq!(typed, Some(format!("https://127.0.0.1:{port}")));
        Ok(())
    })
    .await;
}
