//! Proves that floats cross bit by bit and are never taken for integers.

use lunapool_interpreter::Value;
use proptest::prelude::*;

use super::{echo, eval, load};

proptest! {
    /// Whatever the bits: sign of zero, infinities and the payloads of quiet NaNs.
    #[test]
    fn f64_crosses_bit_by_bit(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        let mut lua = echo();
        prop_assert_eq!(lua.call::<f64>(value).unwrap().to_bits(), bits);
        let Value::Number(number) = lua.run(value).unwrap() else { panic!("a float stays one") };
        prop_assert_eq!(number.to_bits(), bits);
    }

    #[test]
    fn f32_crosses(value in any::<f32>()) {
        prop_assert_eq!(echo().call::<f32>(value).unwrap().to_bits(), value.to_bits());
    }

    #[test]
    fn an_integer_read_as_a_float_is_the_nearest(value in any::<i64>()) {
        prop_assert_eq!(echo().call::<f64>(value).unwrap(), value as f64);
    }
}

#[test]
fn special_floats_cross() {
    let mut lua = echo();
    for value in [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN, f64::MIN_POSITIVE, 5e-324, f64::MAX]
    {
        assert_eq!(lua.call::<f64>(value).unwrap().to_bits(), value.to_bits());
    }
    assert_eq!(eval::<f64>("-0.0").unwrap().to_bits(), (-0.0f64).to_bits());
    assert!(eval::<f64>("0/0").unwrap().is_nan());
    assert_eq!(eval::<f64>("'0.5'").unwrap(), 0.5);
}

#[test]
fn f32_rounds_and_does_not_overflow() {
    let mut lua = echo();
    assert_eq!(lua.call::<f32>(0.1f64).unwrap(), 0.1f32);
    assert_eq!(lua.call::<f32>(f64::INFINITY).unwrap(), f32::INFINITY);
    let message = lua.call::<f32>(1e300).unwrap_err().message();
    assert!(message.ends_with("is out of range for f32"), "{message}");
}

#[test]
fn integers_and_floats_stay_what_they_are() {
    assert_eq!(eval::<Value>("1").unwrap(), Value::Integer(1));
    assert_eq!(eval::<Value>("1.0").unwrap(), Value::Number(1.0));
    assert_eq!(echo().run(1).unwrap(), Value::Integer(1));
    assert_eq!(echo().run(1.0).unwrap(), Value::Number(1.0));
    let mut types = load("function main(x) return math.type(x) end");
    assert_eq!(types.call::<String>(1u8).unwrap(), "integer");
    assert_eq!(types.call::<String>(1f32).unwrap(), "float");
}
