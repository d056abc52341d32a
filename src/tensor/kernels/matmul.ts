/*
 * Matrix products c = a b by register tiles of 4 rows x 2 vectors (8 columns in float32, 4 in float64): its 8 sums and
 * 8 products are what 16 registers hold; larger tiles spill. The k loop is not unrolled: engines that schedule loads
 * first would spill too, and V8 unrolls it by itself.
 *
 * Every output is one chain of additions, s = 0, then s = s + a[i, t] * b[t, j] for t = 0 ... k - 1, each operation
 * rounded: the bits depend on the numbers alone, not on how the loops are cut.
 *
 * b is copied into panels of 32-byte rows, filled up beyond the last column, and a into slabs of four rows side by side,
 * so that the inner loop reads both in order, each by one address. Several slabs pass over a panel while the first-level
 * cache holds it. Matrices come with both strides, so a transposed operand or result is one whose strides are exchanged.
 */

/** Rows of a tile. */
export const ROWS = 4;
/** Depth of a block: a panel of 256 rows takes 8 KiB of the first-level cache. */
const DEPTH = 256;
/** Panels packed at once: 512 KiB, half of a second-level cache. */
const PANELS = 64;
/** Bytes of slabs of a packed at once: with a panel they stay in a first-level cache. */
const SLABS: usize = 16384;
/** Bytes of a row of a panel, and of a tile. */
export const PANEL: usize = 32;
export const TILE: usize = 128;
/** With so few rows, packing b costs more than it saves. */
const FEW_ROWS = 8;
/** With so few panels, packing a costs more than it saves. */
const FEW_PANELS = 3;
/** Columns of a further apart than this collide in the first-level cache. */
const FAR: usize = 1024;

/** Bytes of scratch that `matmul` needs: an edge tile, slabs of a, panels of b. */
export function matmulScratch(): i32 {
  return <i32>(TILE + SLABS) + PANELS * DEPTH * <i32>PANEL;
}

// @ts-ignore: decorator
@inline
export function columns<T>(): i32 {
  return <i32>PANEL / <i32>sizeof<T>();
}

// @ts-ignore: decorator
@inline
export function mulAdd<T>(sum: v128, a: v128, b: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(a, b));
}

/**
 * One tile: c = (first ? 0 : c) + a b over `depth` terms. Rows of a start at a0 ... a3; `aStep` and `bStep` bytes lead to
 * the next term. `near`: the four rows are neighbours in memory, so one address serves them all.
 */
// @ts-ignore: decorator
@inline
export function tile<T>(
  near: bool, depth: i32, first: bool, a0: usize, a1: usize, a2: usize, a3: usize, aStep: usize,
  b: usize, bStep: usize, c: usize, cRow: usize,
): void {
  const c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
  let s00 = v128.splat<T>(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  if (!first) {
    s00 = v128.load(c), s01 = v128.load(c, 16);
    s10 = v128.load(c1), s11 = v128.load(c1, 16);
    s20 = v128.load(c2), s21 = v128.load(c2, 16);
    s30 = v128.load(c3), s31 = v128.load(c3, 16);
  }
  const end = b + <usize>depth * bStep;
  if (near) {
    for (; b != end; a0 += aStep, b += bStep) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load_splat<T>(a0);
      s00 = mulAdd<T>(s00, x, b0);
      s01 = mulAdd<T>(s01, x, b1);
      x = v128.load_splat<T>(a0, sizeof<T>());
      s10 = mulAdd<T>(s10, x, b0);
      s11 = mulAdd<T>(s11, x, b1);
      x = v128.load_splat<T>(a0, 2 * sizeof<T>());
      s20 = mulAdd<T>(s20, x, b0);
      s21 = mulAdd<T>(s21, x, b1);
      x = v128.load_splat<T>(a0, 3 * sizeof<T>());
      s30 = mulAdd<T>(s30, x, b0);
      s31 = mulAdd<T>(s31, x, b1);
    }
  } else {
    for (; b != end; a0 += aStep, a1 += aStep, a2 += aStep, a3 += aStep, b += bStep) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load_splat<T>(a0);
      s00 = mulAdd<T>(s00, x, b0);
      s01 = mulAdd<T>(s01, x, b1);
      x = v128.load_splat<T>(a1);
      s10 = mulAdd<T>(s10, x, b0);
      s11 = mulAdd<T>(s11, x, b1);
      x = v128.load_splat<T>(a2);
      s20 = mulAdd<T>(s20, x, b0);
      s21 = mulAdd<T>(s21, x, b1);
      x = v128.load_splat<T>(a3);
      s30 = mulAdd<T>(s30, x, b0);
      s31 = mulAdd<T>(s31, x, b1);
    }
  }
  v128.store(c, s00), v128.store(c, s01, 16);
  v128.store(c1, s10), v128.store(c1, s11, 16);
  v128.store(c2, s20), v128.store(c2, s21, 16);
  v128.store(c3, s30), v128.store(c3, s31, 16);
}

/** Transpose a square block, one vector from each address (float64 uses two of them), to rows `toRow` bytes apart. */
// @ts-ignore: decorator
@inline
export function transposeBlock<T>(row0: usize, row1: usize, row2: usize, row3: usize, to: usize, toRow: usize): void {
  const a = v128.load(row0), b = v128.load(row1);
  if (sizeof<T>() == 4) {
    const c = v128.load(row2), d = v128.load(row3);
    const ab01 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab23 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd01 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd23 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(ab01, cd01, 0, 2));
    v128.store(to + toRow, v128.shuffle<f64>(ab01, cd01, 1, 3));
    v128.store(to + 2 * toRow, v128.shuffle<f64>(ab23, cd23, 0, 2));
    v128.store(to + 3 * toRow, v128.shuffle<f64>(ab23, cd23, 1, 3));
  } else {
    v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(to + toRow, v128.shuffle<f64>(a, b, 1, 3));
  }
}

/** Copy `rows` x `width` numbers between any strides. */
export function copy<T>(
  rows: i32, width: i32, from: usize, fromRow: usize, fromCol: usize, to: usize, toRow: usize, toCol: usize,
): void {
  for (; rows > 0; rows--, from += fromRow, to += toRow)
    for (let j = 0, f = from, t = to; j < width; j++, f += fromCol, t += toCol) store<T>(t, load<T>(f));
}

/** A panel from rows of b. What lies beyond the last column is zero. */
function packRowsOf<T>(depth: i32, width: i32, b: usize, bRow: usize, to: usize, toRow: usize): void {
  const end = to + <usize>depth * toRow;
  if (width == columns<T>()) {
    for (; to < end; to += toRow, b += bRow) v128.store(to, v128.load(b)), v128.store(to, v128.load(b, 16), 16);
  } else {
    const zero = v128.splat<T>(0);
    const bytes = <usize>width * sizeof<T>();
    for (; to < end; to += toRow, b += bRow) {
      v128.store(to, zero), v128.store(to, zero, 16);
      for (let j: usize = 0; j < bytes; j += sizeof<T>()) store<T>(to + j, load<T>(b + j));
    }
  }
}

/** A panel from columns of b, each in one piece. Columns beyond the last repeat it, or hold leftovers: none is read. */
function packColumnsOf<T>(depth: i32, width: i32, b: usize, bCol: usize, to: usize, toRow: usize): void {
  const lanes = columns<T>() / 2;
  const last = b + <usize>(width - 1) * bCol;
  const b1 = min(b + bCol, last), b2 = min(b1 + bCol, last), b3 = min(b2 + bCol, last);
  const b4 = min(b3 + bCol, last), b5 = min(b4 + bCol, last), b6 = min(b5 + bCol, last), b7 = min(b6 + bCol, last);
  let at: usize = 0;
  for (; depth >= lanes; depth -= lanes, at += 16, to += <usize>lanes * toRow) {
    transposeBlock<T>(b + at, b1 + at, b2 + at, b3 + at, to, toRow);
    if (sizeof<T>() == 4) transposeBlock<T>(b4 + at, b5 + at, b6 + at, b7 + at, to + 16, toRow);
    else transposeBlock<T>(b2 + at, b3 + at, 0, 0, to + 16, toRow);
  }
  copy<T>(depth, width, b + at, sizeof<T>(), bCol, to, toRow, sizeof<T>());
}

/** Copy `depth` x `width` numbers of b into a panel, rows `toRow` bytes apart. */
export function packPanel<T>(
  depth: i32, width: i32, b: usize, bRow: usize, bCol: usize, to: usize, toRow: usize = PANEL,
): void {
  if (bCol == sizeof<T>()) packRowsOf<T>(depth, width, b, bRow, to, toRow);
  else packColumnsOf<T>(depth, width, b, bCol, to, toRow);
}

/** Copy `depth` terms of up to four rows of a into a slab. Rows beyond the last repeat it: none of their sums is read. */
function packSlab<T>(depth: i32, rows: i32, a: usize, aRow: usize, aCol: usize, to: usize): void {
  const size: usize = sizeof<T>(), next = <usize>ROWS * size;
  if (aRow == size && rows == ROWS) {
    for (; depth > 0; depth--, a += aCol, to += next) {
      v128.store(to, v128.load(a));
      if (sizeof<T>() == 8) v128.store(to, v128.load(a, 16), 16);
    }
    return;
  }
  const a1 = a + <usize>min(1, rows - 1) * aRow, a2 = a + <usize>min(2, rows - 1) * aRow;
  const a3 = a + <usize>min(3, rows - 1) * aRow;
  let at: usize = 0;
  if (aCol == size) {
    const lanes = columns<T>() / 2;
    for (; depth >= lanes; depth -= lanes, at += 16, to += <usize>lanes * next) {
      transposeBlock<T>(a + at, a1 + at, a2 + at, a3 + at, to, next);
      if (sizeof<T>() == 8) transposeBlock<T>(a2 + at, a3 + at, 0, 0, to + 16, next);
    }
  }
  for (; depth > 0; depth--, at += aCol, to += next) {
    store<T>(to, load<T>(a + at)), store<T>(to + size, load<T>(a1 + at));
    store<T>(to + 2 * size, load<T>(a2 + at)), store<T>(to + 3 * size, load<T>(a3 + at));
  }
}

/** Put a finished tile where it belongs: column by column if c is transposed and the tile whole, else number by number. */
// @ts-ignore: decorator
@inline
function unpackTile<T>(rows: i32, width: i32, from: usize, c: usize, cRow: usize, cCol: usize): void {
  if (rows == ROWS && width == columns<T>() && cRow == sizeof<T>()) {
    const half = columns<T>() / 2;
    for (let i = 0; i < ROWS; i += half, from += <usize>half * PANEL, c += 16) {
      transposeBlock<T>(from, from + PANEL, from + 2 * PANEL, from + 3 * PANEL, c, cCol);
      const right = from + 16;
      const below = c + <usize>half * cCol;
      transposeBlock<T>(right, right + PANEL, right + 2 * PANEL, right + 3 * PANEL, below, cCol);
    }
  } else copy<T>(rows, width, from, PANEL, sizeof<T>(), c, cRow, cCol);
}

/**
 * c = a b with strides in bytes, for matrices in parts that lie apart: `mParts` of m rows each in a and c, `nParts` of n
 * columns in b and c, `kParts` of k terms in a and b, which are added up. Next to each count stand the bytes from one
 * part to the next.
 */
function product<T>(
  m: i32, n: i32, k: i32, a: usize, aRow: usize, aCol: usize, b: usize, bRow: usize, bCol: usize,
  c: usize, cRow: usize, cCol: usize, mParts: i32, aM: usize, cM: usize, nParts: i32, bN: usize, cN: usize,
  kParts: i32, aK: usize, bK: usize, scratch: usize,
): void {
  const size: usize = sizeof<T>();
  const width = columns<T>();
  const edge = scratch, slabs = edge + TILE, panels = slabs + SLABS;
  const perPart = (n + width - 1) / width, allPanels = perPart * nParts;
  const direct = m * mParts <= FEW_ROWS && bCol == size;
  const near = aRow == size; // rows are neighbors in memory: one address serves four of them as they lie
  const packed = allPanels > FEW_PANELS && (!near || aCol >= FAR || kParts > 1);
  const together = packed && !direct && k > 0 ? max(1, DEPTH / k) : 1;
  for (let q0 = 0; q0 < kParts; q0 += together) {
    const parts = min(together, kParts - q0);
    for (let k0 = 0; k0 < k; k0 += DEPTH) {
      const ofPart = min(DEPTH, k - k0), depth = parts * ofPart;
      const first = q0 == 0 && k0 == 0;
      const aHere = a + <usize>q0 * aK + <usize>k0 * aCol, bHere = b + <usize>q0 * bK + <usize>k0 * bRow;
      const panelBytes = <usize>depth * PANEL, slabBytes = <usize>(depth * ROWS) * size;
      const groupRows = packed ? ROWS * max(1, <i32>(SLABS / slabBytes)) : ROWS;
      for (let p0 = 0; p0 < allPanels; p0 += PANELS) {
        const pEnd = min(allPanels, p0 + PANELS);
        for (let p = p0, to = panels; p < pEnd; p++, to += panelBytes) {
          const part = p / perPart, j = (p - part * perPart) * width;
          const from = bHere + <usize>part * bN + <usize>j * bCol;
          if (!direct || n - j < width)
            for (let q = 0; q < parts; q++)
              packPanel<T>(
                ofPart, min(width, n - j), from + <usize>q * bK, bRow, bCol, to + <usize>(q * ofPart) * PANEL,
              );
        }
        for (let mPart = 0; mPart < mParts; mPart++) {
          const aPart = aHere + <usize>mPart * aM, cPart = c + <usize>mPart * cM;
          for (let i0 = 0; i0 < m; i0 += groupRows) {
            const iEnd = min(m, i0 + groupRows);
            if (packed)
              for (let i = i0, to = slabs; i < iEnd; i += ROWS, to += slabBytes)
                for (let q = 0; q < parts; q++)
                  packSlab<T>(
                    ofPart, min(ROWS, m - i), aPart + <usize>q * aK + <usize>i * aRow, aRow, aCol,
                    to + <usize>(q * ofPart * ROWS) * size,
                  );
            for (let p = p0, panel = panels; p < pEnd; p++, panel += panelBytes) {
              const part = p / perPart, j = (p - part * perPart) * width;
              const columnsHere = min(width, n - j);
              const unpacked = direct && columnsHere == width;
              const bTile = unpacked ? bHere + <usize>part * bN + <usize>j * bCol : panel;
              const bStep = unpacked ? bRow : PANEL;
              for (let i = i0, slab = slabs; i < iEnd; i += ROWS, slab += slabBytes) {
                const rows = min(ROWS, m - i);
                const at = cPart + <usize>part * cN + <usize>i * cRow + <usize>j * cCol;
                const inPlace = rows == ROWS && columnsHere == width && cCol == size;
                const out = inPlace ? at : edge, outRow = inPlace ? cRow : PANEL;
                if (!inPlace && !first) copy<T>(rows, columnsHere, at, cRow, cCol, edge, PANEL, size);
                if (packed)
                  tile<T>(true, depth, first, slab, 0, 0, 0, <usize>ROWS * size, bTile, bStep, out, outRow);
                else {
                  const a0 = aPart + <usize>i * aRow;
                  const a1 = a0 + <usize>min(1, rows - 1) * aRow, a2 = a0 + <usize>min(2, rows - 1) * aRow;
                  const a3 = a0 + <usize>min(3, rows - 1) * aRow;
                  tile<T>(near && rows == ROWS, depth, first, a0, a1, a2, a3, aCol, bTile, bStep, out, outRow);
                }
                if (!inPlace) unpackTile<T>(rows, columnsHere, edge, at, cRow, cCol);
              }
            }
          }
        }
      }
    }
  }
  if (k == 0 || kParts == 0) // an empty sum
    for (let p = 0; p < mParts; p++)
      for (let r = 0; r < nParts; r++)
        for (let i = 0; i < m; i++)
          for (let j = 0; j < n; j++)
            store<T>(c + <usize>p * cM + <usize>r * cN + <usize>i * cRow + <usize>j * cCol, 0);
}

/** Cycles that `product` takes, roughly: tiles, packing, and tiles that do not lie in c as they are computed. */
function cost<T>(m: i32, n: i32, k: i32, bCol: usize, cCol: usize): f64 {
  const width = columns<T>();
  const panels = <f64>((n + width - 1) / width);
  const tiles = panels * <f64>((m + ROWS - 1) / ROWS);
  const pack = bCol == sizeof<T>() ? (m <= FEW_ROWS ? 0 : 4) : 10;
  return tiles * (4 * <f64>k + (cCol == sizeof<T>() ? 20 : 45)) + panels * <f64>(k * pack);
}

/**
 * `batch` products c = op(a) op(b): op(a) is m x k, op(b) k x n, all row-major; `aNext`, `bNext`, `cNext` are the
 * elements from one matrix of a batch to the next. A batch with cNext 0 is one sum over (batch, k), in that order.
 * Computes transposed(c) = transposed(op(b)) transposed(op(a)) where that is cheaper: the same numbers meet.
 */
// @ts-ignore: decorator
@inline
export function matmul<T>(
  batch: i32, m: i32, n: i32, k: i32, a: usize, aTransposed: bool, aNext: i32, b: usize, bTransposed: bool, bNext: i32,
  c: usize, cNext: i32, scratch: usize,
): void {
  const size: usize = sizeof<T>();
  const aRow = aTransposed ? size : <usize>k * size, aCol = aTransposed ? <usize>m * size : size;
  const bRow = bTransposed ? size : <usize>n * size, bCol = bTransposed ? <usize>k * size : size;
  const cRow = <usize>n * size;
  const aPart = <usize>aNext * size, bPart = <usize>bNext * size, cPart = <usize>cNext * size;
  // A batch with one matrix in common is one product, of more terms, columns or rows.
  const kParts = cNext == 0 ? batch : 1;
  const nParts = cNext != 0 && aNext == 0 ? batch : 1;
  const mParts = cNext != 0 && aNext != 0 && bNext == 0 ? batch : 1;
  const products = kParts == batch || nParts == batch || mParts == batch ? 1 : batch;
  const exchanged =
    cost<T>(n * nParts, m * mParts, k * kParts, aRow, cRow) < cost<T>(m * mParts, n * nParts, k * kParts, bCol, size);
  for (let i = 0; i < products; i++) {
    if (exchanged)
      product<T>(
        n, m, k, b, bCol, bRow, a, aCol, aRow, c, size, cRow, nParts, bPart, cPart, mParts, aPart, cPart,
        kParts, bPart, aPart, scratch,
      );
    else
      product<T>(
        m, n, k, a, aRow, aCol, b, bRow, bCol, c, cRow, size, mParts, aPart, cPart, nParts, bPart, cPart,
        kParts, aPart, bPart, scratch,
      );
    a += aPart, b += bPart, c += cPart;
  }
}

export function matmul_f32(
  batch: i32, m: i32, n: i32, k: i32, a: usize, aTransposed: bool, aNext: i32, b: usize, bTransposed: bool, bNext: i32,
  c: usize, cNext: i32, scratch: usize,
): void {
  matmul<f32>(batch, m, n, k, a, aTransposed, aNext, b, bTransposed, bNext, c, cNext, scratch);
}
export function matmul_f64(
  batch: i32, m: i32, n: i32, k: i32, a: usize, aTransposed: bool, aNext: i32, b: usize, bTransposed: bool, bNext: i32,
  c: usize, cNext: i32, scratch: usize,
): void {
  matmul<f64>(batch, m, n, k, a, aTransposed, aNext, b, bTransposed, bNext, c, cNext, scratch);
}
