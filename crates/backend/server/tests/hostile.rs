//! Statements and clients that mean harm, against the program itself: what they may cost others,
//! and that everything can be ended.

#[cfg(test)]
mod hostile {
    use std::{
        io::{BufRead, BufReader},
        path::Path,
        process::{Child, Command, Stdio},
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        time::{Duration, Instant},
    };

    use reqwest::{Client, Response};
    use serde_json::{Value, json};

    const PASSWORD: &str = "correct horse battery";
    /// 1 s is promised, and it takes a tenth of that; a test has other work beside it.
    const CANCELED: Duration = Duration::from_secs(3);
    const GONE: Duration = Duration::from_secs(2);
    const TERMINATED: Duration = Duration::from_secs(10);
    const PAGE: Duration = Duration::from_millis(100);
    /// MiB of the whole process, whatever one user runs: 1 GiB of values, 2 GiB of SQLite's, the rest.
    const MEMORY: u64 = 3584;
    /// Rows of stream `s`: joined with itself twice they are more than anybody waits for.
    const ROWS: usize = 3_000;

    struct Program {
        child: Child,
        root: String,
        client: Client,
    }

    impl Program {
        async fn start(dir: &Path) -> Self {
            let mut child = Command::new(env!("CARGO_BIN_EXE_weir-backend"))
                .current_dir(dir)
                .args(["--data", "data", "--listen", "127.0.0.1:0"])
                .env("WEIR_ADMIN_PASSWORD", PASSWORD)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("program");
            let mut out = BufReader::new(child.stdout.take().expect("output"));
            let mut line = String::new();
            out.read_line(&mut line).expect("line");
            let link = line.trim().strip_prefix("Weir is running. Sign in: ");
            let root = link.expect("a link").split("/signin").next();
            let program = Self {
                root: root.expect("root").to_string(),
                child,
                client: Client::new(),
            };
            let columns = json!([{"name": "n", "type": "int64"}, {"name": "a", "type": "string"}]);
            let stream = json!({"name": "s", "columns": columns});
            assert_eq!(program.post("/v1beta2/streams", stream).await.status(), 201);
            let rows: Vec<Value> = (0..ROWS).map(|n| json!([n, format!("row {n}")])).collect();
            let body = json!({"columns": ["n", "a"], "data": rows});
            let path = "/v1beta2/streams/s/ingest";
            assert_eq!(program.post(path, body).await.status(), 200);
            program
        }

        async fn post(&self, path: &str, body: Value) -> Response {
            let request = self.client.post(format!("{}/default/api{path}", self.root));
            let request = request.basic_auth("admin", Some(PASSWORD));
            // Otherwise a SELECT is answered with its events.
            let request = request.header("Prefer", "respond-async");
            request.body(body.to_string()).send().await.expect("answer")
        }

        async fn get(&self, path: &str) -> Value {
            let request = self.client.get(format!("{}/default/api{path}", self.root));
            let request = request.basic_auth("admin", Some(PASSWORD));
            let answer = request.send().await.expect("answer");
            serde_json::from_str(&answer.text().await.expect("text")).expect("JSON")
        }

        /// The id of a query that runs.
        async fn begin(&self, sql: &str) -> String {
            let answer = self.post("/v1beta2/queries", json!({"sql": sql})).await;
            let status = answer.status();
            let text = answer.text().await.expect("text");
            assert_eq!(status, 202, "{sql}: {text}");
            let query: Value = serde_json::from_str(&text).expect("JSON");
            query["id"].as_str().expect("id").to_string()
        }

        async fn status(&self, id: &str) -> Value {
            self.get(&format!("/v1beta2/queries/{id}")).await
        }

        /// MiB that the process holds.
        fn memory(&self) -> u64 {
            let path = format!("/proc/{}/status", self.child.id());
            let status = std::fs::read_to_string(path).expect("status");
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
            let kib = line.and_then(|line| line.trim().split(' ').next());
            kib.and_then(|kib| kib.parse::<u64>().ok()).expect("a size") / 1024
        }
    }

    impl Program {
        /// Hundredths of a second for which threads that run queries have worked.
        fn worked(&self) -> u64 {
            let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id()));
            let tasks = tasks.expect("threads").filter_map(Result::ok);
            // One may end meanwhile.
            let stats =
                tasks.filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok());
            let of = |stat: String| {
                let (name, rest) = stat.rsplit_once(") ")?;
                let mut numbers = rest.split(' ').skip(11).map(str::parse::<u64>);
                let (user, system) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
                name.ends_with("(query").then_some(user + system)
            };
            stats.filter_map(of).sum()
        }

        /// Whether no query works any more, whatever its state says.
        async fn rests_within(&self, limit: Duration) -> bool {
            let started = Instant::now();
            while started.elapsed() < limit {
                let before = self.worked();
                tokio::time::sleep(Duration::from_millis(200)).await;
                if self.worked() <= before + 2 {
                    return true;
                }
            }
            false
        }
    }

    impl Drop for Program {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    /// Every pair and every triple of rows.
    const PAIRS: &str = "FROM table(s) AS a CROSS JOIN table(s) AS b";
    const TRIPLES: &str = "FROM table(s) AS a CROSS JOIN table(s) AS b CROSS JOIN table(s) AS c";

    fn attacks() -> Vec<String> {
        let ten = |text: &str| format!("concat({})", [text; 10].join(", "));
        let mut doubled = "WITH c0 AS (SELECT a AS x FROM table(s))".to_string();
        for index in 1..=7 {
            let before = index - 1;
            doubled.push_str(&format!(
                ", c{index} AS (SELECT {} AS x FROM c{before} WHERE x <> '')",
                ten("x")
            ));
        }
        vec![
            format!("{doubled} SELECT x FROM c7"),
            format!("{doubled} SELECT max(x) FROM c7"),
            format!("{doubled} SELECT group_array(x) FROM c5"),
            format!("SELECT a.n, b.n, c.n, count() {TRIPLES} GROUP BY a.n, b.n, c.n"),
            format!("SELECT a.a, b.a, c.a {TRIPLES} ORDER BY c.n, a.a, b.a"),
            format!("SELECT DISTINCT a.a || b.a || c.a {TRIPLES}"),
            format!("SELECT a.a || b.a || c.a {TRIPLES} UNION SELECT a.a || b.a {PAIRS}"),
            format!("SELECT count() {TRIPLES}"),
            format!("SELECT sum(a.n * b.n + c.n) {TRIPLES} WHERE a.n + b.n > c.n"),
            format!("SELECT group_array(a.a || b.a || c.a) {TRIPLES}"),
            format!("SELECT group_uniq_array(a.a || b.a || c.a) {TRIPLES}"),
            format!("SELECT count_distinct(a.a || b.a || c.a) {TRIPLES}"),
            format!("SELECT top_k(a.a || b.a || c.a, 10) {TRIPLES}"),
            format!("SELECT a.n, group_array(b.a || c.a) {TRIPLES} GROUP BY a.n"),
            format!("SELECT count() {PAIRS} WHERE match(a.a || b.a, '(.*)*(.*)*x$')"),
            format!("SELECT n, (SELECT count() {PAIRS} WHERE a.n > s.n) AS c FROM table(s) AS s"),
            "SELECT count() FROM hop(table(s), 1ms, 1s) AS a CROSS JOIN hop(table(s), 1ms, 1s) AS b"
                .to_string(),
            // One call of a function that takes long.
            "SELECT length(extract_all(repeat('a', 30000), 'a{0,900}b|a')) FROM table(s)".to_string(),
            "SELECT has_substr(range(0, 300000), range(0, 150000)) FROM table(s)".to_string(),
            "SELECT array_map(x -> array_map(y -> repeat('x', 100000), range(0, 1000)), \
                     range(0, 1000)) FROM table(s)"
                .to_string(),
            "SELECT match(repeat(a, 100000), '(a{0,90}){0,90}b') FROM table(s) \
                     UNION ALL SELECT count() > 0 FROM table(s) AS a CROSS JOIN table(s) AS b \
                     CROSS JOIN table(s) AS c"
                .to_string(),
            "SELECT array_intersect(range(0, 300000), range(100000, 400000)) FROM table(s)".to_string(),
            "SELECT multi_search_any_case_insensitive(repeat('ab', 4000000), \
                     array_map(x -> to_string(x), range(0, 900000))) FROM table(s)"
                .to_string(),
            "SELECT group_array_moving_sum(100000)(number) FROM numbers(1000000)".to_string(),
            "SELECT group_array_moving_avg(100000)(number) FROM numbers(1000000)".to_string(),
        ]
    }

    /// Each takes all of the machine: one after another.
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    #[tokio::test(flavor = "multi_thread")]
    async fn whatever_a_query_does_it_stays_small_and_can_be_canceled() {
        let _turn = TURN.lock().await;
        let dir = tempfile::tempdir().expect("folder");
        let program = Program::start(dir.path()).await;
        let mut failures = Vec::new();
        for sql in attacks() {
            let id = program.begin(&sql).await;
            let mut most = 0;
            for _ in 0..15 {
                tokio::time::sleep(Duration::from_millis(100)).await;
                most = most.max(program.memory());
            }
            let started = Instant::now();
            let path = format!("/v1beta2/queries/{id}/cancel");
            let answer = program.post(&path, Value::Null).await;
            let took = started.elapsed();
            let state = program.status(&id).await;
            println!(
                "{most:>5} MiB, canceled in {took:>8.1?}: {} {sql}",
                state["status"]
            );
            let ended = state["status"] != "running" && program.rests_within(CANCELED).await;
            if answer.status() != 204 || !ended || took > CANCELED || most > 1024 {
                failures.push(format!("{most} MiB, {took:?}, {state}"));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_query_ends_with_its_client() {
        let _turn = TURN.lock().await;
        let dir = tempfile::tempdir().expect("folder");
        let program = Program::start(dir.path()).await;
        for sql in [
            format!("SELECT a.a, b.a, c.a {TRIPLES} ORDER BY c.n, a.a, b.a"),
            format!("SELECT count() {TRIPLES}"),
            // It only waits for rows.
            "SELECT n FROM s WHERE n < 0".to_string(),
            // It follows, and works hard at each row.
            "SELECT count() FROM s CROSS JOIN table(s) AS b CROSS JOIN table(s) AS c \
                     SETTINGS seek_to = 'earliest'"
                .to_string(),
        ] {
            let request = program
                .client
                .post(format!("{}/default/api/v1beta2/queries", program.root))
                .basic_auth("admin", Some(PASSWORD))
                .header("Accept", "text/event-stream")
                .body(json!({"sql": sql}).to_string());
            let mut answer = request.send().await.expect("answer");
            let first = answer.chunk().await.expect("chunk").expect("an event");
            let text = String::from_utf8_lossy(&first).into_owned();
            let id = text
                .split("\"id\":\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            let id = id.expect("an id").to_string();
            tokio::time::sleep(Duration::from_millis(500)).await;
            assert_eq!(program.status(&id).await["status"], "running", "{sql}");
            drop(answer);
            let started = Instant::now();
            while program.status(&id).await["status"] == "running" {
                assert!(started.elapsed() < GONE, "{sql}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        // So does one that is asked for in one call.
        let sql = format!("SELECT count() {TRIPLES}");
        let request = program
            .client
            .post(format!("{}/default/api/v1beta2/exec", program.root))
            .basic_auth("admin", Some(PASSWORD))
            .timeout(Duration::from_millis(500))
            .body(json!({"sql": sql, "type": "historical"}).to_string());
        assert!(request.send().await.is_err());
        let busy = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", program.child.id()));
            let stat = stat.expect("stat");
            let fields: Vec<&str> = stat
                .rsplit(')')
                .next()
                .expect("fields")
                .split(' ')
                .collect();
            fields[12].parse::<u64>().expect("ticks")
        };
        tokio::time::sleep(Duration::from_secs(2)).await;
        let before = busy();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(
            busy() - before < 50,
            "it still works after its client has gone"
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn sigterm_ends_the_process_whatever_runs() {
        let _turn = TURN.lock().await;
        let dir = tempfile::tempdir().expect("folder");
        let mut program = Program::start(dir.path()).await;
        for sql in attacks().iter().take(5) {
            program.begin(sql).await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let started = Instant::now();
        let pid = program.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.expect("kill").success());
        while program.child.try_wait().expect("state").is_none() {
            assert!(started.elapsed() < TERMINATED, "it still runs");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        println!("ended in {:.1?}", started.elapsed());
    }

    /// What takes long to read or to plan.
    fn statements() -> Vec<String> {
        let list: Vec<String> = (0..90_000).map(|n| n.to_string()).collect();
        let list = list.join(",");
        let mut aliases = "SELECT 'x' AS a0".to_string();
        for index in 1..30 {
            let ten = vec![format!("a{}", index - 1); 10].join(", ");
            aliases.push_str(&format!(", concat({ten}) AS a{index}"));
        }
        let mut with = "WITH c0 AS (SELECT 1 AS x)".to_string();
        for index in 1..20 {
            let before = index - 1;
            with.push_str(&format!(
                ", c{index} AS (SELECT l.x FROM c{before} AS l CROSS JOIN c{before} AS r)"
            ));
        }
        vec![
            format!("SELECT '[]'::{}int8{}", "tuple(".repeat(40), ")".repeat(40)),
            format!(
                "SELECT '[]'::{}int8{}",
                "array(".repeat(4000),
                ")".repeat(4000)
            ),
            format!("SELECT n FROM s WHERE n IN ({list}) "),
            format!("{aliases} FROM s"),
            format!("{with} SELECT * FROM c19"),
            format!("SELECT {}1", "(".repeat(20_000)),
            format!("SELECT 1{}", " + 1".repeat(100_000)),
        ]
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn others_are_answered_while_hostile_clients_try() {
        let _turn = TURN.lock().await;
        let dir = tempfile::tempdir().expect("folder");
        let program = Arc::new(Program::start(dir.path()).await);
        let end = Arc::new(AtomicBool::new(false));
        let planners = (0..2).map(|_| {
            let (program, end) = (program.clone(), end.clone());
            tokio::spawn(async move {
                let statements = statements();
                for sql in statements.iter().cycle() {
                    if end.load(Ordering::Relaxed) {
                        return;
                    }
                    program
                        .post("/v1beta2/sqlanalyze", json!({"sql": sql}))
                        .await;
                    program.post("/v1beta2/format", json!({"sql": sql})).await;
                }
            })
        });
        let planners: Vec<_> = planners.collect();
        let attacks = attacks();
        for sql in [&attacks[0], &attacks[4]] {
            program.begin(sql).await;
        }
        let mut times = Vec::new();
        for _ in 0..60 {
            let started = Instant::now();
            let answer = program.client.get(&program.root).send().await;
            answer.expect("answer");
            times.push(started.elapsed());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        end.store(true, Ordering::Relaxed);
        for planner in planners {
            planner.await.expect("no panic");
        }
        times.sort();
        println!("GET /: median {:?}, slowest {:?}", times[30], times[59]);
        assert!(times[30] < PAGE, "{times:?}");
    }

    /// Each makes values of many MiB.
    const LARGE: [&str; 4] = [
        "SELECT a.n, repeat('x', 8000000) || repeat('y', 7000000) || to_string(b.n) AS x \
             FROM table(s) AS a CROSS JOIN table(s) AS b ORDER BY x",
        "SELECT array_map(x -> repeat('x', 1000000) || to_string(x), range(0, 15)) AS y \
             FROM table(s) ORDER BY y",
        "SELECT length(replace_all(repeat('ab', 8000000), 'a', 'c')) AS l \
             FROM table(s) AS a CROSS JOIN table(s) AS b",
        "SELECT group_array(repeat(a.a, 100000)) FROM table(s) AS a CROSS JOIN table(s) AS b",
    ];

    #[tokio::test(flavor = "multi_thread")]
    async fn fifty_queries_of_one_user_leave_memory_and_turns_to_others() {
        let _turn = TURN.lock().await;
        let dir = tempfile::tempdir().expect("folder");
        let program = Arc::new(Program::start(dir.path()).await);
        let another = json!({"username": "other", "role": "read_only", "password": PASSWORD});
        assert_eq!(program.post("/v1beta2/users", another).await.status(), 201);
        for large in LARGE {
            let mut running = Vec::new();
            for _ in 0..50 {
                running.push(program.begin(large).await);
            }
            let (mut most, mut pages) = (0, Vec::new());
            for _ in 0..40 {
                let started = Instant::now();
                let page = program.client.get(&program.root).send().await;
                page.expect("answer");
                pages.push(started.elapsed());
                most = most.max(program.memory());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            // Somebody else has a turn meanwhile.
            let started = Instant::now();
            let asked = program
                .client
                .post(format!("{}/default/api/v1beta2/exec", program.root))
                .basic_auth("other", Some(PASSWORD))
                .body(
                    json!({"sql": "SELECT count() FROM table(s)", "type": "historical"})
                        .to_string(),
                );
            let answer = asked.send().await.expect("answer");
            assert_eq!(answer.status(), 200, "{large}: {:?}", answer.text().await);
            let other = started.elapsed();
            let cancels = running.iter().map(|id| {
                let (program, id) = (program.clone(), id.clone());
                tokio::spawn(async move {
                    let started = Instant::now();
                    let path = format!("/v1beta2/queries/{id}/cancel");
                    program.post(&path, Value::Null).await;
                    started.elapsed()
                })
            });
            let cancels: Vec<_> = cancels.collect();
            let mut slowest = Duration::ZERO;
            for cancel in cancels {
                slowest = slowest.max(cancel.await.expect("no panic"));
            }
            for id in &running {
                assert_ne!(program.status(id).await["status"], "running", "{large}");
            }
            pages.sort();
            println!(
                "{most} MiB, GET / {:?}, another's query {other:?}, slowest cancel {slowest:?}: \
                 {large}",
                pages[20]
            );
            assert!(most < MEMORY, "{most} MiB: {large}");
            assert!(pages[20] < PAGE, "{pages:?}: {large}");
            assert!(other < Duration::from_secs(5), "{other:?}: {large}");
            // Beside other tests; docs/reliability.md has what it takes by itself.
            assert!(slowest < Duration::from_secs(5), "{slowest:?}: {large}");
        }
    }

    /// What is read of one is given back, and the next one takes it, whichever thread reads it.
    #[tokio::test(flavor = "multi_thread")]
    async fn large_statements_one_after_the_other_take_no_more_than_one() {
        let dir = tempfile::tempdir().expect("folder");
        let program = Program::start(dir.path()).await;
        let calls = vec!["if(n = 1, 'a', 'b')"; 1_900].join(", ");
        let queries = vec!["(SELECT 1)"; 1_500].join(", ");
        let list = (0..90_000).map(|n| n.to_string()).collect::<Vec<_>>();
        let statements = [
            format!("SELECT {calls} FROM table(s)"),
            format!("SELECT [{queries}] FROM table(s)"),
            format!("SELECT n FROM table(s) WHERE n IN ({})", list.join(", ")),
            format!("SELECT {}", vec!["if(1,2,3)"; 30_000].join(", ")),
            format!("SELECT a{} FROM table(s)", ".a".repeat(200_000)),
        ];
        for round in 0..8 {
            for sql in &statements {
                let body = json!({"sql": sql, "type": "historical"});
                program.post("/v1beta2/exec", body).await;
            }
            println!("{round}: {} MiB", program.memory());
        }
        let memory = program.memory();
        assert!(memory < 800, "{memory} MiB");
    }
}
