//! Finding and using things by role and accessible name, waiting until they are there.

use fantoccini::{Locator, elements::Element, key::Key};
use serde_json::{Value, json};

use crate::{Page, Result, failure::fail, wait};

impl Page {
    /// All that are there now, in document order.
    pub async fn all(&self, role: &str, name: Option<&str>) -> Result<Vec<Element>> {
        let found = self
            .run(include_str!("find.js"), vec![json!(role), json!(name)])
            .await?;
        let elements = found.as_array().into_iter().flatten();
        Ok(elements
            .filter_map(|element| element.as_object()?.values().next()?.as_str())
            .map(|id| Element::from_element_id(self.client.clone(), id.to_string().into()))
            .collect())
    }

    pub async fn has(&self, role: &str, name: &str) -> Result<bool> {
        Ok(!self.all(role, Some(name)).await?.is_empty())
    }

    pub async fn find(&self, role: &str, name: &str) -> Result<Element> {
        wait::until(&format!("{role} \"{name}\""), async || {
            Ok(self.all(role, Some(name)).await?.into_iter().next())
        })
        .await
    }

    /// Tries again where the page was drawn anew between finding and clicking.
    pub async fn click(&self, role: &str, name: &str) -> Result {
        wait::until(&format!("{role} \"{name}\" to click"), async || {
            let Some(element) = self.all(role, Some(name)).await?.into_iter().next() else {
                return Ok(None);
            };
            if !element.is_enabled().await? {
                return fail("it is disabled");
            }
            // A person scrolls what is under the form's buttons out of there first.
            let there = "arguments[0].scrollIntoView({ block: 'nearest' })";
            let handle = serde_json::to_value(&element)?;
            self.client.execute(there, vec![handle]).await?;
            element.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Replaces what the text box holds, by keyboard.
    pub async fn fill(&self, label: &str, text: &str) -> Result {
        self.fill_role("textbox", label, text).await
    }

    pub async fn fill_role(&self, role: &str, label: &str, text: &str) -> Result {
        let field = self.find(role, label).await?;
        field
            .send_keys(&format!(
                "{}a{}{}",
                char::from(Key::Control),
                char::from(Key::Null),
                char::from(Key::Delete)
            ))
            .await?;
        Ok(field.send_keys(text).await?)
    }

    /// Chooses an option of a select by its value, which the text beside it explains; options may
    /// come later than the select.
    pub async fn choose(&self, label: &str, value: &str) -> Result {
        wait::until(&format!("the choice {value} of {label}"), async || {
            let select = self.find("combobox", label).await?;
            select.select_by_value(value).await?;
            Ok(Some(()))
        })
        .await
    }

    /// Waits for the page with this first heading.
    pub async fn heading(&self, name: &str) -> Result {
        wait::until(&format!("heading \"{name}\""), async || {
            let heading = self
                .run(
                    "return document.querySelector('h1')?.textContent.trim() ?? null",
                    vec![],
                )
                .await?;
            match heading.as_str() == Some(name) {
                true => Ok(Some(())),
                false => fail(format!("the heading is {heading}")),
            }
        })
        .await
    }

    /// Waits until the visible text of the page's main part (or an open dialog) holds `words`.
    pub async fn sees(&self, words: &str) -> Result {
        wait::until(&format!("the words \"{words}\""), async || {
            let text = self.run("return document.body.innerText", vec![]).await?;
            let text = text.as_str().unwrap_or_default().to_string();
            match text.to_lowercase().contains(&words.to_lowercase()) {
                true => Ok(Some(())),
                false => fail(format!("the page says:\n{text}")),
            }
        })
        .await
    }

    pub async fn press(&self, keys: &str) -> Result {
        Ok(self.client.active_element().await?.send_keys(keys).await?)
    }

    /// A key held with Control.
    pub async fn press_control(&self, key: &str) -> Result {
        let (control, release) = (char::from(Key::Control), char::from(Key::Null));
        self.press(&format!("{control}{key}{release}")).await
    }

    /// Accessible name of what has the keyboard's focus, and its role, for keyboard tests.
    pub async fn focused(&self) -> Result<String> {
        let name = self
            .run(
                "const e = document.activeElement; \
                 return e?.getAttribute('aria-label') ?? e?.labels?.[0]?.textContent.trim() \
                 ?? e?.textContent.trim().slice(0, 80) ?? ''",
                vec![],
            )
            .await?;
        Ok(name.as_str().unwrap_or_default().to_string())
    }

    /// Presses Tab until the named thing has the focus; a person gives up after `limit` presses.
    pub async fn tab_to(&self, name: &str, limit: usize) -> Result {
        let mut passed = Vec::new();
        for _ in 0..limit {
            self.press(&char::from(Key::Tab).to_string()).await?;
            let now = self.focused().await?;
            if now == name {
                return Ok(());
            }
            passed.push(now);
        }
        fail(format!("Tab does not reach \"{name}\", only {passed:?}"))
    }

    /// Puts SQL into the editor in place of what is there.
    pub async fn write_sql(&self, sql: &str) -> Result {
        self.write_code("SQL editor", sql).await
    }

    /// The same for the editor of this label.
    pub async fn write_code(&self, label: &str, text: &str) -> Result {
        const SHOWN: &str = "return document.querySelector('.cm-content')?.textContent ?? ''";
        // Once more where the editor was put on the page anew meanwhile.
        wait::until("the editor to hold the statement", async || {
            self.click("textbox", label).await?;
            self.press_control("a").await?;
            self.press(&char::from(Key::Delete).to_string()).await?;
            self.devtools("Input.insertText", json!({ "text": text }))
                .await?;
            match self.run(SHOWN, vec![]).await? == text {
                true => Ok(Some(())),
                false => Ok(None),
            }
        })
        .await
    }

    /// Text of one figure of the status line: received, shown, dropped, rate, lag or state.
    pub async fn live(&self, figure: &str) -> Result<String> {
        let script = "const e = document.querySelector(`[data-live=\"${arguments[0]}\"]`); \
                      return e ? (e.dataset.value ?? e.textContent).trim() : null";
        match self.run(script, vec![json!(figure)]).await? {
            Value::String(text) => Ok(text),
            _ => fail(format!("the status line has no {figure}")),
        }
    }

    /// The figure's first number.
    pub async fn live_number(&self, figure: &str) -> Result<u64> {
        let text = self.live(figure).await?;
        let digits: String = text
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(|c| c.is_ascii_digit() || ", \u{202f}\u{a0}".contains(*c))
            .filter(char::is_ascii_digit)
            .collect();
        Ok(digits.parse().unwrap_or(0))
    }

    /// Waits for a state word of the status line.
    pub async fn live_state(&self, word: &str) -> Result {
        wait::until(&format!("the state \"{word}\""), async || {
            let state = self.live("state").await?;
            match state.to_lowercase().contains(word) {
                true => Ok(Some(())),
                false => fail(format!("the state is \"{state}\"")),
            }
        })
        .await
    }

    /// Waits until at least `count` rows arrived.
    pub async fn live_received(&self, count: u64) -> Result<u64> {
        wait::until(&format!("{count} rows"), async || {
            match self.live_number("received").await? {
                enough if enough >= count => Ok(Some(enough)),
                few => fail(format!("received {few}")),
            }
        })
        .await
    }

    /// Texts of the results' visible cells, row by row.
    pub async fn cells(&self) -> Result<Vec<Vec<String>>> {
        let rows = self
            .run(
                "return [...document.querySelectorAll('[role=grid] [role=row]:not([hidden])')].map((row) => \
                 [...row.querySelectorAll('[role=gridcell]:not([hidden])')].map((c) => c.textContent.trim())) \
                 .filter((row) => row.length)",
                vec![],
            )
            .await?;
        Ok(serde_json::from_value(rows)?)
    }

    /// Hands a file to the file input of this label.
    pub async fn upload(&self, label: &str, path: &std::path::Path) -> Result {
        let input = self.find("file", label).await?;
        Ok(input.send_keys(&path.to_string_lossy()).await?)
    }

    /// The finished download whose name ends so.
    pub async fn download(&self, ending: &str) -> Result<String> {
        wait::until(&format!("a download *{ending}"), async || {
            for entry in std::fs::read_dir(self.downloads.path())? {
                let path = entry?.path();
                if path.to_string_lossy().ends_with(ending) {
                    let text = std::fs::read_to_string(&path)?;
                    if !text.is_empty() {
                        return Ok(Some(text));
                    }
                }
            }
            Ok(None)
        })
        .await
    }

    /// Whether the element is there now, by CSS; for what has no role.
    pub async fn has_css(&self, selector: &str) -> Result<bool> {
        Ok(!self
            .client
            .find_all(Locator::Css(selector))
            .await?
            .is_empty())
    }
}
