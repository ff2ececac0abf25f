//! The part of wasm-bindgen's command line that Trunk uses.

use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

pub(crate) enum Command {
    Version,
    Bind(Options),
}

pub(crate) struct Options {
    pub(crate) input: PathBuf,
    pub(crate) out_dir: PathBuf,
    pub(crate) out_name: String,
    pub(crate) debug: bool,
    pub(crate) keep_debug: bool,
    pub(crate) demangle: bool,
}

pub(crate) fn parse(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let (mut input, mut out_dir, mut out_name) = (None, None, None);
    let (mut debug, mut keep_debug, mut demangle) = (false, false, true);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('V') | Arg::Long("version") => return Ok(Command::Version),
            Arg::Long("out-dir") => out_dir = Some(parser.value()?.into()),
            Arg::Long("out-name") => out_name = Some(parser.value()?.string()?),
            Arg::Long("target") => {
                let target = parser.value()?.string()?;
                if target != "web" {
                    return Err(format!("--target {target}: only web is made here").into());
                }
            }
            Arg::Long("debug") => debug = true,
            Arg::Long("keep-debug") => keep_debug = true,
            Arg::Long("no-demangle") => demangle = false,
            // No types are written in any case.
            Arg::Long("no-typescript") => {}
            Arg::Value(path) if input.is_none() => input = Some(PathBuf::from(path)),
            other => return Err(other.unexpected()),
        }
    }
    match (input, out_dir) {
        (Some(input), Some(out_dir)) => Ok(Command::Bind(Options {
            out_name: out_name.unwrap_or_else(|| "weir".to_string()),
            input,
            out_dir,
            debug,
            keep_debug,
            demangle,
        })),
        _ => Err("usage: wasm-bindgen --target web --out-dir FOLDER [--out-name NAME] FILE".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunks_call_is_understood_and_others_are_refused() {
        let call = [
            "--target=web",
            "--out-dir=/out",
            "--out-name=weir",
            "/in/weir.wasm",
            "--no-typescript",
            "--no-demangle",
        ];
        let Ok(Command::Bind(options)) = parse(Parser::from_args(call)) else {
            panic!("not understood");
        };
        assert_eq!(options.input, PathBuf::from("/in/weir.wasm"));
        assert!(!options.demangle);
        for wrong in [["--target=bundler", "x"], ["--weak-refs", "x"]] {
            assert!(parse(Parser::from_args(wrong)).is_err(), "{wrong:?}");
        }
    }
}
