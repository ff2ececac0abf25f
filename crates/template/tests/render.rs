//! What templates make of rows, and what they refuse.

/// Clippy lets helpers of tests `expect` only inside `cfg(test)`.
#[cfg(test)]
mod render {
    use weir_template::{Template, Value};

    const ROW: &str = r#"{"name":"Ada <3","n":18446744073709551615,"price":0.10,"ok":true,
        "none":null,"a":{"b":{"c":"deep"}},"tags":["x","y"],"empty":[],"big":1e400}"#;

    fn render(template: &str) -> Result<String, String> {
        let row = Value::from_json(ROW).expect("row");
        Template::parse(template)
            .and_then(|template| template.render(&row))
            .map_err(|error| error.to_string())
    }

    #[track_caller]
    fn makes(template: &str, text: &str) {
        assert_eq!(render(template).as_deref(), Ok(text), "{template}");
    }

    #[track_caller]
    fn refuses(template: &str, words: &str) {
        assert_eq!(render(template), Err(words.into()), "{template}");
    }

    #[test]
    fn columns_print_as_they_are_in_the_row() {
        makes("plain", "plain");
        makes("{{ .name }} has {{.n}}", "Ada <3 has 18446744073709551615");
        makes("{{ .price }} {{ .big }} {{ .ok }}", "0.10 1e400 true");
        makes(
            "{{ .a.b.c }} {{ (.a).b.c }} {{ $.a.b.c }}",
            "deep deep deep",
        );
        makes(
            "{{ .none }} {{ .missing }} {{ .missing.more }}",
            "<no value> <no value> <no value>",
        );
        makes("{{ .tags }} {{ .a }}", "[x y] map[b:map[c:deep]]");
        makes("{\"text\": \"{{ .name }}\"}", "{\"text\": \"Ada <3\"}");
    }

    #[test]
    fn the_row_is_json_with_its_columns_in_their_order() {
        let row = r#"{"b":1.50,"a":"x\"y","c":[1,{"d":null}]}"#;
        let template =
            Template::parse("{{ json . }}|{{ . | json }}|{{ json .c }}").expect("template");
        let made = template.render(&Value::from_json(row).expect("row"));
        assert_eq!(made, Ok(format!(r#"{row}|{row}|[1,{{"d":null}}]"#)));
    }

    #[test]
    fn a_template_ends_whatever_loops_it_has() {
        let list: Vec<String> = (0..20_000).map(|n| n.to_string()).collect();
        let text = "x".repeat(10_000);
        let row = format!(r#"{{"list":[{}],"text":"{text}"}}"#, list.join(","));
        let row = Value::from_json(&row).expect("row");
        let started = std::time::Instant::now();
        for (template, words) in [
            (
                "{{range .list}}{{range $.list}}{{range $.list}}{{end}}{{end}}{{end}}",
                "too many steps",
            ),
            ("{{range .list}}{{len $.list}}{{end}}", "too many steps"),
            (
                "{{range .list}}{{if $.list}}{{end}}{{end}}",
                "too many steps",
            ),
            (
                "{{$x := .text}}{{range .list}}{{$x = printf \"%s%s\" $x $x}}{{end}}",
                "too many steps",
            ),
            ("{{range .list}}{{$.text}}{{end}}", "8 MiB"),
            (
                "{{range .list}}{{range $.list}}0123456789{{end}}{{end}}",
                "8 MiB",
            ),
        ] {
            let template = Template::parse(template).expect(template);
            let refused = template.render(&row).expect_err("no end").to_string();
            assert!(refused.contains(words), "{refused}");
        }
        let template = Template::parse("{{range .list}}{{.}},{{end}}").expect("template");
        assert_eq!(template.render(&row).map(|made| made.len()), Ok(108_890));
        let took = started.elapsed();
        assert!(took < std::time::Duration::from_secs(20), "{took:?}");
    }

    #[test]
    fn white_space_is_trimmed_where_asked() {
        makes("a \n {{- .ok -}} \n b", "atrueb");
        makes("a {{/* said to nobody */}} b", "a  b");
        makes("a {{- /* nothing */ -}} b", "ab");
        makes("{{ -3 }}", "-3");
    }

    #[test]
    fn conditions_choose() {
        makes("{{ if .ok }}yes{{ else }}no{{ end }}", "yes");
        makes(
            "{{ if .none }}a{{ else if .empty }}b{{ else }}c{{ end }}",
            "c",
        );
        makes("{{ with .a.b }}{{ .c }}{{ $.ok }}{{ end }}", "deeptrue");
        makes("{{ with .none }}a{{ else }}{{ .ok }}{{ end }}", "true");
        makes(
            "{{ if and .ok (gt .n 10) }}1{{ end }}{{ if or .none .empty }}2{{ end }}",
            "1",
        );
        makes(
            "{{ if and .none (index .tags 9) }}1{{ else }}not looked at{{ end }}",
            "not looked at",
        );
        makes(
            "{{ eq .price 0.1 }} {{ eq .name \"x\" \"Ada <3\" }} {{ ne 1 2 }}",
            "true true true",
        );
        makes(
            "{{ lt 2 10 }} {{ le \"a\" \"b\" }} {{ ge 2 10 }} {{ not .ok }}",
            "true true false false",
        );
    }

    #[test]
    fn loops_go_over_lists_and_objects() {
        makes("{{ range .tags }}<{{ . }}>{{ end }}", "<x><y>");
        makes(
            "{{ range $i, $t := .tags }}{{ $i }}{{ $t }}{{ $.ok }} {{ end }}",
            "0xtrue 1ytrue ",
        );
        makes(
            "{{ range $k, $v := .a }}{{ $k }}={{ $v.c }}{{ end }}",
            "b=deep",
        );
        makes("{{ range .empty }}a{{ else }}none{{ end }}", "none");
        makes("{{ range .tags }}{{ . }}{{ break }}{{ end }}", "x");
        makes(
            "{{ range .tags }}{{ if eq . \"x\" }}{{ continue }}{{ end }}{{ . }}{{ end }}",
            "y",
        );
    }

    #[test]
    fn variables_hold_what_they_were_given() {
        makes("{{ $n := .name }}{{ $n }}{{ $n = 5 }}{{ $n }}", "Ada <35");
        makes(
            "{{ $s := 0 }}{{ range .tags }}{{ $s = . }}{{ end }}{{ $s }}",
            "y",
        );
        makes("{{ if $x := .ok }}{{ $x }}{{ end }}", "true");
    }

    #[test]
    fn functions_do_what_they_do_in_go() {
        makes(
            "{{ printf \"%s-%05d|%.2f|%5s|%-4s|%q|%x|%t|%%\" .name 42 .price \"r\" \"l\" \"q\\n\" 255 .ok }}",
            "Ada <3-00042|0.10|    r|l   |\"q\\n\"|ff|true|%",
        );
        makes(
            "{{ printf \"%d %d\" .name }}",
            "%!d(text=Ada <3) %!d(MISSING)",
        );
        makes("{{ printf \"%e %+d\" 1500000 7 }}", "1.500000e+06 +7");
        makes("{{ print 1 2 \"a\" 3 }}{{ println \"b\" 4 }}", "1 2a3b 4\n");
        makes(
            "{{ len .tags }} {{ len .name }} {{ index .tags 1 }} {{ index .a \"b\" \"c\" }}",
            "2 6 y deep",
        );
        makes("{{ slice .name 0 3 }} {{ slice .tags 1 }}", "Ada [y]");
        makes(
            "{{ .name | html }} {{ .name | urlquery }} {{ js \"it's\" }}",
            "Ada &lt;3 Ada+%3C3 it\\'s",
        );
        makes("{{ .name | printf \"%s %s\" \"hi\" }}", "hi Ada <3");
        makes("{{ `raw \\n` }}{{ \"tab\\tA\\u00e4\" }}", "raw \\ntab\tAä");
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        refuses(
            "ab\n  {{ .x",
            "this action is not closed with }} (line 2, column 3)",
        );
        refuses(
            "{{ name }}",
            "there is no function 'name'; a column is written .name (line 1, column 4)",
        );
        refuses(
            "ä{{ if .ok }}x",
            "this 'if' is not closed with {{ end }} (line 1, column 2)",
        );
        refuses("{{ end }}", "'end' without a beginning (line 1, column 1)");
        refuses(
            "{{ else }}",
            "'else' without a beginning (line 1, column 1)",
        );
        refuses(
            "{{ }}",
            "there is nothing in this action (line 1, column 1)",
        );
        refuses("{{ $x }}", "variable $x is not declared (line 1, column 4)");
        refuses(
            "{{ if .ok }}{{ $x := 1 }}{{ end }}{{ $x }}",
            "variable $x is not declared (line 1, column 38)",
        );
        refuses(
            "{{ .a .b }}",
            "only functions take arguments; join parts with | or print (line 1, column 7)",
        );
        refuses(
            "{{ (.a }}",
            "this ( is not closed with ) (line 1, column 4)",
        );
        refuses(
            "{{ .a | .b }}",
            "what follows | must be a function (line 1, column 9)",
        );
        refuses(
            "{{ \"abc }}",
            "this text is not closed with \" (line 1, column 4)",
        );
        refuses(
            "{{ template \"x\" }}",
            "'template' is not supported: one template is all there is (line 1, column 1)",
        );
        refuses(
            "{{ break }}",
            "'break' outside of a range (line 1, column 1)",
        );
        refuses("{{ .a % 2 }}", "unexpected '%' (line 1, column 7)");
        refuses("{{ 12x }}", "'12x' is not a number (line 1, column 4)");
    }

    #[test]
    fn rows_that_do_not_fit_are_named_too() {
        refuses("{{ .n.x }}", "a number has no field 'x' (line 1, column 4)");
        refuses(
            "{{ range .n }}{{ end }}",
            "range cannot go over a number (line 1, column 10)",
        );
        refuses(
            "{{ index .tags 7 }}",
            "place 7 is out of range: the length is 2 (line 1, column 4)",
        );
        refuses(
            "{{ index .tags 2 }}",
            "place 2 is out of range: the length is 2 (line 1, column 4)",
        );
        refuses(
            "{{ slice .tags 2 1 }}",
            "the slice ends at 1, before it begins at 2 (line 1, column 4)",
        );
        refuses(
            "{{ lt .n .name }}",
            "a number and text have no order (line 1, column 4)",
        );
        refuses(
            "{{ len .ok }}",
            "a boolean has no length (line 1, column 4)",
        );
    }

    #[test]
    fn unknown_columns_are_found_before_the_first_row() {
        let check = |template: &str| {
            let template = Template::parse(template).expect("template");
            template
                .check_fields(&["a", "b"])
                .map_err(|e| e.to_string())
        };
        assert_eq!(
            check("{{ .a }}{{ range .b }}{{ .x }}{{ $.a }}{{ end }}{{ with .a }}{{ .y }}{{ end }}"),
            Ok(())
        );
        assert_eq!(
            check("{{ .a }}\n{{ if eq (len .c) 1 }}{{ end }}"),
            Err("the query has no column 'c'; it has a, b (line 2, column 15)".into())
        );
        assert!(check("{{ range .a }}{{ $.c }}{{ end }}").is_err());
    }

    #[test]
    fn nothing_makes_it_panic() {
        let parts = [
            "{{", "}}", "-", " ", ".", "$", "\"", "`", "(", ")", "|", "if ", "end", "range ", ".a",
            "ä", "1", "e", ":=", "=", ",", "/*", "*/", "%", "\\", "else ",
        ];
        let mut seed = 7u64;
        for _ in 0..40_000 {
            let mut template = String::from("{{");
            for _ in 0..8 {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                template.push_str(parts[(seed >> 33) as usize % parts.len()]);
            }
            let _ = render(&template);
        }
    }

    #[test]
    fn templates_may_not_be_deep() {
        refuses(
            &"{{ if true }}".repeat(1_000),
            "this is nested deeper than 100 (line 1, column 1301)",
        );
        assert!(render(&format!("{{{{ {}", "(".repeat(100_000))).is_err());
    }

    #[test]
    fn deep_values_stay_text() {
        let json = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        let value = Value::from_json(&json).expect("value");
        assert_eq!(value.to_json().matches('[').count(), 100);
        assert!(Value::from_json("[1").is_err() && Value::from_json("nul").is_err());
    }
}
