//! Which passwords are too easy to guess.

const SHORTEST: usize = 10;
/// Argon2 takes any length; a request should not.
const LONGEST: usize = 1024;
const DIFFERENT: usize = 5;

/// What people choose most, without what stands around it; also parts of longer ones.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "qwerty",
    "qwertz",
    "azerty",
    "letmein",
    "welcome",
    "administrator",
    "admin",
    "changeme",
    "changeit",
    "default",
    "secret",
    "iloveyou",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "sunshine",
    "princess",
    "superman",
    "batman",
    "trustno",
    "master",
    "shadow",
    "login",
    "access",
    "starwars",
    "whatever",
    "computer",
    "internet",
    "timeplus",
    "weir",
    "test",
    "guest",
    "root",
    "user",
    "abc",
    "asdf",
    "zxcvbn",
    "qazwsx",
    "1q2w3e4r",
    "1qaz2wsx",
    "hello",
    // With a year behind them they are what rules about changing passwords lead to.
    "spring",
    "summer",
    "autumn",
    "winter",
    "january",
    "february",
    "october",
    "november",
    "december",
];

/// `Err`: what is wrong with it.
pub(super) fn check(user: &str, password: &str) -> Result<(), String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(format!("needs at least {SHORTEST} characters"));
    }
    if length > LONGEST {
        return Err(format!("has more than {LONGEST} characters"));
    }
    let lower = password.to_lowercase();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT {
        return Err(format!("needs at least {DIFFERENT} different characters"));
    }
    let user = user.to_lowercase();
    let spelled = spelled(&lower);
    let holds = |word: &str| {
        let texts = [&lower, &spelled].into_iter();
        texts
            .filter_map(|text| rest(text, word))
            .any(|rest| rest < 6)
    };
    let named = user.chars().count() >= 3 && holds(&user);
    let known = COMMON.iter().any(|word| holds(word));
    let guessed = named || known || is_one_word(&lower) || is_quoted(&lower);
    if guessed || is_row(&lower) || is_woven(&lower) || is_repeated(&lower) {
        return Err("is among those that are guessed first".into());
    }
    Ok(())
}

/// How many characters it has beside all occurrences of `word`, digits and signs; none where it
/// lacks the word.
fn rest(password: &str, word: &str) -> Option<usize> {
    let rest = password
        .contains(word)
        .then(|| password.replace(word, ""))?;
    Some(rest.chars().filter(|c| c.is_alphabetic()).count())
}

/// One run of letters, with digits and signs before or behind it only: a name, a place, a team, and
/// a year. Whoever guesses tries all of them, with all that may stand around.
fn is_one_word(password: &str) -> bool {
    const LONGEST: usize = 11;
    // Of digits and signs alone.
    const LONGEST_NUMBER: usize = 15;
    let word = password.trim_matches(|c: char| !c.is_alphabetic());
    match word.chars().count() {
        0 => password.chars().count() <= LONGEST_NUMBER,
        length => length <= LONGEST && word.chars().all(char::is_alphabetic),
    }
}

/// Part of the password that everybody knows.
fn is_quoted(password: &str) -> bool {
    let word = password.trim_matches(|c: char| !c.is_alphabetic());
    !word.is_empty() && "correcthorsebatterystaple".contains(word)
}

/// With letters in the place of what only looks like them.
fn spelled(password: &str) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        other => other,
    };
    password.chars().map(letter).collect()
}

/// Two rows, a character of each in turn: `q1w2e3r4t5`.
fn is_woven(password: &str) -> bool {
    let every = |from| password.chars().skip(from).step_by(2).collect::<String>();
    is_row(&every(0)) && is_row(&every(1))
}

/// One short word again and again, whatever stands between.
fn is_repeated(password: &str) -> bool {
    let letters: Vec<char> = password.chars().filter(|c| c.is_alphanumeric()).collect();
    let repeats = |period: usize| {
        letters.len().is_multiple_of(period)
            && letters.iter().zip(&letters[period..]).all(|(a, b)| a == b)
    };
    (1..SHORTEST.min(letters.len() / 2 + 1)).any(repeats)
}

/// Most characters follow the one before, in the alphabet, on a keyboard or by counting.
fn is_row(password: &str) -> bool {
    // Of a keyboard's columns those that begin with a digit, too.
    const ROWS: [&str; 16] = [
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890123456789",
        "qwertyuiop",
        "qwertzuiop",
        "asdfghjkl",
        "zxcvbnm",
        "yxcvbnm",
        "1qaz",
        "1qay",
        "2wsx",
        "3edc",
        "4rfv",
        "5tgb",
        "6yhn",
        "7ujm",
        "azertyuiop",
    ];
    let characters: Vec<char> = password.chars().collect();
    let follows = |a: char, b: char| {
        let pair = [String::from_iter([a, b]), String::from_iter([b, a])];
        a == b
            || ROWS
                .iter()
                .any(|row| pair.iter().any(|pair| row.contains(pair.as_str())))
    };
    let rows = characters
        .windows(2)
        .filter(|pair| follows(pair[0], pair[1]));
    rows.count() * 3 >= characters.len() * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused() {
        for weak in [
            "",
            "short",
            "password",
            "aaaaaaaa",
            "aaaaaaaaaaaa",
            "abababababab",
            "Password123!",
            "1234567890",
            "0987654321",
            "qwertyuiop",
            "abcdefghijkl",
            "somebody123",
            "Admin2024!!",
            "changeme!!",
            "passwordpassword",
            "letmein2025",
            "p4ssw0rd!!",
            "Pa$$w0rd123",
            "P@ssword2026",
            "adm1n1str4tor",
            "Summer2026!",
            "winter-2025",
            "reader-reader",
            "q1w2e3r4t5",
            "Passw0rd!Passw0rd!",
            "correcthor",
            "CorrectHorseBatteryStaple1",
            "readerx123",
            "jennifer12",
            "London-1234",
            "2024liverpool!",
            "kafka12345",
            "qwe123asd456",
            "zaq12wsxcd",
            "1qazxsw2345",
            "123qweasdzxc",
        ] {
            assert!(check("somebody", weak).is_err(), "{weak}");
        }
        for strong in [
            "correct horse",
            "long enough",
            "just looking",
            "only looking around",
            "another one",
            "something new",
            "größer als gedacht",
            "tr0ub4dor&3x",
            "summer breeze over hills",
            "battery staple 9",
            "walk-walk-walk-1",
            "k9fwxq2hvz",
            "kettleTram7blue",
            "8391 2047 5566 1029",
        ] {
            assert_eq!(check("somebody", strong), Ok(()), "{strong}");
        }
    }
}
