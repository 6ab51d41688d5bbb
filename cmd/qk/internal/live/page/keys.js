// Moving a cursor over a matrix by keyboard.

// moved is where a key takes the cursor {i, j}, or null for a key that moves nothing.
// Without a cursor any of these keys goes to start.
export function moved(key, cursor, start, { rows, columns }) {
  const moves = {
    ArrowUp: (c) => ({ i: c.i - 1, j: c.j }),
    ArrowDown: (c) => ({ i: c.i + 1, j: c.j }),
    ArrowLeft: (c) => ({ i: c.i, j: c.j - 1 }),
    ArrowRight: (c) => ({ i: c.i, j: c.j + 1 }),
    Home: (c) => ({ i: c.i, j: 0 }),
    End: (c) => ({ i: c.i, j: columns.length - 1 }),
    PageUp: (c) => ({ i: 0, j: c.j }),
    PageDown: (c) => ({ i: rows.length - 1, j: c.j }),
  };
  if (!Object.hasOwn(moves, key)) return null;
  if (!cursor) return start;
  const { i, j } = moves[key](cursor);
  return { i: Math.max(0, Math.min(rows.length - 1, i)), j: Math.max(0, Math.min(columns.length - 1, j)) };
}
