type Fields = Record<string, unknown>;

/** `ladder[].quality` → ladder, 0, quality: of a list the first item is meant. */
const stepsTo = (field: string): string[] => field.replaceAll('[]', '.0').split('.');

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The value of a field; undefined where it is absent. */
export const fieldOf = (spec: object, field: string): unknown =>
  stepsTo(field).reduce<unknown>((value, step) => (isFields(value) ? value[step] : undefined), spec);

/** A copy of a spec in which nothing is different but one field. */
export function withField<Spec extends object>(spec: Spec, field: string, value: unknown): Spec {
  const copy = structuredClone(spec);
  const steps = stepsTo(field);
  const last = steps.pop() ?? '';
  let parent: unknown = copy;
  steps.forEach((step, index) => {
    if (!isFields(parent)) throw new Error(`${field} has no place: ${step} is in nothing`);
    parent[step] ??= /^\d+$/.test(steps[index + 1] ?? last) ? [] : {};
    parent = parent[step];
  });
  if (!isFields(parent)) throw new Error(`${field} has no place`);
  parent[last] = value;
  return copy;
}
