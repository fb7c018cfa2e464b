//! Numbers as Lua writes and reads them.

/// A float as `lua5.4` prints it: `%.14g`, with `.0` on what would otherwise read as an integer.
pub(crate) fn format_float(value: f64) -> String {
    if value.is_nan() {
        return if value.is_sign_negative() { "-nan".into() } else { "nan".into() };
    }
    if value.is_infinite() {
        return if value < 0.0 { "-inf".into() } else { "inf".into() };
    }
    if value == 0.0 {
        return if value.is_sign_negative() { "-0.0".into() } else { "0.0".into() };
    }
    // `{:e}` rounds to the digits asked for and gives the exponent that `%g` decides by.
    let scientific = format!("{value:.13e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..14).contains(&exponent) {
        let digits = strip_zeros(digits);
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let fixed = format!("{value:.*}", usize::try_from(13 - exponent).unwrap_or(0));
    let fixed = strip_zeros(&fixed);
    if fixed.contains('.') { fixed.to_owned() } else { format!("{fixed}.0") }
}

fn strip_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// The integer that a float stands for, if it stands for one exactly.
pub(crate) fn float_to_integer(value: f64) -> Option<i64> {
    // Both bounds are exact floats; above 2^63 - 1024 the next float is 2^63 itself, which is out of range.
    let in_range = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
    (in_range && value.fract() == 0.0).then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_in_lua() {
        for (value, text) in [
            (7.0, "7.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1e100, "1e+100"),
            (1e15, "1e+15"),
            (123456.789, "123456.789"),
            (1e14, "1e+14"),
            (99999999999999.0, "99999999999999.0"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (1.0 / 3.0, "0.33333333333333"),
            (2f64.powi(53), "9.007199254741e+15"),
            (f64::INFINITY, "inf"),
            (-1.5e300, "-1.5e+300"),
        ] {
            assert_eq!(format_float(value), text);
        }
    }

    #[test]
    fn only_exact_integers_are_integers() {
        assert_eq!(float_to_integer(3.0), Some(3));
        assert_eq!(float_to_integer(-9_223_372_036_854_775_808.0), Some(i64::MIN));
        assert_eq!(float_to_integer(9_223_372_036_854_775_808.0), None);
        assert_eq!(float_to_integer(0.5), None);
        assert_eq!(float_to_integer(f64::NAN), None);
    }
}
