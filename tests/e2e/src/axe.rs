//! Automated accessibility checks with axe-core.

use serde_json::{Value, json};

use crate::{Page, Result, backend::root, failure::fail, wait};

const RUN: &str = "
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then(
  (result) => done({ violations: result.violations }),
  (error) => done({ error: String(error) }));
";

impl Page {
    /// Serious and critical violations on the page as it is now, one line each.
    pub async fn violations(&self) -> Result<Vec<String>> {
        let library = std::fs::read_to_string(root().join("node_modules/axe-core/axe.min.js"))?;
        self.run(&format!("if (!window.axe) {{ {library} }}"), vec![])
            .await?;
        let result = self.client.execute_async(RUN, vec![]).await?;
        if let Some(error) = result["error"].as_str() {
            return fail(format!("axe: {error}"));
        }
        let all = result["violations"].as_array().into_iter().flatten();
        Ok(all
            .filter(|violation| {
                ["serious", "critical"].contains(&violation["impact"].as_str().unwrap_or_default())
            })
            .map(words)
            .collect())
    }

    /// `prefers-color-scheme`: light or dark.
    pub async fn prefer(&self, scheme: &str) -> Result {
        let feature = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": feature }))
            .await?;
        // The command answers before the page has heard of it, and a check begun meanwhile would
        // compare colours of both schemes.
        let query = json!(format!("(prefers-color-scheme: {scheme})"));
        wait::until("the page to change its colours", async || {
            let now = self
                .run(
                    "return matchMedia(arguments[0]).matches",
                    vec![query.clone()],
                )
                .await?;
            Ok((now == json!(true)).then_some(()))
        })
        .await?;
        self.drawn().await
    }
}

fn words(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    let places: Vec<String> = nodes
        .take(4)
        .map(|node| format!("{} {}", node["html"], node["any"][0]["message"]))
        .collect();
    format!(
        "{} ({}): {}",
        violation["id"],
        violation["help"],
        places.join("; ")
    )
}
