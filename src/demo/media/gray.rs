//! The plainest JPEG: one grey, so that every block is the same two bits and no encoder is needed.

/// The side that a square of at least this side gets, in pixels.
pub(super) fn side(least: u32) -> u32 {
    (least.div_ceil(8).clamp(1, 1000)).next_multiple_of(2) * 8
}

/// A grey square, its side rounded up to 16 pixels.
pub(super) fn jpeg(side: u32) -> Vec<u8> {
    let side = self::side(side);
    let blocks = side / 8;
    let [high, low] = (side as u16).to_be_bytes();
    let mut file = vec![0xff, 0xd8];
    // One table of quantisers, all 1.
    file.extend([0xff, 0xdb, 0, 67, 0]);
    file.extend([1; 64]);
    // Baseline, 8 bits, one component, not subsampled.
    file.extend([0xff, 0xc0, 0, 11, 8, high, low, high, low, 1, 1, 0x11, 0]);
    // Two Huffman tables with one code each, the bit 0: "no difference" and "end of block".
    for table in [0x00, 0x10] {
        file.extend([0xff, 0xc4, 0, 20, table, 1]);
        file.extend([0; 15]);
        file.push(0);
    }
    file.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]);
    // Two bits a block; with an even number of blocks a side they fill whole bytes.
    file.extend(std::iter::repeat_n(0, (blocks * blocks / 4) as usize));
    file.extend([0xff, 0xd9]);
    file
}
