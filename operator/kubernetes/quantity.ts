const binary: Record<string, bigint> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};
const decimalExponents: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** Kubernetes rounds anything finer away. */
const nanoExponent = 9;

/** A Kubernetes quantity (`100m`, `1.5Gi`, `2e3`) in billionths, or undefined when the text is none. */
export function parseQuantity(quantity: string | number): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?)|[eE]([+-]?\d{1,3}))$/.exec(
    String(quantity),
  );
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', suffix = '', exponent] = match;
  if (!whole && !fraction) return undefined;
  const powerOfTen = nanoExponent - fraction.length + (exponent ? Number(exponent) : (decimalExponents[suffix] ?? 0));
  const digits = BigInt(whole + fraction) * (binary[suffix] ?? 1n);
  const nanos = powerOfTen >= 0 ? digits * 10n ** BigInt(powerOfTen) : digits / 10n ** BigInt(-powerOfTen);
  return sign === '-' ? -nanos : nanos;
}

/** Whether two quantities are the same amount, however they are written. */
export function isSameAmount(a: string | number, b: string | number): boolean {
  const amount = parseQuantity(a);
  return amount !== undefined && amount === parseQuantity(b);
}
