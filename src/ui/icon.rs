use leptos::prelude::*;

/// Strokes on a 16 × 16 grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IconName {
    Menu,
    Chevron,
    Close,
    Check,
    Warning,
    Info,
    Copy,
    Plus,
    Sun,
    Moon,
    Display,
    Person,
    Prompt,
    Pulse,
    Layers,
    Function,
    Incoming,
    Table,
    Braces,
    Plug,
    Play,
    Pause,
    Stop,
    Download,
    Reload,
    Undo,
    Edit,
    Delete,
    More,
    Disks,
    Book,
    Flow,
    Seal,
    Machines,
    Send,
    Bookmark,
    Star,
    Dashboard,
    Expand,
    Minus,
    Eye,
    Funnel,
    Graph,
    Gauge,
    Key,
    Shield,
    Letter,
    Sliders,
}

impl IconName {
    fn path(self) -> &'static str {
        match self {
            Self::Disks => {
                "M2.5 4c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2zM2.5 4v8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2"
            }
            Self::Book => {
                "M3 2.500h8.500a1.5 1.5 0 011.5 1.500v9.500H4.500A1.5 1.5 0 013 12zM3 12a1.5 1.5 0 011.5-1.500H13M6 5.500h4"
            }
            Self::Flow => "M1.5 3h4v4h-4zM10.5 9h4v4h-4zM5.5 5h3a1.5 1.5 0 011.5 1.500v3",
            Self::Seal => {
                "M8 1.800a4.2 4.2 0 100 8.4 4.2 4.2 0 000-8.400zM5.5 9.500V14L8 12.500l2.5 1.500V9.5"
            }
            Self::Machines => {
                "M2 2.500h12v4H2zM2 9.500h12v4H2zM4.5 4.500h.2M4.5 11.500h.2M8 4.500h3.500M8 11.500h3.5"
            }
            Self::Send => "M2 8h9M7.5 4.500L11 8l-3.500 3.500M14 2.500v11",
            Self::Graph => {
                "M1.5 6h4v4h-4zM10.5 1.500h4v4h-4zM10.5 10.500h4v4h-4zM5.5 8h2.500V3.500h2.500M8 8v4.500h2.5"
            }
            Self::Gauge => "M2.5 12.500a6.5 6.5 0 1111 0M8 9l3-4M7.5 9.500h1",
            Self::Key => "M5 8a3 3 0 106 0 3 3 0 00-6 0zM8 11v3.500M8 13h2M8 5V1.5",
            Self::Shield => {
                "M8 1.500l5.5 2v4c0 3.500-2.300 5.800-5.500 7-3.200-1.200-5.500-3.500-5.500-7v-4z"
            }
            Self::Letter => "M1.5 3.500h13v9h-13zM1.5 4l6.5 5 6.500-5",
            Self::Sliders => "M2 4.500h7M12 4.500h2M9 3v3M2 11.500h2M7 11.500h7M7 10v3",
            Self::Menu => "M2 4h12M2 8h12M2 12h12",
            Self::Chevron => "M4 6l4 4 4-4",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Check => "M3 8.5l3.5 3.5L13 4.5",
            Self::Warning => "M8 2L1.5 13.5h13zM8 6.5v3.5M8 11.8v.2",
            Self::Info => "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.800zM8 7.2v4M8 4.800v.2",
            Self::Copy => "M5.5 5.500h8v8h-8zM10.5 5.500v-3h-8v8h3",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Sun => {
                "M8 5a3 3 0 100 6 3 3 0 000-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1"
            }
            Self::Moon => "M13.5 9.500A6 6 0 016.5 2.500a6 6 0 107 7z",
            Self::Display => "M1.5 2.500h13v9h-13zM5.5 14.500h5M8 11.500v3",
            Self::Person => "M8 2a3 3 0 100 6 3 3 0 000-6zM2.5 14a5.5 4.5 0 0111 0",
            Self::Prompt => "M1.5 2.500h13v11h-13zM4 6l2.5 2L4 10M8 10.500h4",
            Self::Pulse => "M1 8h3l2-5 4 10 2-5h3",
            Self::Layers => {
                "M8 1.500l6.5 3.500L8 8.5 1.5 5zM1.5 8L8 11.5 14.5 8M1.5 11L8 14.5 14.5 11"
            }
            Self::Function => {
                "M11 2.500c-2-.6-3 .3-3.300 2L6.3 11.500c-.4 1.800-1.300 2.500-3.300 2M4.5 6.500h6M10 9.500l4 4M14 9.500l-4 4"
            }
            Self::Incoming => "M1.5 8h8M6.5 5l3 3-3 3M9.500 2.500h5v11h-5",
            Self::Table => "M1.5 2.500h13v11h-13zM1.5 6.500h13M6 6.500v7",
            Self::Braces => {
                "M5.5 2c-2 0-2 1-2 3s-.5 2.500-1.500 3c1 .5 1.500 1 1.500 3s0 3 2 3M10.5 2c2 0 2 1 2 3s.5 2.500 1.500 3c-1 .5-1.500 1-1.500 3s0 3-2 3"
            }
            Self::Plug => "M5.5 1.500v4M10.5 1.500v4M3 5.500h10v2a5 5 0 01-10 0zM8 12.500v2",
            Self::Play => "M4 2.500l9 5.5-9 5.500z",
            Self::Pause => "M5 3v10M11 3v10",
            Self::Stop => "M3.5 3.500h9v9h-9z",
            Self::Download => "M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.500h11",
            Self::Undo => "M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 010 7H6",
            Self::Reload => "M13.5 8A5.5 5.5 0 112.5 8a5.5 5.5 0 019.5-3.800M12.5 1.500v3h-3",
            Self::Edit => "M2.5 13.500l.8-3.2 7.5-7.5 2.4 2.4-7.5 7.500zM9.3 4.300l2.4 2.4",
            Self::Delete => "M2.5 4.500h11M6 4.500v-2h4v2M4 4.500l.7 9h6.600l.7-9M6.8 7v4M9.2 7v4",
            Self::More => "M3 8h.1M8 8h.1M13 8h.1",
            Self::Star => {
                "M8 1.800l1.900 3.900 4.300.6-3.100 3 .7 4.300L8 11.600l-3.800 2 .7-4.300-3.100-3 4.300-.6z"
            }
            Self::Bookmark => "M4 2h8v12l-4-3.500L4 14z",
            Self::Dashboard => "M2 2h5v7H2zM9 2h5v4H9zM9 8h5v6H9zM2 11h5v3H2z",
            Self::Expand => "M6 2H2v4M10 2h4v4M6 14H2v-4M10 14h4v-4",
            Self::Minus => "M3 8h10",
            Self::Eye => {
                "M1.5 8c2.500-5.500 10.500-5.500 13 0-2.500 5.500-10.500 5.500-13 0zM8 6.200a1.800 1.800 0 100 3.600 1.800 1.800 0 000-3.600z"
            }
            Self::Funnel => "M2 2.500h12L9.5 8v5.500l-3-1.500V8z",
        }
    }
}

/// Decoration: the words are beside it or in the button's label.
#[component]
pub fn Icon(name: IconName) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=name.path() />
        </svg>
    }
    .into_any()
}
