//! Huawei Cloud SecMaster, called through the console's own client code.

mod client;
mod contract;
mod deliveries;
mod objects;
mod signin;
