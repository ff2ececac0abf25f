//! Private servers for tests, each on a free loopback port with a folder of its own. A server ends
//! with its value, also when the test panics. The programs come from `tools/services.sh`.

pub mod certificates;
mod mariadb;
mod nats;
mod openid;
mod postgres;
mod program;
mod publish;
mod server;
mod user;

pub use mariadb::MariaDb;
pub use nats::Nats;
pub use openid::OpenId;
pub use postgres::Postgres;

/// Name, password and database of the one user that PostgreSQL and MariaDB know.
pub const USER: &str = "weir";
pub const PASSWORD: &str = "river 'and\" dam";
pub const DATABASE: &str = "weir";

/// What went wrong, with the end of the server's log.
pub type Result<T = ()> = std::result::Result<T, String>;
