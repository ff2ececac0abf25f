//! Screenshots of each page, to be looked at.

use serde_json::json;

use crate::{Page, Result, backend::target};

const SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];

impl Page {
    /// `screens/{name}-{width}-{scheme}.png` in the target folder, wide and narrow, light and dark.
    pub async fn screens(&self, name: &str) -> Result {
        for (width, height) in SIZES {
            self.resize(width, height).await?;
            for scheme in ["light", "dark"] {
                self.prefer(scheme).await?;
                self.screenshot(&format!("{name}-{width}-{scheme}")).await?;
            }
        }
        self.devtools("Emulation.clearDeviceMetricsOverride", json!({}))
            .await?;
        self.prefer("light").await
    }

    pub async fn resize(&self, width: u32, height: u32) -> Result {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        self.drawn().await
    }

    /// What was changed before is on screen when two frames have passed.
    pub async fn drawn(&self) -> Result {
        self.client
            .execute_async(
                "const done = arguments[0]; \
                 requestAnimationFrame(() => requestAnimationFrame(() => done(null)))",
                vec![],
            )
            .await?;
        Ok(())
    }

    pub async fn screenshot(&self, name: &str) -> Result {
        let folder = target().join("screens");
        std::fs::create_dir_all(&folder)?;
        let image = self.client.screenshot().await?;
        Ok(std::fs::write(folder.join(format!("{name}.png")), image)?)
    }
}
