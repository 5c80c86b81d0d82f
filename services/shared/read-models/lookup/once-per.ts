/** Computes once for each object, and keeps the outcome as long as the object lives; a promise that rejects is forgotten. */
export function oncePer<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined) return value;
    const computed = compute(key);
    known.set(key, computed);
    if (computed instanceof Promise) computed.catch(() => known.delete(key));
    return computed;
  };
}
