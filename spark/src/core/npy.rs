//! Arrays from NumPy files, embedded when the program is compiled: [`npy!`](crate::npy!).
//!
//! Everything that can be wrong with a file is found by [`check`], in const code; what passed it can be read at run
//! time without any error.

use half::f16;
use spark_ir::message::Message;
use spark_ir::shape::{Dims, MAX_DIMS};
use spark_ir::suggest::same;

use crate::core::dtype::Dtype;
use crate::core::error::Problem;
use crate::core::init::ArrayValue;
use crate::core::payload::Shape;

/// The array of a NumPy file (`.npy`), embedded when the program is compiled.
///
/// The path is relative to the source file, as for [`include_bytes!`]; cargo compiles anew when the file changes. The
/// value is an [`ArrayValue`], which may stand wherever a field takes an array. Its numbers are taken in the field's
/// own unit.
///
/// A file is accepted if it was written in C order, little-endian, with numbers of 2 to 8 bytes (`float16` to
/// `float64`, `int16` to `int64`, `uint16` to `uint64`) or one (`bool`, `int8`, `uint8`), and at most 8 dimensions:
/// what `numpy.save` writes of such an array. Any other is a compile error (SPK047). Whole numbers beyond 2^53 are
/// rounded to doubles.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     neuron Recognise(in_spikes: SpikeArray[3]) -> (out_spikes: SpikeArray[2]) {
///         units    = [2];
///         synapses = LinearSynapses { kernel: npy!("../../../tests/fixtures/npy/kernel.npy") };
///         soma     = LeakySoma;
///
///         in_spikes         -> synapses.spikes;
///         synapses.currents -> soma.current;
///         soma.spikes       -> out_spikes;
///     }
/// }
///
/// let kernel = npy!("../../../tests/fixtures/npy/kernel.npy");
/// assert_eq!(kernel.shape(), &Shape::from([2, 3]));
/// assert_eq!(Recognise::config().synapses.kernel, Init::Array(kernel));
/// ```
#[macro_export]
macro_rules! npy {
    ($path:expr $(,)?) => {{
        const ARRAY: $crate::core::npy::NpyArray<'static> =
            $crate::core::npy::check(::core::include_bytes!($path), $path);
        ARRAY.read()
    }};
}

/// The content of a NumPy file, checked.
#[derive(Debug, Clone, Copy)]
pub struct NpyArray<'a> {
    dtype: Dtype,
    dims: Dims,
    /// As many numbers as the shape says, little-endian, in C order.
    data: &'a [u8],
}

impl NpyArray<'_> {
    /// The array.
    pub fn read(&self) -> ArrayValue {
        let data = match self.dtype {
            Dtype::Bool => self.numbers(|[byte]| f64::from(u8::from(byte != 0))),
            Dtype::UInt8 => self.numbers(|[byte]| f64::from(byte)),
            Dtype::Int8 => self.numbers(|bytes| f64::from(i8::from_le_bytes(bytes))),
            Dtype::UInt16 => self.numbers(|bytes| f64::from(u16::from_le_bytes(bytes))),
            Dtype::Int16 => self.numbers(|bytes| f64::from(i16::from_le_bytes(bytes))),
            Dtype::UInt32 => self.numbers(|bytes| f64::from(u32::from_le_bytes(bytes))),
            Dtype::Int32 => self.numbers(|bytes| f64::from(i32::from_le_bytes(bytes))),
            Dtype::UInt64 => self.numbers(|bytes| u64::from_le_bytes(bytes) as f64),
            Dtype::Int64 => self.numbers(|bytes| i64::from_le_bytes(bytes) as f64),
            Dtype::Float16 => self.numbers(|bytes| f16::from_le_bytes(bytes).to_f64()),
            Dtype::Float32 => self.numbers(|bytes| f64::from(f32::from_le_bytes(bytes))),
            Dtype::Float64 => self.numbers(f64::from_le_bytes),
        };
        ArrayValue::of_shape(Shape::from(self.dims), data).of_type(self.dtype)
    }

    fn numbers<const N: usize>(&self, number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
        let (numbers, _) = self.data.as_chunks::<N>();
        numbers.iter().map(|&bytes| number(bytes)).collect()
    }
}

/// Checks the bytes of a NumPy file; `path` names it in messages.
///
/// # Panics
///
/// If it is no file that can be read (SPK047). In const code that is an error of the compiler.
// This panic is the product: rustc prints it as the diagnostic of `npy!`.
#[allow(clippy::panic)]
#[track_caller]
pub const fn check<'a>(bytes: &'a [u8], path: &str) -> NpyArray<'a> {
    match parse(bytes, path) {
        Ok(array) => array,
        Err(message) => panic!("{}", message.as_str()),
    }
}

/// Reads the bytes of a NumPy file at run time; `path` names it in messages.
///
/// ```
/// # fn main() -> Result<(), spark::Problem> {
/// let bytes = include_bytes!("../../../tests/fixtures/npy/kernel.npy");
/// let kernel = spark::core::npy::read(bytes, "kernel.npy")?;
/// assert_eq!(kernel.shape(), &spark::Shape::from([2, 3]));
/// assert!(spark::core::npy::read(b"PK", "arrays.npz").is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If it is no file that can be read (SPK047).
pub fn read(bytes: &[u8], path: &str) -> Result<ArrayValue, Problem> {
    let array = parse(bytes, path).map_err(|message| {
        let text = message.as_str();
        match text.split_once("\nhelp: ") {
            Some((sentence, help)) => Problem::new("", sentence).help(help),
            None => Problem::new("", text),
        }
    })?;
    Ok(array.read())
}

const MAGIC: &[u8] = b"\x93NUMPY";
/// How much of a header is quoted.
const EXCERPT: usize = 200;
const WRITE_ANEW: &str = "\nhelp: write it anew with `numpy.save`";

// A message is as large as a message is: it is built once, on the way to an error.
#[allow(clippy::result_large_err)]
const fn parse<'a>(bytes: &'a [u8], path: &str) -> Result<NpyArray<'a>, Message> {
    let begin = Message::new().text("SPK047: ").quoted(path);
    let (version, rest) = match bytes {
        [0x93, b'N', b'U', b'M', b'P', b'Y', major, minor, rest @ ..] => ((*major, *minor), rest),
        _ => return Err(no_numpy_file(begin, bytes)),
    };
    let (len, rest) = match (version, rest) {
        ((1, 0), [a, b, rest @ ..]) => (u16::from_le_bytes([*a, *b]) as usize, rest),
        ((2 | 3, 0), [a, b, c, d, rest @ ..]) => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
        ((1..=3, 0), _) => return Err(begin.text(" ends inside its header").text(WRITE_ANEW)),
        ((major, minor), _) => {
            return Err(begin
                .text(" has version ")
                .number(major as usize)
                .text(".")
                .number(minor as usize)
                .text(" of the NumPy format; versions 1.0, 2.0 and 3.0 can be read")
                .text(WRITE_ANEW));
        }
    };
    let Some((header, data)) = rest.split_at_checked(len) else {
        return Err(begin.text(" ends inside its header").text(WRITE_ANEW));
    };
    let found = match Cursor(header).header() {
        Ok(found) => found,
        Err(reason) => {
            let begin = begin.text(" has a header that cannot be read, ");
            return Err(excerpt(begin, header).text(": ").text(reason));
        }
    };
    let Some(dtype) = dtype(found.descr) else {
        return Err(excerpt(begin.text(" holds elements of type "), found.descr).text(
            "; `<f2`, `<f4`, `<f8`, `|b1`, `|i1`, `<i2`, `<i4`, `<i8`, `|u1`, `<u2`, `<u4` and `<u8` can be read\
             \nhelp: convert the array before it is saved: `array.astype(\"<f4\")`",
        ));
    };
    if found.fortran_order {
        return Err(begin.text(
            " is in Fortran order; an array must be in C order\
             \nhelp: save `numpy.ascontiguousarray(array)`",
        ));
    }
    let needed = found.dims.count().saturating_mul(bytes_of(dtype));
    if data.len() != needed {
        return Err(begin
            .text(" has ")
            .number(data.len())
            .text(" bytes of numbers; the shape ")
            .dims(found.dims.as_slice())
            .text(" of ")
            .text(dtype.name())
            .text(" takes ")
            .number(needed)
            .text("\nhelp: the file was cut, or changed by hand: write it anew with `numpy.save`"));
    }
    Ok(NpyArray {
        dtype,
        dims: found.dims,
        data,
    })
}

const fn no_numpy_file(message: Message, bytes: &[u8]) -> Message {
    let message = message.text(" is no NumPy file: ");
    match bytes {
        [] => message
            .text("it is empty")
            .text("\nhelp: write one with `numpy.save`"),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => message.text(
            "it is a zip archive, as `numpy.savez` writes it\
             \nhelp: save each array by itself, with `numpy.save`",
        ),
        [
            b'v',
            b'e',
            b'r',
            b's',
            b'i',
            b'o',
            b'n',
            b' ',
            b'h',
            b't',
            b't',
            b'p',
            ..,
        ] => message.text(
            "it is a pointer of Git LFS\
             \nhelp: fetch the file: `git lfs pull`",
        ),
        _ => {
            let message = escaped(message.text("it begins with `"), bytes);
            escaped(message.text("`, not with `"), MAGIC).text("`\nhelp: write one with `numpy.save`")
        }
    }
}

/// As many bytes as the magic has, those that are no ASCII in hexadecimal.
const fn escaped(mut message: Message, bytes: &[u8]) -> Message {
    let mut i = 0;
    while i < bytes.len() && i < MAGIC.len() {
        let (_, rest) = bytes.split_at(i);
        let (byte, _) = rest.split_at(1);
        message = match core::str::from_utf8(byte) {
            Ok(text) if bytes[i].is_ascii_graphic() || bytes[i] == b' ' => message.text(text),
            _ => message
                .text("\\x")
                .text(digit(bytes[i] >> 4))
                .text(digit(bytes[i] & 15)),
        };
        i += 1;
    }
    message
}

const fn digit(value: u8) -> &'static str {
    let (_, rest) = "0123456789abcdef".split_at(value as usize);
    rest.split_at(1).0
}

/// A piece of a header in backticks.
const fn excerpt(message: Message, text: &[u8]) -> Message {
    let text = text.trim_ascii();
    let shown = if text.len() > EXCERPT {
        text.split_at(EXCERPT).0
    } else {
        text
    };
    let message = match core::str::from_utf8(shown) {
        Ok(text) => message.text("`").text(text),
        Err(_) => message.text("`(no UTF-8)"),
    };
    message.text(if shown.len() < text.len() { "..`" } else { "`" })
}

const fn dtype(descr: &[u8]) -> Option<Dtype> {
    let &[order, kind, size] = descr else { return None };
    // A single byte has no order.
    if !matches!((order, size), (b'<' | b'=', _) | (b'|' | b'>', b'1')) {
        return None;
    }
    Some(match (kind, size) {
        (b'b', b'1') => Dtype::Bool,
        (b'i', b'1') => Dtype::Int8,
        (b'i', b'2') => Dtype::Int16,
        (b'i', b'4') => Dtype::Int32,
        (b'i', b'8') => Dtype::Int64,
        (b'u', b'1') => Dtype::UInt8,
        (b'u', b'2') => Dtype::UInt16,
        (b'u', b'4') => Dtype::UInt32,
        (b'u', b'8') => Dtype::UInt64,
        (b'f', b'2') => Dtype::Float16,
        (b'f', b'4') => Dtype::Float32,
        (b'f', b'8') => Dtype::Float64,
        _ => return None,
    })
}

const fn bytes_of(dtype: Dtype) -> usize {
    match dtype {
        Dtype::Bool | Dtype::UInt8 | Dtype::Int8 => 1,
        Dtype::Float16 | Dtype::UInt16 | Dtype::Int16 => 2,
        Dtype::Float32 | Dtype::UInt32 | Dtype::Int32 => 4,
        Dtype::Float64 | Dtype::UInt64 | Dtype::Int64 => 8,
    }
}

/// What a header says.
struct Header<'a> {
    descr: &'a [u8],
    fortran_order: bool,
    dims: Dims,
}

const NO_DICTIONARY: &str = "it is not `{'descr': .., 'fortran_order': .., 'shape': (..)}`\
                             \nhelp: the file is damaged: write it anew with `numpy.save`";
const TOO_MANY_DIMS: &str = "its shape has too many dimensions; an array has at most 8\
                             \nhelp: reshape the array before it is saved";
const _: () = assert!(MAX_DIMS == 8);

/// What is left of a header: a Python dictionary with three entries, in any order.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    const fn header(&mut self) -> Result<Header<'a>, &'static str> {
        let (mut descr, mut fortran_order, mut dims) = (None, None, None);
        if !self.take(b"{") {
            return Err(NO_DICTIONARY);
        }
        while !self.take(b"}") {
            let Some(key) = self.entry() else {
                return Err(NO_DICTIONARY);
            };
            if same(key, "descr") && descr.is_none() {
                descr = self.descr();
            } else if same(key, "fortran_order") && fortran_order.is_none() {
                fortran_order = self.truth();
            } else if same(key, "shape") && dims.is_none() {
                dims = match self.dims() {
                    Ok(dims) => Some(dims),
                    Err(reason) => return Err(reason),
                };
            } else {
                return Err(NO_DICTIONARY);
            }
            if !self.take(b",") && !self.is_at(b"}") {
                return Err(NO_DICTIONARY);
            }
        }
        self.skip_spaces();
        match (self.0, descr, fortran_order, dims) {
            ([], Some(descr), Some(fortran_order), Some(dims)) => Ok(Header {
                descr,
                fortran_order,
                dims,
            }),
            _ => Err(NO_DICTIONARY),
        }
    }

    const fn skip_spaces(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }

    const fn is_at(&mut self, text: &[u8]) -> bool {
        self.skip_spaces();
        let mut i = 0;
        while i < text.len() {
            if i == self.0.len() || self.0[i] != text[i] {
                return false;
            }
            i += 1;
        }
        true
    }

    const fn take(&mut self, text: &[u8]) -> bool {
        let there = self.is_at(text);
        if there {
            self.skip(text.len());
        }
        there
    }

    /// The next `len` bytes.
    const fn skip(&mut self, len: usize) -> &'a [u8] {
        let (skipped, left) = self.0.split_at(len);
        self.0 = left;
        skipped
    }

    /// A key and its colon.
    const fn entry(&mut self) -> Option<&'a str> {
        let Some(key) = self.quoted() else { return None };
        match core::str::from_utf8(key) {
            Ok(key) if self.take(b":") => Some(key),
            _ => None,
        }
    }

    /// A text without escapes.
    const fn quoted(&mut self) -> Option<&'a [u8]> {
        self.skip_spaces();
        let quote = match self.0 {
            [quote @ (b'\'' | b'"'), ..] => *quote,
            _ => return None,
        };
        self.skip(1);
        let mut len = 0;
        while len < self.0.len() {
            if self.0[len] == quote {
                let text = self.skip(len);
                self.skip(1);
                return Some(text);
            }
            len += 1;
        }
        None
    }

    /// A type as text; records have a list in its place, which is taken to be named in the message.
    const fn descr(&mut self) -> Option<&'a [u8]> {
        if !self.is_at(b"[") {
            return self.quoted();
        }
        let (mut len, mut depth) = (0, 0usize);
        while len < self.0.len() {
            match self.0[len] {
                b'[' => depth += 1,
                b']' => depth -= 1,
                _ => {}
            }
            len += 1;
            if depth == 0 {
                return Some(self.skip(len));
            }
        }
        None
    }

    const fn truth(&mut self) -> Option<bool> {
        if self.take(b"True") {
            Some(true)
        } else if self.take(b"False") {
            Some(false)
        } else {
            None
        }
    }

    const fn dims(&mut self) -> Result<Dims, &'static str> {
        let mut dims = Dims::EMPTY;
        if !self.take(b"(") {
            return Err(NO_DICTIONARY);
        }
        while !self.take(b")") {
            let Some(size) = self.size() else {
                return Err(NO_DICTIONARY);
            };
            dims = match dims.push(size) {
                Some(dims) => dims,
                None => return Err(TOO_MANY_DIMS),
            };
            if !self.take(b",") && !self.is_at(b")") {
                return Err(NO_DICTIONARY);
            }
        }
        Ok(dims)
    }

    /// A whole number; Python 2 wrote an `L` behind it.
    const fn size(&mut self) -> Option<usize> {
        self.skip_spaces();
        let mut size: Option<usize> = None;
        while let [digit @ b'0'..=b'9', left @ ..] = self.0 {
            let before = match size {
                Some(size) => size,
                None => 0,
            };
            let Some(tens) = before.checked_mul(10) else {
                return None;
            };
            let Some(sum) = tens.checked_add((*digit - b'0') as usize) else {
                return None;
            };
            size = Some(sum);
            self.0 = left;
        }
        self.take(b"L");
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as `numpy.save` writes it.
    fn file(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([version, 0]);
        let header = format!("{header:<100}\n");
        match version {
            1 => bytes.extend((header.len() as u16).to_le_bytes()),
            _ => bytes.extend((header.len() as u32).to_le_bytes()),
        }
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    }

    fn dict(descr: &str, order: &str, shape: &str) -> String {
        format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}")
    }

    fn message(bytes: &[u8]) -> String {
        parse(bytes, "k.npy").unwrap_err().to_string()
    }

    fn header_message(header: &str) -> String {
        message(&file(1, header, &[]))
    }

    #[test]
    fn every_type_is_read() {
        let cases: [(&str, Dtype, Vec<u8>, [f64; 2]); 14] = [
            ("|b1", Dtype::Bool, vec![0, 1], [0.0, 1.0]),
            ("|i1", Dtype::Int8, vec![0xff, 2], [-1.0, 2.0]),
            ("|u1", Dtype::UInt8, vec![0xff, 2], [255.0, 2.0]),
            ("=u1", Dtype::UInt8, vec![0xff, 2], [255.0, 2.0]),
            ("<i2", Dtype::Int16, vec![0xfe, 0xff, 0, 1], [-2.0, 256.0]),
            ("<u2", Dtype::UInt16, vec![0xfe, 0xff, 0, 1], [65534.0, 256.0]),
            (
                "<i4",
                Dtype::Int32,
                [(-7i32).to_le_bytes(), 70_000i32.to_le_bytes()].concat(),
                [-7.0, 7e4],
            ),
            (
                "<u4",
                Dtype::UInt32,
                [u32::MAX.to_le_bytes(), 1u32.to_le_bytes()].concat(),
                [4_294_967_295.0, 1.0],
            ),
            (
                "<i8",
                Dtype::Int64,
                [(-7i64).to_le_bytes(), (1i64 << 40).to_le_bytes()].concat(),
                [-7.0, 1_099_511_627_776.0],
            ),
            (
                "<u8",
                Dtype::UInt64,
                [7u64.to_le_bytes(), (1u64 << 63).to_le_bytes()].concat(),
                [7.0, 9_223_372_036_854_775_808.0],
            ),
            ("<f2", Dtype::Float16, vec![0x00, 0x3e, 0x00, 0xc0], [1.5, -2.0]),
            (
                "<f4",
                Dtype::Float32,
                [0.25f32.to_le_bytes(), (-3f32).to_le_bytes()].concat(),
                [0.25, -3.0],
            ),
            (
                "=f4",
                Dtype::Float32,
                [0.25f32.to_le_bytes(), (-3f32).to_le_bytes()].concat(),
                [0.25, -3.0],
            ),
            (
                "<f8",
                Dtype::Float64,
                [0.1f64.to_le_bytes(), 1e300f64.to_le_bytes()].concat(),
                [0.1, 1e300],
            ),
        ];
        for (descr, dtype, data, numbers) in cases {
            let bytes = file(1, &dict(&format!("'{descr}'"), "False", "(2,)"), &data);
            let array = check(&bytes, "k.npy").read();
            assert_eq!(array.data(), numbers, "{descr}");
            assert_eq!(array.dtype(), dtype, "{descr}");
            assert_eq!(array.shape(), &Shape::from([2]), "{descr}");
        }
    }

    #[test]
    fn every_version_and_every_spelling_of_a_header_is_read() {
        let headers = [
            "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 1), }",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 1)}",
            "{\"shape\":(1L,2L,1L),\"descr\":\"|u1\",\"fortran_order\":False}",
            "  { 'fortran_order' : False , 'shape' : ( 1 , 2 , 1 , ) , 'descr' : '|u1' } ",
        ];
        for header in headers {
            for version in 1..=3 {
                let bytes = file(version, header, &[3, 4]);
                let array = check(&bytes, "k.npy").read();
                assert_eq!(array.data(), [3.0, 4.0]);
                assert_eq!(array.shape(), &Shape::from([1, 2, 1]));
            }
        }
        let number = file(1, &dict("'|u1'", "False", "()"), &[9]);
        assert_eq!(check(&number, "k.npy").read().shape(), &Shape::default());
        let eight = file(1, &dict("'|u1'", "False", "(1, 1, 1, 1, 1, 1, 1, 1)"), &[9]);
        assert_eq!(check(&eight, "k.npy").read().shape().len(), 8);
        let empty = file(1, &dict("'|u1'", "False", "(0, 3)"), &[]);
        assert_eq!(check(&empty, "k.npy").read().shape(), &Shape::from([0, 3]));
    }

    #[test]
    fn what_is_no_numpy_file_is_recognised() {
        assert!(message(b"").contains("it is empty"));
        assert!(message(b"PK\x03\x04..").contains("`numpy.savez`"));
        assert!(message(b"version https://git-lfs.github.com/spec/v1").contains("`git lfs pull`"));
        assert!(message(b"\x93NUMPZ\x01\x00").contains("begins with `\\x93NUMPZ`, not with `\\x93NUMPY`"));
        assert!(message(b"\x00\xff").contains("begins with `\\x00\\xff`"));
        assert!(message(b"\x93NUMPY\x04\x01").contains("version 4.1"));
        assert!(message(b"\x93NUMPY\x01\x00\x01").contains("ends inside its header"));
        assert!(message(b"\x93NUMPY\x02\x00\x01\x00\x00\x00").contains("ends inside its header"));
    }

    #[test]
    fn a_header_that_cannot_be_read_is_quoted() {
        let headers = [
            "",
            "[]",
            "{}",
            "{'descr': '|u1', 'fortran_order': False}",
            "{'descr': '|u1', 'fortran_order': False, 'shape': 3}",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), 'more': 1}",
            "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (3,)}",
            "{'descr': '|u1', 'fortran_order': 0, 'shape': (3,)}",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (-3,)}",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (3 3)}",
            "{'descr': '|u1' 'fortran_order': False, 'shape': (3,)}",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (3,)} 1",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (3,)",
            "{'descr': '|u1",
        ];
        for header in headers {
            let message = header_message(header);
            assert!(
                message.contains(&format!("`{}`: it is not `{{'descr'", header.trim())),
                "{message}"
            );
        }
        let deep = dict("'|u1'", "False", "(1, 1, 1, 1, 1, 1, 1, 1, 1)");
        assert!(header_message(&deep).contains("at most 8"));
        let long = header_message(&format!("{{'descr': '{}", "x".repeat(500)));
        assert!(long.contains("xx..`") && long.len() < 500, "{long}");
    }

    #[test]
    fn types_and_orders_that_are_not_read_are_named() {
        for descr in [">f4", "<f16", "<c8", "|O", "<U3", "|f4", "?", "<m8[s]", "<b2"] {
            let message = header_message(&dict(&format!("'{descr}'"), "False", "(0,)"));
            assert!(
                message.contains(&format!("elements of type `{descr}`; `<f2`")),
                "{message}"
            );
        }
        let records = "[('a', '<f4'), ('b', [('c', '<f4')])]";
        let message = header_message(&dict(records, "False", "(0,)"));
        assert!(
            message.contains(&format!("elements of type `{records}`")),
            "{message}"
        );
        assert!(header_message(&dict("'<f4'", "True", "(2, 3)")).contains("Fortran order"));
    }

    #[test]
    fn the_length_must_be_that_of_the_shape() {
        for len in [0, 23, 25, 48] {
            let bytes = file(1, &dict("'<f4'", "False", "(2, 3)"), &vec![0; len]);
            let expected = format!("has {len} bytes of numbers; the shape [2, 3] of float32 takes 24");
            assert!(message(&bytes).contains(&expected));
        }
        let huge = dict("'<f8'", "False", "(9223372036854775807, 9223372036854775807)");
        assert!(header_message(&huge).contains("has 0 bytes of numbers"));
    }

    /// Whatever is in a file: it is refused in words, or every number of its shape is there.
    #[test]
    fn damaged_files_are_refused_or_read_whole() {
        let whole = file(1, &dict("'<f4'", "False", "(2, 3)"), &[1; 24]);
        let read = |bytes: &[u8]| match parse(bytes, "k.npy") {
            Ok(array) => {
                let array = array.read();
                assert_eq!(array.data().len(), array.shape().count());
            }
            Err(message) => assert!(message.as_str().starts_with("SPK047: `k.npy` ")),
        };
        for len in 0..whole.len() {
            read(&whole[..len]);
        }
        for i in 0..whole.len() {
            for byte in 0..=255 {
                let mut damaged = whole.clone();
                damaged[i] = byte;
                read(&damaged);
            }
        }
    }
}
