/*
 * Matrix products c = a b that leave out the zeros of a: what relu and dropout switched off, half of a new network's
 * hidden layer and nine tenths of a trained one's. Adding 0 times a finite number changes no sum that begins at +0, so the
 * bits are those of `matmul`.
 *
 * Rows of a become lists of (place, number) of what is not zero, block by block of k. b is copied into panels of eight
 * vectors; for each row and panel, eight sums stay in registers while the row's list goes by. A panel of a block stays in
 * the first-level cache, the lists in the second.
 */
import { copy, matmul, matmulScratch, mulAdd, packPanel, PANEL, transposeBlock } from "./matmul";
import { bytes, lanes } from "./lanes";

/** Vectors of a strip, and its bytes: one row of a panel. */
const VECTORS: usize = 8;
const STRIP: usize = 16 * VECTORS;
/** Most terms of a block: its panel takes 24 KiB of a first-level cache. */
const DEPTH = 192;
/** Panels packed, and rows listed, at once. */
const STRIPS = 16;
const ROWS = 256;
/** Rows whose results are transposed together. */
const TILE_ROWS: usize = 4;
/** With more than this share of numbers that are not zero, or in fewer columns, `matmul` is faster. */
const DENSE = 0.7;
const FEW_COLUMNS: usize = 8;

/** Bytes of scratch that `skipZeros` needs, for `matmul` in its place as well. */
export function skipZerosScratch_f32(): i32 {
  return max(matmulScratch(), scratchOf<f32>());
}
export function skipZerosScratch_f64(): i32 {
  return max(matmulScratch(), scratchOf<f64>());
}
function scratchOf<T>(): i32 {
  return <i32>(TILE_ROWS * STRIP + <usize>(STRIPS * DEPTH) * STRIP + <usize>ROWS * (4 + listBytes<T>()));
}

/** Bytes from the places of a list, each in the room of a number, to its numbers. */
// @ts-ignore: decorator
@inline
function toNumbers<T>(): usize {
  return <usize>DEPTH * sizeof<T>();
}
// @ts-ignore: decorator
@inline
function listBytes<T>(): usize {
  return 2 * toNumbers<T>();
}

/** For each set of lanes, as bits: the bytes of a vector that has them first. */
const PACKED: usize = memory.data<u8>([
  0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  4, 5, 6, 7, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 0, 1, 2, 3,
  8, 9, 10, 11, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 0, 1, 2, 3,
  4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3,
  12, 13, 14, 15, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 12, 13, 14, 15, 0, 1, 2, 3, 0, 1, 2, 3,
  4, 5, 6, 7, 12, 13, 14, 15, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 0, 1, 2, 3,
  8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3,
  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
]);

/**
 * out = (first ? 0 : out) + the list's numbers times their rows of the panel: eight vectors. A function of
 * its own, because engines unroll the loop where it lies in others, and then the eight sums no longer stay in registers.
 */
function addRows<T>(list: usize, end: usize, panel: usize, first: bool, out: usize): void {
  let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  if (!first) {
    s0 = v128.load(out), s1 = v128.load(out, 16), s2 = v128.load(out, 32), s3 = v128.load(out, 48);
    s4 = v128.load(out, 64), s5 = v128.load(out, 80), s6 = v128.load(out, 96), s7 = v128.load(out, 112);
  }
  for (; list < end; list += sizeof<T>()) {
    const row = panel + <usize>load<u32>(list), x = v128.load_splat<T>(list, toNumbers<T>());
    s0 = mulAdd<T>(s0, x, v128.load(row));
    s1 = mulAdd<T>(s1, x, v128.load(row, 16));
    s2 = mulAdd<T>(s2, x, v128.load(row, 32));
    s3 = mulAdd<T>(s3, x, v128.load(row, 48));
    s4 = mulAdd<T>(s4, x, v128.load(row, 64));
    s5 = mulAdd<T>(s5, x, v128.load(row, 80));
    s6 = mulAdd<T>(s6, x, v128.load(row, 96));
    s7 = mulAdd<T>(s7, x, v128.load(row, 112));
  }
  v128.store(out, s0), v128.store(out, s1, 16), v128.store(out, s2, 32), v128.store(out, s3, 48);
  v128.store(out, s4, 64), v128.store(out, s5, 80), v128.store(out, s6, 96), v128.store(out, s7, 112);
}

/** Append one number with its place. A branch would guess wrong half the time. Returns where the list ends. */
// @ts-ignore: decorator
@inline
function append<T>(end: usize, place: usize, x: T): usize {
  store<u32>(end, <u32>place), store<T>(end, x, toNumbers<T>());
  return end + (x != <T>0 ? sizeof<T>() : 0);
}

/** Append four float32 numbers of neighboring terms. */
// @ts-ignore: decorator
@inline
function appendFour(end: usize, place: usize, x: v128): usize {
  const chosen = i32x4.bitmask(f32x4.ne(x, f32x4.splat(0)));
  const order = v128.load(PACKED + <usize>(16 * chosen));
  const places = i32x4.add(i32x4.splat(<i32>place), i32x4(0, <i32>STRIP, 2 * <i32>STRIP, 3 * <i32>STRIP));
  v128.store(end, i8x16.swizzle(places, order));
  v128.store(end, i8x16.swizzle(x, order), toNumbers<f32>());
  return end + 4 * <usize>popcnt(chosen);
}

/** One list for each of `rows` rows of a, `depth` terms each; `ends` gets where they end. */
function list<T>(rows: i32, depth: i32, a: usize, aRow: usize, aCol: usize, lists: usize, ends: usize, tile: usize): void {
  const size: usize = sizeof<T>();
  for (let i = 0; i < rows; ) {
    const four = size == 4 && aRow == size && rows - i >= 4;
    let t = 0, end0 = lists;
    if (four) {
      let end1 = end0 + listBytes<T>(), end2 = end1 + listBytes<T>(), end3 = end2 + listBytes<T>();
      for (let from = a, place: usize = 0; t <= depth - 4; t += 4, from += 4 * aCol, place += 4 * STRIP) {
        transposeBlock<T>(from, from + aCol, from + 2 * aCol, from + 3 * aCol, tile, 16);
        end0 = appendFour(end0, place, v128.load(tile));
        end1 = appendFour(end1, place, v128.load(tile, 16));
        end2 = appendFour(end2, place, v128.load(tile, 32));
        end3 = appendFour(end3, place, v128.load(tile, 48));
      }
      store<u32>(ends, <u32>end0), store<u32>(ends, <u32>end1, 4);
      store<u32>(ends, <u32>end2, 8), store<u32>(ends, <u32>end3, 12);
    } else {
      if (size == 4 && aCol == size)
        for (let from = a; t <= depth - 4; t += 4, from += 16) end0 = appendFour(end0, <usize>t * STRIP, v128.load(from));
      store<u32>(ends, <u32>end0);
    }
    for (const last = i + (four ? 4 : 1); i < last; i++, a += aRow, lists += listBytes<T>(), ends += 4) {
      let end = <usize>load<u32>(ends);
      for (let s = t; s < depth; s++) end = append<T>(end, <usize>s * STRIP, load<T>(a + <usize>s * aCol));
      store<u32>(ends, <u32>end);
    }
  }
}

/** `depth` x `width` numbers of b into a panel of strips, by the narrower panels of `matmul`. */
function packStrip<T>(depth: i32, width: i32, b: usize, bRow: usize, bCol: usize, to: usize): void {
  const narrow = <i32>(PANEL / sizeof<T>());
  for (let j = 0; j < width; j += narrow, to += PANEL)
    packPanel<T>(depth, min(narrow, width - j), b + <usize>j * bCol, bRow, bCol, to, STRIP);
}

/** `TILE_ROWS` rows of a strip from or to columns of c. */
function turnTile<T>(toC: bool, tile: usize, c: usize, cCol: usize): void {
  const block = lanes<T>(), width = <i32>(STRIP / sizeof<T>());
  for (let j = 0; j < width; j += block)
    for (let i = 0; i < <i32>TILE_ROWS; i += block) {
      const rows = tile + <usize>i * STRIP + bytes<T>(j), columns = c + bytes<T>(i) + <usize>j * cCol;
      if (toC) transposeBlock<T>(rows, rows + STRIP, rows + 2 * STRIP, rows + 3 * STRIP, columns, cCol);
      else transposeBlock<T>(columns, columns + cCol, columns + 2 * cCol, columns + 3 * cCol, rows, STRIP);
    }
}

/** c += or = lists times one panel, for `rows` rows of c and `width` columns. */
function multiply<T>(
  rows: i32, width: i32, lists: usize, ends: usize, panel: usize, first: bool, c: usize, cRow: usize, cCol: usize,
  tile: usize,
): void {
  const size: usize = sizeof<T>(), next = listBytes<T>();
  const whole = <usize>width * size == STRIP;
  if (whole && cCol == size) {
    for (let i = 0; i < rows; i++, lists += next, ends += 4, c += cRow)
      addRows<T>(lists, <usize>load<u32>(ends), panel, first, c);
    return;
  }
  for (let i = 0; i < rows; i += <i32>TILE_ROWS, c += TILE_ROWS * cRow) {
    const here = min(<i32>TILE_ROWS, rows - i);
    const turned = whole && here == <i32>TILE_ROWS && cRow == size;
    if (!first) {
      if (turned) turnTile<T>(false, tile, c, cCol);
      else copy<T>(here, width, c, cRow, cCol, tile, STRIP, size);
    }
    for (let r: usize = 0; r < <usize>here; r++, lists += next, ends += 4)
      addRows<T>(lists, <usize>load<u32>(ends), panel, first, tile + r * STRIP);
    if (turned) turnTile<T>(true, tile, c, cCol);
    else copy<T>(here, width, tile, STRIP, size, c, cRow, cCol);
  }
}

function skip<T>(
  m: i32, n: i32, k: i32, a: usize, aRow: usize, aCol: usize, b: usize, bRow: usize, bCol: usize, c: usize,
  cRow: usize, cCol: usize, scratch: usize,
): void {
  const width = <i32>(STRIP / sizeof<T>());
  const panels = scratch + TILE_ROWS * STRIP, ends = panels + <usize>(STRIPS * DEPTH) * STRIP;
  const lists = ends + 4 * <usize>ROWS;
  const blocks = (k + DEPTH - 1) / DEPTH, most = (k + blocks - 1) / blocks;
  for (let k0 = 0; k0 < k; k0 += most) {
    const depth = min(most, k - k0);
    const panelBytes = <usize>depth * STRIP;
    for (let j0 = 0; j0 < n; j0 += STRIPS * width) {
      const jEnd = min(n, j0 + STRIPS * width);
      for (let j = j0, to = panels; j < jEnd; j += width, to += panelBytes)
        packStrip<T>(depth, min(width, n - j), b + <usize>k0 * bRow + <usize>j * bCol, bRow, bCol, to);
      for (let i = 0; i < m; i += ROWS) {
        const rows = min(ROWS, m - i);
        list<T>(rows, depth, a + <usize>i * aRow + <usize>k0 * aCol, aRow, aCol, lists, ends, scratch);
        for (let j = j0, panel = panels; j < jEnd; j += width, panel += panelBytes)
          multiply<T>(
            rows, min(width, n - j), lists, ends, panel, k0 == 0, c + <usize>i * cRow + <usize>j * cCol, cRow, cCol,
            scratch,
          );
      }
    }
  }
}

/** How many of `n` numbers are not zero. */
function notZero<T>(a: usize, n: i32): i32 {
  const zero = v128.splat<T>(<T>0);
  let count = 0, i = 0;
  for (; i <= n - lanes<T>(); i += lanes<T>()) {
    const chosen = v128.ne<T>(v128.load(a + bytes<T>(i)), zero);
    count += popcnt(sizeof<T>() == 4 ? i32x4.bitmask(chosen) : i64x2.bitmask(chosen));
  }
  for (; i < n; i++) count += i32(load<T>(a + bytes<T>(i)) != <T>0);
  return count;
}

/**
 * c = op(a) op(b) as `matmul` has it, one product, with the zeros of a left out. `cTransposed`: c is n x m, the transposed
 * product.
 */
// @ts-ignore: decorator
@inline
function skipZeros<T>(
  m: i32, n: i32, k: i32, a: usize, aTransposed: bool, b: usize, bTransposed: bool, c: usize, cTransposed: bool,
  scratch: usize,
): void {
  const size: usize = sizeof<T>();
  if (k == 0 || <usize>n < FEW_COLUMNS || <f64>notZero<T>(a, m * k) > DENSE * <f64>m * <f64>k) {
    if (cTransposed) matmul<T>(1, n, m, k, b, !bTransposed, 0, a, !aTransposed, 0, c, m * n, scratch);
    else matmul<T>(1, m, n, k, a, aTransposed, 0, b, bTransposed, 0, c, m * n, scratch);
    return;
  }
  skip<T>(
    m, n, k, a, aTransposed ? size : <usize>k * size, aTransposed ? <usize>m * size : size,
    b, bTransposed ? size : <usize>n * size, bTransposed ? <usize>k * size : size,
    c, cTransposed ? size : <usize>n * size, cTransposed ? <usize>m * size : size, scratch,
  );
}

export function skipZeros_f32(
  m: i32, n: i32, k: i32, a: usize, aTransposed: bool, b: usize, bTransposed: bool, c: usize, cTransposed: bool,
  scratch: usize,
): void {
  skipZeros<f32>(m, n, k, a, aTransposed, b, bTransposed, c, cTransposed, scratch);
}
export function skipZeros_f64(
  m: i32, n: i32, k: i32, a: usize, aTransposed: bool, b: usize, bTransposed: bool, c: usize, cTransposed: bool,
  scratch: usize,
): void {
  skipZeros<f64>(m, n, k, a, aTransposed, b, bTransposed, c, cTransposed, scratch);
}
