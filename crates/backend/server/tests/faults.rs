//! Faults put into the real program: `kill -9`, a full disk, a read-only and a damaged database,
//! clients that stand still. `docs/reliability.md` has a row for each.

#[cfg(test)]
mod faults {
    mod clients;
    mod disk;
    mod killed;
    mod load;
    mod program;
    mod secrets;
}
