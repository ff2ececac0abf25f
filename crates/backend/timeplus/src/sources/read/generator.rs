//! Plausible rows at a steady pace.

use std::{f64::consts::TAU, ops::ControlFlow, time::Duration};

use bytes::Bytes;
use rand::RngExt as _;
use serde_json::json;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{options::Options, take::Taker};
use crate::{clock, error::HttpError};

/// Rows that are due within this time are made together.
const TICK: Duration = Duration::from_millis(20);
/// When the machine cannot keep up, the rest is left out.
const MOST: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Template {
    Iot,
    UserLogins,
    Devops,
}

#[derive(Debug, Clone)]
pub(super) struct Generator {
    template: Template,
    /// Of the template.
    name: String,
    interval: Duration,
}

impl Generator {
    pub(super) fn new(options: &Options) -> Result<Self, HttpError> {
        Ok(Self {
            template: match options.choice("template")? {
                "iot" => Template::Iot,
                "user_logins" => Template::UserLogins,
                _ => Template::Devops,
            },
            name: options.text("template").into(),
            interval: options.duration("interval")?,
        })
    }

    pub(super) async fn read<T: Taker>(&self, taker: &mut T) -> Result<(), String> {
        taker.up();
        taker.log(&format!(
            "generating {} rows every {:?}",
            self.name, self.interval
        ));
        let mut world = World::new();
        let mut ticks = interval(self.interval.max(TICK));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let started = Instant::now();
        let mut made: u128 = 0;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = taker.stopped() => return Ok(()),
            }
            let due = 1 + started.elapsed().as_nanos() / self.interval.as_nanos().max(1);
            let count = usize::try_from(due.saturating_sub(made)).unwrap_or(MOST);
            made = due;
            let rows: Vec<Bytes> = (0..count.min(MOST))
                .map(|_| world.row(self.template).to_string().into())
                .collect();
            if let ControlFlow::Break(()) = taker.take(&rows).await? {
                return Ok(());
            }
        }
    }
}

struct Device {
    temperature: f64,
    humidity: f64,
    battery: f64,
}

struct Server {
    cpu: f64,
    memory: f64,
    disk: f64,
}

/// Devices and servers whose figures move from row to row.
struct World {
    devices: Vec<Device>,
    servers: Vec<Server>,
}

const SITES: [(&str, f64, f64); 4] = [
    ("berlin", 52.52, 13.405),
    ("oslo", 59.913, 10.752),
    ("lisbon", 38.722, -9.139),
    ("osaka", 34.694, 135.502),
];
const USERS: [&str; 12] = [
    "alice", "bilal", "chen", "dana", "emeka", "farida", "goran", "hana", "ivan", "jun", "kofi",
    "lena",
];
const COUNTRIES: [(&str, &str); 5] = [
    ("DE", "Berlin"),
    ("US", "Austin"),
    ("JP", "Osaka"),
    ("BR", "Recife"),
    ("KE", "Nairobi"),
];
const AGENTS: [(&str, &str); 4] = [
    ("desktop", "Firefox"),
    ("desktop", "Chrome"),
    ("phone", "Safari"),
    ("tablet", "Chrome"),
];
const SERVICES: [(&str, &str); 4] = [
    ("web", "eu-west"),
    ("checkout", "eu-west"),
    ("search", "us-east"),
    ("auth", "us-east"),
];

impl World {
    fn new() -> Self {
        let mut rng = rand::rng();
        Self {
            devices: (0..20)
                .map(|_| Device {
                    temperature: rng.random_range(15.0..30.0),
                    humidity: rng.random_range(30.0..70.0),
                    battery: rng.random_range(40.0..100.0),
                })
                .collect(),
            servers: (0..12)
                .map(|_| Server {
                    cpu: rng.random_range(5.0..70.0),
                    memory: rng.random_range(20.0..80.0),
                    disk: rng.random_range(10.0..80.0),
                })
                .collect(),
        }
    }

    fn row(&mut self, template: Template) -> serde_json::Value {
        match template {
            Template::Iot => self.iot(),
            Template::UserLogins => login(),
            Template::Devops => self.devops(),
        }
    }

    fn iot(&mut self) -> serde_json::Value {
        let mut rng = rand::rng();
        let at = rng.random_range(0..self.devices.len());
        let now = clock::now_ms();
        let (site, latitude, longitude) = SITES[at % SITES.len()];
        let device = &mut self.devices[at];
        // A day has a warm and a cold half; what is measured follows it and trembles.
        let day = ((now % 86_400_000) as f64 / 86_400_000.0 * TAU).sin();
        let target = 21.0 + 6.0 * day + (at % 5) as f64;
        device.temperature += (target - device.temperature) * 0.05 + rng.random_range(-0.3..0.3);
        device.humidity = (device.humidity + rng.random_range(-0.8..0.8)).clamp(15.0, 95.0);
        device.battery -= 0.01;
        if device.battery < 5.0 {
            device.battery = 100.0;
        }
        json!({
            "time": clock::iso(now),
            "device": format!("device_{at:02}"),
            "site": site,
            "temperature": round(device.temperature, 2),
            "humidity": round(device.humidity, 1),
            "battery": round(device.battery, 1),
            "latitude": latitude,
            "longitude": longitude,
            "alarm": device.temperature > 29.0,
        })
    }

    fn devops(&mut self) -> serde_json::Value {
        let mut rng = rand::rng();
        let at = rng.random_range(0..self.servers.len());
        let (service, region) = SERVICES[at % SERVICES.len()];
        let server = &mut self.servers[at];
        // Now and then a load peak, that then fades.
        if rng.random_bool(0.01) {
            server.cpu = 95.0;
        }
        server.cpu = (server.cpu * 0.97 + 0.9 + rng.random_range(-4.0..4.0)).clamp(1.0, 100.0);
        server.memory = (server.memory + rng.random_range(-1.0..1.0)).clamp(5.0, 99.0);
        server.disk += 0.002;
        if server.disk > 95.0 {
            server.disk = 20.0;
        }
        let requests = (server.cpu * rng.random_range(4.0..9.0)) as u32;
        let share = if server.cpu > 85.0 { 0.05 } else { 0.002 };
        let errors = (f64::from(requests) * share * rng.random_range(0.0..2.0)) as u32;
        json!({
            "time": clock::iso(clock::now_ms()),
            "host": format!("{service}-{:02}", at / SERVICES.len() + 1),
            "service": service,
            "region": region,
            "cpu": round(server.cpu, 1),
            "memory": round(server.memory, 1),
            "disk": round(server.disk, 2),
            "requests": requests,
            "errors": errors,
            "latency_ms": round(4.0 + server.cpu * server.cpu / 90.0 + rng.random_range(0.0..6.0), 2),
        })
    }
}

fn login() -> serde_json::Value {
    let mut rng = rand::rng();
    // Some people sign in more often than others.
    let at = (rng.random_range(0.0..1.0_f64).powi(2) * USERS.len() as f64) as usize;
    let user = USERS[at.min(USERS.len() - 1)];
    // Mostly from where they live.
    let home = if rng.random_bool(0.92) {
        at % COUNTRIES.len()
    } else {
        rng.random_range(0..COUNTRIES.len())
    };
    let (country, city) = COUNTRIES[home];
    let (device, browser) = AGENTS[(at + usize::from(rng.random_bool(0.2))) % AGENTS.len()];
    let success = rng.random_bool(if home == at % COUNTRIES.len() {
        0.94
    } else {
        0.5
    });
    json!({
        "time": clock::iso(clock::now_ms()),
        "user": user,
        // Of the networks set aside for documentation.
        "ip": format!("203.0.113.{}", 1 + (at * 20 + rng.random_range(0..3)) % 254),
        "country": country,
        "city": city,
        "device": device,
        "browser": browser,
        "success": success,
        "reason": if success { "" } else { "wrong password" },
        "duration_ms": rng.random_range(40..900),
    })
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_template_have_the_same_fields_and_plausible_values() {
        let mut world = World::new();
        for template in [Template::Iot, Template::UserLogins, Template::Devops] {
            let first = world.row(template);
            let fields = |row: &serde_json::Value| -> Vec<String> {
                row.as_object().expect("object").keys().cloned().collect()
            };
            for _ in 0..5000 {
                let row = world.row(template);
                assert_eq!(fields(&row), fields(&first));
                if let Some(cpu) = row["cpu"].as_f64() {
                    assert!((1.0..=100.0).contains(&cpu), "{row}");
                    assert!(row["errors"].as_u64() <= row["requests"].as_u64(), "{row}");
                }
                if let Some(temperature) = row["temperature"].as_f64() {
                    assert!((-10.0..60.0).contains(&temperature), "{row}");
                }
            }
        }
    }
}
