//! Rows that were refused: shown and to be saved.

use leptos::prelude::*;

use super::run::Progress;
use crate::ui::{Button, number::count, save};

/// What is wrong with a row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Of the file; the first is 1.
    pub line: u64,
    pub column: Option<String>,
    pub message: String,
}

const SHOWN: usize = 100;

#[component]
pub fn Troubles(progress: RwSignal<Option<Progress>>) -> impl IntoView {
    let refused = Memo::new(move |_| progress.with(|p| p.as_ref().map_or(0, |p| p.refused)));
    let rows = move || {
        refused.track();
        let first = progress.with_untracked(|p| {
            p.as_ref()
                .map(|p| p.troubles.iter().take(SHOWN).cloned().collect::<Vec<_>>())
        });
        let rows = first.unwrap_or_default().into_iter().map(|trouble| {
            view! {
                <tr>
                    <td class="number">{count(trouble.line)}</td>
                    <td class="mono">{trouble.column}</td>
                    <td>{trouble.message}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    let save = move || {
        let text =
            progress.with_untracked(|p| p.as_ref().map(|p| csv(&p.troubles)).unwrap_or_default());
        save::file("refused-rows.csv", "text/csv", &text);
    };
    let words = move || {
        let all = refused.get();
        if all as usize > SHOWN {
            format!("The first {SHOWN} of {} rows refused", count(all))
        } else {
            "Rows refused".into()
        }
    };
    move || {
        (refused.get() > 0).then(|| view! {
            <section class="ingest-part">
                <div class="ingest-actions">
                    <h2>{words}</h2>
                    <Button on_click=save>"Download list"</Button>
                </div>
                <div class="table-box row-errors" tabindex="0" role="region" aria-label="Rows refused">
                    <table class="table" aria-label="Rows refused">
                        <thead>
                            <tr>
                                <th scope="col" class="number">"Line"</th>
                                <th scope="col">"Column"</th>
                                <th scope="col">"What is wrong"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        })
    }
}

fn csv(troubles: &[Trouble]) -> String {
    let mut text = String::from("line,column,error\r\n");
    for trouble in troubles {
        let column = trouble.column.as_deref().unwrap_or_default();
        text.push_str(&format!(
            "{},{},{}\r\n",
            trouble.line,
            quoted(column),
            quoted(&trouble.message)
        ));
    }
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_csv() {
        let troubles = [Trouble {
            line: 5,
            column: Some("a,b".into()),
            message: "say \"no\"".into(),
        }];
        assert_eq!(
            csv(&troubles),
            "line,column,error\r\n5,\"a,b\",\"say \"\"no\"\"\"\r\n"
        );
    }
}
