//! A chart as a file.

use leptos::task::spawn_local;

use crate::ui::{Picture, Toasts, save_blob};

pub fn save(picture: Picture, title: String, toasts: Toasts) {
    spawn_local(async move {
        let saved = match picture.png(&title).await {
            Some(blob) => save_blob(&blob, &file_name(&title)).is_ok(),
            None => false,
        };
        if !saved {
            toasts.error("No chart to save yet.");
        }
    });
}

/// What every system takes as a name.
fn file_name(title: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let name: String = title.chars().map(plain).take(60).collect();
    match name.trim_matches('-') {
        "" => "chart.png".into(),
        name => format!("{name}.png"),
    }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn titles_become_names_of_files() {
        assert_eq!(file_name("CPU / Load: ü"), "CPU---Load--ü.png");
        assert_eq!(file_name("…"), "chart.png");
    }
}
