import { isSameAmount } from './quantity.ts';

/** A place where an object is not as desired: `spec.template.spec.containers[name=web].image`. */
export interface Difference {
  path: string;
  live: unknown;
}

/** Lists that server-side apply merges by key, and the fields that make up the key. All others are taken as a whole. */
const listKeys: Record<string, readonly (readonly string[])[]> = {
  conditions: [['type']],
  containers: [['name']],
  env: [['name']],
  ephemeralContainers: [['name']],
  hostAliases: [['ip']],
  imagePullSecrets: [['name']],
  initContainers: [['name']],
  ownerReferences: [['uid']],
  ports: [
    ['containerPort', 'protocol'],
    ['port', 'protocol'],
  ],
  resourceClaims: [['name']],
  schedulingGates: [['name']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
  volumeDevices: [['devicePath']],
  volumeMounts: [['mountPath']],
  volumes: [['name']],
};

/** What the server fills in when a part of a key is left out. */
const keyDefaults: Record<string, unknown> = { protocol: 'TCP' };

/** Lists of plain values in which order means nothing. */
const setLists = new Set(['finalizers']);

/** Fields below which values are quantities: `1000m` and `1` are the same there, but not in an environment variable. */
const quantityParents = new Set(['limits', 'requests', 'capacity', 'hard', 'overhead']);
const quantityFields = new Set(['sizeLimit', 'averageValue', 'divisor']);

interface Place {
  path: string;
  field: string;
  parent: string;
}

/** Where live lacks something of desired. What live has beyond it, such as defaults, is no difference. Pure. */
export const differences = (desired: unknown, live: unknown): Difference[] =>
  compare(desired, live, { path: '', field: '', parent: '' });

function compare(desired: unknown, live: unknown, place: Place): Difference[] {
  if (desired === undefined || desired === null || (live === undefined && isZero(desired))) return [];
  if (Array.isArray(desired)) return compareLists(desired, live, place);
  if (isObject(desired)) {
    if (!isObject(live)) return [{ path: place.path, live }];
    return Object.entries(desired).flatMap(([field, value]) => compare(value, live[field], below(place, field)));
  }
  return desired === live || isSameQuantity(desired, live, place) ? [] : [{ path: place.path, live }];
}

function compareLists(desired: unknown[], live: unknown, place: Place): Difference[] {
  if (!Array.isArray(live)) return [{ path: place.path, live }];
  if (setLists.has(place.field))
    return desired.every((value) => live.includes(value)) ? [] : [{ path: place.path, live }];
  const key = keyOfList(desired, place.field);
  if (!key) {
    if (desired.length !== live.length) return [{ path: place.path, live }];
    return desired.flatMap((item, index) => compare(item, live[index], inList(place, String(index))));
  }
  return desired.flatMap((item) => {
    const name = keyText(item, key);
    const match = live.find((candidate) => keyText(candidate, key) === name);
    return compare(item, match, inList(place, name));
  });
}

const keyOfList = (items: unknown[], field: string): readonly string[] | undefined =>
  listKeys[field]?.find((key) => items.every((item) => key.every((part) => keyPart(item, part) !== undefined)));

const keyPart = (item: unknown, part: string): unknown =>
  isObject(item) ? (item[part] ?? keyDefaults[part]) : undefined;

const keyText = (item: unknown, key: readonly string[]): string =>
  key.map((part) => `${part}=${String(keyPart(item, part))}`).join(',');

const isSameQuantity = (desired: unknown, live: unknown, { field, parent }: Place): boolean =>
  (quantityParents.has(parent) || quantityFields.has(field)) &&
  isAmount(desired) &&
  isAmount(live) &&
  isSameAmount(desired, live);

const isAmount = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** Values that the server may leave out of its answer. */
const isZero = (value: unknown): boolean =>
  value === false ||
  value === 0 ||
  value === '' ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const below = ({ path, field: parent }: Place, field: string): Place => ({
  path: path ? `${path}.${field}` : field,
  field,
  parent,
});

const inList = (place: Place, name: string): Place => ({
  ...place,
  path: `${place.path}[${name}]`,
  field: '',
  parent: '',
});
