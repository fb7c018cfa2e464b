//! [`Table`]: string keys to values, in the order of the keys.

use super::{LuaString, Value};

/// A table with string keys, ordered by key, so that results compare and print the same on every run.
///
/// It is one sorted list: most tables that cross are small, and a list is one allocation. Inserting in the order of
/// the keys is fast whatever the size; so is [`collect`](Iterator::collect), in any order. Single inserts in another
/// order move what comes after them.
///
/// ```
/// use lunapool_interpreter::{Table, Value};
///
/// let mut table: Table = [("b", 2), ("a", 1)].into_iter().collect();
/// table.insert("c", 3);
/// assert_eq!(table.get("a"), Some(&Value::Integer(1)));
/// assert_eq!(table.iter().map(|(key, _)| key.to_string()).collect::<String>(), "abc");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table(Vec<(LuaString, Value)>);

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value at `key`.
    #[must_use]
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&Value> {
        let index = self.find(key.as_ref()).ok()?;
        Some(&self.0[index].1)
    }

    /// The value at `key`, to be changed.
    pub fn get_mut(&mut self, key: impl AsRef<[u8]>) -> Option<&mut Value> {
        let index = self.find(key.as_ref()).ok()?;
        Some(&mut self.0[index].1)
    }

    /// Puts `value` at `key` and gives back what was there.
    pub fn insert(&mut self, key: impl Into<LuaString>, value: impl Into<Value>) -> Option<Value> {
        let (key, value) = (key.into(), value.into());
        if self.0.last().is_none_or(|(last, _)| *last < key) {
            self.0.push((key, value));
            return None;
        }
        match self.find(key.as_bytes()) {
            Ok(index) => Some(std::mem::replace(&mut self.0[index].1, value)),
            Err(index) => {
                self.0.insert(index, (key, value));
                None
            }
        }
    }

    /// Takes the value at `key` out.
    pub fn remove(&mut self, key: impl AsRef<[u8]>) -> Option<Value> {
        let index = self.find(key.as_ref()).ok()?;
        Some(self.0.remove(index).1)
    }

    /// The fields, ordered by key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&LuaString, &Value)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The number of fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn find(&self, key: &[u8]) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_bytes().cmp(key))
    }
}

/// Of two values with one key the later stays.
impl<K: Into<LuaString>, V: Into<Value>> FromIterator<(K, V)> for Table {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(fields: I) -> Self {
        let mut fields: Vec<(LuaString, Value)> =
            fields.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        fields.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(&mut later.1, &mut earlier.1);
            }
            same
        });
        Table(fields)
    }
}

impl IntoIterator for Table {
    type Item = (LuaString, Value);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_fields_win() {
        let table: Table = [("a", 1), ("b", 2), ("a", 3)].into_iter().collect();
        assert_eq!(table.len(), 2);
        assert_eq!(table.get("a"), Some(&Value::Integer(3)));
    }

    #[test]
    fn inserts_in_any_order_stay_sorted() {
        let mut table = Table::new();
        for key in ["m", "z", "a", "m"] {
            table.insert(key, key);
        }
        let keys: Vec<_> = table.iter().map(|(key, _)| key.to_string()).collect();
        assert_eq!(keys, ["a", "m", "z"]);
        assert_eq!(table.remove("m"), Some(Value::from("m")));
        assert_eq!(table.get("m"), None);
    }
}
