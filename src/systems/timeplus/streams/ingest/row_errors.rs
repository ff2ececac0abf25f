//! Rows that were refused: shown and to be saved.

use leptos::prelude::*;
use weir_live::export::SPREADSHEET;

use super::run::Progress;
use crate::ui::{Button, number::count, save};

/// What is wrong with a row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Of the file; the first is 1.
    pub line: u64,
    /// The last of the lines that were not read for it, where it took more with it than its own.
    pub until: Option<u64>,
    pub column: Option<String>,
    pub message: String,
}

const SHOWN: usize = 100;

#[component]
pub fn RowErrors(progress: RwSignal<Option<Progress>>) -> impl IntoView {
    let refused = Memo::new(move |_| progress.with(|p| p.as_ref().map_or(0, |p| p.refused)));
    let listed =
        Memo::new(move |_| progress.with(|p| p.as_ref().map_or(0, |p| p.row_errors.len())));
    let rows = move || {
        listed.track();
        let first = progress.with_untracked(|p| {
            p.as_ref()
                .map(|p| p.row_errors.iter().take(SHOWN).cloned().collect::<Vec<_>>())
        });
        let rows = first.unwrap_or_default().into_iter().map(|row_error| {
            view! {
                <tr>
                    <td class="number">{count(row_error.line)}</td>
                    <td class="mono">{row_error.column}</td>
                    <td>{row_error.message}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    let save = move || {
        let text =
            progress.with_untracked(|p| p.as_ref().map(|p| csv(&p.row_errors)).unwrap_or_default());
        save::file("refused-rows.csv", "text/csv", &text);
    };
    let words = move || {
        let all = refused.get();
        if all as usize > SHOWN {
            format!("First {SHOWN} of {} rejected rows", count(all))
        } else {
            "Rejected rows".into()
        }
    };
    let some =
        Memo::new(move |_| progress.with(|p| p.as_ref().is_some_and(|p| !p.row_errors.is_empty())));
    move || {
        some.get().then(|| view! {
            <section class="ingest-part">
                <div class="ingest-actions">
                    <h2>{words}</h2>
                    <Button on_click=save>"Download list"</Button>
                </div>
                <div class="table-box row-errors" tabindex="0" role="region" aria-label="Rejected rows">
                    <table class="table" aria-label="Rejected rows">
                        <thead>
                            <tr>
                                <th scope="col" class="number">"Line"</th>
                                <th scope="col">"Column"</th>
                                <th scope="col">"Error"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        })
    }
}

/// Columns' names and what was refused stand in it as they came: no text is a formula.
fn csv(row_errors: &[RowError]) -> String {
    let mut text = String::from("line,column,error\r\n");
    for row_error in row_errors {
        text += &format!("{},", row_error.line);
        SPREADSHEET.write_text(row_error.column.as_deref().unwrap_or_default(), &mut text);
        text.push(',');
        SPREADSHEET.write_text(&row_error.message, &mut text);
        text.push_str("\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_csv() {
        let row_error = |column: &str, message: &str| RowError {
            line: 5,
            until: None,
            column: Some(column.into()),
            message: message.into(),
        };
        let row_errors = [
            row_error("a,b", "say \"no\""),
            row_error("=HYPERLINK(1)", "@SUM(A1) is not a number"),
        ];
        assert_eq!(
            csv(&row_errors),
            "line,column,error\r\n5,\"a,b\",\"say \"\"no\"\"\"\r\n\
             5,'=HYPERLINK(1),'@SUM(A1) is not a number\r\n"
        );
    }
}
