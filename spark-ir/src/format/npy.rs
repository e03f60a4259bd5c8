//! Arrays as files of NumPy, which `npy!` embeds.

/// The bytes of a `.npy` file of doubles, in C order. Doubles hold the numbers of all types that arrays in model files
/// have.
pub fn bytes(shape: &[usize], data: &[f64]) -> Vec<u8> {
    let sizes: String = shape.iter().map(|size| format!("{size}, ")).collect();
    let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({sizes}), }}");
    // Magic, version and length take 10 bytes; NumPy lets the numbers begin at a multiple of 64.
    let padding = (64 - (10 + header.len() + 1) % 64) % 64;
    header.push_str(&" ".repeat(padding));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    // At most 8 sizes of 20 digits: far below 65536.
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_begin_at_a_multiple_of_64() {
        for shape in [&[][..], &[3], &[2, 3], &[1, 2, 3, 4, 5, 6, 7, 8]] {
            let bytes = bytes(shape, &[]);
            assert_eq!(bytes.len() % 64, 0, "{shape:?}");
            assert_eq!(bytes.last(), Some(&b'\n'));
        }
        assert_eq!(
            bytes(&[2], &[1.0, -0.5])[64 + 64..],
            [1f64.to_le_bytes(), (-0.5f64).to_le_bytes()].concat()
        );
    }
}
