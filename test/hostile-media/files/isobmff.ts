type Part = Buffer | string | readonly number[];

/** A number in so many bytes, the largest first. */
export const uint = (bytes: number, value: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
export const u32 = (...values: number[]): Buffer => Buffer.concat(values.map((value) => uint(4, value)));
export const join = (...parts: Part[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

/** A box of MP4 and QuickTime: its size, its name, its content. */
export const box = (name: string, ...content: Part[]): Buffer => {
  const inside = join(...content);
  return join(u32(inside.length + 8), name, inside);
};

/** A box that has a version and flags. */
export const fullBox = (name: string, flags: number, ...content: Part[]): Buffer => box(name, u32(flags), ...content);

interface Box {
  name: string;
  content: Buffer;
}

export function boxesIn(bytes: Buffer): Box[] {
  const found: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    if (size < 8) break;
    found.push({ name: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(at + 8, at + size) });
    at += size;
  }
  return found;
}

/** Replaces each box at a path such as "moov/trak/mdia/mdhd" by what `change` makes of its content. */
export function edit(bytes: Buffer, path: string, change: (content: Buffer) => Buffer): Buffer {
  const [first = '', ...rest] = path.split('/');
  return join(
    ...boxesIn(bytes).map(({ name, content }) => {
      if (name !== first) return box(name, content);
      return rest.length === 0 ? change(content) : box(name, edit(content, rest.join('/'), change));
    }),
  );
}

/** Writes over some bytes of a box's content. */
export const patch = (bytes: Buffer, path: string, at: number, ...values: number[]): Buffer => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return edit(bytes, path, (content) => {
    const changed = Buffer.from(content);
    u32(...values).copy(changed, at);
    return box(name, changed);
  });
};

/** The tables of samples of every track. */
export const tables = 'moov/trak/mdia/minf/stbl';
