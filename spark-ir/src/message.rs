//! Messages that `const` code can build: `panic!` takes one `&str` there, and no formatting.

use core::fmt;

const CAPACITY: usize = 1024;

/// A text under construction in `const` code. What does not fit is cut.
#[derive(Clone, Copy)]
pub struct Message {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Message {
    /// An empty text.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Message {
            bytes: [0; CAPACITY],
            len: 0,
        }
    }

    /// With a text behind it.
    #[must_use]
    pub const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut i = 0;
        while i < text.len() && self.len < CAPACITY {
            self.bytes[self.len] = text[i];
            self.len += 1;
            i += 1;
        }
        self
    }

    /// With a text in backticks behind it.
    #[must_use]
    pub const fn quoted(self, text: &str) -> Self {
        self.text("`").text(text).text("`")
    }

    /// With a number behind it.
    #[must_use]
    pub const fn number(mut self, number: usize) -> Self {
        let mut digits = [0u8; 20];
        let mut left = number;
        let mut n = 0;
        while n == 0 || left > 0 {
            digits[n] = b'0' + (left % 10) as u8;
            left /= 10;
            n += 1;
        }
        while n > 0 && self.len < CAPACITY {
            n -= 1;
            self.bytes[self.len] = digits[n];
            self.len += 1;
        }
        self
    }

    /// A double with up to six decimals, trailing zeros dropped: enough to recognise one's own number.
    pub(crate) const fn float(mut self, value: f64) -> Self {
        if value.is_nan() {
            return self.text("NaN");
        }
        if value.is_infinite() {
            return self.text(if value > 0.0 { "infinity" } else { "-infinity" });
        }
        if value < 0.0 {
            self = self.text("-");
        }
        let magnitude = value.abs();
        if magnitude >= 1e15 {
            return self.text("(a number beyond 1e15)");
        }
        let scaled = (magnitude * 1e6 + 0.5) as u64;
        self = self.number((scaled / 1_000_000) as usize);
        let mut rest = (scaled % 1_000_000) as usize;
        if rest == 0 {
            return self;
        }
        self = self.text(".");
        let mut unit = 100_000;
        while rest > 0 {
            self = self.number(rest / unit);
            rest %= unit;
            unit /= 10;
        }
        self
    }

    /// With the sizes of an array behind it: `[4, 128]`.
    #[must_use]
    pub const fn dims(mut self, dims: &[usize]) -> Self {
        self = self.text("[");
        let mut i = 0;
        while i < dims.len() {
            if i > 0 {
                self = self.text(", ");
            }
            self = self.number(dims[i]);
            i += 1;
        }
        self.text("]")
    }

    /// The text so far.
    pub const fn as_str(&self) -> &str {
        // The cut at CAPACITY may fall inside a character: go back to where it begins.
        let mut len = self.len;
        loop {
            match core::str::from_utf8(self.bytes.split_at(len).0) {
                Ok(text) => return text,
                Err(_) if len > 0 => len -= 1,
                Err(_) => return "",
            }
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn numbers_read_as_they_were_written() {
        let text = |v| Message::new().float(v).as_str().to_owned();
        assert_eq!(text(-2.5), "-2.5");
        assert_eq!(text(20.0), "20");
        assert_eq!(text(0.000125), "0.000125");
        assert_eq!(Message::new().dims(&[4, 128]).as_str(), "[4, 128]");
    }
}
