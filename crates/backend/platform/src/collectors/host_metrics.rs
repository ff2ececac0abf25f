//! `host_metrics`: this machine, once a second.

use std::time::{Duration, Instant};

use serde::Serialize;
use sysinfo::{DiskRefreshKind, Disks, Networks, ProcessRefreshKind, ProcessesToUpdate, System};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval_at},
};
use weir_api::timeplus::stream::StreamDef;
use weir_store::Store;

pub(super) const NAME: &str = "host_metrics";
const PERIOD: Duration = Duration::from_secs(1);
/// Disks and the number of processes change slowly and cost the most to read.
const SLOW_SAMPLES: u32 = 5;

pub(super) fn definition() -> StreamDef {
    super::definition(
        NAME,
        "The machine this backend runs on, once a second",
        &[
            ("host", "low_cardinality(string)"),
            ("cpu_percent", "float64"),
            ("cpu_cores", "array(float64)"),
            ("memory_used", "uint64"),
            ("memory_total", "uint64"),
            ("swap_used", "uint64"),
            ("disk_used", "uint64"),
            ("disk_total", "uint64"),
            ("net_rx_bps", "float64"),
            ("net_tx_bps", "float64"),
            ("load_1", "float64"),
            ("load_5", "float64"),
            ("load_15", "float64"),
            ("uptime_s", "uint64"),
            ("processes", "uint32"),
        ],
    )
}

/// Percentages are of one core (`cpu_cores`) and of the machine (`cpu_percent`); memory and disk
/// in bytes; network in bytes per second over all interfaces but loopback.
#[derive(Debug, Serialize)]
struct Sample {
    host: String,
    cpu_percent: f64,
    cpu_cores: Vec<f64>,
    memory_used: u64,
    memory_total: u64,
    swap_used: u64,
    disk_used: u64,
    disk_total: u64,
    net_rx_bps: f64,
    net_tx_bps: f64,
    load_1: f64,
    load_5: f64,
    load_15: f64,
    uptime_s: u64,
    processes: usize,
}

/// Tells how busy the machine is, in percent.
pub(super) fn start(store: Store, mut shutdown: watch::Receiver<bool>) -> watch::Receiver<f64> {
    let (cpu, busy) = watch::channel(0.0);
    tokio::spawn(async move {
        let Ok(mut sampler) = tokio::task::spawn_blocking(Sampler::new).await else {
            return;
        };
        let first = tokio::time::Instant::now() + sysinfo::MINIMUM_CPU_UPDATE_INTERVAL;
        let mut ticks = interval_at(first, PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = shutdown.wait_for(|stop| *stop) => return,
            }
            let taken = tokio::task::spawn_blocking(move || {
                let sample = sampler.sample();
                (sampler, sample)
            });
            let Ok((back, sample)) = taken.await else {
                return;
            };
            sampler = back;
            cpu.send_replace(sample.cpu_percent);
            match serde_json::to_vec(&sample) {
                Ok(body) => super::recorder::append(&store, NAME, &body).await,
                Err(error) => tracing::warn!("{NAME}: {error}"),
            }
        }
    });
    busy
}

struct Sampler {
    host: String,
    system: System,
    disks: Disks,
    networks: Networks,
    network_read: Instant,
    samples: u32,
}

impl Sampler {
    fn new() -> Self {
        let mut system = System::new();
        system.refresh_cpu_usage();
        Self {
            host: System::host_name().unwrap_or_default(),
            system,
            disks: Disks::new(),
            networks: Networks::new_with_refreshed_list(),
            network_read: Instant::now(),
            samples: 0,
        }
    }

    fn sample(&mut self) -> Sample {
        if self.samples.is_multiple_of(SLOW_SAMPLES) {
            self.disks
                .refresh_specifics(true, DiskRefreshKind::nothing().with_storage());
            self.system.refresh_processes_specifics(
                ProcessesToUpdate::All,
                true,
                ProcessRefreshKind::nothing().without_tasks(),
            );
        }
        self.samples = self.samples.wrapping_add(1);
        self.system.refresh_cpu_usage();
        self.system.refresh_memory();
        let (disk_used, disk_total) = self.disk_bytes();
        let (net_rx_bps, net_tx_bps) = self.network_rates();
        let load = System::load_average();
        Sample {
            host: self.host.clone(),
            cpu_percent: f64::from(self.system.global_cpu_usage()),
            cpu_cores: self
                .system
                .cpus()
                .iter()
                .map(|core| f64::from(core.cpu_usage()))
                .collect(),
            memory_used: self.system.used_memory(),
            memory_total: self.system.total_memory(),
            swap_used: self.system.used_swap(),
            disk_used,
            disk_total,
            net_rx_bps,
            net_tx_bps,
            load_1: load.one,
            load_5: load.five,
            load_15: load.fifteen,
            uptime_s: System::uptime(),
            processes: self.system.processes().len(),
        }
    }

    /// Used and total; a device mounted at several places counts once.
    fn disk_bytes(&self) -> (u64, u64) {
        let mut seen = Vec::new();
        let (mut used, mut total) = (0, 0);
        for disk in &self.disks {
            if seen.contains(&disk.name()) {
                continue;
            }
            seen.push(disk.name());
            total += disk.total_space();
            used += disk.total_space().saturating_sub(disk.available_space());
        }
        (used, total)
    }

    fn network_rates(&mut self) -> (f64, f64) {
        self.networks.refresh(true);
        let seconds = self.network_read.elapsed().as_secs_f64().max(0.001);
        self.network_read = Instant::now();
        let (mut received, mut transmitted) = (0, 0);
        for (name, data) in &self.networks {
            if name != "lo" {
                received += data.received();
                transmitted += data.transmitted();
            }
        }
        (received as f64 / seconds, transmitted as f64 / seconds)
    }
}
