/**
 * Draws a QR code of a text that must not leave this page, such as a private link: ISO/IEC 18004, byte mode,
 * error correction M, versions 1 to 9 (at most 180 bytes).
 */

// For each version: all codewords, correction codewords in each block, blocks.
const SIZES = [
  [26, 10, 1], [44, 16, 1], [70, 26, 1], [100, 18, 2], [134, 24, 2], [172, 16, 4], [196, 18, 4], [242, 22, 4], [292, 22, 5],
];
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The code as one SVG path in a square of `size` modules; leave 4 modules of white around it. */
export function qrPath(text) {
  const rows = qrMatrix(text);
  const d = rows.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")).join("")).join("");
  return { size: rows.length, d };
}

/** The code as rows of booleans, true is dark. */
export function qrMatrix(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const version = 1 + SIZES.findIndex(([all, correction, blocks]) => bytes.length + 2 <= all - correction * blocks);
  if (version === 0) throw new RangeError(`${bytes.length} bytes are too many for this QR code`);
  const codewords = withCorrection(packed(bytes, version), version);
  const drawn = MASKS.map((mask, number) => draw(codewords, { version, mask, number }));
  return drawn.reduce((best, rows) => (sameness(rows) < sameness(best) ? rows : best));
}

/** Mode, length, content, padding. */
function packed(bytes, version) {
  const [all, correction, blocks] = SIZES[version - 1];
  const capacity = all - correction * blocks;
  const nibbles = [4, bytes.length >> 4, bytes.length & 15, ...bytes.flatMap((byte) => [byte >> 4, byte & 15]), 0];
  const data = [];
  for (let i = 0; i < nibbles.length; i += 2) data.push((nibbles[i] << 4) | nibbles[i + 1]);
  for (let pad = 0xec; data.length < capacity; pad ^= 0xec ^ 0x11) data.push(pad);
  return data;
}

/** Cut into blocks, give each its correction codewords, and interleave them. */
function withCorrection(data, version) {
  const [all, correction, count] = SIZES[version - 1];
  const short = Math.floor((all - correction * count) / count);
  const shortBlocks = count - ((all - correction * count) % count);
  const generator = generatorOf(correction);
  const blocks = [];
  for (let i = 0, at = 0; i < count; i++) {
    const length = short + (i < shortBlocks ? 0 : 1);
    blocks.push(data.slice(at, (at += length)));
  }
  const checks = blocks.map((block) => remainder(block, generator));
  const interleaved = [];
  for (let i = 0; i <= short; i++) for (const block of blocks) if (i < block.length) interleaved.push(block[i]);
  for (let i = 0; i < correction; i++) for (const check of checks) interleaved.push(check[i]);
  return interleaved;
}

/** Multiplication in the field of 256 elements with the polynomial 0x11d. */
function times(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

function generatorOf(degree) {
  let polynomial = [...Array(degree - 1).fill(0), 1];
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2)) {
    polynomial = polynomial.map((factor, j) => times(factor, root) ^ (polynomial[j + 1] ?? 0));
  }
  return polynomial;
}

function remainder(block, generator) {
  let rest = generator.map(() => 0);
  for (const byte of block) {
    const factor = byte ^ rest[0];
    rest = generator.map((g, i) => (rest[i + 1] ?? 0) ^ times(g, factor));
  }
  return rest;
}

function draw(codewords, { version, mask, number }) {
  const size = version * 4 + 17;
  const rows = Array.from({ length: size }, () => Array(size).fill(null));
  const set = (x, y, dark) => {
    if (x >= 0 && y >= 0 && x < size && y < size) rows[y][x] = Boolean(dark);
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(set, cx, cy, [4, 2]);
  for (const [cx, cy] of alignments(version)) square(set, cx, cy, [1]);
  drawFormat(set, size, number);
  if (version >= 7) drawVersion(set, size, version);
  fill(rows, codewords, mask);
  return rows;
}

/** A square target; the rings named are light. */
function square(set, cx, cy, light) {
  const reach = light.length === 2 ? 4 : 2;
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) set(cx + dx, cy + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
  }
}

/** Centres of the small targets: from version 2 on, and a row more from version 7 on. */
function alignments(version) {
  const last = version * 4 + 10;
  if (version === 1) return [];
  if (version < 7) return [[last, last]];
  const middle = last / 2 + 3;
  return [[middle, 6], [6, middle], [middle, middle], [last, middle], [middle, last], [last, last]];
}

function drawFormat(set, size, number) {
  let rest = number; // correction M is 00, then three bits of mask
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((number << 10) | rest) ^ 0x5412;
  const bit = (i) => (bits >> i) & 1;
  for (let i = 0; i < 6; i++) set(8, i, bit(i));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i));
  set(8, size - 8, true);
}

function drawVersion(set, size, version) {
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const [near, far] = [Math.floor(i / 3), size - 11 + (i % 3)];
    set(far, near, (bits >> i) & 1);
    set(near, far, (bits >> i) & 1);
  }
}

/** Lay the codewords into what is still free, in two columns at a time, up and down, and mask them. */
function fill(rows, codewords, mask) {
  const size = rows.length;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const up = ((right + 1) & 2) === 0;
      const y = up ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (rows[y][x] !== null) continue;
        const dark = ((codewords[at >> 3] >> (7 - (at & 7))) & 1) === 1;
        rows[y][x] = dark !== mask(x, y);
        at++;
      }
    }
  }
}

/** How many neighbours are alike. Any mask can be read; the one that breaks up runs and blocks best is read best. */
function sameness(rows) {
  return rows.flatMap((row, y) => row.filter((dark, x) => dark === row[x - 1] || dark === rows[y - 1]?.[x])).length;
}
