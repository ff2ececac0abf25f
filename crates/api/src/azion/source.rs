//! Data sources and the variables that templates may name.

use super::v4::old_name;

/// What a streaming sends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DataSource {
    #[default]
    Http,
    Waf,
    CellsConsole,
    Activity,
}

/// What may stand for `$name`, and what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    pub name: &'static str,
    /// Of the example that the preview shows.
    pub sample: &'static str,
}

impl DataSource {
    pub const ALL: [Self; 4] = [Self::Http, Self::Waf, Self::CellsConsole, Self::Activity];

    /// On the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Waf => "waf",
            Self::CellsConsole => "cells_console",
            Self::Activity => "rtm_activity",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// Also by the names that version 4 has for it.
    pub fn meant(name: &str) -> Option<Self> {
        Self::named(old_name(name))
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Http => "Edge Applications",
            Self::Waf => "WAF Events",
            Self::CellsConsole => "Edge Functions",
            Self::Activity => "Activity History",
        }
    }

    /// Whether a streaming of it has to name domains.
    pub fn has_domains(self) -> bool {
        self != Self::Activity
    }

    pub fn variables(self) -> &'static [Variable] {
        match self {
            Self::Http => HTTP,
            Self::Waf => WAF,
            Self::CellsConsole => CELLS_CONSOLE,
            Self::Activity => ACTIVITY,
        }
    }

    pub fn variable(self, name: &str) -> Option<&'static Variable> {
        self.variables().iter().find(|one| one.name == name)
    }
}

const fn v(name: &'static str, sample: &'static str) -> Variable {
    Variable { name, sample }
}

const HTTP: &[Variable] = &[
    v("asn", "AS52580"),
    v("bytes_sent", "1191"),
    v("client", "4529r"),
    v("configuration", "1595368520"),
    v("country", "Brazil"),
    v("host", "www.example.com"),
    v("http_referrer", "https://example.com"),
    v("http_user_agent", "Mozilla/5.0 (X11; Linux x86_64)"),
    v("proxy_status", "520"),
    v("remote_addr", "192.0.2.7"),
    v("remote_port", "44390"),
    v("request_id", "5f222ae5938482c32a822dbf15e19f0f"),
    v("request_length", "167"),
    v("request_method", "GET"),
    v("request_time", "1.19"),
    v("request_uri", "/v1?x=1"),
    v("requestPath", "/v1"),
    v("requestQuery", "x=1"),
    v("scheme", "https"),
    v("sent_http_content_type", "text/html; charset=UTF-8"),
    v("sent_http_x_original_image_size", "987390"),
    v("server_addr", "192.0.2.1"),
    v("server_port", "443"),
    v("server_protocol", "HTTP/1.1"),
    v("session_id", "section-io-1"),
    v("ssl_cipher", "TLS_AES_256_GCM_SHA384"),
    v("ssl_protocol", "TLSv1.3"),
    v("ssl_server_name", "www.example.com"),
    v("ssl_session_reused", "r"),
    v("state", "CA"),
    v("status", "200"),
    v("stream", "1595368520"),
    v("tcpinfo_rtt", "1024"),
    v("time", "2026-11-23T16:00:00Z"),
    v("traceback", "-"),
    v("upstream_addr", "192.0.2.50:443"),
    v("upstream_bytes_received", "8304"),
    v("upstream_bytes_sent", "2733"),
    v("upstream_cache_status", "HIT"),
    v("upstream_connect_time", "0.123"),
    v("upstream_header_time", "0.345"),
    v("upstream_local_addr", "192.0.2.51:37580"),
    v("upstream_response_time", "0.321"),
    v("upstream_status", "200"),
    v("waf_attack_action", "$BLOCK"),
    v("waf_attack_family", "$SQL"),
    v("waf_block", "0"),
    v("waf_headers", "-"),
    v("waf_learning", "0"),
    v("waf_match", "-"),
    v("waf_score", "-"),
    v("waf_total_blocked", "2"),
    v("waf_total_processed", "5"),
];

const WAF: &[Variable] = &[
    v("blocked", "1"),
    v("client", "4529r"),
    v("configuration", "1595368520"),
    v("country", "Brazil"),
    v("headers", "-"),
    v("host", "www.example.com"),
    v("remote_addr", "192.0.2.7"),
    v("requestPath", "/v1"),
    v("requestQuery", "x=1"),
    v("server_protocol", "HTTP/1.1"),
    v("time", "2026-11-23T16:00:00Z"),
    v("truncated_body", "-"),
    v("version", "v5"),
    v("waf_args", "x=1"),
    v("waf_attack_action", "$BLOCK"),
    v("waf_attack_family", "$SQL"),
    v("waf_learning", "0"),
    v("waf_match", "0:1000:BODY:0"),
    v("waf_score", "$SQL:18"),
    v("waf_server", "www.example.com"),
    v("waf_uri", "/v1"),
];

const CELLS_CONSOLE: &[Variable] = &[
    v("client", "4529r"),
    v("edge_function_id", "1321"),
    v("global_id", "1423"),
    v("log_level", "INFO"),
    v("log_message", "This is a message"),
    v("message_source", "CONSOLE"),
    v("request_id", "5f222ae5938482c32a822dbf15e19f0f"),
    v("time", "2026-11-23T16:00:00Z"),
];

const ACTIVITY: &[Variable] = &[
    v("account_id", "4529"),
    v("author_email", "ada@example.com"),
    v("author_name", "Ada"),
    v("client", "4529r"),
    v("comment", "-"),
    v("created_at", "2026-11-23T16:00:00Z"),
    v("parent_resource_id", "-"),
    v("parent_resource_name", "-"),
    v("parent_resource_type", "-"),
    v("referer_header", "https://console.example.com/"),
    v("remote_port", "44390"),
    v("request_data", "-"),
    v("resource_id", "1632"),
    v("resource_name", "Shop"),
    v("resource_type", "Edge Application"),
    v("time", "2026-11-23T16:00:00Z"),
    v("title", "Edge Application Shop was changed"),
    v("type", "changed"),
    v("user_agent", "Mozilla/5.0 (X11; Linux x86_64)"),
    v("user_id", "7"),
    v("user_ip", "192.0.2.7"),
];
