//! Running SQL, for every system of the backend: live queries and their readers, what follows
//! streams row by row, materialized views, and what lies in other systems.

pub mod brokers;
pub mod external;
pub mod follow;
pub mod materialized;
pub mod run;

use weir_platform::{clock, delivery, error, random, tls};
