/// `Measured 2030-01-31 on …`, one line.
pub(crate) fn describe() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, key: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(key))
            .map(|rest| rest.trim_start_matches([' ', '\t', ':']).to_string())
    };
    let cpu = value(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "unknown CPU".into());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kib = value(&read("/proc/meminfo"), "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
        .unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    format!(
        "Measured {} on {cores} cores of {cpu}, {} GiB memory, Linux {}; generator, backend and \
         browser share the machine.",
        chrono::Utc::now().format("%Y-%m-%d"),
        (kib + 512 * 1024) / (1024 * 1024),
        kernel.trim(),
    )
}
